package dev.gangway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gangway.testkit.FleetOfClassLoaders;
import dev.gangway.testkit.FleetOfClassLoaders.Outcome;
import dev.gangway.testkit.MigrationFolder;
import dev.gangway.testkit.TcpProxy;
import dev.gangway.testkit.TestDatabase;
import dev.gangway.testkit.TestServer;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Many processes that start at the same moment. */
@Timeout(120)
class FleetIT {

    private static final Logger LOG = LoggerFactory.getLogger(FleetIT.class);

    private static final int PROCESSES = 32;
    private static final int MIGRATIONS = 20;

    private static final int LATER_PROCESSES = 200;

    private static MigrationFolder folder;
    private static FleetOfClassLoaders fleet;

    /** Java's own start is no matter here: each member has connected before, to another database. */
    @BeforeAll
    static void warmUp(@TempDir Path directory) throws Exception {
        folder = MigrationFolder.in(directory);
        folder.add("V1__log.sql", "create table log(id serial, entry text); insert into log(entry) values ('m1');");
        for (int i = 2; i <= MIGRATIONS; i++) {
            folder.add("V%d__entry.sql".formatted(i), "insert into log(entry) values ('m%d');".formatted(i));
        }
        fleet = FleetOfClassLoaders.of(PROCESSES);
        try (TestDatabase other = TestServer.newDatabase()) {
            closeAll(fleet.connectAll(urlOf(other), new Properties()));
        }
    }

    @AfterAll
    static void closeFleet() {
        fleet.close();
    }

    @Test
    void thirtyTwoProcessesAtOnceApplyEachMigrationOnceAndAllGetTheirConnection() throws Exception {
        try (TestDatabase database = TestServer.newDatabase()) {
            List<Outcome<Connection>> outcomes = fleet.connectAll(urlOf(database), new Properties());

            assertThat(outcomes).extracting(Outcome::failure).containsOnlyNulls();
            closeAll(outcomes);
            assertThat(Observed.in(database).history()).isEqualTo(numbered("%d:applied"));
            assertThat(Observed.in(database).log()).isEqualTo(numbered("m%d"));
            assertThat(Observed.in(database).advisoryLocks()).isZero();
            logSpread(outcomes);
        }
    }

    @Test
    void twoHundredProcessesWithNothingPendingTakeNoLockAndOneRoundTripMoreThanPgjdbc() throws Exception {
        try (TestDatabase database = TestServer.newDatabase();
                TcpProxy proxy = TcpProxy.to(database.server())) {
            fleet.members().get(0).connect(urlOf(database), new Properties()).close();
            int bare = roundTripsOfABareConnect(proxy, database);
            proxy.reset();

            // Each URL has a gate of its own, as each process has.
            List<Outcome<List<Connection>>> outcomes = fleet.runAll(member -> {
                List<Connection> connections = new ArrayList<>();
                for (int process = member.number(); process < LATER_PROCESSES; process += PROCESSES) {
                    String url = proxy.address()
                            .gangwayUrl(
                                    database.name(),
                                    "ApplicationName=process-" + process,
                                    "gangway.locations=" + folder.location());
                    connections.add(member.connect(url, new Properties()));
                }
                return connections;
            });

            assertThat(outcomes).extracting(Outcome::failure).containsOnlyNulls();
            assertThat(proxy.connections()).isEqualTo(LATER_PROCESSES);
            assertThat(proxy.roundTrips()).isEqualTo(LATER_PROCESSES * (bare + 1));
            assertThat(proxy.sql()).noneMatch(sql -> sql.contains("advisory"));
            for (Outcome<List<Connection>> outcome : outcomes) {
                for (Connection connection : outcome.get()) {
                    connection.close();
                }
            }
            logSpread(outcomes);
        }
    }

    private static int roundTripsOfABareConnect(TcpProxy proxy, TestDatabase database) throws SQLException {
        proxy.reset();
        try (Connection bare = proxy.address().connect(database.name())) {
            assertThat(bare.isClosed()).isFalse();
            return proxy.roundTrips();
        }
    }

    private static String urlOf(TestDatabase database) {
        return database.gangwayUrl("gangway.locations=" + folder.location());
    }

    private static String numbered(String format) {
        return IntStream.rangeClosed(1, MIGRATIONS).mapToObj(format::formatted).collect(Collectors.joining(" "));
    }

    private static void closeAll(List<Outcome<Connection>> outcomes) throws SQLException {
        for (Outcome<Connection> outcome : outcomes) {
            outcome.get().close();
        }
    }

    private static void logSpread(List<? extends Outcome<?>> outcomes) {
        List<Duration> elapsed =
                outcomes.stream().map(Outcome::elapsed).sorted().collect(Collectors.toList());
        LOG.warn(
                "{} processes at once: first connected after {} ms, half after {} ms, last after {} ms",
                outcomes.size(),
                elapsed.get(0).toMillis(),
                elapsed.get(elapsed.size() / 2).toMillis(),
                elapsed.get(elapsed.size() - 1).toMillis());
    }
}
