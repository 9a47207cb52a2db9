package dev.gangway.execute;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gangway.sql.LockMode;
import dev.gangway.sql.SourceText;
import dev.gangway.sql.SqlScript;
import dev.gangway.sql.TableLock;
import dev.gangway.sql.TableLocks;
import dev.gangway.testkit.Await;
import dev.gangway.testkit.Sql;
import dev.gangway.testkit.TestDatabase;
import dev.gangway.testkit.TestServer;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What {@link TableLocks} says of a statement is what the server does: of each relation that was there before, the strongest
 * mode in {@code pg_locks}, and no relation more.
 */
@Timeout(60)
class TableLocksIT {

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private static final String SCHEMA = """
            create schema s;
            create table t (id int primary key, a int, b text, constraint pos check (a > 0));
            create table u (id int primary key, t_id int);
            create table child (id int primary key, t_id int references t);
            create table pending (id int primary key, t_id int);
            alter table pending add constraint positive check (t_id > 0) not valid;
            create table plain (id int, a int not null, v vector(3));
            create unique index plain_id on plain (id);
            create table s."My T" (id int primary key);
            create index t_a on t (a);
            create view v as select id, a from t;
            create view constant as select 1 as one;
            create materialized view m as select 1 as one;
            create unique index m_one on m (one);
            create table p (id int, a int) partition by range (id);
            create table p1 partition of p for values from (0) to (10);
            create table p2 (id int, a int);
            create table parent (id int);
            create table son () inherits (parent);
            create table orphan (id int);
            create function f() returns trigger language plpgsql as 'begin return new; end';
            create trigger tr before insert on t for each row execute function f();
            create policy po on t using (true);
            create rule ru as on delete to plain do also nothing;
            create sequence sq;
            create statistics st on a, b from t;
            create publication pub for table u;
            insert into t values (1, 1, 'x'), (2, 2, 'y');
            insert into plain values (1, 1)""";

    /** The relations that were there before, and which a session has locked or waits for; of indexes see {@link #held}. */
    private static final String LOCKS = """
            select r.schema || '.' || r.name, l.mode, r.kind in ('i', 'I')
              from pg_locks l join relations_before r on r.oid = l.relation
             where l.database = (select oid from pg_database where datname = current_database()) and l.pid =\s""";

    private static final String WORK = """
            select case when pg_relation_filenode(oid) <> file then 'REWRITES'
                        when pg_stat_get_xact_numscans(oid) > 0 then 'SCANS' else 'NONE' end
              from relations_before where name = '%s'""";

    private static TestDatabase database;

    @BeforeAll
    static void createDatabase() throws SQLException {
        database = TestServer.newDatabase();
        database.execute("create extension vector");
        database.execute(SCHEMA);
        database.execute("create table relations_before as"
                + " select oid, relnamespace::regnamespace::text as schema, relname as name, relkind as kind,"
                + " pg_relation_filenode(oid) as file from pg_class"
                + " where relnamespace in ('public'::regnamespace, 's'::regnamespace)");
    }

    @AfterAll
    static void dropDatabase() throws SQLException {
        database.close();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                // Indexes.
                "create index on t (b)",
                "create unique index if not exists fresh on s.\"My T\" (id)",
                "create index on only p (a)",
                "create index on plain using hnsw (v vector_l2_ops)",
                "drop index t_a, m_one",
                "reindex index t_a",
                "reindex (verbose) table t",
                "alter index t_a rename to t_b",
                "alter index t_a set (fillfactor = 50)",
                "alter index t_a set tablespace pg_default",
                // ALTER TABLE.
                "alter table t add column c int",
                "alter table if exists s.\"My T\" * add c int default 5",
                "alter table t add c uuid default gen_random_uuid()",
                "alter table t add c bigserial",
                "alter table t add c int generated always as (a * 2) stored",
                "alter table u add c int references t",
                "alter table u add foreign key (t_id) references t",
                "alter table u add constraint fk foreign key (t_id) references t not valid",
                "alter table t add check (id > 0)",
                "alter table t add constraint c check (id > 0) not valid",
                "alter table plain add primary key using index plain_id",
                "alter table plain add constraint c unique (a)",
                "alter table pending validate constraint positive",
                "alter table t drop constraint pos",
                "alter table child alter constraint child_t_id_fkey deferrable",
                "alter table t drop column b cascade",
                "alter table plain alter a type bigint",
                "alter table t alter a set not null",
                "alter table plain alter a drop not null",
                "alter table t alter a set default 3",
                "alter table t alter a set statistics 100",
                "alter table t alter a set (n_distinct = 5)",
                "alter table t alter b set storage external",
                "alter table t alter b set compression pglz",
                "alter table plain alter a add generated always as identity",
                "alter table p attach partition p2 for values from (10) to (20)",
                "alter table p detach partition p1",
                "alter table orphan inherit parent",
                "alter table son no inherit parent",
                "alter table t disable trigger tr",
                "alter table plain disable rule ru",
                "alter table t enable row level security",
                "alter table t no force row level security",
                "alter table t cluster on t_a",
                "alter table t set without cluster",
                "alter table t set (fillfactor = 50, autovacuum_enabled = false, toast.autovacuum_enabled = false)",
                "alter table t set (user_catalog_table = true)",
                "alter table plain set unlogged",
                "alter table plain set access method heap",
                "alter table t set tablespace pg_default",
                "alter table t rename to t2",
                "alter table t rename a to c",
                "alter table t rename constraint pos to positive",
                "alter table t set schema s",
                "alter table t owner to current_user",
                "alter table t replica identity full",
                "alter table t alter a set statistics 5, drop constraint pos",
                "alter table t alter a set statistics 5, alter a set (n_distinct = 5)",
                "alter view v rename to v2",
                "alter view v set (security_barrier = true)",
                "alter materialized view m cluster on m_one",
                "alter materialized view m set (fillfactor = 50)",
                // What is new and what goes.
                "create table n (a int references t, b int, foreign key (b) references u (id))",
                "create table n (like t including all)",
                "create table n () inherits (parent)",
                "create table n partition of p for values from (20) to (30)",
                "create table n as select t.id from t join u using (id)",
                "drop table u",
                "drop table child",
                "drop table p1",
                "drop table if exists s.\"My T\", missing",
                "drop view v",
                "drop materialized view m",
                "drop sequence sq",
                "truncate u, pending",
                "create trigger x after insert on t for each row execute function f()",
                "create constraint trigger x after insert on t from u for each row execute function f()",
                "drop trigger tr on t",
                "alter trigger tr on t rename to x",
                "create policy x on t using (exists (select from u where u.id = t.id))",
                "alter policy po on t using (id in (select id from u))",
                "drop policy po on t",
                "create rule x as on insert to t do also (insert into u values (new.id); delete from pending)",
                "drop rule ru on plain",
                "create view n as select * from t",
                "create or replace view v as select u.id, a from u, t",
                "create materialized view n as select * from t",
                "refresh materialized view m",
                "refresh materialized view concurrently m",
                "create statistics x on a, b from t",
                "create sequence x owned by t.a",
                "alter sequence sq owned by t.id",
                "alter sequence sq restart",
                "alter sequence sq rename to x",
                "create publication x for table t, only u",
                "alter publication pub add table t",
                "alter publication pub drop table u",
                "comment on table t is 'x'",
                "comment on column t.a is 'x'",
                "comment on constraint pos on t is 'x'",
                "comment on index t_a is 'x'",
                "grant select on t to public",
                // Rows.
                "insert into u select id from t",
                "insert into u (id) values (7) on conflict (id) do update set t_id = 1, id = 8",
                "update u set t_id = t.a from t where t.id = u.id",
                "delete from u using s.\"My T\" x where x.id = u.id",
                "merge into s.\"My T\" x using u on u.id = x.id when not matched then insert values (u.id)",
                "with x as (insert into u values (9) returning id) select * from x, t",
                "with t as (select * from t) select * from t, (select max(one) from m) as x",
                "select * from t, u for share of u",
                "select * from (select id from t) x, u for update",
                "select extract(epoch from now()) from t where a is distinct from 3",
                "table t union all select 1, 2, null from u",
                "copy t to '/dev/null'",
                "copy u from '/dev/null'",
                "explain delete from u",
                "prepare x as select * from t",
                "declare x cursor for select * from t",
                "lock t",
                "lock table only t, s.\"My T\" in share row exclusive mode",
                "lock table u in row share mode nowait",
                "analyze t",
                "cluster t using t_a",
            })
    void theServerLocksWhatTheTextSays(String sql) throws Exception {
        TableLocks locks = locks(sql);
        try (Connection connection = database.connect()) {
            Map<String, LockMode> expected = existing(connection, locks);
            connection.setAutoCommit(false);
            Sql.execute(connection, sql);
            Map<String, LockMode> held = held(connection, Sql.ask(connection, "select pg_backend_pid()"));
            connection.rollback();

            if (locks.unknown().isEmpty()) {
                assertThat(held).isEqualTo(expected);
            } else {
                assertThat(held).containsAllEntriesOf(expected);
            }
        }
    }

    /** Whether the whole table is read, and whether a new file is written, is seen in the server's counters and file numbers. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "create index on plain (a)",
                "alter table plain add c int",
                "alter table plain add c int not null default 5",
                "alter table plain add c timestamptz default now()",
                "alter table plain add c text default upper('x')",
                "alter table plain add c uuid default gen_random_uuid()",
                "alter table plain add c double precision default random()",
                "alter table plain add c serial",
                "alter table plain add c int generated always as identity",
                "alter table plain add c int generated always as (a * 2) stored",
                "alter table plain add c int references t",
                "alter table plain add c int unique",
                "alter table plain add c int check (c > 0)",
                "alter table plain drop column v",
                "alter table plain alter a type bigint",
                "alter table plain alter id set not null",
                "alter table plain alter a drop not null",
                "alter table plain alter a set default 5",
                "alter table plain add check (a > 0)",
                "alter table plain add check (a > 0) not valid",
                "alter table plain add primary key (a)",
                "alter table plain add unique using index plain_id",
                "alter table plain add foreign key (a) references t not valid",
                "alter table plain add foreign key (a) references t",
                "alter table pending validate constraint positive",
                "alter table p attach partition p2 for values from (10) to (20)",
                "alter table plain set (fillfactor = 50)",
                "alter table plain set unlogged",
                "alter table plain rename to other",
                "refresh materialized view m",
                "cluster t using t_a",
            })
    void theServerReadsAndWritesAsMuchAsTheTextSays(String sql) throws Exception {
        TableLocks locks = locks(sql);
        try (Connection connection = database.connect()) {
            connection.setAutoCommit(false);
            Sql.execute(connection, sql);
            Map<String, String> work = new TreeMap<>();
            for (TableLock lock : locks.tables()) {
                work.put(lock.table(), Sql.ask(connection, WORK.formatted(lock.table())));
            }
            connection.rollback();

            // Into a referenced table the server looks for each row of the other, by whatever plan; that is no flag's
            // matter.
            locks.tables().stream()
                    .filter(lock -> !lock.why().equals("is referenced by a new foreign key"))
                    .forEach(lock -> assertThat(work)
                            .containsEntry(lock.table(), lock.work().name()));
        }
    }

    /**
     * These run in no transaction, so that none of their locks is left to be seen afterwards: they are held up, and what they
     * wait for counts. Only the unit tests cover what DETACH PARTITION … CONCURRENTLY takes on the partition in its second
     * transaction.
     */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "create index concurrently on t (b)",
                "drop index concurrently t_a",
                "reindex index concurrently t_a",
                "reindex (concurrently) table t",
                "vacuum t",
                "vacuum (analyze) t",
                "vacuum full t",
                "vacuum (full, verbose) t",
            })
    void theServerWaitsForTheLockThatTheTextSays(String sql) throws Exception {
        try (Connection blocker = database.connect();
                Connection connection = database.connect();
                Connection observer = database.connect()) {
            Map<String, LockMode> expected = existing(observer, locks(sql));
            String pid = Sql.ask(connection, "select pg_backend_pid()");
            blocker.setAutoCommit(false);
            Sql.execute(blocker, "lock table t in share update exclusive mode");
            CompletableFuture<Void> running = CompletableFuture.runAsync(() -> execute(connection, sql));
            Await.until(
                    "the statement waits",
                    PATIENCE,
                    () -> Sql.ask(observer, "select 1 from pg_locks where not granted and pid = " + pid) != null);
            Map<String, LockMode> wanted = held(observer, pid);
            Sql.execute(observer, "select pg_cancel_backend(" + pid + ")");
            // Only when it is over may the blocker go: what was cut off in its middle would spoil the tables for
            // others.
            running.exceptionally(cancelled -> null).get(30, TimeUnit.SECONDS);
            blocker.rollback();

            assertThat(wanted).isEqualTo(expected);
        }
    }

    private static void execute(Connection connection, String sql) {
        try {
            Sql.execute(connection, sql);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private static TableLocks locks(String sql) throws Exception {
        return SqlScript.parse(SourceText.of("V1__x.sql", sql))
                .statements()
                .get(0)
                .tableLocks();
    }

    private static Map<String, LockMode> existing(Connection connection, TableLocks locks) throws SQLException {
        ExistingTables existing = ExistingTables.find(connection, locks.tables(), null);
        Map<String, LockMode> modes = new TreeMap<>();
        for (TableLock lock : locks.tables()) {
            for (ExistingTable table : existing.of(lock)) {
                modes.merge(table.schema() + "." + table.name(), lock.mode(), TableLocksIT::stronger);
            }
        }
        return modes;
    }

    /**
     * The strongest mode by relation. Indexes count only where no table is locked, in ALTER INDEX: elsewhere they are locked
     * along with their tables.
     */
    private static Map<String, LockMode> held(Connection connection, String pid) throws SQLException {
        Map<String, LockMode> modes = new TreeMap<>();
        Map<String, LockMode> indexes = new TreeMap<>();
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(LOCKS + pid)) {
            while (rows.next()) {
                (rows.getBoolean(3) ? indexes : modes)
                        .merge(rows.getString(1), mode(rows.getString(2)), TableLocksIT::stronger);
            }
        }
        modes.remove("public.relations_before");
        return modes.isEmpty() ? indexes : modes;
    }

    private static LockMode stronger(LockMode a, LockMode b) {
        return a.compareTo(b) >= 0 ? a : b;
    }

    /** {@code ShareUpdateExclusiveLock} is SHARE UPDATE EXCLUSIVE. */
    private static LockMode mode(String nameInPgLocks) {
        String words = nameInPgLocks.replaceAll("Lock$", "").replaceAll("(?<=[a-z])(?=[A-Z])", "_");
        return LockMode.valueOf(words.toUpperCase(Locale.ROOT));
    }
}
