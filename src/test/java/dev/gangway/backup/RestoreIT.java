package dev.gangway.backup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gangway.GangwayDriver;
import dev.gangway.GangwayException;
import dev.gangway.backup.Restore.Consent;
import dev.gangway.gate.Gates;
import dev.gangway.testkit.Await;
import dev.gangway.testkit.LogCapture;
import dev.gangway.testkit.MigrationFolder;
import dev.gangway.testkit.Sql;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Arrays;
import java.util.Objects;
import java.util.Properties;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A restore makes the database what it was, or leaves it as it is. */
class RestoreIT {
    private static final Set<Consent> NONE = Set.of();
    private static final Set<Consent> NEWER = Set.of(Consent.DROP_NEWER_TABLES);
    private static final Set<Consent> ALL = Set.of(Consent.values());

    @TempDir
    Path temp;

    private OwnedDatabase database;
    private MigrationFolder migrations;

    @BeforeEach
    void createDatabase() throws SQLException {
        database = OwnedDatabase.create();
        migrations = MigrationFolder.in(temp.resolve("migrations")).add("V1__store.sql", """
                create schema store;
                comment on schema store is 'what is sold';
                create type store.state as enum ('new', 'old');
                create domain store.code as text check (value <> '');
                create table public.docs(
                    id bigint generated always as identity primary key,
                    state store.state default 'new', title text, v vector(3));
                create index docs_v on public.docs using hnsw (v vector_l2_ops);
                create table store.lines(id serial, doc bigint references public.docs, code store.code)
                    partition by range (id);
                create table store.lines_1 partition of store.lines for values from (0) to (1000);
                create function store.nearest(q vector) returns setof public.docs language sql
                    as $$ select * from public.docs order by v operator(public.<->) q limit 1 $$;
                create view store.titles as select title from public.docs;
                create materialized view store.counted as select count(*) from public.docs;
                create function public.touch() returns trigger language plpgsql as $$ begin return new; end $$;
                create trigger touch before update on public.docs for each row execute function public.touch();
                create aggregate store.total(int) (sfunc = int4pl, stype = int, initcond = '0');
                create statistics store.both (dependencies) on id, title from public.docs;
                alter table public.docs enable row level security;
                create policy all_of_it on public.docs using (true);
                insert into public.docs(title, v) select E'it''s \\\\. ' || i, array[i, i % 7, 1] from generate_series(1, 300) i;
                insert into store.lines(doc, code) select id, 'c' from public.docs;
                select lo_from_bytea(0, 'large');
                """);
    }

    @AfterEach
    void dropDatabase() throws SQLException {
        database.close();
    }

    @Test
    void everythingIsAgainAsItWasWhenItWasSaved() throws Exception {
        start();
        String before = database.asText();
        String extension = database.ask("select oid from pg_extension where extname = 'vector'");
        Path dump = backup();
        migrations.add("V2__more.sql", """
                create table orders(id int primary key, doc bigint references docs);
                create schema reports;
                create table reports.sums(n int);
                create type public.extra as (n int);
                create function public.extra(public.extra) returns int language sql return 1;
                create view reports.all_docs as select * from docs;
                drop view store.titles;
                alter table docs rename column title to heading;
                delete from store.lines;
                select lo_unlink(oid) from pg_largeobject_metadata;
                select lo_from_bytea(0, 'other');
                """);
        start();
        String after = database.asText();

        assertThat(after).isNotEqualTo(before).contains("public.orders");
        try (LogCapture log = LogCapture.start()) {
            assertThat(Restore.from(database.endpoint(), dump, NEWER)).isPositive();

            assertThat(log.lines().toString())
                    .contains("they are dropped: public.orders, reports.sums")
                    .contains("a dump of database " + database.name())
                    .contains(" - restored in ")
                    .doesNotContain("Zq7");
        }
        assertThat(database.asText()).isEqualTo(before);
        assertThat(database.ask("select oid from pg_extension where extname = 'vector'"))
                .isEqualTo(extension);
        start(); // V2 is pending again, and nothing of it is left
        // Not the whole text: when V2 ran is in the history.
        assertThat(database.ask("select count(*) from gangway_history")).isEqualTo("2");
    }

    @Test
    void aBackupOfNothingBringsBackNothing() throws Exception {
        Path dump = backup();
        String before = database.asText();
        start();

        Restore.from(database.endpoint(), dump, NEWER);

        assertThat(database.asText()).isEqualTo(before);
        start();
    }

    @Test
    void whatStandsOutsideOfSchemasStaysAndIsCreatedWhereItIsMissing() throws Exception {
        start();
        database.executeAsSuperuser("""
                create extension hstore schema store;
                create table mine(h store.hstore);
                alter default privileges grant select on tables to public;
                alter default privileges revoke execute on functions from public;
                alter default privileges in schema store grant usage on sequences to public;
                create publication kept for table docs;
                comment on publication kept is 'for the warehouse';
                create publication dropped for table docs;
                create foreign data wrapper wrapper;
                create server elsewhere foreign data wrapper wrapper;
                create user mapping for public server elsewhere;
                create cast (text as uuid) with inout;
                create function on_ddl() returns event_trigger language plpgsql as $$ begin end $$;
                create event trigger ddl on ddl_command_end execute function on_ddl();
                """);
        String before = database.asText();
        Path dump = Backup.take(database.endpointOfSuperuser(), temp, "x").file();
        database.executeAsSuperuser("truncate docs cascade; drop table mine; drop publication dropped;"
                + " alter default privileges grant insert on tables to public");

        Restore.from(database.endpointOfSuperuser(), dump, NONE);

        assertThat(database.asText()).isEqualTo(before);
    }

    @Test
    void tablesThatTheDumpDoesNotHoldAreNamedAndKept() throws Exception {
        start();
        Path dump = backup();
        database.execute("create table orders(doc bigint references docs); create schema s; create table s.t()");
        String before = database.asText();

        assertThatThrownBy(() -> Restore.from(database.endpoint(), dump, NONE))
                .isInstanceOf(GangwayException.Permanent.class)
                .hasMessageContaining("public.orders\n            s.t\n")
                .hasMessageContaining("database: unchanged");
        assertThat(database.asText()).isEqualTo(before);
    }

    @Test
    void aDumpOfAPartDoesNotTakeTheRestAway() throws Exception {
        start();
        Path dump = temp.resolve("part.dump");
        dumpWith("--format=custom", "--table=docs", "--file=" + dump);

        assertThatThrownBy(() -> Restore.from(database.endpoint(), dump, NONE))
                .hasMessageContaining("store.lines_1")
                .hasMessageContaining("use pg_restore itself");
    }

    @Test
    void aTruncatedDumpChangesNothing() throws Exception {
        start();
        byte[] whole = Files.readAllBytes(backup());
        database.execute("delete from store.lines where id > 10");
        String before = database.asText();
        Path dump = temp.resolve("truncated.dump");
        for (int length : new int[] {whole.length - 1, whole.length - 400, whole.length / 2, 300, 10}) {
            Files.write(dump, Arrays.copyOf(whole, length));

            assertThatThrownBy(() -> Restore.from(database.endpoint(), dump, NONE))
                    .as("%d of %d bytes", length, whole.length)
                    .isInstanceOf(GangwayException.Permanent.class)
                    .hasMessageStartingWith("GW004 ");
            assertThat(database.asText()).isEqualTo(before);
        }
    }

    @Test
    void whatIsNoDumpIsRefused() throws Exception {
        Path text = Files.writeString(temp.resolve("x.sql"), "create table x()");
        Path tar = temp.resolve("x.tar");
        dumpWith("--format=tar", "--file=" + tar);

        assertThatThrownBy(() -> Restore.from(database.endpoint(), text, NONE))
                .hasMessageStartingWith(
                        "GW004 " + text + " is no dump that can be restored: it does not begin with PGDMP");
        assertThatThrownBy(() -> Restore.from(database.endpoint(), tar, NONE)).hasMessageStartingWith("GW004 " + tar);
        assertThatThrownBy(() -> Restore.from(database.endpoint(), temp.resolve("none"), NONE))
                .hasMessageStartingWith("GW004 " + temp.resolve("none"));
    }

    @Test
    void othersWhoAreConnectedAreNamed() throws Exception {
        start();
        Path dump = backup();
        try (Connection other = database.connectAsSuperuser()) {
            Sql.execute(other, "set application_name = 'web shop'");
            String pid = Sql.ask(other, "select pg_backend_pid()");

            assertThatThrownBy(() -> Restore.from(database.endpoint(), dump, NONE))
                    .isInstanceOf(GangwayException.Transient.class)
                    .hasMessageContaining("pid " + pid + ", postgres, web shop");
            Restore.from(database.endpoint(), dump, Set.of(Consent.OTHERS_CONNECTED));
        }
    }

    @Test
    void aLockThatSomebodyHoldsDoesNotHoldUpForEver() throws Exception {
        start();
        Path dump = backup();
        try (Connection other = database.connectAsSuperuser()) {
            other.setAutoCommit(false);
            Sql.execute(other, "select from docs");

            assertThatThrownBy(() -> Restore.from(database.endpoint(), dump, ALL))
                    .isInstanceOf(GangwayException.Transient.class)
                    .hasMessageContaining("lock timeout")
                    .hasMessageContaining("database: unchanged");
        }
    }

    @Test
    void anErrorInTheMiddleChangesNothing() throws Exception {
        start();
        database.executeAsSuperuser("create function public.hers() returns int language sql return 1");
        Path dump = backup();
        database.execute("delete from store.lines");
        String before = database.asText();

        assertThatThrownBy(() -> Restore.from(database.endpoint(), dump, NONE))
                .isInstanceOf(GangwayException.Permanent.class)
                .hasMessageStartingWith("GW001 " + database.endpoint().target() + ": not restored, psql ended with")
                .hasMessageContaining("must be member of role")
                .hasMessageContaining("database: as before");
        assertThat(database.asText()).isEqualTo(before);
    }

    @Test
    void aRoleThatMayNotDropWhatIsThereIsRefusedBeforeAnythingHappens() throws Exception {
        start();
        Path dump = backup();
        database.executeAsSuperuser("create schema hers; create table hers.t(); grant all on schema hers to public");

        assertThatThrownBy(() -> Restore.from(database.endpoint(), dump, NEWER))
                .hasMessageStartingWith("GW007 ")
                .hasMessageContaining("must be owner of table t");
    }

    /** Connects as a new process does. */
    private void start() throws SQLException {
        Gates.clear();
        String url =
                database.url().replaceFirst("jdbc:", "jdbc:gangway:") + "&gangway.locations=" + migrations.location();
        Objects.requireNonNull(new GangwayDriver().connect(url, new Properties()))
                .close();
        Await.until("all sessions have ended", Duration.ofSeconds(10), () -> "1"
                .equals(database.ask("select count(*) from pg_stat_activity where datname = current_database()")));
    }

    private Path backup() throws SQLException {
        return Backup.take(database.endpoint(), temp.resolve("backups"), "x").file();
    }

    private void dumpWith(String... arguments) throws SQLException, IOException, InterruptedException {
        String[] command = new String[arguments.length + 1];
        command[0] = database.pgDump().path().toString();
        System.arraycopy(arguments, 0, command, 1, arguments.length);
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().putAll(database.endpoint().libpqEnvironment());
        assertThat(builder.inheritIO().start().waitFor()).isZero();
    }
}
