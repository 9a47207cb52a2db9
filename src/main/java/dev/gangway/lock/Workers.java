package dev.gangway.lock;

import dev.gangway.pgjdbc.Message;
import dev.gangway.pgjdbc.Quote;
import dev.gangway.pgjdbc.Row;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * What the server shows of the processes that migrate one history: the leader by its lock, and the sessions that carry
 * out migrations by their application name.
 *
 * <p>The work goes on in a session of its own, which may outlive its leader: when a process is killed, the server frees
 * the lock at once but notices the end of a running statement's client only later. A new leader must not begin before
 * that session is gone.
 */
public final class Workers {
    private static final int MAX_APPLICATION_NAME = 63;

    private Workers() {}

    /** {@return the application name of the session that holds the lock} */
    public static String leaderName(LockKey key, String process) {
        return cut("gangway leader " + key.tag() + " " + process);
    }

    /** {@return the application name of the session that carries out that migration} */
    public static String workName(LockKey key, String script) {
        return cut(workPrefix(key) + script);
    }

    /** {@return what the names of all sessions that carry out migrations under that lock begin with} */
    static String workPrefix(LockKey key) {
        return "gangway work " + key.tag() + " ";
    }

    private static String cut(String name) {
        return name.length() <= MAX_APPLICATION_NAME ? name : name.substring(0, MAX_APPLICATION_NAME);
    }

    /**
     * One session that carries out migrations.
     *
     * @param pid     its process id on the server
     * @param doing   which script, or what else it is at
     * @param seconds how long its statement has been running; 0 when this role may not see it
     */
    public record Worker(int pid, String doing, long seconds) {}

    /**
     * {@return the sessions, other than the one that asks, that are in the middle of a statement or transaction of a
     * migration}
     */
    public static List<Worker> busy(Connection connection, LockKey key) throws SQLException {
        String prefix = workPrefix(key);
        String sql = "SELECT a.pid, a.application_name,"
                + " EXTRACT(epoch FROM pg_catalog.clock_timestamp() OPERATOR(pg_catalog.-) a.query_start)::bigint"
                + " FROM pg_catalog.pg_stat_activity a"
                + " WHERE a.datname OPERATOR(pg_catalog.=) pg_catalog.current_database()"
                + " AND pg_catalog.starts_with(a.application_name, " + Quote.literal(prefix) + ")"
                + " AND a.pid OPERATOR(pg_catalog.<>) pg_catalog.pg_backend_pid()"
                // Other roles' state is hidden; then the session counts as busy as long as it is there.
                + " AND COALESCE(a.state, '') OPERATOR(pg_catalog.<>) 'idle'";
        List<Worker> workers = new ArrayList<>();
        for (Row row : Message.send(connection, sql).orThrow().rows(0)) {
            workers.add(new Worker(
                    (int) row.number(0),
                    row.required(1).substring(prefix.length()),
                    row.text(2) == null ? 0 : row.number(2)));
        }
        return workers;
    }

    /**
     * {@return a sentence about who leads and what it is doing, or the empty string when nobody holds the lock}
     */
    public static String describe(Connection connection, LockKey key) throws SQLException {
        List<Row> leaders = leaders(connection, key);
        if (leaders.isEmpty()) {
            return "";
        }
        Row leader = leaders.get(0);
        StringBuilder text = new StringBuilder("pid ").append(leader.number(0));
        text.append(" (").append(Objects.requireNonNullElse(leader.text(1), "unknown"));
        if (leader.text(2) != null) {
            text.append(" from ").append(leader.text(2));
        }
        text.append(") leads");
        if (leader.text(3) != null) {
            text.append(" since ").append(leader.number(3)).append(" s");
        }
        for (Worker worker : busy(connection, key)) {
            text.append(", running ")
                    .append(worker.doing())
                    .append(" for ")
                    .append(worker.seconds())
                    .append(" s");
        }
        return text.toString();
    }

    /** {@return the session that holds the lock, if there is one; never more than one, but several never break this} */
    public static List<Worker> holders(Connection connection, LockKey key) throws SQLException {
        List<Worker> holders = new ArrayList<>();
        for (Row row : leaders(connection, key)) {
            holders.add(new Worker(
                    (int) row.number(0),
                    Objects.requireNonNullElse(row.text(1), "unknown"),
                    row.text(3) == null ? 0 : row.number(3)));
        }
        return holders;
    }

    private static List<Row> leaders(Connection connection, LockKey key) throws SQLException {
        String sql = "SELECT l.pid, a.application_name, a.client_addr,"
                + " EXTRACT(epoch FROM pg_catalog.clock_timestamp() OPERATOR(pg_catalog.-) a.xact_start)::bigint"
                + " FROM pg_catalog.pg_locks l"
                + " JOIN pg_catalog.pg_database d ON d.oid OPERATOR(pg_catalog.=) l.database"
                + " LEFT JOIN pg_catalog.pg_stat_activity a ON a.pid OPERATOR(pg_catalog.=) l.pid"
                + " WHERE l.locktype OPERATOR(pg_catalog.=) 'advisory' AND l.granted"
                + " AND d.datname OPERATOR(pg_catalog.=) pg_catalog.current_database()"
                + " AND l.classid OPERATOR(pg_catalog.=) " + key.classId() + "::pg_catalog.oid"
                + " AND l.objid OPERATOR(pg_catalog.=) " + key.objectId() + "::pg_catalog.oid"
                + " AND l.objsubid OPERATOR(pg_catalog.=) 1";
        return Message.send(connection, sql).orThrow().rows(0);
    }
}
