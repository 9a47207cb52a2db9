package dev.gangway;

import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.gangway.gate.Gates;
import dev.gangway.testkit.MigrationFolder;
import dev.gangway.testkit.ServerAddress;
import dev.gangway.testkit.TestDatabase;
import dev.gangway.testkit.TestServer;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Properties;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert;
import org.jspecify.annotations.Nullable;

/**
 * An application as a test begins with it: a folder of migrations, an empty database, and the URL that brings both
 * together. A failure is not remembered unless the test says so.
 */
final class Application implements AutoCloseable {

    private final TestDatabase database;
    private final MigrationFolder folder;

    private Application(TestDatabase database, MigrationFolder folder) {
        this.database = database;
        this.folder = folder;
    }

    static Application in(Path folder) throws SQLException {
        return new Application(TestServer.newDatabase(), MigrationFolder.in(folder));
    }

    TestDatabase database() {
        return database;
    }

    /** Writes a migration, in place of an earlier one of that name. */
    Application add(String fileName, String sql) {
        folder.add(fileName, sql);
        return this;
    }

    /** The place in one of the files as messages name it. */
    String place(String fileName, int line, int column) {
        return file(fileName) + ":" + line + ":" + column;
    }

    /** One of the files as messages name it. */
    String file(String fileName) {
        return folder.path().resolve(fileName).toString();
    }

    /** @param settings such as {@code gangway.retryAfter=5s}, not encoded */
    String url(String... settings) {
        return url(database.server(), settings);
    }

    String url(ServerAddress server, String... settings) {
        List<String> given = new ArrayList<>(List.of(settings));
        for (String setting : List.of("gangway.locations=" + folder.location(), "gangway.retryAfter=0s")) {
            String key = setting.substring(0, setting.indexOf('=') + 1);
            if (Stream.of(settings).noneMatch(other -> other.startsWith(key))) {
                given.add(setting);
            }
        }
        return server.gangwayUrl(
                database.name(), given.stream().map(Application::encoded).toArray(String[]::new));
    }

    private static String encoded(String setting) {
        int equals = setting.indexOf('=');
        return setting.substring(0, equals + 1)
                + URLEncoder.encode(setting.substring(equals + 1), StandardCharsets.UTF_8);
    }

    /** A connection as the application gets it. */
    Connection connect(String... settings) throws SQLException {
        return open(url(settings));
    }

    static Connection open(String url) throws SQLException {
        return Objects.requireNonNull(new GangwayDriver().connect(url, new Properties()));
    }

    /** The folder as gangway.locations wants it. */
    String location() {
        return folder.location();
    }

    /** The commands for it. */
    Gangway gangway(String... settings) throws SQLException {
        return Gangway.to(url(settings)).build();
    }

    /** Deletes a migration's file, as an older version of the application lacks it. */
    Application remove(String fileName) {
        folder.remove(fileName);
        return this;
    }

    /** Connects once, as a new process does. */
    void start(String... settings) throws SQLException {
        startAt(url(settings));
    }

    static void startAt(String url) throws SQLException {
        Gates.clear();
        open(url).close();
    }

    /** Connects once, as a new process does, which must be refused for good; {@return why}. */
    GangwayException.Permanent failure(String... settings) {
        return failureAt(url(settings));
    }

    static GangwayException.Permanent failureAt(String url) {
        GangwayException.Permanent failure = catchThrowableOfType(GangwayException.Permanent.class, () -> startAt(url));
        return Objects.requireNonNull(failure, "the connection is not refused");
    }

    /** Connects once, as a new process does, which must be refused for good; for assertions on why. */
    ThrowableAssert<GangwayException.Permanent> assertRefused(String... settings) {
        return new ThrowableAssert<>(failure(settings));
    }

    /** Runs SQL as the superuser. */
    void execute(String sql) throws SQLException {
        database.execute(sql);
    }

    /** The first column of the query's first row. */
    @Nullable
    String ask(String query) throws SQLException {
        return database.ask(query);
    }

    boolean has(String relation) throws SQLException {
        return ask("select to_regclass('" + relation + "')") != null;
    }

    /** The history in the order of rank: {@code V1__x.sql applied}. */
    List<String> history() throws SQLException {
        return column("select script || ' ' || state from gangway_history order by rank");
    }

    /** The first column of all rows. */
    List<String> column(String query) throws SQLException {
        try (Connection connection = database.connect();
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(query)) {
            List<String> values = new ArrayList<>();
            while (rows.next()) {
                values.add(rows.getString(1));
            }
            return values;
        }
    }

    @Override
    public void close() throws SQLException {
        database.close();
    }
}
