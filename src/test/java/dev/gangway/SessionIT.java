package dev.gangway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gangway.testkit.LogCapture;
import dev.gangway.testkit.PgBouncer;
import dev.gangway.testkit.Providers;
import dev.gangway.testkit.Sql;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
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
        app.add("V2__strings.sql", "create table item(a text);\n" + setting + ";\ninsert into item values ('\\n');");
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

    @ParameterizedTest
    @ValueSource(strings = {"verify", "copy", "java"})
    @SuppressWarnings("try") // the providers are there for the driver to find
    void howAScriptHasLiteralsReadEndsWithIt(String kind, @TempDir Path services) throws Exception {
        app.execute("create table first(id int)");
        app.add(
                "V1__strings.sql",
                "do 'begin set standard_conforming_strings = off; end';" + (kind.equals("copy") ? COPY : ""));
        if (kind.equals("verify")) {
            app.add("V1__strings.verify.sql", "select 'first', 'is there', count(*) = 0 from first");
        }
        app.add("V2__path.sql", "create table path as select 'C:\\new' as name");
        try (Providers declared = Providers.in(services, JavaMigration.class, names(kind))) {
            app.start();
        }
        assertThat(app.ask("select name from path")).isEqualTo("C:\\new");
    }

    /** Travels in messages of its own, so that the history row is not in that of the script. */
    private static final String COPY = "\ncopy first from stdin;\n1\n\\.\n";

    private static List<String> names(String kind) {
        return kind.equals("java") ? List.of(OldStrings.class.getName()) : List.of();
    }

    /** Sets in Java what others set in SQL. */
    public static final class OldStrings implements JavaMigration {
        @Override
        public String version() {
            return "1.5";
        }

        @Override
        public String description() {
            return "old strings";
        }

        @Override
        public void migrate(Connection connection) throws SQLException {
            Sql.execute(connection, "set standard_conforming_strings = off");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"client_encoding = 'LATIN1'", "names 'LATIN1'", "datestyle = 'German, DMY'"})
    void aSettingThatPgjdbcReliesOnIsNamedInsteadOfTryingAgain(String setting) throws Exception {
        app.add("V1__setting.sql", "set " + setting + "; create table first()");
        app.add("V1__setting.verify.sql", "select 'a', 'b', true");
        try (LogCapture log = LogCapture.start()) {
            app.assertRefused()
                    .hasMessageStartingWith(
                            "GW001 Migration V1__setting.sql has changed a setting that pgjdbc relies on")
                    .hasMessageContaining(app.file("V1__setting.sql"))
                    .hasMessageContaining("leave client_encoding and DateStyle as they are");
            assertThat(log.lines()).noneMatch(line -> line.contains("beginning anew"));
        }
        assertThat(app.has("first")).isFalse();
        assertThat(app.history()).isEmpty();

        app.add("V1__setting.sql", "create table first()").start();
        assertThat(app.history()).containsExactly("V1__setting.sql applied");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "set client_encoding = 'LATIN1'",
                "set names 'LATIN1'",
                "set session datestyle to German",
                "set role pg_monitor",
                "set session role pg_monitor",
                "set local session authorization pg_monitor",
                "set session_authorization to pg_monitor"
            })
    void whatWouldNotLastInAScriptThatIsNoTransactionIsRefusedBeforeItIsBegun(String setting) throws SQLException {
        app.add("V1__setting.sql", "-- gangway: transaction=off\ncreate table first();\n" + setting + ";\nselect 1;");
        app.assertRefused()
                .hasMessageStartingWith("GW001 " + app.place("V1__setting.sql", 3, 1) + ": " + setting
                        + " would not last until the next statement");
        assertThat(app.has("first")).isFalse();

        app.add("V1__setting.sql", """
                -- gangway: transaction=off
                set client_encoding = 'UTF8'; set datestyle = 'ISO, MDY'; set session authorization default;
                create table first();
                """).start();
        assertThat(app.has("first")).isTrue();
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
