package dev.gangway.gate;

import dev.gangway.GangwayException;
import dev.gangway.config.Settings;
import dev.gangway.config.Settings.Mode;
import dev.gangway.config.Settings.Recheck;
import dev.gangway.history.HistoryTable;
import dev.gangway.history.Precheck;
import dev.gangway.internal.ForeignCode;
import dev.gangway.pgjdbc.Connections;
import dev.gangway.pgjdbc.Endpoint;
import dev.gangway.pgjdbc.Target;
import dev.gangway.search.Searches;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Stands before one target. Until the target was found ready, one thread at a time makes an {@link Attempt} to find out
 * (or bring about) that it is, and the others wait for it; from then on a connection costs one volatile read.
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

    private final Settings settings;
    private final Target target;
    private final HistoryTable table;
    private final boolean rechecks;
    private final HandOut handOut;
    private final GateNews news;
    private final Entrance entrance;
    private final SingleFlight<Passage> flights;
    private final BackgroundSlot background = new BackgroundSlot();

    /** @param searches what {@code gangway.search} asks for; null for nothing */
    MigrationGate(Settings settings, Target target, @Nullable Searches searches) {
        this.settings = settings;
        this.target = target;
        this.handOut = new HandOut(searches);
        this.news = new GateNews(settings, target);
        this.entrance = new Entrance(settings, target);
        this.flights = new SingleFlight<>(settings.retryAfter());
        this.table = new HistoryTable(settings.schema(), settings.historyTable(), settings.stateTable());
        this.rechecks = settings.recheck() == Recheck.ALWAYS && settings.mode() != Mode.OFF;
    }

    /** {@return a connection to the target, once it is ready} */
    Connection connect(Endpoint endpoint) throws SQLException {
        if (endpoint.isReplication()) {
            return endpoint.connect();
        }
        handOut.connectingThrough(endpoint);
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
            return handOut.of(through, known.vector());
        }
        Precheck check = ask(through, known.fingerprint());
        if (!check.current()) {
            Connections.close(through);
            return null;
        }
        if (elsewhere) {
            known.isAlsoAt(Objects.requireNonNull(host));
        }
        return handOut.of(through, check.facts().vector());
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
            if (settings.mode() != Mode.OFF
                    && !Attempt.files(settings, loader).fingerprint().equals(known.fingerprint())) {
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
                return new Attempt(settings, endpoint, table, news, flights, mine, background, handOut, loader)
                        .connect(own);
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

    /**
     * Ends what runs beside the application, and takes back what was made known of this gate. For one that is forgotten.
     *
     * @return what has been told to end and may need a moment for it; null for nothing
     */
    @Nullable
    Background close() {
        news.close();
        handOut.close();
        return background.close();
    }
}
