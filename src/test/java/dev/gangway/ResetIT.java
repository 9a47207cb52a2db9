package dev.gangway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gangway.command.ResetOptions;
import dev.gangway.report.ResetReport;
import dev.gangway.testkit.LocalPostgres;
import dev.gangway.testkit.MigrationFolder;
import dev.gangway.testkit.PgDump;
import dev.gangway.testkit.Sql;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Dropping everything, held against what pg_dump says. */
class ResetIT {
    private static final ResetOptions YES = new ResetOptions(true, false);

    private static LocalPostgres server;

    private final MigrationFolder folder;
    private String database = "";

    ResetIT(@TempDir Path directory) {
        folder = MigrationFolder.in(directory);
    }

    @BeforeAll
    static void startServer() {
        server = LocalPostgres.start();
    }

    @AfterAll
    static void stopServer() {
        server.close();
    }

    @BeforeEach
    void createDatabase() throws SQLException {
        database = server.createDatabase("reset");
    }

    private Gangway gangway(String... settings) throws SQLException {
        Gangway.Builder builder = Gangway.to(server.address().gangwayUrl(database, settings))
                .property("gangway.locations", folder.location());
        return builder.build();
    }

    private void execute(String sql) throws SQLException {
        server.address().execute(database, sql);
    }

    private static final String TYPES_AND_TABLES = """
            create extension vector;
            create extension pg_trgm;
            create type mood as enum ('sad', 'happy');
            create type pair as (a int, b text);
            create domain positive as int check (value > 0);
            create type spans as range (subtype = float8);
            create sequence numbers;
            create table item(id int generated always as identity primary key, n int default nextval('numbers'),
              m mood, p pair, q positive, s spans, e vector(3));
            create index on item using hnsw (e vector_l2_ops);
            """;

    private static final String ALL_OTHER_KINDS = """
            create table part(k int, id serial) partition by list (k);
            create table part_1 partition of part for values in (1);
            create table child() inherits (item);
            create view seen as select * from item;
            create materialized view kept as select * from seen;
            create function plus(a int, b int) returns int language sql immutable as 'select a + b';
            create function touch() returns trigger language plpgsql as 'begin return new; end';
            create trigger t before update on item for each row execute function touch();
            create procedure run() language sql as 'select 1';
            create aggregate total(int) (sfunc = plus, stype = int, initcond = '0');
            create operator === (leftarg = int, rightarg = int, function = plus);
            create operator family fam using btree;
            create operator family fam_hash using hash;
            create operator class cls for type mood using hash family fam_hash as operator 1 = (anyenum, anyenum),
              function 1 hashenum(anyenum);
            create collation german (provider = libc, locale = 'C');
            create text search dictionary dict (template = simple);
            create text search configuration conf (copy = english);
            create statistics stats on id, n from item;
            create conversion conv for 'LATIN1' to 'UTF8' from iso8859_1_to_utf8;
            create rule r as on delete to item do also nothing;
            alter table item enable row level security;
            create policy pol on item using (true);
            create foreign table distant(id int) server far;
            create cast (pair as mood) with inout;
            """;

    @Test
    void aRichSchemaIsAsEmptyAsAnEmptyOneAndCanBeBuiltAnew() throws SQLException {
        folder.add("V1__types.sql", TYPES_AND_TABLES).add("V2__more.sql", ALL_OTHER_KINDS);
        execute("create role reader_" + database + "; create schema store authorization postgres;"
                + " grant usage on schema store to reader_" + database
                + "; alter default privileges in schema store grant select on tables to reader_" + database
                + "; comment on schema store is 'ours'; create foreign data wrapper nowhere;"
                + " create server far foreign data wrapper nowhere");
        String empty = PgDump.of(server, database, "--schema-only");

        Gangway gangway = gangway("gangway.schema=store");
        gangway.migrate();
        String built = PgDump.of(server, database, "--schema-only");
        ResetReport report = gangway.reset(YES);

        assertThat(PgDump.of(server, database, "--schema-only")).isEqualTo(empty);
        assertThat(report.schema()).isEqualTo("store");
        assertThat(report.dropped())
                .contains(
                        "table store.gangway_history",
                        "table store.item",
                        "extension vector",
                        "type store.mood",
                        "aggregate store.total(integer)",
                        "foreign table store.distant");
        assertThat(gangway.migrate().applied()).containsExactly("V1__types.sql", "V2__more.sql");
        assertThat(PgDump.of(server, database, "--schema-only")).isEqualTo(built);
    }

    @Test
    void thePackIsBuiltAnew() throws SQLException {
        Gangway pack = Gangway.to(server.address().gangwayUrl(database, "gangway.locations=pack:sheratan-store"))
                .property("gangway.placeholders.vectorDimension", "384")
                .build();
        // The schema keeps what the pack has granted on it.
        String empty = PgDump.of(server, database, "--schema-only", "--no-privileges");
        pack.migrate();
        String built = PgDump.of(server, database, "--schema-only");
        pack.reset(YES);

        assertThat(PgDump.of(server, database, "--schema-only", "--no-privileges"))
                .isEqualTo(empty);
        pack.migrate();
        assertThat(PgDump.of(server, database, "--schema-only")).isEqualTo(built);
        pack.undoTo("0");
    }

    @Test
    void withoutConfirmationAndWhereApplicationsMayNotMigrateItIsRefused() throws SQLException {
        folder.add("V1__item.sql", "create table item()");
        gangway().migrate();

        assertThatThrownBy(() -> gangway().reset(new ResetOptions(false, false)))
                .hasMessageStartingWith("GW004 reset drops everything in the schema \"public\" of postgres@");
        for (String mode : new String[] {"wait", "validate"}) {
            assertThatThrownBy(() -> gangway("gangway.mode=" + mode).reset(YES))
                    .hasMessageStartingWith("GW004 reset does nothing where gangway.mode is " + mode + ":");
        }
        assertThat(gangway().status().current()).isTrue();
    }

    @Test
    void underOtherSessionsItIsRefusedUnlessThatIsWanted() throws SQLException {
        folder.add("V1__item.sql", "create table item()");
        gangway().migrate();
        try (Connection other = Sql.connect(server.address().jdbcUrl(database, "ApplicationName=shop"))) {
            String pid = Sql.ask(other, "select pg_backend_pid()");
            assertThatThrownBy(() -> gangway().reset(YES))
                    .hasMessageStartingWith("GW004 Others are connected to the database \"" + database + "\"")
                    .hasMessageContaining("pid " + pid + ", role postgres, application \"shop\"");
            assertThat(gangway().reset(new ResetOptions(true, true)).dropped()).contains("table public.item");
        }
    }

    @Test
    void whatOtherSchemasHaveDoesNotVanish() throws SQLException {
        folder.add("V1__item.sql", "create table item(id int primary key); create type mood as enum ('sad')");
        gangway().migrate();
        execute("create schema other; create table other.line(item int references public.item, m public.mood, x int);"
                + " create view other.seen as select * from public.item");
        String before = PgDump.of(server, database);

        assertThatThrownBy(() -> gangway().reset(YES))
                .hasMessageStartingWith("GW002 What is in other schemas depends on what is in \"public\"")
                .hasMessageContaining("table constraint line_item_fkey on other.line")
                .hasMessageContaining("table column other.line.m")
                .hasMessageContaining("view other.seen")
                .hasMessageContaining("database: unchanged");
        assertThat(PgDump.of(server, database)).isEqualTo(before);
    }

    @Test
    void whoDoesNotOwnAllIsRefused() throws SQLException {
        folder.add("V1__item.sql", "create table item()");
        gangway().migrate();
        execute("create role small_" + database + " login; grant all on schema public to small_" + database);
        execute("grant select on all tables in schema public to small_" + database);
        Gangway small = Gangway.to(server.address().as("small_" + database, "").gangwayUrl(database))
                .property("gangway.locations", folder.location())
                .build();

        assertThatThrownBy(() -> small.reset(YES))
                .hasMessageStartingWith("GW007 The role \"small_" + database + "\" may not drop everything");
        assertThat(gangway().status().current()).isTrue();
    }
}
