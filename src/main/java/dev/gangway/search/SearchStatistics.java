package dev.gangway.search;

import dev.gangway.SearchMXBean;
import dev.gangway.search.StatementStatistics.Snapshot;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.ReentrantLock;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/**
 * What was measured of the searches of one target. Thread-safe; each attribute is read on its own.
 *
 * <p>There is no histogram of all searches, which each of them would have to pay for: reading puts those of the statements
 * together. Knows no listener and no endpoint, so that whoever keeps it keeps nothing else.
 */
final class SearchStatistics implements SearchMXBean {
    static final int MOST_STATEMENTS = 100;

    private static final SearchQuery OTHERS = new SearchQuery("", "", null, SearchQuery.UNKNOWN, 0, "others");

    /** As one object, so that a reset is one assignment; a search that is just being noted may go with the old ones. */
    private static final class Known {
        final ConcurrentMap<String, StatementStatistics> byFingerprint = new ConcurrentHashMap<>();
        final ReentrantLock adding = new ReentrantLock();
        final LongAdder written = new LongAdder();
        final LongAdder dropped = new LongAdder();
        /** Of statements for which there is no room; null as long as there is. */
        volatile @Nullable StatementStatistics others;

        StatementStatistics of(SearchQuery query) {
            StatementStatistics known = byFingerprint.get(query.fingerprint());
            if (known != null) {
                return known;
            }
            StatementStatistics rest = others;
            return rest == null ? add(query) : rest;
        }

        private StatementStatistics add(SearchQuery query) {
            adding.lock();
            try {
                StatementStatistics known = byFingerprint.get(query.fingerprint());
                if (known == null && byFingerprint.size() < MOST_STATEMENTS) {
                    known = new StatementStatistics(query);
                    byFingerprint.put(query.fingerprint(), known);
                }
                if (known == null) {
                    known = others == null ? new StatementStatistics(OTHERS) : others;
                    others = known;
                }
                return known;
            } finally {
                adding.unlock();
            }
        }

        List<Snapshot> snapshots() {
            List<Snapshot> snapshots = new ArrayList<>();
            byFingerprint.values().forEach(statement -> snapshots.add(statement.snapshot()));
            StatementStatistics rest = others;
            if (rest != null) {
                snapshots.add(rest.snapshot());
            }
            return snapshots;
        }
    }

    private volatile Known known = new Known();

    /** {@return where a search of this statement is noted} */
    StatementStatistics of(SearchQuery query) {
        return known.of(query);
    }

    void written(long searches) {
        known.written.add(searches);
    }

    void dropped(long searches) {
        known.dropped.add(searches);
    }

    private Snapshot all() {
        Histogram micros = StatementStatistics.empty();
        long failures = 0;
        long rows = 0;
        for (Snapshot each : known.snapshots()) {
            micros.add(each.micros());
            failures += each.failures();
            rows += each.rows();
        }
        return new Snapshot(OTHERS, SearchQuery.UNKNOWN, micros, failures, rows);
    }

    @Override
    public long getCount() {
        return all().getCount();
    }

    @Override
    public long getFailures() {
        return all().getFailures();
    }

    @Override
    public long getRows() {
        return all().getRows();
    }

    @Override
    public long getP50Micros() {
        return all().getP50Micros();
    }

    @Override
    public long getP90Micros() {
        return all().percentile(90);
    }

    @Override
    public long getP95Micros() {
        return all().getP95Micros();
    }

    @Override
    public long getP99Micros() {
        return all().getP99Micros();
    }

    @Override
    public long getP999Micros() {
        return all().percentile(99.9);
    }

    @Override
    public long getMaxMicros() {
        return all().getMaxMicros();
    }

    @Override
    public double getMeanMicros() {
        Histogram micros = all().micros();
        return micros.getTotalCount() == 0 ? 0 : micros.getMean();
    }

    @Override
    public List<Statement> getStatements() {
        return List.copyOf(known.snapshots());
    }

    @Override
    public long getWritten() {
        return known.written.sum();
    }

    @Override
    public long getDropped() {
        return known.dropped.sum();
    }

    @Override
    public void reset() {
        known = new Known();
    }
}
