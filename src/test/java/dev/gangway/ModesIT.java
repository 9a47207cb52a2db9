package dev.gangway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gangway.GangwayException.Code;
import dev.gangway.testkit.TcpProxy;
import java.nio.file.Path;
import java.sql.SQLException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** gangway.mode, and schemas that another tool has built. */
class ModesIT {
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
    void validateRefusesWhenSomethingIsPendingAndChangesNothing() throws SQLException {
        app.add("V1__first.sql", "create table first()");
        app.add("V2__second.sql", "create table second()");
        assertThat(app.failure("gangway.mode=validate").code()).isEqualTo(Code.HISTORY_MISMATCH);
        app.assertRefused("gangway.mode=validate").hasMessage("""
                GW002 The schema is not current and gangway.mode=validate applies nothing: 2 pending migrations\
                 (V1__first.sql to V2__second.sql).
                  next: apply them with a process that has gangway.mode=migrate, then connect again""");
        assertThat(app.ask("select count(*) from pg_tables where schemaname = 'public'"))
                .isEqualTo("0");
    }

    @Test
    void validateLetsThroughWhatIsCurrent() throws SQLException {
        app.add("V1__first.sql", "create table first()").start();
        app.start("gangway.mode=validate");
        app.add("V2__second.sql", "create table second()");
        app.assertRefused("gangway.mode=validate").hasMessageContaining("1 pending migration (V2__second.sql)");
        assertThat(app.has("second")).isFalse();
    }

    @Test
    void offNeitherAppliesNorRecordsNorReadsAnything() throws SQLException {
        app.start("gangway.mode=off", "gangway.locations=classpath:no/such/folder");
        assertThat(app.ask("select count(*) from pg_tables where schemaname = 'public'"))
                .isEqualTo("0");
    }

    @Test
    void aTableThatIsOnlyCalledLikeThatOfAnotherToolIsLeftAlone() throws SQLException {
        app.execute("create table flyway_schema_history()");
        app.add("V1__first.sql", "create table first()");
        assertThat(app.failure().code()).isEqualTo(Code.HISTORY_MISMATCH);
        app.assertRefused().hasMessage("""
                GW002 The schema has no history of Gangway's, but the table "public"."flyway_schema_history", which is\
                 called like the history of a migration tool and has other columns than the tools have that are known\
                 here (none).
                  database: unchanged; nothing was applied
                  next:     if these migrations have nothing to do with it, set gangway.adopt=none""");
        assertThat(app.has("gangway_history")).isFalse();
        assertThat(app.has("first")).isFalse();

        app.start("gangway.adopt=none");
        assertThat(app.has("first")).isTrue();
        app.start();
    }

    @Test
    void theHistoryOfAnotherToolInAnotherSchemaDoesNotMatter() throws SQLException {
        app.execute("create schema other; create table other.databasechangelog()");
        app.add("V1__first.sql", "create table first()").start();
        assertThat(app.has("first")).isTrue();
    }

    @Test
    void everyConnectionIsCheckedWithRecheckAlways() throws SQLException {
        app.add("V1__first.sql", "create table first()").start("gangway.recheck=always");
        app.add("V2__second.sql", "create table second()");
        try (TcpProxy proxy = TcpProxy.to(app.database().server())) {
            String url = app.url(proxy.address(), "gangway.recheck=always");
            Application.open(url).close();
            assertThat(app.has("second")).isTrue();
            proxy.reset();
            Application.open(url).close();
            // What pgjdbc itself asks at the start of a session, and the check.
            assertThat(proxy.roundTripsByConnection()).containsExactly(2);
            // As after a restore of an older dump.
            app.execute("drop table second; delete from gangway_history where version = '2'");
            Application.open(url).close();
            assertThat(app.has("second")).isTrue();
        }
    }

    @Test
    void offAsksNothingOfTheHistoryNotEvenOfOneThatMayNotBeRead() throws SQLException {
        app.add("V1__first.sql", "create table first()").start();
        String role = app.database().createRole("secret");
        try (TcpProxy proxy = TcpProxy.to(app.database().server().as(role, "secret"))) {
            String url = app.url(proxy.address(), "gangway.mode=off");

            Application.open(url).close();

            assertThat(proxy.sql()).noneMatch(sql -> sql.contains("gangway_history"));
        }
    }

    @Test
    void laterConnectionsInModeOffAskNothingEvenWithRecheckAlways() throws SQLException {
        try (TcpProxy proxy = TcpProxy.to(app.database().server())) {
            String url = app.url(proxy.address(), "gangway.mode=off", "gangway.recheck=always");
            Application.open(url).close();
            proxy.reset();
            Application.open(url).close();
            assertThat(proxy.roundTripsByConnection()).containsExactly(1);
        }
    }
}
