package dev.gangway;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.sql.SQLException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Somebody who may create objects in a schema that comes before pg_catalog cannot have a migrating role run them. */
class ShadowedNamesIT {
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
    void functionsOperatorsAndTypesOfOthersAreNeverUsed() throws SQLException {
        String name = app.database().name();
        app.execute("create extension vector schema pg_catalog");
        app.execute("""
                create table caught(what text);
                create function trap(what text) returns void language plpgsql as
                  'begin insert into public.caught values (what); raise exception ''caught: %', what; end';
                """.replace("''caught: %', what", "''caught: %'', what"));
        for (String function : new String[] {
            "current_database()",
            "pg_backend_pid()",
            "pg_is_in_recovery()",
            "now()",
            "clock_timestamp()",
            "current_schemas(boolean)",
            "current_setting(text)",
            "set_config(text, text, boolean)",
            "pg_try_advisory_xact_lock(bigint)",
            "concat(text, bigint)",
            "to_regclass(text)",
            "format(text, name, name)",
            "starts_with(text, text)",
            "pg_blocking_pids(int)",
            "unnest(int[])",
            "pg_stat_get_activity(int)",
            "has_schema_privilege(text, text, text)",
            "array_to_string(name[], text)",
            "pg_table_size(regclass)",
            "pg_stat_get_progress_info(text)",
            "pg_partition_tree(regclass)",
            "string_to_array(text, text)",
            "count()"
        }) {
            app.execute("create function public." + function + " returns text language sql as"
                    + " $$ select public.trap('" + function + "')::text $$");
        }
        for (String operator : new String[] {"=", "<>", "+", "-", "*", "/", "~", "<", ">", "||"}) {
            for (String type :
                    new String[] {"text", "name", "bigint", "int", "oid", "\"char\"", "timestamptz", "numeric"}) {
                String function = "\"op" + operator + type.replace("\"", "") + "\"";
                app.execute("create function public." + function + "(pg_catalog." + internal(type) + ", pg_catalog."
                        + internal(type)
                        + ") returns boolean language sql immutable as $$ select public.trap('" + operator
                        + type.replace("\"", "")
                        + "') is null $$; create operator public." + operator + " (function = public." + function
                        + ", leftarg = pg_catalog." + internal(type) + ", rightarg = pg_catalog." + internal(type)
                        + ")");
            }
        }
        for (String type : new String[] {"text", "timestamptz", "int8", "int4", "bool", "name", "oid", "\"char\""}) {
            app.execute("create domain public." + type + " as pg_catalog.int2");
        }
        app.execute("alter database " + name + " set search_path = public, pg_catalog");
        app.add("V1__item.sql", "create table item(id integer)");
        app.add(
                "V2__index.sql",
                "create index concurrently item_id on item(id); drop index concurrently item_id;"
                        + " reindex table concurrently item;");
        app.add(
                "V3__vector.sql",
                "create table vectors(embedding vector(3));"
                        + " create index vectors_idx on vectors using hnsw (embedding vector_l2_ops);"
                        + " reindex index vectors_idx;");
        app.add("R__view.sql", "create view v as select 1 as one");
        app.start();
        app.add("R__view.sql", "create or replace view v as select 2 as one").start();
        app.start();
        assertThat(app.ask("select pg_catalog.string_agg(what, ', '::pg_catalog.text) from caught"))
                .isNull();
        assertThat(app.column("select script from gangway_history order by rank"))
                .containsExactly("V1__item.sql", "V2__index.sql", "V3__vector.sql", "R__view.sql", "R__view.sql");
        assertThat(app.ask(
                        "select pg_catalog.count(*) from pg_catalog.pg_attribute a join pg_catalog.pg_type t on t.oid"
                                + " operator(pg_catalog.=) a.atttypid where a.attrelid operator(pg_catalog.=) 'gangway_history'::pg_catalog.regclass"
                                + " and t.typtype operator(pg_catalog.=) 'd'::pg_catalog.\"char\""))
                .isEqualTo("0");
    }

    private static String internal(String type) {
        return switch (type) {
            case "bigint" -> "int8";
            case "int" -> "int4";
            default -> type;
        };
    }
}
