package dev.gangway.gate;

import dev.gangway.catalog.MigrationCatalog;
import dev.gangway.config.Settings;
import dev.gangway.config.Settings.Mode;
import dev.gangway.history.HistoryRow;
import dev.gangway.history.HistorySnapshot;
import dev.gangway.history.HistoryTable;
import dev.gangway.history.Precheck;
import dev.gangway.history.ServerFacts;
import dev.gangway.history.State;
import dev.gangway.pgjdbc.Connections;
import dev.gangway.pgjdbc.Endpoint;
import dev.gangway.pgjdbc.Target;
import dev.gangway.plan.Files;
import dev.gangway.plan.Plan;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One attempt to get a target ready, made by one thread for all that wait for its {@link Flight}: the check, the
 * migrations if something is pending, and the connection that this thread hands out. Used once, by one thread; when that
 * is interrupted while migrations run, the thread that carries them out ends the flight.
 */
final class Attempt {
    private static final Logger LOG = LoggerFactory.getLogger(Attempt.class);

    /** Stands for the fingerprint when nobody looks at files. */
    private static final String NO_FILES = "";

    private final Settings settings;
    private final Endpoint endpoint;
    private final Target target;
    private final HistoryTable table;
    private final GateNews news;
    private final SingleFlight<Passage> flights;
    private final Flight<Passage> flight;
    private final BackgroundSlot background;
    private final HandOut handOut;
    private final @Nullable ClassLoader loader;
    private final Dues dues;
    private final Entrance entrance;

    /** The connection that may be handed out, closed when it is not. */
    private @Nullable Connection candidate;
    /** Of the work that was begun last. */
    private @Nullable CompletableFuture<Void> end;

    /** @param flight the one that ends with this attempt, whatever happens */
    Attempt(
            Settings settings,
            Endpoint endpoint,
            HistoryTable table,
            GateNews news,
            SingleFlight<Passage> flights,
            Flight<Passage> flight,
            BackgroundSlot background,
            HandOut handOut,
            @Nullable ClassLoader loader) {
        this.settings = settings;
        this.endpoint = endpoint;
        this.target = endpoint.target();
        this.table = table;
        this.news = news;
        this.flights = flights;
        this.flight = flight;
        this.background = background;
        this.handOut = handOut;
        this.loader = loader;
        this.dues = new Dues(settings, target);
        this.entrance = new Entrance(settings, target);
    }

    /** {@return the migrations as that class loader sees them} */
    static Files files(Settings settings, @Nullable ClassLoader loader) throws SQLException {
        return Files.of(
                MigrationCatalog.load(settings.locations(), loader, settings.placeholders())
                        .migrations(),
                settings);
    }

    /**
     * Makes the attempt, at whose end the flight has ended too, or will when the migrations do.
     *
     * @param own the connection that this thread came with; closed, unless it is the one that is handed out
     * @return a connection to the target, which is ready
     */
    Connection connect(Connection own) throws SQLException {
        news.checking();
        candidate = own;
        try {
            if (settings.mode() == Mode.OFF) {
                return arrive(own, NO_FILES, ServerFacts.ask(own), true);
            }
            Files files = files(settings, loader);
            long asked = System.nanoTime();
            Precheck check = Precheck.ask(own, table, files.fingerprint());
            Plan plan = check.current() ? Plan.NOTHING : files.plan(check.history());
            news.checked(files, check, plan, asked);
            if (plan.isCurrent() && !dues.inForeground(own, check, plan)) {
                logCurrent(files, plan, asked);
                return handOut(own, files, check, plan, true);
            }
            Connections.close(own);
            flight.pending();
            return bringUpToDate(files, check, plan);
        } catch (SQLException | RuntimeException | Error e) {
            Connections.close(candidate);
            CompletableFuture<Void> migrations = end;
            if (migrations != null && !migrations.isDone()) {
                // Interrupted. The work goes on, and so must the flight, for those who wait for it.
                LOG.info("{} - its caller was interrupted; the migration goes on", target);
                var unused = migrations.whenComplete((nothing, failure) -> land(failure));
            } else {
                land(e);
            }
            throw e;
        }
    }

    private Connection bringUpToDate(Files files, Precheck check, Plan plan) throws SQLException {
        Migrator migrator =
                new Migrator(settings, endpoint, check.table(), files, check.facts(), plan, news.begin(loader));
        run(migrator::bringUpToDate);
        Precheck before = check;
        while (true) {
            Connection fresh = entrance.openAgain(endpoint);
            candidate = fresh;
            long asked = System.nanoTime();
            Precheck confirmed = Precheck.ask(fresh, check.table(), files.fingerprint());
            Plan left = confirmed.current() ? Plan.NOTHING : files.plan(confirmed.history());
            news.checked(files, confirmed, left, asked);
            if (left.isCurrent()) {
                return handOut(fresh, files, confirmed, left, false);
            }
            Connections.close(fresh);
            boolean standby = confirmed.facts().standby();
            if (!standby && takenBack(confirmed) > takenBack(before)) {
                // By another process, in between.
                before = confirmed;
                run(migrator::bringUpToDate);
            } else if (!standby && settings.migrationUrl() == null) {
                throw Migrator.notRecorded(confirmed.table(), left);
            } else {
                // Migrated on the primary, while this URL leads to a server that has not heard of it yet.
                run(migrator::awaitReplay);
            }
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
    private Connection handOut(Connection through, Files files, Precheck check, Plan plan, boolean unchanged)
            throws SQLException {
        // Made before, because it may fail.
        Background prepared = dues.inBackground(through, check, plan)
                ? background.prepare(settings, endpoint, files, check, news.beside(loader))
                : null;
        Connection connection = arrive(through, files.fingerprint(), check.facts(), unchanged);
        if (prepared != null) {
            background.start(prepared);
        }
        return connection;
    }

    /** @param unchanged whether nothing was pending, so that what was seen on other hosts before still holds */
    private Connection arrive(Connection through, String fingerprint, ServerFacts facts, boolean unchanged)
            throws SQLException {
        Passage reached = Passage.of(fingerprint, facts.vector(), loader, Connections.host(through))
                .and(unchanged ? flights.reached() : null);
        Connection connection = handOut.of(through, reached.vector());
        news.current();
        flights.arrive(flight, reached);
        return connection;
    }

    /** Ends the flight, which led nowhere, or whose thread no longer waits for it. */
    private void land(@Nullable Throwable failure) {
        Throwable why =
                failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        try {
            news.failed(why);
        } finally {
            // Whatever becomes of the news: nobody may be left waiting.
            flights.land(flight, why);
        }
    }

    /** Work that may take minutes. */
    private interface Work {
        void run() throws SQLException;
    }

    /** Runs it on a thread that no interrupt of a pool reaches, and waits for its end. */
    private void run(Work work) throws SQLException {
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
        // Not before: what never began would never end, and the flight would wait for it.
        end = result;
        Flight.await(result);
    }
}
