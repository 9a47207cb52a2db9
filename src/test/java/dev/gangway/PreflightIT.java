package dev.gangway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gangway.GangwayException.Code;
import dev.gangway.testkit.ServerAddress;
import dev.gangway.testkit.Sql;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the role may not do or the server does not have is found before anything is applied. */
class PreflightIT {
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
    void anExtensionThatTheRoleMayNotCreateNamesTheCommandForAnAdministrator() throws SQLException {
        String role = migratingRole();
        app.add("V1__first.sql", "create table first()");
        app.add("V2__vector.sql", "create extension if not exists vector;\ncreate table item(embedding vector(3));");
        String url = app.url(as(role));
        assertThat(Application.failureAt(url).code()).isEqualTo(Code.MISSING_PRIVILEGE);
        assertThat(Application.failureAt(url).getMessage()).isEqualTo("""
                GW007 The role "%s" may not create the extension "vector".
                  needed by: %s
                  server:    ERROR: permission denied to create extension "vector" (SQLState 42501)
                             hint: Must be superuser to create this extension.
                  database:  unchanged; nothing was applied
                  next:      let an administrator run, in database "%s":  create extension if not exists vector;
                             then connect again: the migration finds the extension there""".formatted(
                        role, app.place("V2__vector.sql", 1, 1), app.database().name()));
        assertThat(app.has("first")).isFalse();

        app.execute("create extension if not exists vector");
        Application.startAt(url);
        assertThat(app.history()).containsExactly("V1__first.sql applied", "V2__vector.sql applied");
    }

    @Test
    void anExtensionThatTheServerDoesNotHaveSaysWhatToInstall() throws SQLException {
        app.add("V1__first.sql", "create table first()");
        app.add("V2__time.sql", "create extension timescaledb");
        assertThat(app.failure().code()).isEqualTo(Code.MISSING_PRIVILEGE);
        app.assertRefused()
                .hasMessageContaining("GW007 The extension \"timescaledb\" is not available on the server ")
                .hasMessageContaining("needed by: " + app.place("V2__time.sql", 1, 1))
                .hasMessageContaining("database:  unchanged; nothing was applied")
                .hasMessageContaining("next:      install the package that brings the extension \"timescaledb\" on the"
                        + " server's machine");
        assertThat(app.has("first")).isFalse();
    }

    @Test
    void aRoleThatMayNotCreateInTheSchemaIsToldTheGrant() throws SQLException {
        String role = app.database().createRole("secret");
        app.execute("revoke create on schema public from public");
        app.add("V1__first.sql", "create table first()");
        String url = app.url(as(role));
        assertThat(Application.failureAt(url).code()).isEqualTo(Code.MISSING_PRIVILEGE);
        assertThat(Application.failureAt(url).getMessage())
                .startsWith("GW007 The role \"" + role
                        + "\" may not create the migration history \"public\".\"gangway_history\"")
                .contains("server:   ERROR: permission denied for schema public (SQLState 42501)\n")
                .contains("let an administrator run, in database \""
                        + app.database().name() + "\":  GRANT USAGE, CREATE ON SCHEMA \"public\" TO \"" + role + "\";");

        app.execute("GRANT USAGE, CREATE ON SCHEMA \"public\" TO \"" + role + "\"");
        Application.startAt(url);
        assertThat(app.has("first")).isTrue();
    }

    @Test
    void anApplicationWithoutRightsLetsAnotherRoleMigrate() throws SQLException {
        String application = app.database().createRole("secret");
        String url = app.url(
                as(application), "gangway.migrationUser=" + migratingRole(), "gangway.migrationPassword=secret");
        app.add("V1__first.sql", "create table first()");
        Application.startAt(url);
        app.add("V2__second.sql", "create table second()");
        Application.startAt(url);
        assertThat(app.history()).containsExactly("V1__first.sql applied", "V2__second.sql applied");
        assertThat(app.ask("select tableowner from pg_tables where tablename = 'second'"))
                .isNotEqualTo(application);

        // A process that has no more than the application's role, once all is applied.
        Application.startAt(app.url(as(application)));
        try (Connection connection = Application.open(url)) {
            assertThat(Sql.ask(connection, "select current_user")).isEqualTo(application);
            assertThatThrownBy(() -> Sql.execute(connection, "delete from gangway_history"))
                    .hasMessageContaining("permission denied");
        }
    }

    @Test
    void anApplicationWithoutRightsMayUseASchemaThatWasCreatedForIt() throws SQLException {
        String application = app.database().createRole("secret");
        String migrating = migratingRole();
        app.execute("grant create on database " + app.database().name() + " to " + migrating);
        app.add("V1__first.sql", "create table first()");
        String url = app.url(
                as(application),
                "gangway.migrationUser=" + migrating,
                "gangway.migrationPassword=secret",
                "gangway.schema=sales");
        Application.startAt(url);
        Application.startAt(url);
        assertThat(app.has("sales.first")).isTrue();
    }

    @Test
    void anApplicationThatMayNotReadTheHistoryIsToldTheGrant() throws SQLException {
        app.add("V1__first.sql", "create table first()").start();
        String application = app.database().createRole("secret");
        String url = app.url(as(application));
        GangwayException.Permanent failure = Application.failureAt(url);
        assertThat(failure.code()).isEqualTo(Code.MISSING_PRIVILEGE);
        assertThat(failure.getMessage())
                .startsWith("GW007 The role \"" + application + "\" may not read the migration history")
                .contains("server: ERROR: permission denied for table gangway_state (SQLState 42501)\n  next:");
        String grant =
                "GRANT USAGE ON SCHEMA \"public\" TO \"%1$s\"; GRANT SELECT ON \"public\".\"gangway_history\", \"public\".\"gangway_state\" TO \"%1$s\";"
                        .formatted(application);
        assertThat(failure.getMessage()).contains("next:   let its owner run  " + grant);

        app.execute(grant);
        Application.startAt(url);
    }

    private ServerAddress as(String role) {
        return app.database().server().as(role, "secret");
    }

    private String migratingRole() throws SQLException {
        String role = app.database().createRole("secret");
        app.execute("grant create on schema public to " + role);
        return role;
    }
}
