package dev.gangway.packs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gangway.catalog.MigrationCatalog;
import dev.gangway.migration.Migration;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What can be told of each pack without a server. */
class EveryPackTest {
    private static final Path PACKS = Path.of("migrations");

    static List<String> packs() throws IOException {
        try (Stream<Path> folders = Files.list(PACKS)) {
            List<String> packs = folders.filter(Files::isDirectory)
                    .map(folder -> folder.getFileName().toString())
                    .sorted()
                    .toList();
            assertThat(packs).hasSizeGreaterThan(6);
            return packs;
        }
    }

    @ParameterizedTest
    @MethodSource("packs")
    void theReadmeLeadsToItsPageAndToItsOwnReadme(String pack) throws IOException {
        assertThat(Files.readString(Path.of("README.md")))
                .contains("[" + pack + "](docs/packs/" + pack + ".md)")
                .contains("](migrations/" + pack + "/README.md)");
        assertThat(Path.of("docs/packs/" + pack + ".md")).isRegularFile();
        assertThat(PACKS.resolve(pack).resolve("README.md")).isRegularFile();
    }

    @ParameterizedTest
    @MethodSource("packs")
    void eachOfItsMigrationsCanBeTakenBackAndSaysWhatKindItIs(String pack) throws SQLException {
        List<Migration> migrations = MigrationCatalog.load(List.of("pack:" + pack), null, name -> null)
                .migrations();

        assertThat(migrations).isNotEmpty().allSatisfy(migration -> {
            assertThat(migration.version()).as(migration.script()).isNotNull();
            assertThat(migration.undo()).as(migration.script()).isNotNull();
            assertThat(migration.source().text()).contains("-- gangway: type=");
        });
    }
}
