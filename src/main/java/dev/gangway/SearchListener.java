package dev.gangway;

import java.sql.SQLException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Hears of each measured similarity search, where {@code gangway.search} contains {@code measure}. Found through {@link
 * java.util.ServiceLoader} on the class path when the first connection to a target is asked for; an object is made for each
 * target.
 *
 * <p>Called on the thread that searches, behind the search, and on many threads at once: it has to be thread-safe and quick,
 * for what it takes is added to the search. What it throws is logged, at most once a minute, and changes nothing. Of searches
 * that it makes itself nobody is told.
 */
public interface SearchListener {

    /** A search is over. */
    void searched(Search search);

    /**
     * One similarity search.
     *
     * @param target      where, and as whom: {@code user@host:port/database}, as log lines begin
     * @param operator    pgvector's operator, such as {@code <=>}; of several the first in the text
     * @param table       the table that is searched, as written; null when it cannot be told from the text
     * @param fingerprint the same for statements that differ in constants, white space, comments and capitals only: 16
     *     hexadecimal digits
     * @param sql         the statement's text as the application gave it, with its placeholders and without their values
     * @param nanos       how long it took, in nanoseconds
     * @param rows        how many rows were there when it was over; {@link #UNKNOWN} when it failed or nobody counted
     * @param k           how many rows were asked for, by {@code LIMIT} or {@code FETCH FIRST}; {@link #UNKNOWN} otherwise
     * @param failure     what the application gets instead of rows; null when the search succeeded
     */
    record Search(
            String target,
            String operator,
            @Nullable String table,
            String fingerprint,
            String sql,
            long nanos,
            int rows,
            int k,
            @Nullable SQLException failure) {

        /** In place of a number of rows that is not known. */
        public static final int UNKNOWN = -1;

        /** {@return how long it took} */
        public Duration elapsed() {
            return Duration.ofNanos(nanos);
        }
    }
}
