package dev.gangway.catalog;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gangway.migration.Attachment;
import dev.gangway.migration.Migration;
import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.Collections;
import java.util.Enumeration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.loader.launch.LaunchedClassLoader;
import org.springframework.boot.loader.net.protocol.Handlers;
import org.springframework.boot.loader.net.protocol.jar.JarUrl;

/** The files beside a script, wherever that lies. */
class AttachmentsTest {
    private static final String SCRIPT = "insert into a values (${gangway:file:a.txt});\n\\copy b from 'data/b.csv'\n";

    private final Path folder;

    AttachmentsTest(@TempDir Path folder) {
        this.folder = folder;
    }

    @Test
    void liesInAFolder() throws Exception {
        write("sub/V1__x.sql", SCRIPT);
        write("sub/a.txt", "text");
        write("sub/data/b.csv", "1,2");

        Migration migration = load("filesystem:" + folder);

        assertHasBoth(migration);
        assertThat(migration.files().place("a.txt"))
                .isEqualTo(folder.resolve("sub/a.txt").toString());
    }

    @Test
    void liesInADirectoryOfTheClassPath() throws Exception {
        write("db/migration/V1__x.sql", SCRIPT);
        write("db/migration/a.txt", "text");
        write("db/migration/data/b.csv", "1,2");

        try (URLClassLoader loader = loader(folder)) {
            Migration migration = load(loader);

            assertHasBoth(migration);
            assertThat(migration.files().place("a.txt")).isEqualTo("classpath:db/migration/a.txt");
        }
    }

    @Test
    void liesInAJar() throws Exception {
        Path jar = withBoth(new TestJars().folder("db/migration"), "db/migration/sub/", "V1__x.sql")
                .write(folder.resolve("with space.jar"));

        try (URLClassLoader loader = loader(jar)) {
            assertHasBoth(load(loader));
        }
    }

    @Test
    void liesInAJarWithoutDirectoryEntries() throws Exception {
        Path jar = withBoth(new TestJars(), "db/migration/", "V1__x.sql").write(folder.resolve("a.jar"));

        try (URLClassLoader loader = loader(jar)) {
            assertHasBoth(load(loader));
        }
    }

    @Test
    void liesInAJarOfSpringBoot() throws Exception {
        Path boot = bootJar();
        Handlers.register();
        URL[] urls = {
            JarUrl.create(boot.toFile(), "BOOT-INF/classes/"), JarUrl.create(boot.toFile(), "BOOT-INF/lib/x.jar")
        };
        try (URLClassLoader loader = new LaunchedClassLoader(false, urls, null)) {
            List<Migration> migrations = migrations("classpath:db/migration", loader);
            assertThat(migrations).hasSize(2);
            assertHasBoth(migrations.get(0));
            assertHasBoth(migrations.get(1));
        }
    }

    @Test
    void liesInAJarOfSpringBootWhoseHandlerIsLost() throws Exception {
        Path boot = bootJar();
        List<URL> urls = List.of(
                new URL("jar:" + boot.toUri() + "!/BOOT-INF/classes!/db/migration"),
                new URL("jar:" + boot.toUri() + "!/BOOT-INF/lib/x.jar!/db/migration"));
        try (URLClassLoader loader = new URLClassLoader(new URL[0], null) {
            @Override
            public Enumeration<URL> getResources(String name) {
                return Collections.enumeration(urls);
            }
        }) {
            List<Migration> migrations = migrations("classpath:db/migration", loader);
            assertThat(migrations).hasSize(2);
            assertHasBoth(migrations.get(0));
            assertHasBoth(migrations.get(1));
            assertThatThrownBy(() -> migrations.get(1).files().open("none")).isInstanceOf(NoSuchFileException.class);
        }
    }

    @Test
    void liesInAPack() throws Exception {
        Migration migration = load("pack:for-tests-with-data");

        assertThat(read(migration, "names.txt")).isEqualTo("from the pack");
        assertThat(migration.files().place("names.txt")).isEqualTo("pack:for-tests-with-data/names.txt");
    }

    @Test
    void aScriptThatMentionsNoneHasTheChecksumThatItAlwaysHad() throws Exception {
        write("V1__x.sql", "select 1");
        write("a.txt", "text");
        write("db/migration/broken.jar", "no jar");

        Migration migration = load("filesystem:" + folder);

        assertThat(migration.checksum())
                .hasToString("sha256:08c73e1e25e31f91ed941c4746cb25c3fd709d5a096ca4144368bdb740e3d404");
        assertThat(migration.files().digests()).isEmpty();
    }

    @Test
    void theContentOfAMentionedFileIsPartOfTheChecksum() throws Exception {
        write("V1__x.sql", SCRIPT);
        write("V1__x.undo.sql", "delete from a where t = ${gangway:file:u.txt}");
        write("a.txt", "text");
        write("data/b.csv", "1,2");
        write("u.txt", "undo");
        Migration before = load("filesystem:" + folder);

        write("u.txt", "other undo");
        assertThat(load("filesystem:" + folder).checksum()).isEqualTo(before.checksum());
        write("a.txt", "other text");
        Migration between = load("filesystem:" + folder);
        assertThat(between.checksum()).isNotEqualTo(before.checksum());
        write("data/b.csv", "1,3");
        assertThat(load("filesystem:" + folder).checksum())
                .isNotEqualTo(between.checksum())
                .isNotEqualTo(before.checksum());
    }

    @Test
    void aMissingFileIsNamedWithWhereItWasLookedForAndWhatIsThere() throws IOException {
        write("V1__x.sql", "select 1,\n ${gangway:file:data/manual.json}");
        write("data/manuals.json", "[]");

        assertThatThrownBy(() -> load("filesystem:" + folder))
                .hasMessageStartingWith(
                        "GW001 " + folder.resolve("V1__x.sql") + ":2:2: The file \"data/manual.json\" is"
                                + " missing: there is no " + folder.resolve("data/manual.json")
                                + ". There is \"data/manuals.json\"; is that the one?")
                .hasMessageContaining("database: unchanged");
    }

    @Test
    void aMissingFileInAJarIsNamedTheSameWay() throws Exception {
        Path jar = new TestJars()
                .folder("db/migration")
                .file("db/migration/V1__x.sql", "\\copy t from 'item.cvs'")
                .file("db/migration/item.csv", "")
                .write(folder.resolve("a.jar"));

        try (URLClassLoader loader = loader(jar)) {
            assertThatThrownBy(() -> load(loader))
                    .hasMessageStartingWith(
                            "GW001 classpath:db/migration/V1__x.sql:1:14: The file \"item.cvs\" is missing:"
                                    + " there is no classpath:db/migration/item.cvs. There is \"item.csv\"; is that the one?");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"no/such/a.txt", "V1__x.sql/a.txt", "zzzzzzzzzz"})
    void whatIsNotThereHasNoHintWhenNothingIsLikeIt(String name) throws IOException {
        write("V1__x.sql", "select ${gangway:file:" + name + "}");

        assertThatThrownBy(() -> load("filesystem:" + folder))
                .hasMessageStartingWith("GW001 " + folder.resolve("V1__x.sql") + ":1:8: The file ")
                .hasMessageContaining(folder.resolve(name).toString())
                .hasMessageNotContaining("is that the one");
    }

    @Test
    void aFolderIsNoFile() throws IOException {
        write("V1__x.sql", "select ${gangway:file:data}");
        write("data/a.txt", "");

        assertThatThrownBy(() -> load("filesystem:" + folder))
                .hasMessageContaining("The file " + folder.resolve("data") + " cannot be read: it is a folder.");
    }

    @Test
    void aFolderInAJarIsNoFile() throws Exception {
        Path jar = new TestJars()
                .folder("db/migration")
                .folder("db/migration/data")
                .file("db/migration/V1__x.sql", "select ${gangway:file:data}")
                .write(folder.resolve("a.jar"));

        try (URLClassLoader loader = loader(jar)) {
            assertThatThrownBy(() -> load(loader)).hasMessageContaining("The file \"data\" is missing");
        }
    }

    @Test
    void aLinkThatLeavesTheLocationIsRefused(@TempDir Path elsewhere) throws IOException {
        Path secret = Files.writeString(elsewhere.resolve("secret.txt"), "secret");
        write("V1__x.sql", "select ${gangway:file:a.txt}");
        Files.createSymbolicLink(folder.resolve("a.txt"), secret);

        assertThatThrownBy(() -> load("filesystem:" + folder))
                .hasMessageStartingWith("GW001 " + folder.resolve("V1__x.sql") + ":1:8: ")
                .hasMessageContaining(
                        "it is reached through a symbolic link that leads out of the location filesystem:" + folder);
    }

    @Test
    void aLinkedFolderThatLeavesTheLocationIsRefused(@TempDir Path elsewhere) throws IOException {
        Files.writeString(elsewhere.resolve("secret.txt"), "secret");
        write("sub/V1__x.sql", "\\copy t from 'data/secret.txt'");
        Path location = folder.resolve("sub");
        Files.createSymbolicLink(location.resolve(".data"), elsewhere);
        write("sub/V1__x.sql", "\\copy t from '.data/secret.txt'");

        assertThatThrownBy(() -> load("filesystem:" + location)).hasMessageContaining("leads out of the location");
    }

    @Test
    void theLinksOfAKubernetesConfigMapAreFollowed() throws Exception {
        write("..2024_01_01/V1__x.sql", "select ${gangway:file:a.txt}");
        write("..2024_01_01/a.txt", "text");
        Files.createSymbolicLink(folder.resolve("..data"), Path.of("..2024_01_01"));
        Files.createSymbolicLink(folder.resolve("V1__x.sql"), Path.of("..data/V1__x.sql"));
        Files.createSymbolicLink(folder.resolve("a.txt"), Path.of("..data/a.txt"));

        assertThat(read(load("filesystem:" + folder), "a.txt")).isEqualTo("text");
    }

    @Test
    void entriesOfAJarOutsideOfTheLocationCannotBeReached() throws Exception {
        Path jar = new TestJars()
                .folder("db/migration")
                .file("db/secret.txt", "secret")
                .file("db/migration/V1__x.sql", "select 1")
                .write(folder.resolve("a.jar"));

        try (URLClassLoader loader = loader(jar)) {
            Migration migration = load(loader);
            assertThatThrownBy(() -> migration.files().open("../secret.txt")).isInstanceOf(NoSuchFileException.class);
            assertThatThrownBy(() -> migration.files().open("/db/secret.txt")).isInstanceOf(NoSuchFileException.class);
        }
    }

    private static void assertHasBoth(Migration migration) throws IOException {
        assertThat(read(migration, "a.txt")).isEqualTo("text");
        assertThat(read(migration, "data/b.csv")).isEqualTo("1,2");
        assertThat(migration.files().digests().keySet()).containsExactly("a.txt", "data/b.csv");
    }

    private static String read(Migration migration, String name) throws IOException {
        try (Attachment file = migration.files().open(name)) {
            byte[] content = file.content().readAllBytes();
            assertThat(file.size()).isIn(-1L, (long) content.length);
            return new String(content, UTF_8);
        }
    }

    private Path bootJar() throws IOException {
        byte[] library = withBoth(
                        new TestJars().folder("db").folder("db/migration"), "db/migration/lib/", "V2__library.sql")
                .bytes();
        TestJars boot = new TestJars()
                .folder("BOOT-INF")
                .folder("BOOT-INF/classes")
                .folder("BOOT-INF/classes/db")
                .folder("BOOT-INF/classes/db/migration")
                .folder("BOOT-INF/lib")
                .file("BOOT-INF/lib/x.jar", library);
        return withBoth(boot, "BOOT-INF/classes/db/migration/", "V1__app.sql").write(folder.resolve("boot.jar"));
    }

    private static TestJars withBoth(TestJars jar, String path, String script) {
        return jar.file(path + script, SCRIPT).file(path + "a.txt", "text").file(path + "data/b.csv", "1,2");
    }

    private void write(String path, String text) throws IOException {
        Path file = folder.resolve(path);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
    }

    private static URLClassLoader loader(Path classPathEntry) throws IOException {
        return new URLClassLoader(new URL[] {classPathEntry.toUri().toURL()}, null);
    }

    private static Migration load(ClassLoader loader) throws SQLException {
        return migrations("classpath:db/migration", loader).get(0);
    }

    private static Migration load(String location) throws SQLException {
        return migrations(location, AttachmentsTest.class.getClassLoader()).get(0);
    }

    private static List<Migration> migrations(String location, ClassLoader loader) throws SQLException {
        return MigrationCatalog.load(List.of(location), loader, name -> null).migrations();
    }
}
