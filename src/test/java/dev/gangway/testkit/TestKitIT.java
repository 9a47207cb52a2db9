package dev.gangway.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gangway.testkit.FleetOfClassLoaders.Outcome;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Properties;
import org.junit.jupiter.api.Test;
import org.postgresql.PGConnection;

/** What the other integration tests rely on. */
class TestKitIT {

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @Test
    void aTestDatabaseIsEmptyAndCanHaveTheVectorExtension() throws Exception {
        try (TestDatabase database = TestServer.newDatabase()) {
            assertThat(database.ask("select count(*) from pg_tables where schemaname = 'public'"))
                    .isEqualTo("0");
            database.execute("create extension vector");
            assertThat(database.ask("select '[1,2,2]'::vector <-> '[1,2,4]'")).isEqualTo("2");
        }
    }

    @Test
    void aClosedTestDatabaseIsGoneWhoeverIsConnected() throws Exception {
        TestDatabase database = TestServer.newDatabase();
        try (Connection connection = database.connect()) {
            database.close();
            assertThat(connection.isValid(5)).isFalse();
        }
        assertThatThrownBy(database::connect).isInstanceOf(SQLException.class).hasMessageContaining(database.name());
    }

    @Test
    void aCreatedRoleHasToKnowItsPassword() throws Exception {
        try (TestDatabase database = TestServer.newDatabase()) {
            String role = database.createRole("right");
            assertThat(database.server().as(role, "right").ask(database.name(), "select current_user"))
                    .isEqualTo(role);
            assertThatThrownBy(() -> database.server().as(role, "wrong").connect(database.name()))
                    .hasMessageContaining("password authentication failed");
        }
    }

    @Test
    void aReplicaFollowsItsPrimaryAndCanBePromoted() throws Exception {
        try (LocalPostgres primary = LocalPostgres.start();
                LocalReplica replica = LocalPostgres.replicaOf(primary)) {
            String database = primary.createDatabase("followed");
            primary.address().execute(database, "create extension vector");
            replica.waitUntilReplayed();
            assertThat(replica.address().ask(database, "select '[1,2]'::vector"))
                    .isEqualTo("[1,2]");

            replica.pauseReplay();
            primary.address().execute(database, "create table later()");
            assertThat(replica.address().ask(database, "select to_regclass('later')"))
                    .isNull();
            replica.resumeReplay();
            replica.waitUntilReplayed();
            assertThat(replica.address().ask(database, "select to_regclass('later')"))
                    .isEqualTo("later");

            replica.promote();
            assertThat(replica.address().ask(database, "select pg_is_in_recovery()"))
                    .isEqualTo("f");
        }
    }

    @Test
    void aServerKeepsItsPortAndItsDataThroughACrash() throws Exception {
        try (LocalPostgres server = LocalPostgres.start()) {
            String database = server.createDatabase("kept");
            server.address().execute(database, "create table kept()");
            server.stopImmediately();
            assertThatThrownBy(() -> server.address().connect(database)).hasMessageContaining("refused");
            server.restart();
            assertThat(server.address().ask(database, "select to_regclass('kept')"))
                    .isEqualTo("kept");
        }
    }

    @Test
    void aPoolerInTransactionModeGivesItsFewSessionsToMany() throws Exception {
        try (TestDatabase database = TestServer.newDatabase();
                PgBouncer pooler = PgBouncer.inFrontOf(database.server(), "transaction", 1)) {
            String url = pooler.address().jdbcUrl(database.name(), "prepareThreshold=0");
            try (Connection first = Sql.connect(url);
                    Connection second = Sql.connect(url)) {
                String session = "select pg_backend_pid()";
                assertThat(Sql.ask(first, session)).isEqualTo(Sql.ask(second, session));
                assertThat(first.unwrap(PGConnection.class).getBackendPID())
                        .isNotEqualTo(second.unwrap(PGConnection.class).getBackendPID());
            }
        }
    }

    @Test
    void theProxyCountsTheStartOfASessionApart() throws Exception {
        try (TestDatabase database = TestServer.newDatabase();
                TcpProxy proxy = TcpProxy.to(database.server());
                Connection connection = proxy.address().connect(database.name())) {
            assertThat(connection.isClosed()).isFalse();
            assertThat(proxy.connections()).isEqualTo(1);
            // The question for encryption and the start, and on a server with passwords two or three more.
            assertThat(proxy.startupFlights()).isBetween(2, 5);
            assertThat(proxy.roundTrips()).isEqualTo(1);
            assertThat(proxy.sql()).containsExactly("SET application_name = 'PostgreSQL JDBC Driver'");
        }
    }

    @Test
    void theProxyCountsOneRoundTripForEachWait() throws Exception {
        try (TestDatabase database = TestServer.newDatabase();
                TcpProxy proxy = TcpProxy.to(database.server());
                Connection connection = proxy.address().connect(database.name())) {
            proxy.reset();
            assertThat(Sql.ask(connection, "select 1")).isEqualTo("1");
            assertThat(proxy.roundTrips()).isEqualTo(1);
            assertThat(proxy.connections()).isZero();
        }
    }

    @Test
    void theProxySeesThatABeginTravelsWithItsStatement() throws Exception {
        try (TestDatabase database = TestServer.newDatabase();
                TcpProxy proxy = TcpProxy.to(database.server());
                Connection connection = proxy.address().connect(database.name())) {
            proxy.reset();
            connection.setAutoCommit(false);
            Sql.execute(connection, "select 1");
            connection.commit();
            assertThat(proxy.sql()).containsExactly("BEGIN", "select 1", "COMMIT");
            assertThat(proxy.requests()).isEqualTo(3);
            assertThat(proxy.roundTrips()).isEqualTo(2);
        }
    }

    @Test
    void theProxyDelaysEachTurn() throws Exception {
        try (TestDatabase database = TestServer.newDatabase();
                TcpProxy proxy = TcpProxy.to(database.server());
                Connection connection = proxy.address().connect(database.name())) {
            proxy.delay(Duration.ofMillis(50));
            long start = System.nanoTime();
            Sql.ask(connection, "select 1");
            assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThanOrEqualTo(Duration.ofMillis(50));
        }
    }

    @Test
    void theProxyCutsConnectionsAndTakesNewOnes() throws Exception {
        try (TestDatabase database = TestServer.newDatabase();
                TcpProxy proxy = TcpProxy.to(database.server());
                Connection connection = proxy.address().connect(database.name())) {
            proxy.cutAll();
            assertThatThrownBy(() -> Sql.ask(connection, "select 1")).isInstanceOf(SQLException.class);
            assertThat(proxy.address().ask(database.name(), "select 1")).isEqualTo("1");
        }
    }

    @Test
    void aKilledProcessTakesItsServerWithIt() {
        try (ChildJvm child = ChildJvm.start(ServerOwner.class)) {
            String[] words =
                    child.awaitLine(line -> line.startsWith("owns "), PATIENCE).split(" ", -1);
            long server = Long.parseLong(words[1]);
            Path directory = Path.of(words[2]).getParent();
            assertThat(ProcessHandle.of(server)).isPresent();
            assertThat(directory).exists();

            child.kill9();
            assertThat(child.exitCode(PATIENCE)).isEqualTo(137);
            Await.until("the server has ended", PATIENCE, () -> ProcessHandle.of(server)
                    .isEmpty());
            Await.until("its directory is gone", PATIENCE, () -> Files.notExists(directory));
        }
    }

    /** Starts a server, tells its process and its data directory, and never ends. */
    public static final class ServerOwner {

        private ServerOwner() {}

        public static void main(String[] args) throws Exception {
            LocalPostgres server = LocalPostgres.start();
            String data = server.address().ask("postgres", "show data_directory");
            String process = Files.readAllLines(Path.of(data, "postmaster.pid")).get(0);
            System.out.println("owns " + process + " " + data);
            ChildMain.nextLine();
        }
    }

    @Test
    void aChildHearsItsParentAndTellsItsExitStatus() {
        try (ChildJvm child = ChildJvm.start(Echo.class, "exit")) {
            child.send("hello");
            assertThat(child.awaitLine(line -> line.endsWith("!"), PATIENCE)).isEqualTo("hello!");
            child.send("exit");
            assertThat(child.exitCode(PATIENCE)).isZero();
        }
    }

    /** Says again what it hears, until that is its argument. */
    public static final class Echo {

        private Echo() {}

        public static void main(String[] args) throws InterruptedException {
            for (String line = ChildMain.nextLine(); !line.equals(args[0]); line = ChildMain.nextLine()) {
                System.out.println(line + "!");
            }
        }
    }

    @Test
    void aFleetConnectsAtOnceWithNothingInCommon() throws Exception {
        try (TestDatabase database = TestServer.newDatabase();
                FleetOfClassLoaders fleet = FleetOfClassLoaders.of(8, "org.postgresql.Driver")) {
            List<Outcome<Connection>> outcomes = fleet.connectAll(database.jdbcUrl(), new Properties());
            assertThat(outcomes).extracting(Outcome::failure).containsOnlyNulls();
            assertThat(outcomes.stream()
                            .map(outcome -> outcome.get().getClass())
                            .distinct())
                    .hasSize(8);
            for (Outcome<Connection> outcome : outcomes) {
                outcome.get().close();
            }
        }
    }
}
