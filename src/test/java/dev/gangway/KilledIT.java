package dev.gangway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gangway.testkit.Await;
import dev.gangway.testkit.ChildJvm;
import dev.gangway.testkit.FleetOfClassLoaders;
import dev.gangway.testkit.FleetOfClassLoaders.Outcome;
import dev.gangway.testkit.LocalPostgres;
import dev.gangway.testkit.MigrationFolder;
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

/** Processes, sessions and servers that end in the middle of the second of three transactional migrations. */
@Timeout(120)
class KilledIT {

    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final int FLEET = 3;
    private static final Duration LOCK_IS_FREE = Duration.ofSeconds(2);

    private final MigrationFolder folder;

    KilledIT(@TempDir Path directory) {
        folder = MigrationFolder.in(directory)
                .add("V1__log.sql", "create table log(id serial, entry text); insert into log(entry) values ('m1');")
                .add("V2__held.sql", "insert into log(entry) values ('m2');\n" + Hold.HERE + "\ncreate table second();")
                .add("V3__last.sql", "insert into log(entry) values ('m3');");
    }

    @Test
    void theNextProcessStartsFromTheSamePlaceWhenOneIsKilled() throws Exception {
        try (TestDatabase database = TestServer.newDatabase();
                ChildJvm child = ChildJvm.start(ConnectMain.class, urlOf(database))) {
            Observed observed = Observed.in(database);
            Hold hold = Hold.on(database);
            hold.awaitHeld();

            child.kill9();
            Await.until("the leader lock is free", LOCK_IS_FREE, () -> observed.advisoryLocks() == 0);
            Await.until("the session has ended", PATIENCE, () -> hold.held() == 0);
            assertThat(observed.history()).isEqualTo("1:applied");
            assertThat(observed.log()).isEqualTo("m1");

            hold.release();
            ThisProcess.connect(urlOf(database)).close();
            assertEachOnce(observed);
        }
    }

    @Test
    void theNextProcessTakesOverFromAKilledOneWhoseSessionIsStillAtWork() throws Exception {
        try (TestDatabase database = TestServer.newDatabase();
                ChildJvm child = ChildJvm.start(ConnectMain.class, urlOf(database))) {
            Hold hold = Hold.on(database);
            int orphan = hold.awaitHeld();

            child.kill9();
            CompletableFuture<Connection> next = ThisProcess.connecting(urlOf(database));
            hold.awaitHeldOtherThan(orphan);
            hold.release();

            next.get(30, TimeUnit.SECONDS).close();
            assertEachOnce(Observed.in(database));
        }
    }

    @Test
    void aMigrationThatCommitsAfterItsProcessWasKilledIsNotAppliedAgain() throws Exception {
        try (TestDatabase database = TestServer.newDatabase();
                ChildJvm child = ChildJvm.start(ConnectMain.class, urlOf(database))) {
            Hold hold = Hold.on(database);
            hold.awaitHeld();

            child.kill9();
            hold.release(); // before the server notices that nobody is there any more
            ThisProcess.connect(urlOf(database)).close();

            assertEachOnce(Observed.in(database));
        }
    }

    @Test
    void theProcessGoesOnByItselfWhenTheServerCrashesAndComesBack() throws Exception {
        try (LocalPostgres server = LocalPostgres.start()) {
            String database = server.createDatabase("crashed");
            String url = server.address().gangwayUrl(database, "gangway.locations=" + folder.location());
            Hold hold = Hold.on(server.address(), database);
            CompletableFuture<Connection> migrating = ThisProcess.connecting(url);
            hold.awaitHeld();

            server.stopImmediately();
            server.restart();
            Observed observed = new Observed(server.address(), database);
            assertThat(observed.history()).isEqualTo("1:applied");
            assertThat(observed.log()).isEqualTo("m1");
            hold.release();

            migrating.get(60, TimeUnit.SECONDS).close();
            assertEachOnce(observed);
        }
    }

    @Test
    void theWorkStopsWhenTheLeaderLosesItsLockAndEachMigrationIsStillAppliedOnce() throws Exception {
        try (TestDatabase database = TestServer.newDatabase();
                FleetOfClassLoaders fleet = FleetOfClassLoaders.of(FLEET)) {
            Observed observed = Observed.in(database);
            Hold hold = Hold.on(database);
            CompletableFuture<List<Outcome<Connection>>> connecting =
                    CompletableFuture.supplyAsync(() -> fleet.connectAll(urlOf(database), new Properties()));
            int work = hold.awaitHeld();
            int firstLeader = observed.leader();

            observed.terminate(firstLeader);
            Await.until("the work is stopped", PATIENCE, () -> hold.held() != work);
            hold.awaitHeldOtherThan(work);
            assertThat(observed.leader()).isNotIn(0, firstLeader);
            assertThat(observed.history()).isEqualTo("1:applied");

            hold.release();
            List<Outcome<Connection>> outcomes = connecting.get(60, TimeUnit.SECONDS);
            assertThat(outcomes).extracting(Outcome::failure).containsOnlyNulls();
            for (Outcome<Connection> outcome : outcomes) {
                outcome.get().close();
            }
            assertEachOnce(observed);
        }
    }

    @Test
    void theProcessBeginsAnewWhenTheSessionThatMigratesIsTerminated() throws Exception {
        try (TestDatabase database = TestServer.newDatabase()) {
            Observed observed = Observed.in(database);
            Hold hold = Hold.on(database);
            CompletableFuture<Connection> migrating = ThisProcess.connecting(urlOf(database));
            int work = hold.awaitHeld();

            observed.terminate(work);
            hold.awaitHeldOtherThan(work);
            hold.release();

            migrating.get(30, TimeUnit.SECONDS).close();
            assertEachOnce(observed);
        }
    }

    @Test
    void aNetworkThatBreaksTwiceFailsNobodyAndAppliesNothingTwice() throws Exception {
        try (TestDatabase database = TestServer.newDatabase();
                TcpProxy proxy = TcpProxy.to(database.server());
                FleetOfClassLoaders fleet = FleetOfClassLoaders.of(FLEET)) {
            Hold hold = Hold.on(database);
            String url = proxy.address().gangwayUrl(database.name(), "gangway.locations=" + folder.location());
            CompletableFuture<List<Outcome<Connection>>> connecting =
                    CompletableFuture.supplyAsync(() -> fleet.connectAll(url, new Properties()));
            // All have asked on the connection that they would hand out, the leader once more, and now wait.
            Await.until("all have asked", PATIENCE, () -> sent(proxy, "pg_is_in_recovery") > FLEET);
            int tries = sent(proxy, "pg_try_advisory_xact_lock");
            Await.until("all wait", PATIENCE, () -> sent(proxy, "pg_try_advisory_xact_lock") >= tries + 3 * FLEET);

            int first = hold.awaitHeld();
            proxy.cutAll();
            int second = hold.awaitHeldOtherThan(first);
            proxy.cutAll();
            hold.awaitHeldOtherThan(second);
            hold.release();

            List<Outcome<Connection>> outcomes = connecting.get(60, TimeUnit.SECONDS);
            assertThat(outcomes).extracting(Outcome::failure).containsOnlyNulls();
            for (Outcome<Connection> outcome : outcomes) {
                outcome.get().close();
            }
            assertEachOnce(Observed.in(database));
        }
    }

    private static int sent(TcpProxy proxy, String part) {
        return (int) proxy.sql().stream().filter(sql -> sql.contains(part)).count();
    }

    private void assertEachOnce(Observed observed) throws SQLException {
        assertThat(observed.history()).isEqualTo("1:applied 2:applied 3:applied");
        assertThat(observed.log()).isEqualTo("m1 m2 m3");
        assertThat(observed.advisoryLocks()).isZero();
        assertThat(observed.idleInTransaction()).isZero();
    }

    private String urlOf(TestDatabase database) {
        return database.gangwayUrl("gangway.locations=" + folder.location());
    }
}
