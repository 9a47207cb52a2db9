package dev.gangway.leader;

import dev.gangway.GangwayException;
import dev.gangway.GangwayException.Code;
import dev.gangway.config.Settings;
import dev.gangway.event.Events;
import dev.gangway.history.HistoryTable;
import dev.gangway.history.Precheck;
import dev.gangway.history.ServerFacts;
import dev.gangway.internal.Durations;
import dev.gangway.lock.FlywayLock;
import dev.gangway.lock.LeaderLock;
import dev.gangway.lock.LockKey;
import dev.gangway.lock.Succession;
import dev.gangway.lock.Workers;
import dev.gangway.pgjdbc.Connections;
import dev.gangway.pgjdbc.Endpoint;
import dev.gangway.pgjdbc.SqlStates;
import dev.gangway.pgjdbc.Target;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The way of one process to the leadership over a schema. Used by one thread at a time.
 *
 * <p>Those who do not lead ask, after pauses of random length, whether the history has become what they want, and mostly
 * leave through that question; only when it has not do they try the lock. Nobody waits inside a transaction, and nobody
 * who waits for long keeps a connection.
 */
public final class Leadership {
    private static final Logger LOG = LoggerFactory.getLogger(Leadership.class);

    /** Long enough for a standby to be promoted, short enough for a server that is gone for good. */
    private static final Duration UNREACHABLE = Duration.ofMinutes(2);

    private static final Duration RECONNECT_PAUSE = Duration.ofSeconds(4);

    private final Settings settings;
    private final Endpoint endpoint;
    private final Target target;
    private final HistoryTable table;
    private final LockKey key;
    private final LockKey backgroundKey;
    private final FlywayLock flyway;
    private final Events events;
    /** Since when this process has been waiting, or would be: what it has led itself is no part of a wait. */
    private long began = System.nanoTime();

    /** What the leader does. */
    @FunctionalInterface
    public interface Work<T> {
        /** Called again from the beginning when the connection or the leadership was lost. */
        T run(Leader leader) throws SQLException;
    }

    /**
     * @param application the place that the application connects to
     * @param table       with a schema, unless the session has none
     * @param facts       what the application's own connection said
     * @param events      tells listeners what happens
     * @throws GangwayException.Permanent GW004 when there is no schema for the history
     */
    public Leadership(Settings settings, Endpoint application, HistoryTable table, ServerFacts facts, Events events)
            throws SQLException {
        this.events = events;
        this.settings = settings;
        this.target = application.target();
        this.table = table;
        String schema = usable(table.schema(), facts);
        this.key = LockKey.of(schema, table.history());
        this.backgroundKey = LockKey.ofBackground(schema, table.history());
        this.flyway = new FlywayLock(schema);
        this.endpoint = endpointOf(settings, application);
    }

    /** {@return the place, and the role, that migrate for an application that connects to that place} */
    public static Endpoint endpointOf(Settings settings, Endpoint application) throws SQLException {
        String url = settings.migrationUrl();
        Endpoint place = url == null ? application : application.at(url);
        return place.as(settings.migrationUser(), settings.migrationPassword());
    }

    private static String usable(@Nullable String schema, ServerFacts facts) throws GangwayException.Permanent {
        if (schema == null) {
            throw new GangwayException.Permanent(Code.SETTING_WRONG, """
                    None of the schemas on the search_path (%s) of role "%s" exists, so there is no place for the\
                     migration history.
                      next: create one of them, or name one with gangway.schema, which is then created""".formatted(facts.searchPath(), facts.user()));
        }
        if (schema.startsWith("pg_") || schema.equals("information_schema")) {
            throw new GangwayException.Permanent(Code.SETTING_WRONG, """
                    The migration history would have to be created in "%s", the first schema of the search_path (%s) or\
                     that of gangway.schema, but that schema is the server's own.
                      next: name another one with gangway.schema, or as the first of the search_path""".formatted(schema, facts.searchPath()));
        }
        return schema;
    }

    /** {@return the lock that all processes with this history compete for} */
    public LockKey key() {
        return key;
    }

    /** {@return the lock of the process that carries out what runs in the background} */
    public LockKey backgroundKey() {
        return backgroundKey;
    }

    /** {@return the history's tables, with their schema} */
    public HistoryTable table() {
        return table;
    }

    /** {@return the place, and the role, that migrate} */
    public Endpoint endpoint() {
        return endpoint;
    }

    /** {@return a wait that began when this object was made, or when this process last led} */
    public Waiting waiting() {
        return new Waiting(settings, target, key, began, events);
    }

    /** {@return the patience of somebody who waits for the result} */
    public Reconnection reconnection() {
        // The application's own connection has come to its place; of another one nothing is known yet.
        Duration wait = settings.waitTimeout();
        Duration patience = wait.isZero() || wait.compareTo(UNREACHABLE) > 0 ? UNREACHABLE : wait;
        return new Reconnection(target, settings.migrationUrl() == null, patience, RECONNECT_PAUSE);
    }

    /** Becomes the leader, waiting for the present one if there is one, and does the work; {@return its result} */
    public <T> T lead(Work<T> work) throws SQLException {
        return Objects.requireNonNull(new Attempt<>(null, work).persistently());
    }

    /**
     * As {@link #lead}, unless another process makes the history what is expected before this one leads; {@return null
     * in that case}
     */
    public <T> @Nullable T leadUnlessCurrent(String expectedFingerprint, Work<T> work) throws SQLException {
        return new Attempt<>(expectedFingerprint, work).persistently();
    }

    /**
     * Does the work of the background, unless another process is at it; {@return null in that case}
     *
     * @param reconnection hears that the server was reached
     */
    public <T> @Nullable T leadBackground(Work<T> work, Reconnection reconnection) throws SQLException {
        try (Contender contender = new Contender(endpoint, backgroundKey)) {
            Connection connection = contender.connection();
            reconnection.reached();
            LeaderLock lock = LeaderLock.tryAcquire(connection, backgroundKey, contender.name());
            if (lock == null) {
                return null;
            }
            try (lock) {
                return asLeader(lock, backgroundKey, work);
            }
        }
    }

    private final class Attempt<T> {
        private final @Nullable String expected;
        private final Work<T> work;

        Attempt(@Nullable String expected, Work<T> work) {
            this.expected = expected;
            this.work = work;
        }

        @Nullable
        T persistently() throws SQLException {
            Reconnection reconnection = reconnection();
            while (true) {
                try {
                    return once(reconnection);
                } catch (SQLException e) {
                    boolean lost = SqlStates.connectionLost(e) || HistoryTable.isFencedOut(e);
                    if (!lost || e instanceof GangwayException) {
                        throw e;
                    }
                    reconnection.pauseAfter(e, "the connection that migrates was lost");
                }
            }
        }

        /** Tries to become the leader until this process has led, or another one has done it all. */
        private @Nullable T once(Reconnection reconnection) throws SQLException {
            Waiting waiting = waiting();
            try (Contender contender = new Contender(endpoint, key)) {
                while (true) {
                    Connection connection = contender.connection(waiting);
                    reconnection.reached();
                    if (expected != null && waiting.hasWaited() && Precheck.isCurrent(connection, table, expected)) {
                        LOG.info(
                                "{} - another process has applied what was pending; went on after {} ms",
                                target,
                                Durations.millisSince(began));
                        return null;
                    }
                    LeaderLock.Attempt attempt = LeaderLock.tryLead(connection, key, flyway, contender.name());
                    if (attempt.lock() != null) {
                        try (LeaderLock lock = attempt.lock()) {
                            return asLeader(lock, key, work);
                        }
                    }
                    waiting.begin(
                            attempt.flyway()
                                    ? "waiting for Flyway, which is migrating this schema"
                                    : "waiting for another process to migrate");
                    if (attempt.flyway()) {
                        waiting.tellOfFlyway(connection, flyway);
                    } else {
                        waiting.tellWhoLeads(connection);
                    }
                    contender.rest(waiting);
                    waiting.pause(Code.WAIT_TIMED_OUT);
                }
            }
        }
    }

    private <T> T asLeader(LeaderLock lock, LockKey held, Work<T> todo) throws SQLException {
        Waiting waiting = new Waiting(settings, target, held, System.nanoTime(), events);
        Connection work = Admission.await(endpoint, Workers.workName(held, "starting"), waiting, lock);
        try {
            Precheck check = readWhenAlone(work, lock, held);
            return todo.run(new Leader(settings, target, endpoint, table, held, lock, work, check, events));
        } finally {
            Connections.close(work);
            began = System.nanoTime();
        }
    }

    /** {@return what the history says, once the sessions that earlier leaders have left behind are gone} */
    private Precheck readWhenAlone(Connection work, LeaderLock lock, LockKey held) throws SQLException {
        Waiting waiting = new Waiting(settings, target, held, System.nanoTime(), events);
        String what = "waiting for the session of a process that has died to end";
        while (true) {
            Precheck check = Precheck.askToWrite(work, table);
            List<Workers.Worker> others =
                    new Succession(work, held, lock, check.facts().backendPid()).others();
            if (others.isEmpty()) {
                return check;
            }
            lock.keepAlive(0);
            waiting.begin(what);
            waiting.tell(what + ": " + others);
            waiting.pause(Code.WAIT_TIMED_OUT);
        }
    }
}
