package dev.gangway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gangway.testkit.FleetOfClassLoaders;
import dev.gangway.testkit.FleetOfClassLoaders.Outcome;
import dev.gangway.testkit.MigrationFolder;
import dev.gangway.testkit.TestDatabase;
import dev.gangway.testkit.TestServer;
import java.nio.file.Path;
import java.sql.Connection;
import java.time.Duration;
import java.util.List;
import java.util.Properties;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A migration that takes longer than other tools' processes are willing to wait. */
class LongMigrationIT {

    private static final Logger LOG = LoggerFactory.getLogger(LongMigrationIT.class);

    private static final Duration MIGRATION = Duration.ofSeconds(70);
    private static final int PROCESSES = 11;

    private final Path directory;

    LongMigrationIT(@TempDir Path directory) {
        this.directory = directory;
    }

    @Test
    @Timeout(180)
    void tenProcessesWaitForTheOneThatMigratesForSeventySecondsAndNoneFails() throws Exception {
        MigrationFolder folder = MigrationFolder.in(directory)
                .add("V1__log.sql", "create table log(id serial, entry text); insert into log(entry) values ('m1');")
                .add(
                        "V2__long.sql",
                        "select pg_sleep(%d); insert into log(entry) values ('m2');".formatted(MIGRATION.toSeconds()));
        try (TestDatabase database = TestServer.newDatabase();
                FleetOfClassLoaders fleet = FleetOfClassLoaders.of(PROCESSES)) {
            List<Outcome<Connection>> outcomes =
                    fleet.connectAll(database.gangwayUrl("gangway.locations=" + folder.location()), new Properties());

            assertThat(outcomes).extracting(Outcome::failure).containsOnlyNulls();
            assertThat(outcomes).extracting(Outcome::elapsed).allMatch(elapsed -> elapsed.compareTo(MIGRATION) >= 0);
            for (Outcome<Connection> outcome : outcomes) {
                outcome.get().close();
            }
            assertThat(Observed.in(database).history()).isEqualTo("1:applied 2:applied");
            assertThat(Observed.in(database).log()).isEqualTo("m1 m2");
            LOG.warn(
                    "first connected after {} ms, last after {} ms",
                    outcomes.stream()
                            .mapToLong(outcome -> outcome.elapsed().toMillis())
                            .min()
                            .orElseThrow(),
                    outcomes.stream()
                            .mapToLong(outcome -> outcome.elapsed().toMillis())
                            .max()
                            .orElseThrow());
        }
    }
}
