package dev.gangway.search;

import dev.gangway.SearchMXBean;
import java.sql.SQLException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import org.HdrHistogram.AtomicHistogram;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/**
 * What was measured of the searches with one fingerprint. Thread-safe; to take note of a search is wait-free and allocates
 * nothing.
 */
final class StatementStatistics {
    static final long LONGEST_MICROS = TimeUnit.HOURS.toMicros(1);

    /** Right to one per cent; with it a histogram takes 27 kB, with a digit more it would be 190 kB. */
    static final int DIGITS = 2;

    private final SearchQuery query;
    // Not ConcurrentHistogram, which pays twice as much for a range that may grow.
    private final AtomicHistogram micros = new AtomicHistogram(LONGEST_MICROS, DIGITS);
    private final LongAdder failures = new LongAdder();
    private final LongAdder rows = new LongAdder();
    private volatile int k = SearchQuery.UNKNOWN;

    StatementStatistics(SearchQuery query) {
        this.query = query;
    }

    void searched(long nanos, int found, int asked, @Nullable SQLException failure) {
        if (failure == null) {
            micros.recordValue(Math.min(Math.max(nanos, 0) / 1_000, LONGEST_MICROS));
        } else {
            failures.increment();
        }
        if (found > 0) {
            rows.add(found);
        }
        // Mostly it is the same, and to write it again would take the cache line from all other processors.
        if (asked != SearchQuery.UNKNOWN && asked != k) {
            k = asked;
        }
    }

    /** {@return what was measured until now} */
    Snapshot snapshot() {
        Histogram copy = empty();
        // Counts what it finds, so that the copy agrees with itself while others go on.
        copy.add(micros);
        return new Snapshot(query, k, copy, failures.sum(), rows.sum());
    }

    /** {@return a histogram that the times of all statements fit in} */
    static Histogram empty() {
        return new Histogram(LONGEST_MICROS, DIGITS);
    }

    /** The numbers at one moment. */
    record Snapshot(SearchQuery query, int k, Histogram micros, long failures, long rows)
            implements SearchMXBean.Statement {

        /** {@return the time that this part of the searches did not exceed, in microseconds; 0 without any} */
        long percentile(double percent) {
            return micros.getTotalCount() == 0 ? 0 : micros.getValueAtPercentile(percent);
        }

        @Override
        public String getFingerprint() {
            return query.fingerprint();
        }

        @Override
        public String getSql() {
            return query.sql();
        }

        @Override
        public String getOperator() {
            return query.operator();
        }

        @Override
        public @Nullable String getTable() {
            return query.table();
        }

        @Override
        public int getK() {
            return k;
        }

        @Override
        public long getCount() {
            return micros.getTotalCount() + failures;
        }

        @Override
        public long getFailures() {
            return failures;
        }

        @Override
        public long getRows() {
            return rows;
        }

        @Override
        public long getP50Micros() {
            return percentile(50);
        }

        @Override
        public long getP95Micros() {
            return percentile(95);
        }

        @Override
        public long getP99Micros() {
            return percentile(99);
        }

        @Override
        public long getMaxMicros() {
            return micros.getMaxValue();
        }
    }
}
