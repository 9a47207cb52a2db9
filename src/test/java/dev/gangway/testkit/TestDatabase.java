package dev.gangway.testkit;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/** An empty database of its own for one test; closing it drops it, whoever is still connected. Thread-safe. */
public final class TestDatabase implements AutoCloseable {

    private final ServerAddress server;
    private final String name;
    private final List<String> roles = new CopyOnWriteArrayList<>();

    TestDatabase(ServerAddress server, String name) {
        this.server = server;
        this.name = name;
    }

    /** The database's name, unique on the server; needs no quoting. */
    public String name() {
        return name;
    }

    /** The server that it is on. */
    public ServerAddress server() {
        return server;
    }

    /** pgjdbc's URL as the superuser, with more parameters like {@code prepareThreshold=0}. */
    public String jdbcUrl(String... parameters) {
        return server.jdbcUrl(name, parameters);
    }

    /** Gangway's URL as the superuser, with more parameters like {@code gangway.mode=validate}, encoded. */
    public String gangwayUrl(String... parameters) {
        return server.gangwayUrl(name, parameters);
    }

    /** A new connection of bare pgjdbc as the superuser. */
    public Connection connect() throws SQLException {
        return server.connect(name);
    }

    /** Runs one SQL text, of one or more statements, as the superuser. */
    public void execute(String sql) throws SQLException {
        server.execute(name, sql);
    }

    /** The first column of the query's first row as text; null for SQL's null and for no row. */
    public @Nullable String ask(String query) throws SQLException {
        return server.ask(name, query);
    }

    /**
     * Creates an ordinary role that may log in and has to know its password (a server of {@code GANGWAY_TEST_URL} may
     * see that otherwise); it goes with the database.
     *
     * @return its name; for its URLs see {@link ServerAddress#as}
     */
    public String createRole(String password) throws SQLException {
        String role = name + "_r" + (roles.size() + 1);
        server.execute("postgres", PasswordRoles.create(role, password));
        roles.add(role);
        return role;
    }

    /** Drops the database and the roles that were created for it. */
    @Override
    public void close() throws SQLException {
        server.execute("postgres", "drop database if exists " + name + " with (force)");
        for (String role : roles) {
            server.execute("postgres", "drop role if exists " + role);
        }
    }
}
