package dev.gangway.leader;

import dev.gangway.GangwayException;
import dev.gangway.GangwayException.Code;
import dev.gangway.config.Settings;
import dev.gangway.event.Events;
import dev.gangway.history.HistorySnapshot;
import dev.gangway.history.HistoryTable;
import dev.gangway.history.Precheck;
import dev.gangway.history.ServerFacts;
import dev.gangway.lock.LeaderLock;
import dev.gangway.lock.LockKey;
import dev.gangway.lock.Succession;
import dev.gangway.lock.Workers;
import dev.gangway.pgjdbc.Endpoint;
import dev.gangway.pgjdbc.Message;
import dev.gangway.pgjdbc.Quote;
import dev.gangway.pgjdbc.Reply;
import dev.gangway.pgjdbc.ServerError;
import dev.gangway.pgjdbc.SqlStates;
import dev.gangway.pgjdbc.Target;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one process that may change the schema now, with what it needs for that. Lives as long as the lock is held; used by
 * one thread.
 */
public final class Leader {
    private static final Logger LOG = LoggerFactory.getLogger(Leader.class);

    private final Settings settings;
    private final Target target;
    private final Endpoint endpoint;
    private final HistoryTable table;
    private final LockKey key;
    private final LeaderLock lock;
    private final Connection work;
    private final Precheck check;
    private final Events events;

    Leader(
            Settings settings,
            Target target,
            Endpoint endpoint,
            HistoryTable table,
            LockKey key,
            LeaderLock lock,
            Connection work,
            Precheck check,
            Events events) {
        this.settings = settings;
        this.target = target;
        this.endpoint = endpoint;
        this.table = table;
        this.key = key;
        this.lock = lock;
        this.work = work;
        this.check = check;
        this.events = events;
    }

    /** {@return the connection that changes the schema, as the role that migrates; nothing else uses it} */
    public Connection work() {
        return work;
    }

    /** {@return where it leads, as the role that migrates} */
    public Endpoint endpoint() {
        return endpoint;
    }

    /** {@return what log lines begin with; its user is the application's role} */
    public Target target() {
        return target;
    }

    public HistoryTable table() {
        return table;
    }

    /** {@return what tells listeners what happens} */
    public Events events() {
        return events;
    }

    public LockKey key() {
        return key;
    }

    public LeaderLock lock() {
        return lock;
    }

    /** {@return what the server says of the work connection} */
    public ServerFacts facts() {
        return check.facts();
    }

    /** {@return the history as it was when the leadership began; null when there is none yet} */
    public @Nullable HistorySnapshot history() {
        return check.history();
    }

    /**
     * Refuses to go on where the history's tables are there and both are empty: they have been filled once, for Gangway
     * itself creates them with a row, in one transaction. Now nothing tells what the schema holds.
     *
     * @throws GangwayException.Permanent GW002 when that is so
     */
    public void refuseEmptiedHistory() throws SQLException {
        if (!check.stateIsEmpty()
                || !Message.send(work, "SELECT 1 FROM " + table.historyName() + " LIMIT 1")
                        .orThrow()
                        .rows(0)
                        .isEmpty()) {
            return;
        }
        throw new GangwayException.Permanent(
                Code.HISTORY_MISMATCH, """
                The migration history %1$s is there but empty, as after a restore of the schema without its rows, or after\
                 a TRUNCATE, so it cannot be told what the schema holds.
                  database: unchanged; nothing was applied
                  next:     bring the rows of %1$s and %2$s back (pg_dump --data-only --table), or say with the command\
                 baseline up to which version the schema holds the migrations; if it holds none of them, drop both\
                 tables; then connect again""".formatted(table.historyName(), table.stateName()));
    }

    /**
     * Waits until nobody carries out what runs in the background, and lets nobody begin until this leadership ends: for
     * what a worker there has begun and this leader has to finish. The fence does not keep the two apart, for a statement
     * that runs alone is outside of it.
     *
     * @return the history as that worker has left it
     */
    public @Nullable HistorySnapshot shutOutBackground() throws SQLException {
        LockKey background = LockKey.ofBackground(schema(), table.history());
        Waiting waiting = new Waiting(settings, target, background, System.nanoTime(), events);
        String what = "waiting for another process to finish in the background what is required now: ";
        Succession succession = new Succession(work, background, lock, facts().backendPid());
        while (true) {
            if (lock.tryAlso(background)) {
                HistorySnapshot history = Precheck.ask(work, table, null).history();
                if (succession.others().isEmpty()) {
                    return history;
                }
            }
            if (!waiting.hasWaited()) {
                LOG.info("{} - {}{}", target, what, Workers.describe(work, background));
            }
            waiting.begin(what);
            waiting.tell(what + Workers.describe(work, background));
            waiting.pause(Code.WAIT_TIMED_OUT);
            lock.keepAlive(0);
        }
    }

    /** {@return the name of the schema that holds the history} */
    public String schema() {
        return Objects.requireNonNull(table.schema());
    }

    /** {@return the history after its tables were created, unless they exist} */
    public HistorySnapshot createHistory() throws SQLException {
        SQLException error = Message.send(work, "BEGIN READ WRITE; " + createHistorySql() + "; COMMIT")
                .error();
        if (error != null) {
            Message.send(work, "ROLLBACK").orThrow();
            throw explained(error);
        }
        LOG.info("{} - created the history table {}", target, table.historyName());
        return readAgain();
    }

    /**
     * {@return the history as it is now}
     *
     * @throws SQLException when this process does not lead any more, so that it may be another one's that was read
     */
    public HistorySnapshot readAgain() throws SQLException {
        HistorySnapshot history =
                Objects.requireNonNull(Precheck.ask(work, table, null).history());
        if (!history.rows().isEmpty()) {
            lock.keepAlive(0);
        }
        return history;
    }

    /**
     * Moves the history on in a fenced transaction of its own, without running a script.
     *
     * @param commands what writes the rows
     * @return {@code after}
     */
    public HistorySnapshot write(HistorySnapshot before, HistorySnapshot after, List<String> commands)
            throws SQLException {
        List<String> all = new ArrayList<>();
        all.add("BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE");
        all.add("SET LOCAL statement_timeout = 0");
        all.add("SET LOCAL lock_timeout = " + settings.lockTimeout().toMillis());
        all.add(table.fenceSql(before, after));
        all.addAll(commands);
        all.add("COMMIT");
        SQLException error = Message.send(work, String.join("; ", all)).error();
        if (error != null) {
            Message.send(work, "ROLLBACK");
            throw error;
        }
        return after;
    }

    /** {@return the commands that create the history's tables, to run in a transaction} */
    public String createHistorySql() {
        return createHistorySql(HistorySnapshot.beginning());
    }

    /** As {@link #createHistorySql()}, when what comes of it is known before: that history, unless there is one. */
    public String createHistorySql(HistorySnapshot first) {
        String migrator = endpoint.target().user();
        String reader = migrator.equals(target.user()) ? null : target.user();
        List<String> commands = table.createSql(settings.schema() != null, reader, first.epoch());
        return String.join("; ", commands);
    }

    /** {@return the error of {@link #createHistorySql()}, with what to do about it} */
    public SQLException explained(SQLException error) {
        if (SqlStates.createdByOthers(error)) {
            // "IF NOT EXISTS" does not see what another transaction has created and not committed yet.
            return HistoryTable.fencedOut(error);
        }
        if (!SqlStates.is(error, SqlStates.INSUFFICIENT_PRIVILEGE)) {
            return error;
        }
        String migrator = endpoint.target().user();
        String schema = Quote.identifier(schema());
        String command = (hasSchema()
                        ? "GRANT USAGE, CREATE ON SCHEMA " + schema + " TO "
                        : "CREATE SCHEMA " + schema + " AUTHORIZATION ")
                + Quote.identifier(migrator);
        return new GangwayException.Permanent(
                Code.MISSING_PRIVILEGE,
                """
                The role "%s" may not create the migration history %s.
                  server:   %s
                  database: unchanged; nothing was applied
                  next:     let an administrator run, in database "%s":  %s;
                            or name a role that may, with gangway.migrationUser and gangway.migrationPassword""".formatted(migrator, table.historyName(), ServerError.describe(error), facts().database(), command),
                error);
    }

    private boolean hasSchema() {
        String name = Quote.literal(Quote.identifier(schema()));
        Reply reply;
        try {
            reply = Message.send(work, "SELECT pg_catalog.to_regnamespace(" + name + ") IS NOT NULL");
        } catch (SQLException e) {
            return true;
        }
        return reply.error() != null || reply.row(0).bool(0);
    }
}
