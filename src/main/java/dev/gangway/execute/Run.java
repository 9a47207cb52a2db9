package dev.gangway.execute;

import dev.gangway.event.Events;
import dev.gangway.history.HistoryTable;
import dev.gangway.lock.LeaderLock;
import dev.gangway.lock.LockKey;
import dev.gangway.lock.Workers;
import dev.gangway.migration.Migration;
import dev.gangway.migration.Version;
import dev.gangway.pgjdbc.Connections;
import dev.gangway.pgjdbc.Message;
import dev.gangway.pgjdbc.Quote;
import dev.gangway.pgjdbc.Reply;
import dev.gangway.pgjdbc.Target;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;

/**
 * Everything that the steps of one plan have in common. One leader makes one and uses it on one thread.
 *
 * @param work           the connection that carries out the steps; nothing else uses it
 * @param pooled         whether a pooler stands between, so that two messages may reach two sessions
 * @param table          the history's tables, with their schema
 * @param key            the lock that this leader holds
 * @param target         what log lines begin with
 * @param lockTimeout    how long a statement may wait for a lock unless the migration says otherwise; 0 for ever
 * @param lockRetries    how often a transaction is tried again after that
 * @param indexBuilds    the settings for builds of vector indexes
 * @param watch          keeps the leadership while steps run
 * @param gangwayVersion recorded with each migration
 * @param sessionSettings commands for what the work session has set beside its defaults
 * @param background     whether it runs beside applications
 * @param events         tells listeners what happens
 * @param recorder       takes everything down that would be sent; null to send it
 */
record Run(
        Connection work,
        boolean pooled,
        HistoryTable table,
        LockKey key,
        Target target,
        Duration lockTimeout,
        int lockRetries,
        VectorIndexBuilds indexBuilds,
        Watch watch,
        String gangwayVersion,
        List<String> sessionSettings,
        boolean background,
        Events events,
        @Nullable Recorder recorder) {

    /** {@return the answer to a command of our own that travels alone, for that script} */
    Reply send(Script script, String sql) throws SQLException {
        return recorder == null ? Message.send(work, sql) : recorder.own(script, sql);
    }

    /** {@return whether nothing is sent, so that no answer means anything} */
    boolean isRehearsal() {
        return recorder != null;
    }

    /** {@return the process id under which the server knows the work connection; 0 behind a pooler} */
    static int backendPid(Connection work, boolean pooled) throws SQLException {
        return pooled ? 0 : work.unwrap(PGConnection.class).getBackendPID();
    }

    /** {@return how long statements of this migration may wait for a lock} */
    Duration lockTimeout(Script script) {
        Duration own = script.migration().directives().lockTimeout();
        return own == null ? lockTimeout : own;
    }

    /** Tells listeners that a migration begins, unless they know. */
    void tellStarted(Script script) {
        Migration migration = script.migration();
        Version version = migration.version();
        events.stepStarted(version == null ? null : version.toString(), migration.script(), background);
    }

    /** Tells listeners that a migration is applied; {@code since} is the {@link System#nanoTime()} at which it began. */
    void tellDone(Script script, long since) {
        tellStarted(script);
        events.stepDone(Duration.ofNanos(System.nanoTime() - since));
    }

    /** {@return a command that gives the session the name by which other processes know what it is at} */
    String nameSql(Script script) {
        return "SET application_name = "
                + Quote.literal(Workers.workName(key, script.migration().script()));
    }

    /**
     * {@return a command that gives the session what a migration may rely on, whatever the role's or the application's
     * defaults are}
     *
     * @param local whether it holds until the end of the transaction, or of the session
     */
    String settings(Script script, Duration statementLockTimeout, boolean local) throws SQLException {
        StringBuilder sql = new StringBuilder("SELECT ");
        set(sql, "application_name", Workers.workName(key, script.migration().script()), local);
        set(sql.append(", "), "lock_timeout", Long.toString(statementLockTimeout.toMillis()), local);
        set(sql.append(", "), "statement_timeout", "0", local);
        set(sql.append(", "), "client_min_messages", "notice", local);
        // A leader that is stopped in the middle of a transaction must not keep its locks for ever.
        set(
                sql.append(", "),
                "idle_in_transaction_session_timeout",
                Long.toString(LeaderLock.SILENCE_LIMIT.toMillis()),
                local);
        if (Connections.hasTransactionTimeout(work)) {
            set(sql.append(", "), "transaction_timeout", "0", local);
        }
        if (script.searchPath() != null) {
            set(sql.append(", "), "search_path", script.searchPath(), local);
        }
        return sql.toString();
    }

    private static void set(StringBuilder sql, String name, @Nullable String value, boolean local) {
        sql.append("pg_catalog.set_config('").append(name).append("', ");
        sql.append(Quote.literal(value)).append(", ").append(local).append(')');
    }
}
