package dev.gangway.gate;

import dev.gangway.GangwayException;
import dev.gangway.catalog.MigrationCatalog;
import dev.gangway.config.Settings;
import dev.gangway.config.Settings.Mode;
import dev.gangway.config.Settings.Recheck;
import dev.gangway.history.HistoryRow;
import dev.gangway.history.HistorySnapshot;
import dev.gangway.history.HistoryTable;
import dev.gangway.history.Precheck;
import dev.gangway.history.ServerFacts;
import dev.gangway.history.State;
import dev.gangway.internal.ForeignCode;
import dev.gangway.pgjdbc.Connections;
import dev.gangway.pgjdbc.Endpoint;
import dev.gangway.pgjdbc.Target;
import dev.gangway.pgvector.VectorExtension;
import dev.gangway.pgvector.VectorTypes;
import dev.gangway.plan.Files;
import dev.gangway.plan.Plan;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Stands before one target. Until the target was found ready, one thread at a time finds out (or brings about) that it
 * is, and the others wait for that thread; from then on a connection costs one volatile read.
 *
 * <p>The rules that keep this from going wrong:
 *
 * <ol>
 *   <li>Each caller opens its own physical connection first, outside of any lock. So a server that cannot be reached or a
 *       wrong password is that caller's own failure, with pgjdbc's own exception; it is never remembered, and it never
 *       makes threads queue up behind each other's time-outs. Only a server that is full, or starting, is asked again
 *       ({@link Entrance}).
 *   <li>Success is published after the check has seen it in the database, never before.
 *   <li>Migrations run on a thread of their own. A caller that is interrupted (c3p0 does so after a minute) gives up
 *       waiting; the migration goes on, and the next caller joins the wait.
 *   <li>A failure of ours is remembered for {@code gangway.retryAfter}; each caller gets an exception of its own.
 *   <li>The connection that is handed out has never been used for anything but the check: pgjdbc remembers for the life
 *       of a connection which types do not exist, and no setting of ours may be left on it.
 * </ol>
 *
 * <p>Thread-safe.
 */
final class MigrationGate {
    private static final Logger LOG = LoggerFactory.getLogger(MigrationGate.class);

    /** Stands for the fingerprint when nobody looks at files. */
    private static final String NO_FILES = "";

    private final Settings settings;
    private final Target target;
    private final HistoryTable table;
    private final boolean rechecks;
    private final GateNews news;
    private final Dues dues;
    private final Entrance entrance;

    private final SingleFlight<Passage> flights;

    private final ReentrantLock guard = new ReentrantLock();
    // All guarded.
    private @Nullable Background background;
    private boolean closed;

    MigrationGate(Settings settings, Target target) {
        this.settings = settings;
        this.target = target;
        this.news = new GateNews(settings, target);
        this.dues = new Dues(settings, target);
        this.entrance = new Entrance(settings, target);
        this.flights = new SingleFlight<>(settings.retryAfter());
        this.table = new HistoryTable(settings.schema(), settings.historyTable(), settings.stateTable());
        this.rechecks = settings.recheck() == Recheck.ALWAYS && settings.mode() != Mode.OFF;
    }

    /** {@return a connection of pgjdbc's own to the target, once it is ready} */
    Connection connect(Endpoint endpoint) throws SQLException {
        if (endpoint.isReplication()) {
            return endpoint.connect();
        }
        Passage known = flights.reached();
        ClassLoader loader = Thread.currentThread().getContextClassLoader();
        if (known != null && isFor(known, loader)) {
            Connection through = pass(known, endpoint.connect(), rechecks);
            if (through != null) {
                return through;
            }
        }
        return connectThroughFlight(endpoint, loader);
    }

    /** {@return the connection, if the schema is ready where it leads; null if it is not, and then it is closed} */
    private @Nullable Connection pass(Passage known, Connection through, boolean ask) throws SQLException {
        String host = settings.mode() != Mode.OFF && target.hasSeveralHosts() ? Connections.host(through) : null;
        boolean elsewhere = host != null && !known.isAt(host);
        if (!ask && !elsewhere) {
            return handOut(through, known.vector());
        }
        Precheck check = ask(through, known.fingerprint());
        if (!check.current()) {
            Connections.close(through);
            return null;
        }
        if (elsewhere) {
            known.isAlsoAt(Objects.requireNonNull(host));
        }
        return handOut(through, check.facts().vector());
    }

    private Precheck ask(Connection through, String fingerprint) throws SQLException {
        try {
            return Precheck.ask(through, table, fingerprint);
        } catch (SQLException | RuntimeException | Error e) {
            Connections.close(through);
            throw e;
        }
    }

    private boolean isFor(Passage known, @Nullable ClassLoader loader) {
        return known.isFor(loader) || isSameFor(known, loader);
    }

    /** {@return whether a class loader that is new here sees the same files, or none of them} */
    private boolean isSameFor(Passage known, @Nullable ClassLoader loader) {
        try {
            if (settings.mode() != Mode.OFF && !load(loader).fingerprint().equals(known.fingerprint())) {
                return false;
            }
        } catch (SQLException e) {
            // A thread of somebody else's pool, whose class loader knows nothing of this application.
            LOG.debug("{} - {} sees no migrations", target, loader, e);
        }
        known.isAlsoFor(loader);
        return true;
    }

    private Connection connectThroughFlight(Endpoint endpoint, @Nullable ClassLoader loader) throws SQLException {
        while (true) {
            flights.throwIfRefused();
            Connection own = entrance.open(endpoint);
            Flight<Passage> mine = new Flight<>();
            Flight<Passage> joined = flights.join(mine);
            if (joined == mine) {
                return pilot(mine, own, endpoint, loader);
            }
            Connection through = follow(joined, own, endpoint, loader);
            if (through != null) {
                return through;
            }
        }
    }

    /** Waits for another thread's attempt; {@return null when this thread should make one of its own} */
    private @Nullable Connection follow(
            Flight<Passage> flown, Connection own, Endpoint endpoint, @Nullable ClassLoader loader)
            throws SQLException {
        if (ForeignCode.isRunningFor(target.toString())) {
            Connections.close(own);
            throw Migrator.calledFromWithin(target);
        }
        boolean keep = false;
        try {
            if (flown.awaitCheck()) {
                Passage ready = flown.awaitEnd();
                keep = isFor(ready, loader);
                return keep ? pass(ready, own, false) : null;
            }
        } finally {
            if (!keep) {
                Connections.close(own);
            }
        }
        Passage reached;
        try {
            reached = flown.awaitEnd();
        } catch (SQLException e) {
            if (e instanceof GangwayException ours) {
                throw Refusal.copy(ours);
            }
            if (Thread.currentThread().isInterrupted()) {
                throw e;
            }
            // The connection of the other thread failed; that says nothing about one of our own.
            return null;
        }
        // The attempt was that of another application, which shares the driver and has files of its own.
        return isFor(reached, loader) ? pass(reached, entrance.openAgain(endpoint), false) : null;
    }

    /** Makes the attempt for this thread and all that follow it. */
    private Connection pilot(Flight<Passage> mine, Connection own, Endpoint endpoint, @Nullable ClassLoader loader)
            throws SQLException {
        CompletableFuture<Void> migration = null;
        news.checking();
        Connection through = own;
        try {
            if (settings.mode() == Mode.OFF) {
                return arrive(mine, own, NO_FILES, ServerFacts.ask(own), loader, true);
            }
            Files files = load(loader);
            long asked = System.nanoTime();
            Precheck check = Precheck.ask(own, table, files.fingerprint());
            Plan plan = check.current() ? Plan.NOTHING : files.plan(check.history());
            news.checked(files, check, plan, asked);
            if (plan.isCurrent() && !dues.inForeground(own, check, plan)) {
                logCurrent(files, plan, asked);
                return board(mine, own, endpoint, files, check, plan, loader, true);
            }
            Connections.close(own);
            mine.pending();
            Migrator migrator =
                    new Migrator(settings, endpoint, check.table(), files, check.facts(), plan, news.begin(loader));
            migration = start(migrator::bringUpToDate);
            Flight.await(migration);
            Precheck earlier = check;
            while (true) {
                through = entrance.openAgain(endpoint);
                asked = System.nanoTime();
                Precheck confirmed = Precheck.ask(through, check.table(), files.fingerprint());
                Plan left = confirmed.current() ? Plan.NOTHING : files.plan(confirmed.history());
                news.checked(files, confirmed, left, asked);
                if (left.isCurrent()) {
                    return board(mine, through, endpoint, files, confirmed, left, loader, false);
                }
                Connections.close(through);
                if (!confirmed.facts().standby() && takenBack(confirmed) > takenBack(earlier)) {
                    // By another process, in between.
                    earlier = confirmed;
                    migration = start(migrator::bringUpToDate);
                    Flight.await(migration);
                    continue;
                }
                if (!confirmed.facts().standby() && settings.migrationUrl() == null) {
                    throw Migrator.notRecorded(confirmed.table(), left);
                }
                // Migrated on the primary, while this URL leads to a standby that has not heard of it yet.
                migration = start(migrator::awaitReplay);
                Flight.await(migration);
            }
        } catch (SQLException | RuntimeException | Error e) {
            Connections.close(through);
            if (migration != null && !migration.isDone()) {
                // Interrupted. The work goes on, and so must the flight, for those who wait for it.
                LOG.info("{} - its caller was interrupted; the migration goes on", target);
                var unused = migration.whenComplete((nothing, failure) -> land(mine, failure));
            } else {
                land(mine, e);
            }
            throw e;
        }
    }

    /** {@return how many migrations the history says were taken back} */
    private static int takenBack(Precheck check) {
        HistorySnapshot history = check.history();
        int count = 0;
        if (history != null) {
            for (HistoryRow row : history.rows()) {
                count += row.state() == State.UNDONE ? 1 : 0;
            }
        }
        return count;
    }

    /** {@return the migrations as that class loader sees them} */
    private Files load(@Nullable ClassLoader loader) throws SQLException {
        return Files.of(
                MigrationCatalog.load(settings.locations(), loader, settings.placeholders())
                        .migrations(),
                settings);
    }

    /** Lets what runs beside the application begin, unless it is running already or this gate is forgotten. */
    private void start(Background prepared) {
        guard.lock();
        try {
            if (!closed && background == null) {
                background = prepared;
                prepared.start();
            }
        } finally {
            guard.unlock();
        }
    }

    private void forgetBackground() {
        guard.lock();
        try {
            background = null;
        } finally {
            guard.unlock();
        }
    }

    /**
     * Ends what runs beside the application, and takes back what was made known of this gate. For one that is forgotten.
     *
     * @return what has been told to end and may need a moment for it; null for nothing
     */
    @Nullable
    Background close() {
        news.close();
        guard.lock();
        try {
            closed = true;
            if (background != null) {
                background.stop();
            }
            return background;
        } finally {
            guard.unlock();
        }
    }

    private void logCurrent(Files files, Plan plan, long asked) {
        long tenths = (System.nanoTime() - asked + 50_000) / 100_000; // of a millisecond
        LOG.info(
                "{} - schema is current: {} migrations, nothing pending; checked in {} ms",
                target,
                files.migrations().size(),
                tenths / 10 + "." + tenths % 10);
        for (String warning : plan.warnings()) {
            LOG.warn("{} - {}", target, warning);
        }
    }

    /** Hands the connection out; what runs beside the application begins only then. */
    private Connection board(
            Flight<Passage> mine,
            Connection through,
            Endpoint endpoint,
            Files files,
            Precheck check,
            Plan plan,
            @Nullable ClassLoader loader,
            boolean unchanged)
            throws SQLException {
        // Made before, because it may fail.
        Background prepared = dues.inBackground(through, check, plan)
                ? new Background(
                        settings,
                        endpoint,
                        check.table(),
                        files,
                        check.facts(),
                        news.beside(loader),
                        this::forgetBackground)
                : null;
        Connection connection = arrive(mine, through, files.fingerprint(), check.facts(), loader, unchanged);
        if (prepared != null) {
            start(prepared);
        }
        return connection;
    }

    /** @param unchanged whether nothing was pending, so that what was seen on other hosts before still holds */
    private Connection arrive(
            Flight<Passage> mine,
            Connection through,
            String fingerprint,
            ServerFacts facts,
            @Nullable ClassLoader loader,
            boolean unchanged)
            throws SQLException {
        Passage reached = Passage.of(fingerprint, facts.vector(), loader, Connections.host(through))
                .and(unchanged ? flights.reached() : null);
        Connection connection = handOut(through, reached.vector());
        news.current();
        flights.arrive(mine, reached);
        return connection;
    }

    /** Ends a flight that led nowhere, or whose pilot no longer waits for it. */
    private void land(Flight<Passage> mine, @Nullable Throwable failure) {
        Throwable why =
                failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        try {
            news.failed(why);
        } finally {
            // Whatever becomes of the news: nobody may be left waiting.
            flights.land(mine, why);
        }
    }

    /** Work that may take minutes, on a thread that no interrupt of a pool reaches. */
    private interface Work {
        void run() throws SQLException;
    }

    private CompletableFuture<Void> start(Work work) {
        CompletableFuture<Void> result = new CompletableFuture<>();
        Thread thread = new Thread(
                () -> {
                    try {
                        work.run();
                        result.complete(null);
                    } catch (SQLException | RuntimeException | Error e) {
                        result.completeExceptionally(e);
                    }
                },
                "gangway-migrate " + target);
        thread.setDaemon(true);
        thread.start();
        return result;
    }

    private Connection handOut(Connection connection, @Nullable VectorExtension vector) throws SQLException {
        if (vector != null) {
            try {
                VectorTypes.register(connection, vector);
            } catch (SQLException | RuntimeException | Error e) {
                Connections.close(connection);
                throw e;
            }
        }
        return connection;
    }
}
