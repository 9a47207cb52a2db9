package dev.gangway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gangway.GangwayException.Code;
import java.nio.file.Path;
import java.sql.SQLException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** gangway.transaction=all: all pending migrations or none of them. */
class TransactionAllIT {
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
    void allPendingMigrationsShareOneTransaction() throws SQLException {
        app.add("V1__first.sql", "create table seen(id bigint); insert into seen values (txid_current())");
        app.add("V2__second.sql", "insert into seen values (txid_current())");
        app.start("gangway.transaction=all");
        assertThat(app.ask("select count(*) || ' in ' || count(distinct id) from seen"))
                .isEqualTo("2 in 1");
        assertThat(app.history()).containsExactly("V1__first.sql applied", "V2__second.sql applied");
    }

    @Test
    void oneFailureTakesAllOfThemBack() throws SQLException {
        app.add("V1__first.sql", "create table first()");
        app.add("V2__second.sql", "create table second();\nselect 1/0;");
        app.assertRefused("gangway.transaction=all")
                .hasMessageContaining(app.place("V2__second.sql", 2, 1))
                .hasMessageContaining("all 2 pending migrations were rolled back together (gangway.transaction=all)");
        assertThat(app.has("first")).isFalse();
        assertThat(app.history()).containsExactly("V2__second.sql failed");

        app.add("V2__second.sql", "create table second()").start("gangway.transaction=all");
        assertThat(app.has("second")).isTrue();
        assertThat(app.column("select script || ' ' || state from gangway_history order by script"))
                .containsExactly("V1__first.sql applied", "V2__second.sql applied");
    }

    @Test
    void aScriptThatCannotRunInATransactionIsRefusedBeforeAnythingRuns() throws SQLException {
        app.add("V1__first.sql", "create table first(id int)");
        app.add("V2__index.sql", "create index concurrently first_id on first(id)");
        assertThat(app.failure("gangway.transaction=all").code()).isEqualTo(Code.SETTING_WRONG);
        app.assertRefused("gangway.transaction=all")
                .hasMessageContaining(
                        "GW004 gangway.transaction=all cannot hold: V2__index.sql cannot run in a transaction")
                .hasMessageContaining("CREATE INDEX CONCURRENTLY")
                .hasMessageContaining("next: set gangway.transaction=each");
        assertThat(app.has("first")).isFalse();
        app.start();
        assertThat(app.has("first_id")).isTrue();
    }

    @Test
    void whatOneScriptSetsDoesNotReachTheNext() throws SQLException {
        app.add("V1__first.sql", "create schema other; set search_path = other; set role pg_monitor");
        app.add("V2__second.sql", "create table second()");
        app.start("gangway.transaction=all");
        assertThat(app.has("public.second")).isTrue();
        assertThat(app.ask("select tableowner = current_user from pg_tables where tablename = 'second'"))
                .isEqualTo("t");
    }
}
