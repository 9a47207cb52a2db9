package dev.gangway.lock;

import dev.gangway.pgjdbc.Connections;
import dev.gangway.pgjdbc.Message;
import dev.gangway.pgjdbc.Quote;
import dev.gangway.pgjdbc.Reply;
import dev.gangway.pgjdbc.Row;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The leadership of this process over the whole fleet: a transaction-level advisory lock, held by an open transaction on
 * a connection of its own that does nothing else.
 *
 * <p>Why this kind of lock, and why it is taken this way:
 *
 * <ol>
 *   <li>The server owns it. When the process dies, however it dies, the server ends the session and with it the lock;
 *       there is no row that claims a lock on behalf of a process that no longer exists.
 *   <li>It lives in a transaction, not in a session, so a transaction pooler cannot leave it behind on a server
 *       connection that the next client gets.
 *   <li>The transaction holds no snapshot and no lock on a relation: it is READ COMMITTED whatever the default, everything
 *       on it is sent with the simple protocol, and only functions are asked ({@link #isAlone} says how else).
 *       {@code CREATE INDEX CONCURRENTLY} waits for every snapshot that is older than its own; a lock transaction with a
 *       snapshot would make it wait for ever.
 *   <li>It is only ever tried. Waiting for it with {@code pg_advisory_lock} is itself a statement with a snapshot, for
 *       which the leader's {@code CREATE INDEX CONCURRENTLY} waits while it waits for the leader: a deadlock.
 *   <li>The server ends the transaction when nothing has been heard for {@link #SILENCE_LIMIT}, so that a process which
 *       is stopped or cut off gives way. {@link #keepAlive} must be called more often than that.
 * </ol>
 *
 * <p>Losing the lock unnoticed is harmless: each step of a migration is fenced by a compare-and-set of its own. Not
 * thread-safe; used by one thread at a time.
 */
public final class LeaderLock implements AutoCloseable {
    /** How long the server keeps the lock for a leader from which it hears nothing. */
    public static final Duration SILENCE_LIMIT = Duration.ofSeconds(30);

    private static final Logger LOG = LoggerFactory.getLogger(LeaderLock.class);

    private final Connection connection;
    private final int session;

    private LeaderLock(Connection connection, int session) {
        this.connection = connection;
        this.session = session;
    }

    /** {@return the server's process id of the session that holds the lock, also behind a pooler} */
    int session() {
        return session;
    }

    /**
     * The answer to one try.
     *
     * @param lock   null when somebody else leads
     * @param flyway whether that is Flyway
     */
    public record Attempt(@Nullable LeaderLock lock, boolean flyway) {}

    /**
     * Tries once to get the lock, in one round trip (two when another process holds it).
     *
     * @param connection one that nothing else uses as long as the lock is held; stays the caller's to close
     * @return the lock, or null when another process holds it
     */
    public static @Nullable LeaderLock tryAcquire(Connection connection, LockKey key, String applicationName)
            throws SQLException {
        return attempt(connection, key.tryLockSql(), applicationName).lock();
    }

    /**
     * Tries once to become the leader over a schema, as {@link #tryAcquire(Connection, LockKey, String)} does. Where
     * Flyway was at work too, its lock is held as well, so that the two never migrate at the same time.
     */
    public static Attempt tryLead(Connection connection, LockKey key, FlywayLock flyway, String applicationName)
            throws SQLException {
        return attempt(connection, flyway.tryLockSql(key), applicationName);
    }

    private static Attempt attempt(Connection connection, String lockSql, String applicationName) throws SQLException {
        List<String> commands = new ArrayList<>(List.of(
                "BEGIN ISOLATION LEVEL READ COMMITTED",
                "SET LOCAL search_path = pg_catalog",
                "SET LOCAL statement_timeout = 0",
                "SET LOCAL lock_timeout = 0",
                "SET LOCAL idle_in_transaction_session_timeout = " + SILENCE_LIMIT.toMillis()));
        if (Connections.hasTransactionTimeout(connection)) {
            commands.add("SET LOCAL transaction_timeout = 0");
        }
        int lock = commands.size();
        commands.add(lockSql + ", pg_catalog.pg_backend_pid()");
        // A utility statement at the end leaves no snapshot behind, even through a pooler that rewrites the protocol.
        commands.add("SET LOCAL application_name = " + Quote.literal(applicationName));
        Row answer =
                Message.send(connection, String.join("; ", commands)).orThrow().row(lock);
        if (answer.bool(0)) {
            return new Attempt(new LeaderLock(connection, (int) answer.number(1)), false);
        }
        Message.send(connection, "ROLLBACK").orThrow();
        return new Attempt(null, FlywayLock.HELD.equals(answer.text(0)));
    }

    /** Tries once to get another lock beside this one, which is given back with it; {@return whether it is held now} */
    public boolean tryAlso(LockKey other) throws SQLException {
        // A utility statement at the end, for the reason above.
        return Message.send(connection, other.tryLockSql() + "; SET LOCAL lock_timeout = 0")
                .orThrow()
                .row(0)
                .bool(0);
    }

    /**
     * Tells the server that this leader lives, and asks who keeps another backend waiting.
     *
     * @param waitingBackend the process id of the backend that may be waiting for a lock
     * @return the sessions that hold what it waits for; empty when it does not wait
     * @throws SQLException when the lock is lost
     */
    public List<Blocker> keepAlive(int waitingBackend) throws SQLException {
        return keepAlive(waitingBackend, null).blockers();
    }

    /**
     * The same, with one more question.
     *
     * @param question a query; it must neither fail, for the lock would be lost with the transaction, nor read a view or
     *     a table. The search_path is pg_catalog. Null for none
     * @throws SQLException when the lock is lost
     */
    public Pulse keepAlive(int waitingBackend, @Nullable String question) throws SQLException {
        // Set-returning functions only: a view would leave locks on the catalogs behind until the transaction ends,
        // which a VACUUM FULL or REINDEX SYSTEM of the migration could not get past.
        String whoBlocks = "SELECT a.pid, a.application_name, a.state, a.query,"
                + " extract(epoch FROM clock_timestamp() - a.xact_start)::bigint"
                + " FROM unnest(pg_blocking_pids(" + waitingBackend + ")) AS b(pid), pg_stat_get_activity(b.pid) AS a";
        List<Blocker> blockers = new ArrayList<>();
        // What the statistics functions have said once they say until the transaction ends, unless they are told to
        // forget.
        String forget = "SELECT pg_stat_clear_snapshot(); ";
        String questions = forget + whoBlocks + (question == null ? "" : "; " + question);
        Reply reply = Message.send(connection, questions).orThrow();
        for (Row row : reply.rows(1)) {
            blockers.add(Blocker.of(row));
        }
        return new Pulse(blockers, question == null ? List.of() : reply.rows(2));
    }

    /**
     * {@return whether its role, or anybody in its database, may have no connection but this one}
     *
     * <p>No function tells that, so catalogs are read all the same. A savepoint gives back the locks on them; without it
     * they would stay until the transaction ends, and a REINDEX SYSTEM of the migration could not get past them. The
     * snapshot of a READ COMMITTED transaction ends with the statement.
     *
     * @throws SQLException when the lock is lost
     */
    public boolean isAlone() throws SQLException {
        String sql = "SAVEPOINT catalogs; SELECT EXISTS (SELECT FROM pg_catalog.pg_roles r, pg_catalog.pg_database d"
                + " WHERE r.rolname OPERATOR(pg_catalog.=) session_user"
                + " AND d.datname OPERATOR(pg_catalog.=) pg_catalog.current_database()"
                + " AND 1 OPERATOR(pg_catalog.=) ANY (ARRAY[r.rolconnlimit, d.datconnlimit]) AND NOT r.rolsuper);"
                + " ROLLBACK TO SAVEPOINT catalogs; RELEASE SAVEPOINT catalogs";
        return Message.send(connection, sql).orThrow().row(1).bool(0);
    }

    /** Gives the lock back. Never fails: a connection that is broken has given it back already. */
    @Override
    public void close() {
        try {
            Message.send(connection, "COMMIT").orThrow();
        } catch (SQLException e) {
            LOG.debug("the lock's connection was gone already", e);
        }
    }
}
