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

    /**
     * A trap for each function, operator, type and relation of pg_catalog, under the same name, in a schema that comes first
     * on the search_path. Whoever falls into one leaves its number in a sequence, which no rollback takes back.
     */
    private static final String TRAPS = """
            create schema trap; create sequence trap.caught;
            create function trap.spring(what text) returns int language plpgsql as
              'begin perform pg_catalog.nextval(''trap.caught''::pg_catalog.regclass);
                raise exception ''caught by %'', what; end';
            create schema evil;
            do $traps$
            declare thing record;
            begin
              for thing in select p.oid, p.proname, pg_get_function_identity_arguments(p.oid) as arguments
                from pg_proc p where p.pronamespace = 'pg_catalog'::regnamespace and p.prokind in ('f', 'w')
                  and p.provariadic = 0 and 'o' <> all (coalesce(p.proargmodes, '{}')) and 't' <> all (coalesce(p.proargmodes, '{}'))
                  and not exists (select from pg_type t where t.typtype = 'p' and (t.oid = p.prorettype or t.oid = any (p.proargtypes))
                     and t.typname not in ('void', 'anyelement', 'anyarray', 'record'))
              loop
                begin
                  execute format('create function evil.%I(%s) returns %s language plpgsql as %L', thing.proname,
                    thing.arguments, 'text',
                    format('begin perform trap.spring(%L); return null; end', thing.oid::regprocedure::text));
                exception when others then null;
                end;
              end loop;
              for thing in select o.oid, o.oprname, o.oprleft::regtype::text as l, o.oprright::regtype::text as r, o.oprkind
                from pg_operator o where o.oprnamespace = 'pg_catalog'::regnamespace
              loop
                begin
                  execute format('create function trap.operator_%s(%s) returns boolean language plpgsql as %L', thing.oid,
                    concat_ws(', ', case thing.oprkind when 'b' then thing.l end, thing.r),
                    format('begin perform trap.spring(%L); return null; end', thing.oid::regoperator::text));
                  execute format('create operator evil.%s (function = trap.operator_%s, %s rightarg = %s)', thing.oprname,
                    thing.oid, case thing.oprkind when 'b' then 'leftarg = ' || thing.l || ',' end, thing.r);
                exception when others then null;
                end;
              end loop;
              for thing in select c.relname from pg_class c
                where c.relnamespace = 'pg_catalog'::regnamespace and c.relkind in ('r', 'v')
              loop
                execute format('create view evil.%I as select trap.spring(%L)', thing.relname, thing.relname);
              end loop;
              for thing in select t.typname from pg_type t where t.typnamespace = 'pg_catalog'::regnamespace
                and t.typtype in ('b', 'r') and t.typelem = 0
                and not exists (select from pg_class c where c.relnamespace = 'evil'::regnamespace and c.relname = t.typname)
              loop
                execute format('create domain evil.%I as pg_catalog.int2', thing.typname);
              end loop;
            end $traps$;
            """;

    @Test
    void nothingThatGangwayDoesFallsIntoATrap(@TempDir Path services) throws Exception {
        app.execute("create extension vector schema pg_catalog; create schema shop");
        app.execute(TRAPS);
        assertThat(Integer.parseInt(app.ask("select count(*) from pg_depend d join pg_proc p on p.oid = d.objid"
                        + " where d.refobjid = 'evil'::regnamespace")))
                .as("traps")
                .isGreaterThan(1000);
        app.execute("alter database " + app.database().name() + " set search_path = evil, pg_catalog");

        new Everything(app, app.database().server(), "gangway.schema=shop").run(services);

        assertThat(app.ask("select is_called from trap.caught")).isEqualTo("f");
    }

    private static String internal(String type) {
        return switch (type) {
            case "bigint" -> "int8";
            case "int" -> "int4";
            default -> type;
        };
    }
}
