package dev.gangway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gangway.GangwayException.Code;
import java.nio.file.Path;
import java.sql.SQLException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Placeholders in scripts that run. */
class PlaceholdersIT {
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
    void configuredPlaceholdersAreReplacedEverywhere() throws SQLException {
        app.add("V1__item.sql", """
                create table ${table}(name text default '${quoted}');
                create function f() returns text language sql as $$ select '${quoted}'::text $$;
                """);
        app.start("gangway.placeholders.table=item", "gangway.placeholders.quoted=it''s");
        assertThat(app.ask("insert into item default values returning name || f()"))
                .isEqualTo("it'sit's");
    }

    @Test
    void theBuiltInPlaceholdersNameWhereTheMigrationRuns() throws SQLException {
        app.add("V1__where.sql", """
                create schema ext;
                create extension vector schema ext;
                create table place(name text);
                insert into place values ('${gangway:user}'), ('${gangway:database}'), ('${gangway:schema}'),
                  ('${gangway:vectorSchema}');
                """).start();
        assertThat(app.column("select name from place"))
                .containsExactly(app.database().server().user(), app.database().name(), "public", "ext");
    }

    @Test
    void aScriptCanReadTheHistoryWhateverItIsCalled() throws SQLException {
        app.add("V1__view.sql", """
                create view migrations as select version, state from "${gangway:schema}"."${gangway:historyTable}";
                """);
        app.start("gangway.historyTable=Journal");
        assertThat(app.column("select version || ' ' || state from migrations")).containsExactly("1 applied");
    }

    @Test
    void aDefaultStandsInTheScriptAndASettingOverridesIt() throws SQLException {
        app.add("V1__item.sql", "create table item(name varchar(${length:20}), ${extra:}n int)");
        app.add("V1__item.undo.sql", "drop table ${table:item}");
        app.start("gangway.placeholders.length=30");
        assertThat(app.ask("select format_type(atttypid, atttypmod) from pg_attribute where attname = 'name'"
                        + " and attrelid = 'item'::regclass"))
                .isEqualTo("character varying(30)");
        assertThat(app.ask("select undo_sql from gangway_history")).isEqualTo("drop table item");
    }

    @Test
    void aRepeatableOneRunsAgainWhenADefaultIsOverridden() throws SQLException {
        app.add("R__seen.sql", "create or replace view seen as select '${word:first}' as word");
        app.start();
        assertThat(app.ask("select word from seen")).isEqualTo("first");
        app.start("gangway.placeholders.word=other");
        assertThat(app.ask("select word from seen")).isEqualTo("other");
    }

    @Test
    void anUnknownPlaceholderStopsBeforeAnythingRuns() throws SQLException {
        app.add("V1__first.sql", "create table first()");
        app.add("V2__second.sql", "create table second();\nselect '${unkown}';\n");
        assertThat(app.failure().code()).isEqualTo(Code.MIGRATION_FAILED);
        app.assertRefused("gangway.placeholders.known=1")
                .hasMessageContaining("GW001 " + app.place("V2__second.sql", 2, 9))
                .hasMessageContaining("The placeholder ${unkown} has no value. Set gangway.placeholders.unkown");
        assertThat(app.has("first")).isFalse();
    }

    @Test
    void anUnknownBuiltInPlaceholderNamesThoseThereAre() {
        app.add("V1__first.sql", "select '${gangway:host}'");
        app.assertRefused()
                .hasMessageContaining(app.place("V1__first.sql", 1, 9))
                .hasMessageContaining("Built in are ${gangway:user}, ${gangway:database}");
    }

    @Test
    void aScriptCanKeepDollarBraces() throws SQLException {
        app.add("V1__first.sql", "-- gangway: placeholders=off\ncreate table item(n text default '${kept}')");
        app.start();
        assertThat(app.ask("insert into item default values returning n")).isEqualTo("${kept}");
    }
}
