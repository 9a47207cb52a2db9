package dev.gangway.packs;

import dev.gangway.Gangway;
import dev.gangway.GangwayDriver;
import dev.gangway.gate.Gates;
import dev.gangway.testkit.Sql;
import dev.gangway.testkit.TestDatabase;
import dev.gangway.testkit.TestServer;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import org.jspecify.annotations.Nullable;

/**
 * A pack of the jar and an empty database to migrate with it, as an application does: by the URL alone.
 *
 * <p>Its realistic rows lie in {@code src/test/resources/packs/NAME/VERSION.sql}: what is there once that version is
 * applied, in tables and columns that this version has made.
 */
final class Pack implements AutoCloseable {
    private static final Map<List<String>, TestDatabase> MIGRATED = new HashMap<>();

    private final String name;
    private final List<String> settings;
    private final TestDatabase database;

    private Pack(String name, List<String> settings, TestDatabase database) {
        this.name = name;
        this.settings = settings;
        this.database = database;
    }

    /** @param settings such as {@code gangway.placeholders.vectorDimension=3}, not encoded; they always hold */
    static Pack in(TestDatabase database, String name, String... settings) {
        return new Pack(
                name, with(List.of("gangway.locations=pack:" + name, "gangway.retryAfter=0s"), settings), database);
    }

    /** A later setting takes the place of an earlier one of the same name. */
    private static List<String> with(List<String> settings, String... more) {
        List<String> all = new ArrayList<>(settings);
        for (String setting : more) {
            all.removeIf(other -> other.startsWith(setting.substring(0, setting.indexOf('=') + 1)));
            all.add(setting);
        }
        return List.copyOf(all);
    }

    static Pack inNewDatabase(String name, String... settings) throws SQLException {
        return in(TestServer.newDatabase(), name, settings);
    }

    /**
     * A migrated pack in a database of its own: a copy, because a test that is about something else need not wait for the
     * migrations. What is copied goes when the run ends.
     */
    static Pack migrated(String name, String... settings) throws SQLException {
        List<String> key = new ArrayList<>(List.of(settings));
        key.add(name);
        synchronized (MIGRATED) {
            TestDatabase template = MIGRATED.get(key);
            if (template == null) {
                Pack first = inNewDatabase(name, settings);
                first.migrate();
                Gates.clear();
                template = first.database();
                MIGRATED.put(key, template);
                dropAtExit(template);
            }
            return in(TestServer.copyOf(template), name, settings);
        }
    }

    private static void dropAtExit(TestDatabase database) {
        Runtime.getRuntime().addShutdownHook(new Thread(() -> {
            try {
                database.close();
            } catch (SQLException e) {
                // A server that was started for this run may have been stopped already.
            }
        }));
    }

    /** {@return the same pack in the same database, with more settings or others} */
    Pack with(String... more) {
        return new Pack(name, with(settings, more), database);
    }

    TestDatabase database() {
        return database;
    }

    /** Gangway's URL as the superuser, with more settings or others than the pack's. */
    String url(String... more) {
        return urlAs(null, more);
    }

    /** Gangway's URL for another role. */
    String urlAs(@Nullable String role, String... more) {
        String[] parameters = with(settings, more).stream().map(Pack::encoded).toArray(String[]::new);
        return role == null
                ? database.gangwayUrl(parameters)
                : database.server().as(role, "secret").gangwayUrl(database.name(), parameters);
    }

    private static String encoded(String setting) {
        int equals = setting.indexOf('=');
        return setting.substring(0, equals + 1)
                + URLEncoder.encode(setting.substring(equals + 1), StandardCharsets.UTF_8);
    }

    /** A connection as the application gets it; migrates whatever is pending, in a process that knows nothing yet. */
    Connection connect(String... more) throws SQLException {
        return open(url(more));
    }

    /** As {@link #connect}, for another role. */
    Connection connectAs(String role, String... more) throws SQLException {
        return open(urlAs(role, more));
    }

    private static Connection open(String url) throws SQLException {
        Gates.clear();
        return Objects.requireNonNull(new GangwayDriver().connect(url, new Properties()));
    }

    /** Migrates in one connect, and waits for what that has begun in the background. */
    void migrate(String... more) throws SQLException {
        connect(more).close();
        for (Thread thread : Thread.getAllStackTraces().keySet()) {
            if (thread.getName().startsWith("gangway-background ")
                    && thread.getName().endsWith("/" + database.name())) {
                try {
                    thread.join();
                } catch (InterruptedException e) {
                    throw new IllegalStateException(e);
                }
            }
        }
    }

    /** The same work as commands. */
    Gangway gangway(String... more) throws SQLException {
        return Gangway.to(url(more)).build();
    }

    /** All versions of the pack in their order, whether they are applied or not. */
    List<String> versions() throws SQLException {
        return gangway().status().migrations().stream()
                .map(migration -> migration.version())
                .filter(Objects::nonNull)
                .toList();
    }

    /** Puts the rows into what the version has made; nothing where there is no such file. */
    void addRows(String version) throws SQLException {
        addRows(name, version);
    }

    /** As {@link #addRows(String)}, for a version of another pack that this one builds upon. */
    void addRows(String other, String version) throws SQLException {
        String file = "/packs/" + other + "/" + version + ".sql";
        try (InputStream content = Pack.class.getResourceAsStream(file)) {
            if (content != null) {
                database.execute(new String(content.readAllBytes(), StandardCharsets.UTF_8));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(file, e);
        }
    }

    /** The first column of the first row, asked by the superuser. */
    @Nullable
    String ask(String query) throws SQLException {
        return database.ask(query);
    }

    /** The first column of all rows, asked by the superuser. */
    List<String> column(String query) throws SQLException {
        try (Connection connection = database.connect()) {
            return Rows.column(connection, query);
        }
    }

    void execute(String sql) throws SQLException {
        database.execute(sql);
    }

    /** The history, such as {@code 1 applied}, in its order. */
    List<String> history() throws SQLException {
        return column("select version || ' ' || state from gangway_history order by rank");
    }

    /** A connection of bare pgjdbc on which a role is in force, as an administrator may set it. */
    Connection bareAs(String role) throws SQLException {
        Connection connection = database.connect();
        Sql.execute(connection, "set role \"" + role + "\"");
        return connection;
    }

    @Override
    public void close() throws SQLException {
        Gates.clear();
        database.close();
    }
}
