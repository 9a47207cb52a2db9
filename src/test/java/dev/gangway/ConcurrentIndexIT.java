package dev.gangway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.gangway.testkit.Await;
import dev.gangway.testkit.ChildJvm;
import dev.gangway.testkit.FleetOfClassLoaders;
import dev.gangway.testkit.FleetOfClassLoaders.Outcome;
import dev.gangway.testkit.MigrationFolder;
import dev.gangway.testkit.PgBouncer;
import dev.gangway.testkit.ServerAddress;
import dev.gangway.testkit.Sql;
import dev.gangway.testkit.TcpProxy;
import dev.gangway.testkit.TestDatabase;
import dev.gangway.testkit.TestServer;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * {@code CREATE INDEX CONCURRENTLY} waits for every transaction that might not see the index, and must not find any of
 * ours among them; a build that is cut off leaves an invalid index behind.
 */
@Timeout(120)
class ConcurrentIndexIT {

    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final Duration LOCK_IS_FREE = Duration.ofSeconds(2);

    private static final int PROCESSES = 4;
    private static final int TRIES_SEEN = 12;

    private static final String ROWS = "create table items(id bigint);"
            + " insert into items select n * 7919 % 200003 from generate_series(1, 200000) as n";

    private final Path directory;

    ConcurrentIndexIT(@TempDir Path directory) {
        this.directory = directory;
    }

    @Test
    void threeWaitersDoNotHoldUpTheBuild() throws Exception {
        try (TestDatabase database = TestServer.newDatabase()) {
            buildWithThreeWaiters(database, database.server());
        }
    }

    @Test
    void threeWaitersDoNotHoldUpTheBuildThroughATransactionPooler() throws Exception {
        try (TestDatabase database = TestServer.newDatabase();
                PgBouncer pooler = PgBouncer.inFrontOf(database.server(), "transaction", 5)) {
            buildWithThreeWaiters(database, pooler.address());
        }
    }

    private void buildWithThreeWaiters(TestDatabase database, ServerAddress server) throws Exception {
        database.execute(ROWS);
        Observed observed = Observed.in(database);
        try (TcpProxy proxy = TcpProxy.to(server);
                FleetOfClassLoaders fleet = FleetOfClassLoaders.of(PROCESSES);
                Connection writer = database.connect()) {
            beginWriting(writer);
            String url = urlOf(proxy.address(), database, indexAndMore(""));
            CompletableFuture<List<Outcome<Connection>>> connecting =
                    CompletableFuture.supplyAsync(() -> fleet.connectAll(url, new Properties()));
            Await.until("the build waits", PATIENCE, () -> observed.indexBuild().startsWith("waiting for writers"));
            int tries = triesForTheLock(proxy);
            Await.until("the others try to lead", PATIENCE, () -> triesForTheLock(proxy) >= tries + TRIES_SEEN);
            writer.rollback();

            List<Outcome<Connection>> outcomes = connecting.get(60, TimeUnit.SECONDS);
            assertThat(outcomes).extracting(Outcome::failure).containsOnlyNulls();
            for (Outcome<Connection> outcome : outcomes) {
                outcome.get().close();
            }
            assertFinished(observed);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "if not exists "})
    void theNextProcessRepairsABuildWhoseProcessWasKilled(String ifNotExists) throws Exception {
        try (TestDatabase database = TestServer.newDatabase();
                Connection writer = database.connect()) {
            Observed observed = Observed.in(database);
            String url = urlOf(database.server(), database, indexAndMore(ifNotExists));
            killInTheMiddleOfTheBuild(database, writer, url);
            Await.until(
                    "the build has ended", PATIENCE, () -> observed.indexBuild().isEmpty());
            writer.rollback();
            assertThat(observed.isValid("items_id")).isEqualTo("f");
            assertThat(observed.history()).isEqualTo("1:applied 2:started");

            ThisProcess.connect(url).close();
            assertFinished(observed);
        }
    }

    @Test
    void theNextProcessWaitsForABuildThatGoesOnWithoutItsProcess() throws Exception {
        try (TestDatabase database = TestServer.newDatabase();
                PgBouncer pooler = PgBouncer.inFrontOf(database.server(), "transaction", 5);
                Connection writer = database.connect()) {
            Observed observed = Observed.in(database);
            String url = urlOf(pooler.address(), database, indexAndMore(""));
            killInTheMiddleOfTheBuild(database, writer, url);

            CompletableFuture<Connection> next = ThisProcess.connecting(url);
            Await.until("the next process leads", PATIENCE, () -> observed.advisoryLocks() == 1);
            String index = database.ask("select 'items_id'::regclass::oid");
            writer.rollback();

            next.get(60, TimeUnit.SECONDS).close();
            assertFinished(observed);
            assertThat(database.ask("select 'items_id'::regclass::oid")).isEqualTo(index);
        }
    }

    private static void killInTheMiddleOfTheBuild(TestDatabase database, Connection writer, String url)
            throws SQLException {
        Observed observed = Observed.in(database);
        database.execute(ROWS);
        beginWriting(writer);
        try (ChildJvm child = ChildJvm.start(ConnectMain.class, url)) {
            Await.until("the build waits", PATIENCE, () -> observed.indexBuild().startsWith("waiting for writers"));
            child.kill9();
            Await.until("the leader lock is free", LOCK_IS_FREE, () -> observed.advisoryLocks() == 0);
        }
    }

    @Test
    void anInvalidIndexOfTheSameNameIsNotTakenForTheRealOne() throws Exception {
        try (TestDatabase database = TestServer.newDatabase()) {
            database.execute(ROWS);
            database.execute("create index items_id on items(id);"
                    + " update pg_index set indisvalid = false where indexrelid = 'items_id'::regclass");
            ThisProcess.connect(urlOf(database.server(), database, indexAndMore("if not exists ")))
                    .close();
            assertFinished(Observed.in(database));
        }
    }

    @Test
    void aBuildThatFailsIsOneRowOfHistoryUntilItIsMendedAndAfterwards() throws Exception {
        try (TestDatabase database = TestServer.newDatabase()) {
            database.execute(ROWS + "; insert into items values (1)");
            MigrationFolder folder =
                    indexAndMore("").add("V2__index.sql", "create unique index concurrently items_id on items(id);");
            String url = urlOf(database.server(), database, folder) + "&gangway.retryAfter=0s";
            assertThat(catchThrowable(() -> ThisProcess.connect(url))).hasMessageContaining("GW001");
            assertThat(Observed.in(database).history()).isEqualTo("1:applied 2:failed");

            database.execute("delete from items where id = 1");
            ThisProcess.connect(url).close();
            assertFinished(Observed.in(database));
        }
    }

    private static void assertFinished(Observed observed) throws SQLException {
        assertThat(observed.isValid("items_id")).isEqualTo("t");
        assertThat(observed.history()).isEqualTo("1:applied 2:applied 3:applied");
        assertThat(observed.log()).isEqualTo("m1 m3");
        assertThat(observed.advisoryLocks()).isZero();
        assertThat(observed.idleInTransaction()).isZero();
    }

    /** Holds up every build from now on: it waits for whoever has written to the table. */
    private static void beginWriting(Connection writer) throws SQLException {
        writer.setAutoCommit(false);
        Sql.execute(writer, "insert into items values (0)");
    }

    private static int triesForTheLock(TcpProxy proxy) {
        return (int) proxy.sql().stream()
                .filter(sql -> sql.contains("pg_try_advisory_xact_lock"))
                .count();
    }

    private MigrationFolder indexAndMore(String ifNotExists) {
        return MigrationFolder.in(directory)
                .add("V1__log.sql", "create table log(id serial, entry text); insert into log(entry) values ('m1');")
                .add("V2__index.sql", "create index concurrently " + ifNotExists + "items_id on items(id);")
                .add("V3__last.sql", "insert into log(entry) values ('m3');");
    }

    private static String urlOf(ServerAddress server, TestDatabase database, MigrationFolder folder) {
        return server.gangwayUrl(database.name(), "prepareThreshold=0", "gangway.locations=" + folder.location());
    }
}
