package dev.gangway.backup;

import dev.gangway.pgjdbc.Endpoint;
import dev.gangway.testkit.Sql;
import dev.gangway.testkit.TestDatabase;
import dev.gangway.testkit.TestServer;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Objects;
import java.util.Properties;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** A database as applications have it: owned by an ordinary role with a password; pgvector belongs to the superuser. */
final class OwnedDatabase implements AutoCloseable {
    private static final String PASSWORD = "Zq7@&%+=?/' x";

    private final TestDatabase database;
    private final String role;

    private OwnedDatabase(TestDatabase database, String role) {
        this.database = database;
        this.role = role;
    }

    static OwnedDatabase create() throws SQLException {
        TestDatabase database = TestServer.newDatabase();
        String role = database.createRole(PASSWORD);
        database.execute("create extension vector; alter database " + database.name() + " owner to " + role);
        return new OwnedDatabase(database, role);
    }

    String name() {
        return database.name();
    }

    String role() {
        return role;
    }

    /** pgjdbc's URL as the owner. */
    String url() {
        return database.server()
                .as(role, URLEncoder.encode(PASSWORD, StandardCharsets.UTF_8))
                .jdbcUrl(database.name());
    }

    Endpoint endpoint() throws SQLException {
        return Endpoint.of(url(), new Properties());
    }

    Endpoint endpointOfSuperuser() throws SQLException {
        return Endpoint.of(database.jdbcUrl(), new Properties());
    }

    Connection connectAsSuperuser() throws SQLException {
        return database.connect();
    }

    void execute(String sql) throws SQLException {
        try (Connection connection = Sql.connect(url())) {
            Sql.execute(connection, sql);
        }
    }

    void executeAsSuperuser(String sql) throws SQLException {
        database.execute(sql);
    }

    @Nullable
    String ask(String query) throws SQLException {
        return database.ask(query);
    }

    int serverMajor() throws SQLException {
        return Integer.parseInt(Objects.requireNonNull(ask("show server_version_num"))) / 10000;
    }

    ClientTool pgDump() throws SQLException {
        return ClientTools.installed()
                .find("pg_dump", "pg_dump", serverMajor(), "", endpoint().target());
    }

    /** Everything in it as SQL, by the superuser's pg_dump. */
    String asText() throws SQLException, IOException, InterruptedException {
        ProcessBuilder builder = new ProcessBuilder(pgDump().path().toString(), "--format=plain")
                .redirectError(ProcessBuilder.Redirect.INHERIT);
        builder.environment().putAll(endpointOfSuperuser().libpqEnvironment());
        Process process = builder.start();
        String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (process.waitFor() != 0) {
            throw new IllegalStateException("pg_dump failed");
        }
        // These two lines hold a random word.
        return text.lines()
                .filter(line -> !line.startsWith("\\restrict") && !line.startsWith("\\unrestrict"))
                .collect(Collectors.joining("\n"));
    }

    @Override
    public void close() throws SQLException {
        database.close();
    }
}
