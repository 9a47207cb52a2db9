package dev.gangway.search;

import dev.gangway.internal.QualifiedName;
import dev.gangway.internal.Seldom;
import dev.gangway.pgjdbc.Connections;
import dev.gangway.pgjdbc.Endpoint;
import dev.gangway.pgjdbc.Message;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes searches to the table of {@code gangway.search.table}, in batches, on a thread and a connection of its own, which
 * both end when there was nothing to write for a while. Whoever searches only puts something into a queue, and never waits;
 * what the queue has no room for, and what a failed batch held, is counted and lost.
 *
 * <p>Thread-safe.
 */
final class TableWriter {
    private static final Logger LOG = LoggerFactory.getLogger(TableWriter.class);

    static final String APPLICATION_NAME = "gangway search metrics";

    private static final Duration ANSWER_WITHIN = Duration.ofSeconds(30);
    /** Well within that, so that it is the server that gives up, and a batch which counts as lost was not written. */
    private static final String BEGIN = "BEGIN READ WRITE; SET LOCAL statement_timeout = '10s';"
            + " SET LOCAL lock_timeout = 0; SET LOCAL synchronous_commit = off; ";

    private static final Duration LONGEST_FAREWELL = Duration.ofSeconds(3);

    /**
     * How much, and how often.
     *
     * @param queue     how many searches may wait
     * @param batch     how many are written at once
     * @param every     how long a search waits for others
     * @param idle      after so long without searches thread and connection end
     * @param longestPause after failures, each of which doubles a pause of {@code every}
     */
    record Pace(int queue, int batch, Duration every, Duration idle, Duration longestPause) {
        static final Pace USUAL =
                new Pace(10_000, 500, Duration.ofSeconds(1), Duration.ofMinutes(1), Duration.ofMinutes(1));
    }

    private volatile Endpoint endpoint;
    private final String target;
    private final String written;
    private final QualifiedName name;
    private final SearchStatistics statistics;
    private final Pace pace;

    // Of the collections of the JDK the one whose offer never takes a lock, with its length beside it, which it would
    // count.
    private final Queue<MeasuredSearch> queue = new ConcurrentLinkedQueue<>();
    private final AtomicInteger waiting = new AtomicInteger();

    private final ReentrantLock starting = new ReentrantLock();
    /** Null while there is nothing to write. */
    private volatile @Nullable Thread thread;

    private volatile boolean closed;
    private volatile long closedAt;

    // Of the thread only, but for closing.
    private volatile @Nullable Connection connection;
    private @Nullable SearchTable table;
    private int failures;
    private String lastProblem = "";
    private long reportedDrops;
    private final Seldom reports = new Seldom(Duration.ofMinutes(1));

    /**
     * @param written the table's name as the setting has it
     * @param name    the same as it is understood
     */
    TableWriter(Endpoint endpoint, String written, QualifiedName name, SearchStatistics statistics, Pace pace) {
        this.endpoint = endpoint;
        this.target = endpoint.target().toString();
        this.written = written;
        this.name = name;
        this.statistics = statistics;
        this.pace = pace;
    }

    /** Connects there from now on; the same place, perhaps with another password. */
    void connectThrough(Endpoint latest) {
        endpoint = latest;
    }

    /** Takes a search to be written later, if there is room. Returns at once. */
    void offer(MeasuredSearch search) {
        int length = waiting.incrementAndGet();
        if (closed || length > pace.queue()) {
            waiting.decrementAndGet();
            statistics.dropped(1);
            return;
        }
        queue.add(search);
        Thread writer = thread;
        if (writer == null) {
            start();
        } else if (length == pace.batch()) {
            LockSupport.unpark(writer);
        }
    }

    private void start() {
        starting.lock();
        try {
            if (thread != null || closed) {
                return;
            }
            // Without inheritable thread-locals, and further down without a context class loader: it may outlive a web
            // application by a while, and is none of its business.
            Thread writer = new Thread(null, this::run, "gangway-search " + target, 0, false);
            writer.setDaemon(true);
            writer.setContextClassLoader(null);
            thread = writer;
            writer.start();
        } catch (OutOfMemoryError e) {
            // No more threads to be had, which is no reason for a search to fail. The next one tries again.
            thread = null;
        } finally {
            starting.unlock();
        }
    }

    private void run() {
        try {
            long busy = System.nanoTime();
            while (!closed) {
                pause();
                if (waiting.get() > 0) {
                    busy = System.nanoTime();
                    writeWhatWaits();
                } else if (System.nanoTime() - busy > pace.idle().toNanos() && leaves()) {
                    return;
                }
            }
            while (waiting.get() > 0 && System.nanoTime() - closedAt < LONGEST_FAREWELL.toNanos() && writeBatch()) {
                // All that waited is written at last.
            }
        } finally {
            disconnect();
            ended();
        }
    }

    /** Also after an error such as no memory: the next search starts another thread. */
    private void ended() {
        starting.lock();
        try {
            if (thread == Thread.currentThread()) {
                thread = null;
            }
        } finally {
            starting.unlock();
        }
    }

    /** Waits until there is a batch or it is time, longer after failures. */
    private void pause() {
        long nanos = pace.every().toNanos();
        if (failures > 0) {
            nanos = Math.min(
                    nanos << Math.min(failures, 20), pace.longestPause().toNanos());
            // Not all processes of a fleet at once.
            nanos -= ThreadLocalRandom.current().nextLong(nanos / 4 + 1);
        }
        long end = System.nanoTime() + nanos;
        long left = nanos;
        while (left > 0 && !closed && (failures > 0 || waiting.get() < pace.batch())) {
            LockSupport.parkNanos(this, left);
            // Nobody else's business is left to interrupt; the flag would make each further wait return at once.
            if (Thread.interrupted()) {
                LOG.debug("{} - an interrupt of the thread that writes searches is ignored", target);
            }
            left = end - System.nanoTime();
        }
    }

    /** {@return whether the thread may end: nothing has come meanwhile, or another thread is there for it} */
    private boolean leaves() {
        disconnect();
        starting.lock();
        try {
            // In this order: who comes after it starts another thread, and who came before it is seen now.
            thread = null;
            if (waiting.get() == 0 || closed) {
                return !closed;
            }
            thread = Thread.currentThread();
            return false;
        } finally {
            starting.unlock();
        }
    }

    private void writeWhatWaits() {
        boolean goesOn = true;
        while (goesOn) {
            goesOn = writeBatch() && waiting.get() >= pace.batch();
        }
        long dropped = statistics.getDropped();
        if (dropped < reportedDrops) {
            reportedDrops = 0; // reset meanwhile
        }
        if (dropped > reportedDrops && reports.isDue()) {
            LOG.warn("{} - {} searches were not written to {}", target, dropped - reportedDrops, written);
            reportedDrops = dropped;
        }
    }

    /** {@return whether it was written} */
    private boolean writeBatch() {
        List<MeasuredSearch> batch = new ArrayList<>();
        boolean done = false;
        try {
            // While there is no connection to write to, all stays in the queue.
            Connection open = connected();
            SearchTable into = table == null ? find(open) : table;
            table = into;
            take(batch);
            if (!batch.isEmpty()) {
                Message.send(open, BEGIN + into.insert(batch) + "; COMMIT").orThrow();
            }
            done = true;
            succeeded(batch.size());
        } catch (SQLException | SearchTable.Unsuitable | RuntimeException | LinkageError e) {
            failed(e);
        } finally {
            if (!done) {
                statistics.dropped(batch.size());
                // Also what the session has left of a transaction goes with it.
                disconnect();
            }
        }
        return done;
    }

    private Connection connected() throws SQLException {
        Connection open = connection;
        if (open == null) {
            open = endpoint.connectBeside(APPLICATION_NAME, ANSWER_WITHIN);
            connection = open;
        }
        return open;
    }

    private SearchTable find(Connection open) throws SQLException, SearchTable.Unsuitable {
        return SearchTable.find(
                open, name, Map.of(SearchColumn.TARGET, target, SearchColumn.APPLICATION, endpoint.applicationName()));
    }

    private void take(List<MeasuredSearch> batch) {
        while (batch.size() < pace.batch()) {
            MeasuredSearch next = queue.poll();
            if (next == null) {
                return;
            }
            waiting.decrementAndGet();
            batch.add(next);
        }
    }

    private void succeeded(int searches) {
        statistics.written(searches);
        if (failures > 0) {
            LOG.info("{} - searches are written to {} again", target, written);
        }
        failures = 0;
        lastProblem = "";
    }

    private void failed(Throwable e) {
        failures++;
        if (e instanceof SearchTable.Unsuitable) {
            // It will not do in a second or two either.
            failures = Integer.MAX_VALUE / 2;
        }
        boolean explained = e instanceof SQLException || e instanceof SearchTable.Unsuitable;
        String problem = explained ? String.valueOf(e.getMessage()) : e.toString();
        if (closed) {
            LOG.debug("{} - the last searches cannot be written to {}", target, written, e);
        } else if (problem.equals(lastProblem)) {
            LOG.debug("{} - searches can still not be written to {}", target, written, e);
        } else {
            lastProblem = problem;
            LOG.warn("{} - searches cannot be written to {}; it is tried again later: {}", target, written, problem);
        }
    }

    private void disconnect() {
        Connections.close(connection);
        connection = null;
        table = null;
    }

    /** Writes what waits, for some seconds at most, and ends the thread. */
    void close() {
        Thread writer;
        starting.lock();
        try {
            closedAt = System.nanoTime();
            closed = true;
            writer = thread;
        } finally {
            starting.unlock();
        }
        if (writer == null || writer == Thread.currentThread()) {
            return;
        }
        LockSupport.unpark(writer);
        try {
            writer.join(LONGEST_FAREWELL.toMillis());
            if (writer.isAlive()) {
                Connections.abort(connection);
                writer.join(TimeUnit.SECONDS.toMillis(1));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        statistics.dropped(waiting.getAndSet(0));
        queue.clear();
    }
}
