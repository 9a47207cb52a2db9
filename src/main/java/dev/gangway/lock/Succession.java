package dev.gangway.lock;

import dev.gangway.lock.Workers.Worker;
import dev.gangway.pgjdbc.Message;
import dev.gangway.pgjdbc.Quote;
import dev.gangway.pgjdbc.Reply;
import dev.gangway.pgjdbc.Row;
import dev.gangway.pgjdbc.SqlStates;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.util.ArrayList;
import java.util.List;
import org.postgresql.PGConnection;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes sure that whoever holds a lock is the only one that works under it.
 *
 * <p>The sessions that carry out migrations outlive the loss of the lock. One that is in the middle of a statement or a
 * transaction is waited for. One that rests belongs to a process that was stopped between two statements and may wake up
 * at any moment: a transaction of its would find the fence closed, but what runs outside of a transaction has no fence of
 * its own. So such a session is ended, which is what the lock's loss should have done. Behind a pooler, where a session
 * belongs to many, and for sessions of other roles it is not.
 *
 * <p>What the history says counts only when the lock was still held after it was read: a process that was stopped on its
 * way here would otherwise take the state that its successor has reached for its own. Hence the order: read, then ask
 * {@link #others}.
 */
public final class Succession {
    private static final Logger LOG = LoggerFactory.getLogger(Succession.class);

    private final Connection work;
    private final LockKey key;
    private final LeaderLock lock;
    private final boolean mayEndSessions;

    /**
     * @param work       the session that is about to work under the lock
     * @param key        the lock, or another one that is held beside it
     * @param backendPid of that session, as the server knows it
     */
    public Succession(Connection work, LockKey key, LeaderLock lock, int backendPid) throws SQLException {
        this.work = work;
        this.key = key;
        this.lock = lock;
        // A pooler tells its clients a process id of its own.
        this.mayEndSessions = work.unwrap(PGConnection.class).getBackendPID() == backendPid;
    }

    /**
     * {@return the sessions that have to come to their end before the work may begin; call again until there is none}
     *
     * @throws SQLException when the lock is lost, with the SQLState of a lost connection
     */
    public List<Worker> others() throws SQLException {
        String prefix = Workers.workPrefix(key);
        String sessions = "SELECT a.pid, a.application_name,"
                + " EXTRACT(epoch FROM pg_catalog.clock_timestamp() OPERATOR(pg_catalog.-) a.query_start)::bigint, "
                + rests() + ", a.usename OPERATOR(pg_catalog.=) current_user" + from(prefix);
        Reply reply = Message.send(work, sessions + "; SELECT " + held()).orThrow();
        if (!reply.row(1).bool(0)) {
            throw new SQLTransientConnectionException("the leader lock was lost before the work began", "08006");
        }
        List<Worker> others = new ArrayList<>();
        boolean ended = true;
        for (Row row : reply.rows(0)) {
            boolean rests = row.bool(3);
            if (rests && !(mayEndSessions && row.bool(4))) {
                continue;
            }
            Worker other = new Worker(
                    (int) row.number(0),
                    row.required(1).substring(prefix.length()),
                    row.text(2) == null ? 0 : row.number(2));
            ended = rests ? ended && end(other) : ended;
            if (!rests || ended) {
                others.add(other);
            }
        }
        return others;
    }

    /** {@return false when this role may not} */
    private boolean end(Worker other) throws SQLException {
        // All in one statement: it may have begun to work meanwhile, or somebody else may lead.
        String sql = "SELECT pg_catalog.pg_terminate_backend(a.pid)" + from(Workers.workPrefix(key))
                + " AND a.pid OPERATOR(pg_catalog.=) " + other.pid() + " AND " + rests() + " AND " + held();
        SQLException error = Message.send(work, sql).error();
        if (error == null) {
            LOG.debug("ended the resting session {} ({}) of a process that leads no more", other.pid(), other.doing());
            return true;
        }
        if (SqlStates.is(error, SqlStates.INSUFFICIENT_PRIVILEGE)) {
            LOG.debug("the resting session {} may not be ended", other.pid(), error);
            return false;
        }
        throw error;
    }

    private static String from(String prefix) {
        return " FROM pg_catalog.pg_stat_activity a"
                + " WHERE a.datname OPERATOR(pg_catalog.=) pg_catalog.current_database()"
                + " AND pg_catalog.starts_with(a.application_name, " + Quote.literal(prefix) + ")"
                + " AND a.pid OPERATOR(pg_catalog.<>) pg_catalog.pg_backend_pid()";
    }

    /** Other roles' state is hidden; then the session counts as busy as long as it is there. */
    private static String rests() {
        return "COALESCE(a.state, '') OPERATOR(pg_catalog.=) 'idle'";
    }

    private String held() {
        return "EXISTS (SELECT FROM pg_catalog.pg_locks l"
                + " WHERE l.locktype OPERATOR(pg_catalog.=) 'advisory' AND l.granted"
                + " AND l.pid OPERATOR(pg_catalog.=) " + lock.session()
                + " AND l.classid OPERATOR(pg_catalog.=) " + key.classId() + "::pg_catalog.oid"
                + " AND l.objid OPERATOR(pg_catalog.=) " + key.objectId() + "::pg_catalog.oid"
                + " AND l.objsubid OPERATOR(pg_catalog.=) 1)";
    }
}
