package dev.gangway.execute;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gangway.sql.LockMode;
import dev.gangway.sql.TableLock;
import dev.gangway.sql.TableLock.Kind;
import dev.gangway.sql.TableLock.Work;
import dev.gangway.testkit.Sql;
import dev.gangway.testkit.TcpProxy;
import dev.gangway.testkit.TestDatabase;
import dev.gangway.testkit.TestServer;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Names of a plan as the tables that exist already, with their sizes. */
@Timeout(60)
class ExistingTablesIT {
    private TestDatabase database;
    private Connection connection;

    @BeforeEach
    void createDatabase() throws SQLException {
        database = TestServer.newDatabase();
        connection = database.connect();
    }

    @AfterEach
    void dropDatabase() throws SQLException {
        connection.close();
        database.close();
    }

    @Test
    void namesAreFoundAsTheStatementWouldFindThemAndTheOthersLeftOut() throws SQLException {
        database.execute("""
                create schema a; create schema b; create schema "C d";
                create table a.t (); create table b.t (); create table "C d"."T ""x" (); create view b.v as select 1;
                create table public.only_public ()""");

        assertThat(names(
                        "b, a", relation(null, "t"), relation("a", "t"), relation("C d", "T \"x"), relation(null, "v")))
                .containsExactly("b.t r", "a.t r", "C d.T \"x r", "b.v v");
        assertThat(names("b, a", relation(null, "only_public"), relation(null, "T"), relation("nowhere", "t")))
                .isEmpty();
        assertThat(names(null, relation(null, "only_public"), relation(null, "t")))
                .containsExactly("public.only_public r");
        assertThat(Sql.ask(connection, "show search_path")).isEqualTo("\"$user\", public");
    }

    @Test
    void anIndexStandsForItsTable() throws SQLException {
        database.execute("create table t (a int); create index i on t (a)");
        TableLock dropped = lock(Kind.TABLE_OF_INDEX, null, "i");

        assertThat(names(null, dropped, relation(null, "i"), lock(Kind.TABLE_OF_INDEX, null, "t")))
                .containsExactly("public.t r", "public.i i");
    }

    @Test
    void aTableIsTiedToThoseItReferencesAndToTheOneItIsAPartitionOf() throws SQLException {
        database.execute("""
                create table a (id int primary key); create table b (id int primary key);
                create table p (id int, a int, a2 int, b int) partition by list (id);
                create table t partition of p for values in (1);
                alter table t add foreign key (a) references a,
                  add foreign key (a2) references a, add foreign key (b) references b""");

        assertThat(names(null, lock(Kind.TIED_TABLES, null, "t")))
                .containsExactly("public.a r", "public.b r", "public.p p");
        assertThat(names(null, lock(Kind.TIED_TABLES, null, "a"))).isEmpty();
    }

    @Test
    void rowsAreCountedAsThePlannerDoes() throws SQLException {
        database.execute("""
                create table analyzed (id int, b text); insert into analyzed select n, 'x' from generate_series(1, 10000) n;
                analyze analyzed;
                create table grown (id int, b text) with (autovacuum_enabled = off);
                insert into grown select n, 'x' from generate_series(1, 1000) n;
                analyze grown; insert into grown select n, 'x' from generate_series(1, 9000) n;
                create table fresh (id int, b bigint) with (autovacuum_enabled = off);
                insert into fresh select n, n from generate_series(1, 10000) n;
                create table nothing (id int);
                create table p (id int) partition by range (id);
                create table p1 partition of p for values from (0) to (5000);
                create table p2 partition of p for values from (5000) to (20000);
                insert into p select n from generate_series(1, 10000) n;
                analyze p""");
        assertThat(find("analyzed").rows()).isEqualTo(10_000);
        assertThat(find("grown").rows()).isBetween(9_000L, 11_000L);
        assertThat(find("fresh").rows()).isBetween(9_000L, 13_000L);
        assertThat(find("nothing").rows()).isZero();
        assertThat(find("p").rows()).isEqualTo(10_000);
        assertThat(find("p").bytes()).isEqualTo(find("p1").bytes() + find("p2").bytes());
        assertThat(find("fresh").bytes())
                .isEqualTo(
                        Long.parseLong(String.valueOf(Sql.ask(connection, "select pg_total_relation_size('fresh')"))));
    }

    @Test
    void lookingWaitsForNobody() throws SQLException {
        database.execute("create table t (id int primary key); insert into t select generate_series(1, 10000);"
                + " create table i (id int); create index i_id on i (id); insert into i values (1); analyze t");
        try (Connection other = database.connect()) {
            other.setAutoCommit(false);
            Sql.execute(other, "lock table t");
            Sql.execute(other, "reindex index i_id");

            assertThat(find("t").rows()).isEqualTo(10_000);
            assertThat(find("t").bytes()).isPositive();
            assertThat(find("i").name()).isEqualTo("i");
            other.rollback();
        }
    }

    @Test
    void aWholePlanCostsOneRoundTrip() throws Exception {
        database.execute("create table t (); create table u ()");
        try (TcpProxy proxy = TcpProxy.to(database.server());
                Connection slow = proxy.address().connect(database.name())) {
            int before = proxy.sql().size();
            ExistingTables none = ExistingTables.find(slow, List.of(), "public");
            ExistingTables two = ExistingTables.find(slow, List.of(relation(null, "t"), relation(null, "u")), "public");

            assertThat(proxy.sql().size() - before).isEqualTo(1);
            assertThat(two.of(relation(null, "u"))).hasSize(1);
            assertThat(none.of(relation(null, "u"))).isEmpty();
        }
    }

    @Test
    void aSchemaThatTheRoleMayNotUseIsNoError() throws SQLException {
        database.execute("create schema closed; create table closed.t ()");
        try (Connection guest = database.connect()) {
            Sql.execute(guest, "set role pg_monitor");
            ExistingTables tables =
                    ExistingTables.find(guest, List.of(relation("closed", "t"), relation(null, "t")), "closed, public");

            assertThat(tables.of(relation("closed", "t"))).hasSize(1);
            assertThat(tables.of(relation(null, "t"))).isEmpty();
        }
    }

    private ExistingTable find(String table) throws SQLException {
        TableLock lock = relation(null, table);
        return ExistingTables.find(connection, List.of(lock), null).of(lock).get(0);
    }

    private List<String> names(@Nullable String searchPath, TableLock... locks) throws SQLException {
        ExistingTables tables = ExistingTables.find(connection, List.of(locks), searchPath);
        return Stream.of(locks)
                .flatMap(lock -> tables.of(lock).stream())
                .map(table -> table.schema() + "." + table.name() + " " + table.kind())
                .toList();
    }

    private static TableLock relation(@Nullable String schema, String name) {
        return lock(Kind.RELATION, schema, name);
    }

    private static TableLock lock(Kind kind, @Nullable String schema, String name) {
        return new TableLock(schema, name, kind, LockMode.ACCESS_EXCLUSIVE, Work.NONE, "tests");
    }
}
