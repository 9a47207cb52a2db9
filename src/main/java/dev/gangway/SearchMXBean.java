package dev.gangway;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The similarity searches of one target of this process, for JMX, where {@code gangway.search} contains {@code measure}. Its
 * name is
 *
 * <pre>dev.gangway:type=Search,target="user@host:port/database"</pre>
 *
 * followed by the same keys as that of {@link GateMXBean}. Registered soon after the first search, and removed by {@link
 * GangwayDriver#deregister()}.
 *
 * <p>All numbers count from the first search, or from the last {@link #reset()}. Times are in microseconds, are those of
 * searches that succeeded, and are right to one per cent; what took longer than an hour counts as an hour. Without any they
 * are 0. None of this asks the database.
 */
public interface SearchMXBean {

    /** {@return how many searches there were, with those that failed} */
    long getCount();

    /** {@return how many of them failed} */
    long getFailures();

    /** {@return how many rows they found together, as far as that is known} */
    long getRows();

    /** {@return the time that half of the searches did not exceed} */
    long getP50Micros();

    /** {@return the time that 90 % of the searches did not exceed} */
    long getP90Micros();

    /** {@return the time that 95 % of the searches did not exceed} */
    long getP95Micros();

    /** {@return the time that 99 % of the searches did not exceed} */
    long getP99Micros();

    /** {@return the time that 99.9 % of the searches did not exceed} */
    long getP999Micros();

    /** {@return the time of the slowest search} */
    long getMaxMicros();

    /** {@return the mean of the times} */
    double getMeanMicros();

    /**
     * {@return the searches by their statements' fingerprints: the first 100 in no order, and behind them, if there are more,
     * all others as one, whose fingerprint is {@code others}}
     */
    List<Statement> getStatements();

    /** {@return how many searches were written to the table {@code gangway.search.table}} */
    long getWritten();

    /** {@return how many were not, because the queue was full or writing failed} */
    long getDropped();

    /** Forgets all numbers and all statements. */
    void reset();

    /** The searches with one fingerprint. Of its statements the first one stands for all. */
    interface Statement {

        /** {@return 16 hexadecimal digits, or {@code others}} */
        String getFingerprint();

        /** {@return the statement's text; empty for {@code others}} */
        String getSql();

        /** {@return pgvector's operator; empty for {@code others}} */
        String getOperator();

        /** {@return the table that is searched; null when it cannot be told from the text} */
        @Nullable
        String getTable();

        /** {@return how many rows the latest search asked for that told; -1 when none did} */
        int getK();

        /** {@return as {@link SearchMXBean#getCount()}} */
        long getCount();

        /** {@return as {@link SearchMXBean#getFailures()}} */
        long getFailures();

        /** {@return as {@link SearchMXBean#getRows()}} */
        long getRows();

        /** {@return as {@link SearchMXBean#getP50Micros()}} */
        long getP50Micros();

        /** {@return as {@link SearchMXBean#getP95Micros()}} */
        long getP95Micros();

        /** {@return as {@link SearchMXBean#getP99Micros()}} */
        long getP99Micros();

        /** {@return as {@link SearchMXBean#getMaxMicros()}} */
        long getMaxMicros();
    }
}
