package dev.gangway.catalog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gangway.migration.Migration;
import dev.gangway.sql.SqlSyntaxException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MigrationCatalogTest {

    private final Path folder;

    MigrationCatalogTest(@TempDir Path folder) {
        this.folder = folder;
    }

    @Test
    void migrationsComeInTheOrderInWhichTheyRun() throws Exception {
        write("R__b.sql", "select 1");
        write("V10__x.sql", "select 1");
        write("R__a.sql", "select 1");
        write("sub/folder/V2__y.sql", "select 1");
        write("001_z.sql", "select 1");
        write("README.md", "no SQL");
        write(".git/V3__hidden.sql", "select 1");

        assertThat(load().migrations())
                .extracting(Migration::script)
                .containsExactly("001_z.sql", "sub/folder/V2__y.sql", "V10__x.sql", "R__a.sql", "R__b.sql");
    }

    @Test
    void aMigrationKnowsItsCompanions() throws Exception {
        write("a/V1__x.sql", "create table x ()");
        write("a/V1__x.undo.sql", "drop table x");
        write("a/V1__x.verify.sql", "select 'c', 'n', true");
        write("V2__y.sql", "create table y ()");
        write("U2.0__y.sql", "drop table y");

        List<Migration> migrations = load().migrations();

        assertThat(migrations)
                .extracting(Migration::undo)
                .extracting(text -> text == null ? null : text.text())
                .containsExactly("drop table x", "drop table y");
        assertThat(migrations)
                .extracting(Migration::verify)
                .extracting(text -> text == null ? null : text.text())
                .containsExactly("select 'c', 'n', true", null);
    }

    @Test
    void aPackIsReadWithoutTheThreadsClassLoader() throws SQLException {
        assertThat(load("pack:for-tests").migrations())
                .extracting(migration -> migration.source().name())
                .containsExactly("pack:for-tests/V1__x.sql");
    }

    @Test
    void anEmptyFolderIsFine() throws SQLException {
        assertThat(load().migrations()).isEmpty();
    }

    @Test
    void aMissingFolderIsNamedWithItsFullPath() {
        assertThatThrownBy(() -> load("filesystem:no/such/folder"))
                .hasMessageStartingWith("GW004 The location filesystem:no/such/folder does not exist")
                .hasMessageContaining(Path.of("no/such/folder").toAbsolutePath().toString())
                .hasMessageContaining("Create it");
    }

    @Test
    void aFileIsNoLocation() throws IOException {
        write("V1__x.sql", "");

        assertThatThrownBy(() -> load("filesystem:" + folder.resolve("V1__x.sql")))
                .hasMessageStartingWith("GW004")
                .hasMessageContaining("Write the folder that it is in: filesystem:" + folder);
    }

    @ParameterizedTest
    @CsvSource({
        "db/migration, 'classpath:db/migration, filesystem:/srv/migrations or pack:sheratan-store'",
        "http://x, 'classpath:db/migration, filesystem:/srv/migrations or pack:sheratan-store'",
        "classpath:, Write a folder",
        "classpath:/, Write a folder",
        "filesystem:, filesystem:/srv/migrations",
        "classpath:a/../b, Write the folder's path without it",
        "filesystem:../x, Write the folder's path without it",
        "pack:Sheratan/Store, such as pack:sheratan-store",
        "pack:no-such-pack, There is no pack:no-such-pack in this version",
    })
    void aWrongLocationSaysWhatIsRight(String location, String advice) {
        assertThatThrownBy(() -> load(location)).hasMessageStartingWith("GW004").hasMessageContaining(advice);
    }

    @Test
    void twoMigrationsWithTheSameVersionAreBothNamed() throws IOException {
        write("V1__a.sql", "select 1");
        write("V1.0__b.sql", "select 2");

        assertThatThrownBy(this::load)
                .hasMessageStartingWith("GW002 Two migrations have the version 1: ")
                .hasMessageContaining(folder.resolve("V1__a.sql").toString())
                .hasMessageContaining(folder.resolve("V1.0__b.sql").toString())
                .hasMessageContaining("Rename the one");
    }

    @Test
    void twoRepeatableMigrationsWithTheSameDescriptionAreBothNamed() throws IOException {
        write("a/R__x.sql", "select 1");
        write("b/R__x.sql", "select 1");

        assertThatThrownBy(this::load)
                .hasMessageStartingWith("GW002 Two repeatable migrations have the description \"x\"")
                .hasMessageContaining("a/R__x.sql")
                .hasMessageContaining("b/R__x.sql");
    }

    @ParameterizedTest
    @CsvSource({"V1__x.undo.sql, Name it after its migration", "R__x.verify.sql, Name it after", "U1__x.sql, Give it"})
    void aCompanionWithoutItsMigrationIsRefused(String name, String advice) throws IOException {
        write(name, "select 1");

        assertThatThrownBy(this::load)
                .hasMessageStartingWith("GW002 The file " + folder.resolve(name))
                .hasMessageContaining(advice);
    }

    @Test
    void twoUndoScriptsForOneMigrationAreRefused() throws IOException {
        write("V1__x.sql", "select 1");
        write("V1__x.undo.sql", "select 1");
        write("U1__x.sql", "select 1");

        assertThatThrownBy(this::load).hasMessageStartingWith("GW002 Two files undo the same migration");
    }

    @Test
    void aMistakenNameIsRefusedWithTheRightOne() throws IOException {
        write("V1_x.sql", "select 1");

        assertThatThrownBy(this::load)
                .hasMessageStartingWith("GW001 The file " + folder.resolve("V1_x.sql"))
                .hasMessageContaining("Rename it to V1__x.sql");
    }

    @Test
    void whatIsWrongInAScriptIsNamedWithFileLineAndColumn() throws IOException {
        write("V1__x.sql", "select 1;\nselect 'never closed");

        assertThatThrownBy(this::load)
                .hasMessageStartingWith("GW001 " + folder.resolve("V1__x.sql") + ":2:8: ")
                .hasCauseInstanceOf(SqlSyntaxException.class);
    }

    @Test
    void aFileInAnotherEncodingIsRefused() throws IOException {
        Files.write(folder.resolve("V1__x.sql"), "select 'ä'".getBytes(StandardCharsets.ISO_8859_1));

        assertThatThrownBy(this::load)
                .hasMessageStartingWith("GW001 " + folder.resolve("V1__x.sql") + ":1:9: ")
                .hasMessageContaining("UTF-8");
    }

    @Test
    void aLinkThatLeavesTheFolderIsRefused(@TempDir Path elsewhere) throws IOException {
        Path target = Files.writeString(elsewhere.resolve("V1__x.sql"), "select 1");
        Files.createSymbolicLink(folder.resolve("V1__x.sql"), target);

        assertThatThrownBy(this::load)
                .hasMessageStartingWith("GW004 The symbolic link " + folder.resolve("V1__x.sql") + " leads out")
                .hasMessageContaining("Put the file itself there");
    }

    @Test
    void aLinkedFolderThatLeavesTheFolderIsRefused(@TempDir Path elsewhere) throws IOException {
        Files.createSymbolicLink(folder.resolve("more"), elsewhere);

        assertThatThrownBy(this::load).hasMessageStartingWith("GW004 The symbolic link");
    }

    @Test
    void aLinkBackToTheFolderEndsTheSearch() throws Exception {
        write("V1__x.sql", "select 1");
        Files.createSymbolicLink(folder.resolve("again"), folder);

        assertThat(load().migrations()).hasSize(1);
    }

    @Test
    void theLinksOfAKubernetesConfigMapAreFollowed() throws Exception {
        write("..2024_01_01/V1__x.sql", "select 1");
        Files.createSymbolicLink(folder.resolve("..data"), Path.of("..2024_01_01"));
        Files.createSymbolicLink(folder.resolve("V1__x.sql"), Path.of("..data/V1__x.sql"));

        assertThat(load().migrations()).extracting(Migration::script).containsExactly("V1__x.sql");
    }

    @Test
    void oneLocationInsideAnotherIsReadOnce() throws Exception {
        write("sub/V1__x.sql", "select 1");

        assertThat(load("filesystem:" + folder, "filesystem:" + folder.resolve("sub"))
                        .migrations())
                .extracting(Migration::script)
                .containsExactly("sub/V1__x.sql");
    }

    @Test
    void twoLocationsWithDifferentFilesOfOneNameAreRefused() throws IOException {
        write("a/V1__x.sql", "select 1");
        write("b/V1__x.sql", "select 2");

        assertThatThrownBy(() -> load("filesystem:" + folder.resolve("a"), "filesystem:" + folder.resolve("b")))
                .hasMessageStartingWith("GW002 Two different files have the same name")
                .hasMessageContaining(folder.resolve("a/V1__x.sql").toString())
                .hasMessageContaining(folder.resolve("b/V1__x.sql").toString());
    }

    @Test
    void aRepeatableMigrationChangesWithThePlaceholdersItUses() throws Exception {
        write("R__x.sql", "select ${size}, '${gangway:user}'");
        write("R__raw.sql", "-- gangway: placeholders=off\nselect '${size}'");
        write("V1__x.sql", "select ${size}");

        List<Migration> small = load(Map.of("size", "3")).migrations();
        List<Migration> large = load(Map.of("size", "4", "other", "5")).migrations();

        assertThat(small.get(0).checksum()).isEqualTo(large.get(0).checksum());
        assertThat(small.get(1).checksum()).isEqualTo(large.get(1).checksum());
        assertThat(small.get(2).checksum()).isNotEqualTo(large.get(2).checksum());
    }

    private void write(String path, String text) throws IOException {
        Path file = folder.resolve(path);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
    }

    private MigrationSet load() throws SQLException {
        return load("filesystem:" + folder);
    }

    private MigrationSet load(Map<String, String> placeholders) throws SQLException {
        return MigrationCatalog.load(List.of("filesystem:" + folder), null, placeholders::get);
    }

    private static MigrationSet load(String... locations) throws SQLException {
        return MigrationCatalog.load(List.of(locations), null, name -> null);
    }
}
