package dev.gangway.search;

import dev.gangway.config.Settings;
import dev.gangway.internal.JmxExport;
import dev.gangway.internal.QualifiedName;
import dev.gangway.pgjdbc.Endpoint;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/**
 * Takes note of the similarity searches of one target: for JMX always, for listeners and for a table where there are any. As
 * long as there is neither, a search costs a look into a map and a few additions, and allocates nothing.
 *
 * <p>Thread-safe.
 */
final class Meter {
    private final SearchStatistics statistics = new SearchStatistics();
    private final SearchListeners listeners;
    private final JmxExport jmx;
    private final @Nullable TableWriter writer;
    private volatile boolean exported;

    private Meter(SearchListeners listeners, Endpoint endpoint, Settings settings, TableWriter.Pace pace) {
        this.listeners = listeners;
        this.jmx = new JmxExport(statistics, "Search", endpoint.target().toString(), settings.mbeanKeys());
        this.writer = writer(endpoint, settings.searchTable(), pace);
    }

    /**
     * {@return a meter, which begins to do anything at the first search only}
     *
     * @param endpoint where the table is
     * @param loader   where listeners are looked for first; null for the driver's own class loader
     */
    static Meter of(Endpoint endpoint, Settings settings, @Nullable ClassLoader loader) {
        return of(endpoint, settings, loader, TableWriter.Pace.USUAL);
    }

    static Meter of(Endpoint endpoint, Settings settings, @Nullable ClassLoader loader, TableWriter.Pace pace) {
        SearchListeners listeners = SearchListeners.find(endpoint.target().toString(), loader);
        return new Meter(listeners, endpoint, settings, pace);
    }

    private @Nullable TableWriter writer(Endpoint endpoint, @Nullable String table, TableWriter.Pace pace) {
        return table == null
                ? null
                // The settings have been read, so it is a name.
                : new TableWriter(endpoint, table, QualifiedName.parse(table).orElseThrow(), statistics, pace);
    }

    /** Says how the application has connected last: passwords are read anew for each connection, and may change. */
    void connectedThrough(Endpoint endpoint) {
        if (writer != null) {
            writer.connectThrough(endpoint);
        }
    }

    /** {@return the numbers, as JMX shows them} */
    SearchStatistics statistics() {
        return statistics;
    }

    /**
     * Takes note of a search, on the thread that has made it. Throws nothing.
     *
     * @param nanos   how long it took
     * @param rows    how many rows it found; may be {@link SearchQuery#UNKNOWN}
     * @param k       how many it asked for; may be {@link SearchQuery#UNKNOWN}
     * @param failure why it failed; null when it did not
     */
    void searched(SearchQuery query, long nanos, int rows, int k, @Nullable SQLException failure) {
        statistics.of(query).searched(nanos, rows, k, failure);
        if (!exported) {
            exported = true;
            jmx.begin();
        }
        if (writer != null) {
            writer.offer(new MeasuredSearch(
                    query,
                    System.currentTimeMillis(),
                    nanos,
                    rows,
                    k,
                    failure != null,
                    failure == null ? null : failure.getSQLState()));
        }
        if (!listeners.isEmpty()) {
            listeners.searched(query, nanos, rows, k, failure);
        }
    }

    /**
     * Takes back what was made known, writes what waits to be written, and lets go of the listeners. Returns when that is
     * done, or after some seconds. Searches may go on; they are counted for nobody.
     */
    void close() {
        jmx.close();
        listeners.close();
        if (writer != null) {
            writer.close();
        }
    }
}
