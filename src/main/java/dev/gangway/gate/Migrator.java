package dev.gangway.gate;

import dev.gangway.GangwayException;
import dev.gangway.GangwayException.Code;
import dev.gangway.config.Setting;
import dev.gangway.config.SettingSource;
import dev.gangway.config.Settings;
import dev.gangway.config.Settings.Mode;
import dev.gangway.execute.Executor;
import dev.gangway.history.HistorySnapshot;
import dev.gangway.history.HistoryTable;
import dev.gangway.history.Precheck;
import dev.gangway.history.ServerFacts;
import dev.gangway.lock.Jitter;
import dev.gangway.lock.LeaderLock;
import dev.gangway.lock.LockKey;
import dev.gangway.lock.Workers;
import dev.gangway.pgjdbc.Connections;
import dev.gangway.pgjdbc.Endpoint;
import dev.gangway.pgjdbc.Message;
import dev.gangway.pgjdbc.Quote;
import dev.gangway.pgjdbc.ServerError;
import dev.gangway.pgjdbc.SqlStates;
import dev.gangway.pgjdbc.Target;
import dev.gangway.plan.Plan;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings a target up to date that was found with something pending: as the leader of the fleet, or by waiting for the one
 * who is. Used by one thread at a time.
 *
 * <p>Those who do not lead ask, after pauses of random length, whether the history has become what their files want, and
 * mostly leave through that question; only when it has not do they try the lock. Nobody waits inside a transaction, and
 * nobody who waits for long keeps a connection.
 */
final class Migrator {
    private static final Logger LOG = LoggerFactory.getLogger(Migrator.class);

    private static final int RECONNECTS = 8;
    private static final Duration RECONNECT_PAUSE = Duration.ofSeconds(4);

    private final Settings settings;
    private final Endpoint application;
    private final Target target;
    private final HistoryTable table;
    private final Files files;
    private final ServerFacts facts;
    private final LockKey key;
    private final long began = System.nanoTime();

    /**
     * @param table with a schema, unless the session has none
     * @param facts what the application's own connection said
     * @param plan  what was found pending
     */
    Migrator(Settings settings, Endpoint application, HistoryTable table, Files files, ServerFacts facts, Plan plan)
            throws GangwayException.Permanent {
        this.settings = settings;
        this.application = application;
        this.target = application.target();
        this.table = table;
        this.files = files;
        this.facts = facts;
        String schema = table.schema();
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
        this.key = LockKey.of(schema, table.history());
        if (settings.mode() == Mode.VALIDATE) {
            throw new GangwayException.Permanent(Code.HISTORY_MISMATCH, """
                    The schema is not current and gangway.mode=validate applies nothing: %s.
                      next: apply them with a process that has gangway.mode=migrate, then connect again""".formatted(plan.summary()));
        }
        LOG.info("{} - {}", target, plan.summary());
    }

    /** Returns when nothing is pending any more where migrations are applied. */
    void bringUpToDate() throws SQLException {
        if (settings.mode() == Mode.WAIT) {
            awaitOthers(Code.WAIT_TIMED_OUT);
        } else if (facts.standby() && !primaryMayBeReached()) {
            awaitOthers(Code.READ_ONLY_SERVER);
        } else {
            leadOrFollow();
        }
    }

    /** Returns when the server that the application connects to has seen what was applied on the primary. */
    void awaitReplay() throws SQLException {
        awaitOthers(facts.standby() ? Code.READ_ONLY_SERVER : Code.WAIT_TIMED_OUT);
    }

    private boolean primaryMayBeReached() {
        return settings.migrationUrl() != null || target.hasSeveralHosts();
    }

    private void leadOrFollow() throws SQLException {
        Endpoint endpoint = migrationEndpoint();
        for (int failures = 0; ; ) {
            try {
                compete(endpoint);
                return;
            } catch (SQLException e) {
                boolean lost = SqlStates.connectionLost(e) || HistoryTable.isFencedOut(e);
                if (!lost || e instanceof GangwayException || ++failures > RECONNECTS) {
                    throw e;
                }
                LOG.warn("{} - the connection that migrates was lost, beginning anew: {}", target, e.getMessage());
                Jitter.pauseUpTo(RECONNECT_PAUSE.dividedBy(RECONNECTS).multipliedBy(failures));
            }
        }
    }

    private Endpoint migrationEndpoint() throws SQLException {
        String url = settings.migrationUrl();
        Endpoint endpoint = url == null ? application : application.at(url);
        return endpoint.as(settings.migrationUser(), settings.migrationPassword());
    }

    /** Tries to become the leader until this process has led, or another one has done it all. */
    private void compete(Endpoint endpoint) throws SQLException {
        Waiting waiting = new Waiting(settings, target, key, began);
        try (Contender contender = new Contender(endpoint, key)) {
            while (true) {
                Connection connection = contender.connection();
                if (waiting.hasWaited() && Precheck.isCurrent(connection, table, files.fingerprint())) {
                    LOG.info(
                            "{} - another process has applied what was pending; went on after {} ms",
                            target,
                            MigrationGate.millisSince(began));
                    return;
                }
                LeaderLock lock = LeaderLock.tryAcquire(connection, key, contender.name());
                if (lock != null) {
                    try (lock) {
                        lead(endpoint, lock);
                    }
                    return;
                }
                waiting.tellWhoLeads(connection);
                contender.rest(waiting);
                waiting.pause(Code.WAIT_TIMED_OUT);
            }
        }
    }

    private void lead(Endpoint endpoint, LeaderLock lock) throws SQLException {
        Connection work = endpoint.connectForMigration(Workers.workName(key, "starting"));
        try {
            awaitOrphans(work, lock);
            Precheck check = Precheck.ask(work, table, null);
            HistorySnapshot history = check.history();
            if (history == null) {
                refuseForeignHistory(work);
            }
            Plan plan = files.plan(history);
            plan.warnings().forEach(warning -> LOG.warn("{} - {}", target, warning));
            if (plan.isCurrent()) {
                return;
            }
            Executor executor = new Executor(work, check.facts(), table, settings, target, key, lock, Build.VERSION);
            // Before the history is created: whoever has to correct something first finds the database untouched.
            executor.prepare(plan);
            if (history == null) {
                history = create(work, endpoint);
                if (!history.rows().isEmpty()) {
                    // Only the state table was missing.
                    executor.prepare(files.plan(history));
                }
            }
            executor.execute(history);
        } finally {
            Connections.close(work);
        }
    }

    /** A leader that was killed may have left a session behind that is still at work. */
    private void awaitOrphans(Connection work, LeaderLock lock) throws SQLException {
        Waiting waiting = new Waiting(settings, target, key, System.nanoTime());
        while (true) {
            List<Workers.Worker> orphans = Workers.busy(work, key);
            if (orphans.isEmpty()) {
                return;
            }
            lock.keepAlive(0);
            waiting.tell("waiting for the session of a process that has died to end: " + orphans);
            waiting.pause(Code.WAIT_TIMED_OUT);
        }
    }

    private HistorySnapshot create(Connection work, Endpoint endpoint) throws SQLException {
        String migrator = endpoint.target().user();
        String reader = migrator.equals(target.user()) ? null : target.user();
        List<String> commands = table.createSql(settings.schema() != null, reader);
        SQLException error = Message.send(work, "BEGIN READ WRITE; " + String.join("; ", commands) + "; COMMIT")
                .error();
        if (error != null) {
            Message.send(work, "ROLLBACK").orThrow();
            throw SqlStates.is(error, SqlStates.INSUFFICIENT_PRIVILEGE) ? mayNotCreate(migrator, error) : error;
        }
        LOG.info("{} - created the history table {}", target, table.historyName());
        return Objects.requireNonNull(Precheck.ask(work, table, null).history());
    }

    private GangwayException.Permanent mayNotCreate(String migrator, SQLException error) {
        String schema = Quote.identifier(Objects.requireNonNull(table.schema()));
        return new GangwayException.Permanent(
                Code.MISSING_PRIVILEGE,
                """
                The role "%s" may not create the migration history %s.
                  server:   %s
                  database: unchanged; nothing was applied
                  next:     let an administrator run, in database "%s":  GRANT USAGE, CREATE ON SCHEMA %s TO %s;
                            or name a role that may, with gangway.migrationUser and gangway.migrationPassword""".formatted(
                                migrator,
                                table.historyName(),
                                ServerError.describe(error),
                                facts.database(),
                                schema,
                                Quote.identifier(migrator)),
                error);
    }

    /** Never begins on a schema that another tool has built, unless it is told to. */
    private void refuseForeignHistory(Connection work) throws SQLException {
        if (settings.source(Setting.ADOPT) != SettingSource.DEFAULT) {
            return;
        }
        String foreign = ForeignHistory.find(work, Objects.requireNonNull(table.schema()));
        if (foreign != null) {
            throw new GangwayException.Permanent(Code.HISTORY_MISMATCH, """
                    The schema "%s" has no history of Gangway's, but the table %s: another tool has migrated it, and\
                     applying everything from the first migration on would be wrong.
                      database: unchanged; nothing was applied
                      next:     if these migrations have nothing to do with that tool's, set gangway.adopt=none;\
                     taking its history over comes with a later version""".formatted(table.schema(), foreign));
        }
    }

    /** Waits, without a connection in between, until the server that the application uses is up to date. */
    private void awaitOthers(Code onTimeout) throws SQLException {
        Waiting waiting = new Waiting(settings, target, key, began);
        LOG.info(
                "{} - {}",
                target,
                onTimeout == Code.READ_ONLY_SERVER
                        ? "this server is a standby; waiting until the primary has been migrated and it has followed"
                        : "waiting until another process has migrated (gangway.mode=" + settings.mode() + ")");
        while (true) {
            waiting.pause(onTimeout);
            Connection connection = null;
            try {
                connection = application.connect();
                if (Precheck.isCurrent(connection, table, files.fingerprint())) {
                    return;
                }
                if (waiting.isTimeForAThoroughLook()) {
                    Precheck check = Precheck.ask(connection, table, files.fingerprint());
                    if (check.current() || files.plan(check.history()).isCurrent()) {
                        return;
                    }
                    waiting.tellWhoLeads(connection);
                }
            } catch (SQLException e) {
                if (!SqlStates.connectionLost(e)) {
                    throw e;
                }
                waiting.tell("the server cannot be reached just now: " + e.getMessage());
            } finally {
                Connections.close(connection);
            }
        }
    }
}
