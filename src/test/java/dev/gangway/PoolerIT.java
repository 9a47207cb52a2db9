package dev.gangway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gangway.testkit.FleetOfClassLoaders;
import dev.gangway.testkit.FleetOfClassLoaders.Outcome;
import dev.gangway.testkit.MigrationFolder;
import dev.gangway.testkit.PgBouncer;
import dev.gangway.testkit.TestDatabase;
import dev.gangway.testkit.TestServer;
import java.nio.file.Path;
import java.sql.Connection;
import java.util.List;
import java.util.Properties;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Many processes behind a transaction pooler that has fewer sessions than there are processes. */
@Timeout(120)
class PoolerIT {

    private static final Logger LOG = LoggerFactory.getLogger(PoolerIT.class);

    private static final int PROCESSES = 20;
    private static final int SESSIONS = 5;
    private static final int MIGRATIONS = 10;

    private final Path directory;

    PoolerIT(@TempDir Path directory) {
        this.directory = directory;
    }

    @Test
    void twentyProcessesMigrateAndConnectThroughFiveSessionsAndLeaveNothingLocked() throws Exception {
        MigrationFolder folder = MigrationFolder.in(directory)
                .add("V1__log.sql", "create table log(id serial, entry text); insert into log(entry) values ('m1');");
        for (int i = 2; i <= MIGRATIONS; i++) {
            folder.add("V%d__entry.sql".formatted(i), "insert into log(entry) values ('m%d');".formatted(i));
        }
        try (TestDatabase database = TestServer.newDatabase();
                PgBouncer pooler = PgBouncer.inFrontOf(database.server(), "transaction", SESSIONS);
                FleetOfClassLoaders first = FleetOfClassLoaders.of(PROCESSES);
                FleetOfClassLoaders second = FleetOfClassLoaders.of(PROCESSES)) {
            String url = pooler.address()
                    .gangwayUrl(database.name(), "prepareThreshold=0", "gangway.locations=" + folder.location());

            connectAndLeaveNothing(first, url, database);
            assertThat(Observed.in(database).history()).isEqualTo(numbered("%d:applied"));
            assertThat(Observed.in(database).log()).isEqualTo(numbered("m%d"));

            connectAndLeaveNothing(second, url, database);
            assertThat(Observed.in(database).log()).isEqualTo(numbered("m%d"));
        }
    }

    private static void connectAndLeaveNothing(FleetOfClassLoaders fleet, String url, TestDatabase database)
            throws Exception {
        List<Outcome<Connection>> outcomes = fleet.connectAll(url, new Properties());

        assertThat(outcomes).extracting(Outcome::failure).containsOnlyNulls();
        assertThat(Observed.in(database).advisoryLocks()).isZero();
        assertThat(Observed.in(database).idleInTransaction()).isZero();
        for (Outcome<Connection> outcome : outcomes) {
            outcome.get().close();
        }
        List<Long> millis = outcomes.stream()
                .map(outcome -> outcome.elapsed().toMillis())
                .sorted()
                .collect(Collectors.toList());
        LOG.warn("first connected after {} ms, last after {} ms", millis.get(0), millis.get(PROCESSES - 1));
    }

    private static String numbered(String format) {
        return IntStream.rangeClosed(1, MIGRATIONS).mapToObj(format::formatted).collect(Collectors.joining(" "));
    }
}
