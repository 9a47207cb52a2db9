package dev.gangway.torture;

import dev.gangway.pgjdbc.SqlStates;
import dev.gangway.testkit.Await;
import dev.gangway.testkit.LocalPostgres;
import dev.gangway.testkit.PgDump;
import dev.gangway.testkit.Sql;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The database on which one cut is made, looked at past the driver under test. Closing it drops it. Thread-safe.
 */
final class Specimen implements AutoCloseable {
    static final Duration PATIENCE = Duration.ofSeconds(30);

    private static final String OTHERS = "from pg_stat_activity where datname = current_database()"
            + " and backend_type = 'client backend' and pid <> pg_backend_pid()";

    /** What pg_index may not hold in the end: an index that nobody can use, or that a broken REINDEX has left. */
    private static final String BROKEN_INDEXES = "select indexrelid::regclass::text from pg_index"
            + " where not indisvalid or not indisready or not indislive or indexrelid::regclass::text like '%\\_cc%'";

    private static final String ADVISORY_LOCKS = "select l.objid::text from pg_locks l join pg_database d"
            + " on d.oid = l.database where l.locktype = 'advisory' and d.datname = current_database()";

    private static final String PREPARED = "select gid from pg_prepared_xacts where database = current_database()";

    private static final String TEMPORARY = "select relname from pg_class where relpersistence = 't'";

    private final Arena arena;
    private final String name;
    private final String schema;

    /** What it is looked at with; a connection for each look would cost more than all else. */
    private @Nullable Connection eye;

    /** @param schema of the history */
    Specimen(Arena arena, String name, String schema) {
        this.arena = arena;
        this.name = name;
        this.schema = schema;
    }

    Arena arena() {
        return arena;
    }

    String name() {
        return name;
    }

    LocalPostgres server() {
        return arena.server();
    }

    /** Its history and what pg_dump says of it. */
    SchemaState state() throws SQLException {
        return SchemaState.of(
                history(),
                PgDump.of(
                        server(),
                        name,
                        "--exclude-table-data=*.gangway_history",
                        "--exclude-table-data=*.gangway_state"));
    }

    /** The columns of the history that are the same in each run. */
    List<String> history() throws SQLException {
        return rows("select concat_ws(' ', script, state, 'done=' || statements_done, 'rows=' || rows_changed, kind,"
                + " type, breaking, version, left(checksum, 15), 'undo=' || md5(undo_sql), 'text=' || md5(script_text),"
                + " 'requires=' || requires, 'error=' || error) from %s order by rank");
    }

    /** Everything in Gangway's tables, of which a start with nothing to do changes nothing. */
    List<String> books() throws SQLException {
        List<String> all = new ArrayList<>(rows("select h::text from %s h order by rank"));
        if (!all.isEmpty()) {
            all.addAll(ask("select s::text from " + schema + ".gangway_state s"));
        }
        return all;
    }

    private List<String> rows(String query) throws SQLException {
        String table = schema + ".gangway_history";
        if (ask("select 1::text where to_regclass('" + table + "') is not null").isEmpty()) {
            return List.of();
        }
        return ask(query.formatted(table));
    }

    /** Ends those sessions, all but the one that does so. */
    void terminate(String which) throws SQLException {
        ask("select pg_terminate_backend(pid)::text " + OTHERS + " and " + which);
    }

    /** The server's process behind that connection; where it has none yet or any more, another one of the server's. */
    long backend(int clientPort) throws SQLException {
        return Long.parseLong(ask("select pid::text from pg_stat_activity where client_port = " + clientPort
                        + " or backend_type = 'walwriter' order by client_port nulls last")
                .get(0));
    }

    /** Returns when all sessions of the process that was struck have ended. */
    void awaitNobodyConnected() {
        Await.until("nobody is connected to " + name, PATIENCE, () -> ask("select pid::text " + OTHERS)
                .isEmpty());
    }

    /** What a process must not leave behind when it has come to its end. */
    List<String> leftBehind() throws SQLException {
        List<String> found = new ArrayList<>();
        for (String query : List.of(BROKEN_INDEXES, ADVISORY_LOCKS, PREPARED, TEMPORARY)) {
            ask(query).forEach(row -> found.add(row + " of " + query));
        }
        return found;
    }

    /** The first column of all rows. */
    synchronized List<String> ask(String query) throws SQLException {
        if (eye != null) {
            try {
                return ask(eye, query);
            } catch (SQLException e) {
                if (!SqlStates.connectionLost(e)) {
                    throw e;
                }
                eye.close();
            }
        }
        eye = server().address().connect(name);
        return ask(eye, query);
    }

    private static List<String> ask(Connection connection, String query) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(query)) {
            List<String> values = new ArrayList<>();
            while (rows.next()) {
                values.add(rows.getString(1));
            }
            return values;
        }
    }

    synchronized void execute(String sql) throws SQLException {
        try (Connection connection = server().address().connect(name)) {
            Sql.execute(connection, sql);
        }
    }

    /** Nobody looks any more. */
    synchronized void release() throws SQLException {
        if (eye != null) {
            eye.close();
            eye = null;
        }
    }

    @Override
    public void close() throws SQLException {
        release();
        server().address().execute("postgres", "drop database if exists " + name + " with (force)");
    }
}
