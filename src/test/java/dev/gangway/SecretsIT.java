package dev.gangway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import dev.gangway.testkit.LogCapture;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Objects;
import java.util.Properties;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/** A password shows nowhere, whatever goes wrong. */
class SecretsIT {
    private static final String PASSWORD = "Zq7@&%+=?/:#\\\"'ü x";

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
        Logger logger = (Logger) LoggerFactory.getLogger("dev.gangway");
        Level before = logger.getLevel();
        logger.setLevel(Level.TRACE);
        try (LogCapture log = LogCapture.start()) {
            StringWriter shown = new StringWriter();
            String encoded = URLEncoder.encode(PASSWORD, StandardCharsets.UTF_8);
            app.add(
                    "V1__seen.sql",
                    "create table seen as select string_agg(concat(query, application_name), '') as text"
                            + " from pg_stat_activity");
            String good = app.url(app.database().server().as(role, encoded));
            Application.startAt(good);
            shown.append(app.ask("select text from seen"));
            Properties info = new Properties();
            info.setProperty("user", role);
            info.setProperty("password", PASSWORD);
            info.setProperty("gangway.migrationPassword", PASSWORD);
            info.setProperty("gangway.migrationUser", role);
            app.add("V2__two.sql", "create table two()");
            try (Connection connection = new GangwayDriver().connect(app.url(), info)) {
                assertThat(Objects.requireNonNull(connection).isValid(1)).isTrue();
            }
            app.add("V3__bad.sql", "create table two()");
            for (String url : new String[] {
                good,
                good.replace(role, "nobody"),
                good.replace(app.database().name(), "no_such"),
                good.replace("127.0.0.1", "u:" + PASSWORD + "@127.0.0.1"),
                good.replace("127.0.0.1:", "127.0.0.1:x"),
                good + "&gangway.mode=wrong",
                good + "&gangway.nosuch=" + encoded,
                good + "&gangway.migrationPassword=" + encoded + "&gangway.migrationUser=nobody",
                good + "&gangway.migrationUrl="
                        + URLEncoder.encode(
                                "jdbc:postgresql://127.0.0.1:1/x?password=" + encoded, StandardCharsets.UTF_8),
                good + "&gangway.migrationPassword=" + encoded + "&gangway.migrationPassword=" + encoded,
                good + "&password=" + PASSWORD,
                good + "&sslmode=nonsense&gangway.locations=x",
                good + "&%zz"
            }) {
                Throwable failure = catchThrowable(() -> Application.startAt(url));
                if (failure != null) {
                    failure.printStackTrace(new PrintWriter(shown));
                }
            }
            shown.append(String.join("\n", log.lines()));
            shown.append(app.column("select concat(error, script) from gangway_history")
                    .toString());
            assertThat(shown.toString())
                    .doesNotContain("Zq7", "ü x", encoded.substring(3, 12))
                    .contains("42P07");
        } finally {
            logger.setLevel(before);
        }
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
}
