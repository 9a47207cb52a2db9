package dev.gangway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.gangway.gate.Gates;
import dev.gangway.testkit.LocalPostgres;
import dev.gangway.testkit.LogCapture;
import dev.gangway.testkit.MigrationFolder;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A password shows nowhere, whatever goes wrong. */
@Timeout(120)
class SecretsIT {
    private static final String PASSWORD = "Zq7@&%+=?/:#\\\"'ü x";
    private static final String ENCODED = URLEncoder.encode(PASSWORD, StandardCharsets.UTF_8);

    private Application app;

    @BeforeEach
    void createDatabase(@TempDir Path folder) throws SQLException {
        app = Application.in(folder);
    }

    @AfterEach
    void dropDatabase() throws SQLException {
        app.close();
    }

    @Test
    void aPasswordShowsInNoLogNoExceptionAndNoSession() throws Exception {
        String role = app.database().createRole(PASSWORD);
        app.execute("grant create on schema public to " + role);
        try (Exposure exposure = Exposure.begin()) {
            app.add(
                    "V1__seen.sql",
                    "create table seen as select string_agg(concat(query, application_name), '') as text"
                            + " from pg_stat_activity");
            String good = app.url(app.database().server().as(role, ENCODED));
            Application.startAt(good);
            exposure.add(app.ask("select text from seen"));
            exposure.addMBeans();
            Properties info = new Properties();
            info.setProperty("user", role);
            info.setProperty("password", PASSWORD);
            info.setProperty("gangway.migrationPassword", PASSWORD);
            info.setProperty("gangway.migrationUser", role);
            app.add("V2__two.sql", "create table two()");
            try (Connection connection = new GangwayDriver().connect(app.url(), info)) {
                assertThat(Objects.requireNonNull(connection).isValid(1)).isTrue();
            }
            try (Connection connection = Application.open(good)) {
                exposure.add(connection.getMetaData().getURL());
                exposure.add(connection.toString());
            }
            app.add("V3__bad.sql", "create table two()");
            for (String url : new String[] {
                good,
                good + "&gangway.migrationPassword=" + ENCODED + "x&gangway.migrationUser=" + role,
                good + "&gangway.migrationUrl="
                        + URLEncoder.encode(
                                app.database().server().as(role, ENCODED).jdbcUrl("no_such"), StandardCharsets.UTF_8)
            }) {
                exposure.add(catchThrowable(() -> Application.startAt(url)));
                exposure.addMBeans();
            }
            for (String url : new String[] {
                good.replace(role, "nobody"),
                good.replace(app.database().name(), "no_such"),
                good.replace("127.0.0.1", "u:" + PASSWORD + "@127.0.0.1"),
                good.replace("127.0.0.1:", "127.0.0.1:x"),
                good + "&gangway.mode=wrong",
                good + "&gangway.nosuch=" + ENCODED,
                good + "&gangway.migrationPassword=" + ENCODED + "&gangway.migrationPassword=" + ENCODED,
                good + "&password=" + PASSWORD,
                good + "&sslpassword=" + ENCODED + "&sslmode=nonsense&gangway.locations=x",
                good + "&%zz"
            }) {
                Throwable failure = catchThrowable(() -> Application.startAt(url));
                if (failure != null) {
                    exposure.add(failure);
                }
            }
            exposure.add(app.column("select concat(error, script) from gangway_history")
                    .toString());
            assertHidden(exposure.text());
            assertThat(exposure.text())
                    .contains("42P07", "LastError=GW001", "Connecting with URL", "FE=> StartupPacket");
        }
    }

    @Test
    void aServerThatGoesAwayInAMigrationAndLogsEverythingShowsNone(@TempDir Path folder) throws Exception {
        MigrationFolder migrations = MigrationFolder.in(folder)
                .add("V1__one.sql", "create table one()")
                .add("V2__held.sql", Hold.HERE);
        try (LocalPostgres server = LocalPostgres.start(
                Map.of("log_statement", "all", "log_min_messages", "debug1", "log_connections", "on"))) {
            String database = server.createDatabase("secrets");
            server.createPasswordRole("app", PASSWORD);
            server.createPasswordRole("migrator", PASSWORD);
            server.address().execute(database, "grant usage, create on schema public to migrator");
            Hold hold = Hold.on(server.address(), database);
            server.address().execute(database, "grant select on hold to migrator");
            String url = server.address()
                    .as("app", ENCODED)
                    .gangwayUrl(
                            database,
                            "gangway.locations=" + migrations.location(),
                            "gangway.migrationUser=migrator",
                            "gangway.migrationPassword=" + ENCODED);
            Gates.clear();
            try (Exposure exposure = Exposure.begin()) {
                CompletableFuture<Connection> migrating = ThisProcess.connecting(url);
                hold.awaitHeld();
                exposure.add(server.log());

                server.stopImmediately();
                server.restart();
                hold.release();
                migrating.get(60, TimeUnit.SECONDS).close();
                exposure.addMBeans();
                Gates.clear();
                migrations.add("V3__bad.sql", "create table one()");
                String wrong = url.replace("migrationPassword=", "migrationPassword=x");
                exposure.add(catchThrowable(() -> Application.startAt(wrong)));
                exposure.add(Application.failureAt(url));
                exposure.add(server.log());

                assertHidden(exposure.text());
                assertThat(exposure.text())
                        .contains(
                                "statement: create table one()",
                                "connection authorized: user=migrator",
                                "State=CURRENT");
            }
        } finally {
            Gates.clear();
        }
    }

    @Test
    void theCommandLineShowsNoneWhereverItIsGivenAndWhateverFails(@TempDir Path directory) throws Exception {
        String role = app.database().createRole(PASSWORD);
        String good = app.url(app.database().server().as(role, ENCODED));
        String bare = app.url(app.database().server().as(role, "")).replace("password=&", "");
        app.execute("grant create on schema public to " + role);
        app.add("V1__bad.sql", "create tabel one()");
        StringBuilder shown = new StringBuilder();
        for (String url : new String[] {
            good,
            good.replace(app.database().name(), "no_such"),
            good.replaceFirst("127\\.0\\.0\\.1:\\d+", "127.0.0.1:1"),
            good + "&gangway.nosuch=" + ENCODED
        }) {
            CommandLineJar gangway = new CommandLineJar(directory).with("GANGWAY_URL", url);
            shown.append(failed(gangway.run("migrate", "--json", "--debug", "--verbose")));
        }
        CommandLineJar gangway = new CommandLineJar(directory)
                .with("GANGWAY_URL", bare)
                .with("GANGWAY_USER", role)
                .with("GANGWAY_PASSWORD", PASSWORD)
                .with("GANGWAY_MIGRATION_USER", role)
                .with("GANGWAY_MIGRATION_PASSWORD", PASSWORD + "x");
        shown.append(failed(gangway.run("migrate", "--json", "--debug", "--verbose")));
        shown.append(failed(gangway.java(List.of(
                "-Dgangway.migrationPassword=" + PASSWORD + "x",
                "-jar",
                CommandLineJar.jar("-all\\.jar").toString(),
                "migrate",
                "--json",
                "--debug",
                "--verbose"))));
        assertHidden(shown.toString());
        assertThat(shown.toString()).contains("GW001", "\tat ", "password authentication failed", "refused");
    }

    private static String failed(CommandLineJar.Run run) {
        assertThat(run.exit()).as(run.all()).isNotZero();
        return run.all();
    }

    @Test
    void thePasswordThatAPlaceholderBringsIntoAScriptDoesNotShowWhenItFails() throws Exception {
        app.add("V1__role.sql", "create role postgres login password '${appPassword}';");
        app.execute("do $$ begin create role postgres; exception when duplicate_object then null; end $$");
        try (LogCapture log = LogCapture.start()) {
            StringWriter shown = new StringWriter();
            app.failure("gangway.placeholders.appPassword=Zq7secret").printStackTrace(new PrintWriter(shown));
            shown.append(String.join("\n", log.lines()));
            shown.append(app.column("select error from gangway_history").toString());
            assertThat(shown.toString()).doesNotContain("Zq7").contains("already exists");
        }
    }

    /** No beginning, end or piece of it, neither plain nor encoded. */
    private static void assertHidden(String shown) {
        assertThat(shown.lines())
                .noneMatch(line ->
                        line.contains("Zq7") || line.contains("ü x") || line.contains(ENCODED.substring(3, 12)));
    }
}
