package dev.gangway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gangway.testkit.PgBouncer;
import java.nio.file.Path;
import java.sql.SQLException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a script does to its session reaches neither the history nor the scripts behind it. */
class SessionIT {
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
    void aSearchPathEndsWithItsScript() throws SQLException {
        app.add("V1__path.sql", "create schema other; set search_path = other; create table first()");
        app.add("V2__next.sql", "create table second()").start();
        assertThat(app.has("other.first")).isTrue();
        assertThat(app.has("public.second")).isTrue();
        assertThat(app.history()).containsExactly("V1__path.sql applied", "V2__next.sql applied");
    }

    @Test
    void theBeginningOfADumpDoesNoHarm() throws SQLException {
        app.add("V1__dump.sql", """
                SET statement_timeout = 0;
                SET standard_conforming_strings = on;
                SELECT pg_catalog.set_config('search_path', '', false);
                CREATE TABLE public.first ();
                """);
        app.add("V2__next.sql", "create table second()").start();
        assertThat(app.has("public.second")).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "SET standard_conforming_strings = off",
                "set session \"standard_conforming_strings\" to 'off'",
                "SET LOCAL standard_conforming_strings TO false"
            })
    void aScriptInWhichBackslashesWouldMeanSomethingElseIsRefused(String setting) throws SQLException {
        app.add("V1__first.sql", "create table first()");
        app.add("V2__strings.sql", "create table item(a text);\n" + setting + ";\ninsert into item values ('\\';');");
        app.assertRefused()
                .hasMessageContaining("V2__strings.sql:2:1: standard_conforming_strings has to be on")
                .hasMessageContaining("next:");
        assertThat(app.has("first")).isFalse();
    }

    @Test
    void aSettingMadeInsideABlockEndsWithItsScriptToo() throws SQLException {
        app.add("V1__block.sql", """
                create schema other;
                do $$ begin perform set_config('search_path', 'other', false); end $$;
                """);
        app.add("V2__next.sql", "create table second()").start();
        assertThat(app.has("public.second")).isTrue();
    }

    @Test
    void aSettingMadeByAFunctionEndsWithItsScriptToo() throws SQLException {
        app.execute("create schema other; create function go() returns text language sql"
                + " as $$ select set_config('search_path', 'other', false) $$");
        app.add("V1__call.sql", "select public.go()");
        app.add("V2__next.sql", "create table second()").start();
        assertThat(app.has("public.second")).isTrue();
    }

    @Test
    void aSearchPathEndsWithAScriptThatIsNoTransaction() throws SQLException {
        app.add("V1__path.sql", """
                create schema other;
                set search_path = other;
                create table first(id int);
                create index concurrently first_id on first(id);
                """);
        app.add("V2__next.sql", "create table second()").start();
        assertThat(app.has("other.first_id")).isTrue();
        assertThat(app.has("public.second")).isTrue();
    }

    @Test
    void anotherRoleEndsWithItsScript() throws SQLException {
        String role = app.database().createRole("secret");
        app.execute("grant create on schema public to " + role);
        app.add("V1__role.sql", "set role " + role + "; create table first()");
        app.add("V2__authorization.sql", "set session authorization " + role + "; create table second()");
        app.add("V3__block.sql", "do $$ begin set role " + role + "; end $$; create table third()");
        app.add("V4__next.sql", "create table fourth()").start();
        assertThat(app.column("select tablename || ' ' || (tableowner = '" + role + "') from pg_tables"
                        + " where tablename in ('first', 'second', 'third', 'fourth') order by 1"))
                .containsExactly("first true", "fourth false", "second true", "third true");
        assertThat(app.ask("select count(*) from gangway_history where installed_by = current_user"))
                .isEqualTo("4");
    }

    @Test
    void aRoleThatAFailedScriptTookOnDoesNotHideItsFailure() throws SQLException {
        String role = app.database().createRole("secret");
        app.add("V1__role.sql", "set role " + role + ";\nselect 1/0;");
        app.assertRefused().hasMessageContaining(app.place("V1__role.sql", 2, 1));
        assertThat(app.history()).containsExactly("V1__role.sql failed");
    }

    @Test
    void behindAPoolerAScriptThatIsNoTransactionMustNotSetTheSession() throws Exception {
        app.add("V1__item.sql", "create table item(id int)");
        app.add(
                "V2__index.sql",
                "set maintenance_work_mem = '77MB';\ncreate index concurrently item_id on item(id);\n");
        try (PgBouncer pooler = PgBouncer.inFrontOf(app.database().server(), "transaction", 2)) {
            GangwayException.Permanent failure = Application.failureAt(app.url(pooler.address(), "prepareThreshold=0"));
            assertThat(failure.getMessage())
                    .startsWith("GW004 " + app.place("V2__index.sql", 1, 1))
                    .contains("next: set gangway.migrationUrl to the server's own address");
            assertThat(app.has("item")).isFalse();

            Application.startAt(app.url(
                    pooler.address(),
                    "prepareThreshold=0",
                    "gangway.migrationUrl=" + app.database().jdbcUrl()));
            assertThat(app.has("item_id")).isTrue();
        }
    }
}
