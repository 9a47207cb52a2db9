package dev.gangway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.gangway.testkit.Await;
import dev.gangway.testkit.LocalPostgres;
import dev.gangway.testkit.LocalReplica;
import dev.gangway.testkit.MigrationFolder;
import dev.gangway.testkit.ServerAddress;
import dev.gangway.testkit.Sql;
import dev.gangway.testkit.TcpProxy;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Processes that wait for others to migrate: on a streaming standby, or because they are told to. */
@Timeout(120)
class StandbyIT {

    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final int LOOKS = 4;

    private static LocalPostgres primary;
    private static LocalReplica standby;
    private static String location;

    private final String database;

    StandbyIT() throws SQLException {
        database = primary.createDatabase("followed");
        standby.waitUntilReplayed();
    }

    @BeforeAll
    static void startServers(@TempDir Path directory) {
        primary = LocalPostgres.start();
        standby = LocalPostgres.replicaOf(primary);
        location = MigrationFolder.in(directory)
                .add("V1__log.sql", "create table log(id serial, entry text); insert into log(entry) values ('m1');")
                .add("V2__last.sql", "insert into log(entry) values ('m2');")
                .location();
    }

    @AfterAll
    static void stopServers() {
        standby.close();
        primary.close();
    }

    @Test
    void aCurrentStandbyCostsOneRoundTripMoreThanPgjdbc() throws Exception {
        ThisProcess.connect(urlOf(primary.address())).close();
        standby.waitUntilReplayed();
        try (TcpProxy proxy = TcpProxy.to(standby.address())) {
            int bare;
            try (Connection connection = proxy.address().connect(database)) {
                assertThat(connection.isClosed()).isFalse();
                bare = proxy.roundTrips();
            }
            proxy.reset();
            try (Connection connection = ThisProcess.connect(urlOf(proxy.address()))) {
                assertThat(proxy.roundTrips()).isEqualTo(bare + 1);
                assertThat(proxy.connections()).isEqualTo(1);
                assertIsOnMigratedStandby(connection);
            }
        }
    }

    @Test
    void aPendingStandbyWaitsUntilThePrimaryIsMigratedAndReplayed() throws Exception {
        standby.pauseReplay();
        try (TcpProxy proxy = TcpProxy.to(standby.address())) {
            CompletableFuture<Connection> waiting = ThisProcess.connecting(urlOf(proxy.address()));
            awaitLooks(proxy);
            ThisProcess.connect(urlOf(primary.address())).close();
            awaitLooks(proxy);
            assertThat(waiting).isNotDone();

            standby.resumeReplay();
            try (Connection connection = waiting.get(30, TimeUnit.SECONDS)) {
                assertIsOnMigratedStandby(connection);
            }
            assertThat(proxy.sql()).noneMatch(sql -> sql.contains("advisory"));
        } finally {
            standby.resumeReplay();
        }
    }

    @Test
    void aPendingStandbyIsRefusedWhenNobodyMigratesThePrimaryInTime() {
        Throwable refusal =
                catchThrowable(() -> ThisProcess.connect(urlOf(standby.address(), "gangway.waitTimeout=1s")));

        assertThat(refusal)
                .isInstanceOf(SQLTransientConnectionException.class)
                .hasMessageStartingWith("GW006")
                .hasMessageContaining("standby")
                .hasMessageContaining("next: migrate the primary");
        assertThat(((GangwayException) refusal).code()).isEqualTo(GangwayException.Code.READ_ONLY_SERVER);
    }

    @Test
    void aUrlOfSeveralHostsMigratesOnThePrimaryAndHandsOutTheStandbyOnceItHasReplayed() throws Exception {
        standby.pauseReplay();
        try (TcpProxy proxy = TcpProxy.to(standby.address())) {
            String url =
                    "jdbc:gangway:postgresql://127.0.0.1:%d,127.0.0.1:%d/%s?user=postgres&targetServerType=any&gangway.locations=%s"
                            .formatted(proxy.address().port(), primary.port(), database, location);
            CompletableFuture<Connection> connecting = ThisProcess.connecting(url);
            Observed observed = new Observed(primary.address(), database);
            Await.until("the primary is migrated", PATIENCE, () -> observed.history()
                    .equals("1:applied 2:applied"));
            awaitLooks(proxy);
            assertThat(connecting).isNotDone();

            standby.resumeReplay();
            try (Connection connection = connecting.get(30, TimeUnit.SECONDS)) {
                assertIsOnMigratedStandby(connection);
            }
            assertThat(observed.log()).isEqualTo("m1 m2");
        } finally {
            standby.resumeReplay();
        }
    }

    @Test
    void modeWaitPassesWhenAnotherProcessHasMigratedAndNeverTriesToLead() throws Exception {
        try (TcpProxy proxy = TcpProxy.to(primary.address())) {
            CompletableFuture<Connection> waiting = ThisProcess.connecting(urlOf(proxy.address(), "gangway.mode=wait"));
            awaitLooks(proxy);
            assertThat(waiting).isNotDone();

            ThisProcess.connect(urlOf(primary.address())).close();
            try (Connection connection = waiting.get(30, TimeUnit.SECONDS)) {
                assertThat(Sql.ask(connection, "select count(*) from log")).isEqualTo("2");
            }
            assertThat(proxy.sql()).noneMatch(sql -> sql.contains("advisory"));
        }
    }

    @Test
    void modeWaitIsRefusedWhenNobodyMigratesInTime() throws Exception {
        Throwable refusal = catchThrowable(
                () -> ThisProcess.connect(urlOf(primary.address(), "gangway.mode=wait", "gangway.waitTimeout=1s")));

        assertThat(refusal).isInstanceOf(SQLTransientConnectionException.class).hasMessageStartingWith("GW003");
        assertThat(((GangwayException) refusal).code()).isEqualTo(GangwayException.Code.WAIT_TIMED_OUT);
        assertThat(primary.address().ask(database, "select to_regclass('gangway_history')"))
                .isNull();
    }

    private static void assertIsOnMigratedStandby(Connection connection) throws SQLException {
        assertThat(Sql.ask(connection, "select pg_is_in_recovery()")).isEqualTo("t");
        assertThat(Sql.ask(connection, "select string_agg(entry, ' ' order by id) from log"))
                .isEqualTo("m1 m2");
    }

    /** Returns when somebody has looked through the proxy a few times more whether the schema is current. */
    private static void awaitLooks(TcpProxy proxy) {
        int before = proxy.connections();
        Await.until("somebody looks again and again", PATIENCE, () -> proxy.connections() >= before + LOOKS);
    }

    private String urlOf(ServerAddress server, String... more) {
        String[] parameters = new String[more.length + 1];
        System.arraycopy(more, 0, parameters, 0, more.length);
        parameters[more.length] = "gangway.locations=" + location;
        return server.gangwayUrl(database, parameters);
    }
}
