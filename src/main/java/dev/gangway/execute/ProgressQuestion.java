package dev.gangway.execute;

import dev.gangway.pgjdbc.Row;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Asks the server how far a session has come with an index build or a {@code COPY}.
 *
 * <p>What the numbers mean stands in the definitions of the views {@code pg_stat_progress_create_index} and
 * {@code pg_stat_progress_copy} (src/backend/catalog/system_views.sql, the same from PostgreSQL 12, and 14, to 18). The
 * views themselves join pg_database, and so would leave a lock on it behind in the leader lock's transaction.
 */
final class ProgressQuestion {
    private static final int COPY_SINCE = 14;

    private static final List<String> INDEX_PHASES = List.of(
            "initializing",
            "waiting for writers before build",
            "building index",
            "waiting for writers before validation",
            "index validation: scanning index",
            "index validation: sorting tuples",
            "index validation: scanning table",
            "waiting for old snapshots",
            "waiting for readers before marking dead",
            "waiting for readers before dropping");

    private ProgressQuestion() {}

    /**
     * {@return a query for a session whose search_path is pg_catalog}
     *
     * @param pid           the session that works
     * @param serverVersion the server's major version; an older one fails when it is asked for what it does not know,
     *     and with that the leadership would be lost
     */
    static String sql(int pid, int serverVersion) {
        String index = "SELECT 'INDEX', param10, pg_indexam_progress_phasename(param9::oid, param11), param5, param4,"
                + " param17, param16, param13, param12 FROM pg_stat_get_progress_info('CREATE INDEX') WHERE pid = "
                + pid;
        return serverVersion < COPY_SINCE
                ? index
                : index + " UNION ALL SELECT 'COPY', param5, NULL, 0, 0, param1, param2, param3, 0"
                        + " FROM pg_stat_get_progress_info('COPY') WHERE pid = " + pid;
    }

    /** {@return what the answer says; null when the session is at nothing of that kind} */
    static @Nullable Progress read(List<Row> answer) {
        if (answer.isEmpty()) {
            return null;
        }
        Row row = answer.get(0);
        Count lockers = new Count(row.number(3), row.number(4));
        Count units = new Count(row.number(5), row.number(6));
        Count tuples = new Count(row.number(7), row.number(8));
        return row.required(0).equals("COPY")
                ? copy(units, tuples)
                : indexBuild((int) row.number(1), row.text(2), lockers, units, tuples);
    }

    /** A part of a whole; the whole is 0 when it is not known. */
    record Count(long done, long total) {}

    /**
     * {@return the progress of an index build}
     *
     * @param subphase what the access method calls what it is at, while it builds; null for one that says nothing
     */
    static Progress indexBuild(int phase, @Nullable String subphase, Count lockers, Count blocks, Count tuples) {
        String name = phase >= 0 && phase < INDEX_PHASES.size() ? INDEX_PHASES.get(phase) : "phase " + phase;
        if (name.startsWith("waiting")) {
            return new Progress(name, lockers.done(), lockers.total(), "sessions");
        }
        String full = name.equals("building index") && subphase != null ? name + ", " + subphase : name;
        full = full.replace(": ", ", ").toLowerCase(Locale.ROOT);
        // The count of blocks stays where the scan has left it when an access method goes on to count tuples.
        if (tuples.total() > 0) {
            return new Progress(full, tuples.done(), tuples.total(), "tuples");
        }
        return blocks.total() > 0
                ? new Progress(full, blocks.done(), blocks.total(), "blocks")
                : new Progress(full, tuples.done(), 0, tuples.done() > 0 ? "tuples" : "");
    }

    /** {@return the progress of a COPY; how much there is to come is known of files only} */
    static Progress copy(Count bytes, Count tuples) {
        return bytes.total() > 0
                ? new Progress("copying", bytes.done(), bytes.total(), "bytes")
                : new Progress("copying", tuples.done(), 0, "tuples");
    }

    /** {@return the text for a log line, to go behind a sentence; or nothing} */
    static String behind(@Nullable Progress progress) {
        return progress == null ? "" : ": " + progress;
    }
}
