package dev.gangway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gangway.testkit.Await;
import dev.gangway.testkit.LogCapture;
import dev.gangway.testkit.Sql;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Settings of the database or the role that suit its application, and that a migration must not feel. */
class SessionDefaultsIT {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

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
    void aSessionThatRestsBetweenTwoAttemptsMayBeEndedForThat() throws Exception {
        app.execute("create table item(id int)");
        app.execute("alter database " + app.database().name() + " set idle_session_timeout = '500ms'");
        app.add("V1__item.sql", "alter table item add column name text");
        try (Connection blocker = app.database().connect();
                LogCapture log = LogCapture.start()) {
            Sql.execute(blocker, "set idle_session_timeout = 0");
            blocker.setAutoCommit(false);
            Sql.execute(blocker, "lock table item");
            CompletableFuture<Connection> start = ThisProcess.connecting(app.url("gangway.lockTimeout=100ms"));
            Await.until(
                    "its session is ended between two attempts",
                    PATIENCE,
                    () -> start.isDone() || log.lines().stream().anyMatch(line -> line.contains("beginning anew")));
            blocker.rollback();
            start.get(60, TimeUnit.SECONDS).close();
        }
        assertThat(app.history()).containsExactly("V1__item.sql applied");
    }

    @Test
    void theServersOwnSchemaIsNoPlaceForAHistory() throws SQLException {
        app.execute("alter database " + app.database().name() + " set search_path = pg_catalog, public");
        app.add("V1__item.sql", "create table public.item()");
        app.assertRefused().hasMessageStartingWith("GW004 ").hasMessageContaining("gangway.schema");
        app.start("gangway.schema=public");
        assertThat(app.has("public.gangway_history")).isTrue();
    }

    @Test
    void theRolesOwnSchemaComesFirst() throws SQLException {
        String role = app.database().createRole("secret");
        app.execute("create schema " + role + " authorization " + role);
        app.add("V1__item.sql", "create table item()");
        Application.startAt(app.url(app.database().server().as(role, "secret")));
        assertThat(app.has(role + ".item")).isTrue();
        assertThat(app.has(role + ".gangway_history")).isTrue();
    }
}
