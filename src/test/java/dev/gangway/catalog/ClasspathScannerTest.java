package dev.gangway.catalog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gangway.migration.Migration;
import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.net.URLClassLoader;
import java.net.URLConnection;
import java.net.URLStreamHandler;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.Collections;
import java.util.Enumeration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.loader.launch.LaunchedClassLoader;
import org.springframework.boot.loader.net.protocol.Handlers;
import org.springframework.boot.loader.net.protocol.jar.JarUrl;

class ClasspathScannerTest {

    private final Path folder;

    ClasspathScannerTest(@TempDir Path folder) {
        this.folder = folder;
    }

    @Test
    void aDirectoryIsRead() throws Exception {
        Path scripts = Files.createDirectories(folder.resolve("with space/db/migration/sub"));
        Files.writeString(scripts.resolve("V1__x.sql"), "select 1");

        assertThat(scripts(folder.resolve("with space"))).containsExactly("sub/V1__x.sql");
    }

    @Test
    void aJarIsRead() throws Exception {
        Path jar = new TestJars()
                .folder("db")
                .folder("db/migration")
                .file("db/migration/V1__x.sql", "select 1")
                .file("db/migration/sub/V2__x.sql", "select 1")
                .file("db/migration/notes.txt", "")
                .file("db/migrations/V3__other.sql", "select 1")
                .write(folder.resolve("with space.jar"));

        assertThat(scripts(jar)).containsExactly("V1__x.sql", "sub/V2__x.sql");
    }

    @Test
    void aJarWithoutDirectoryEntriesIsRead() throws Exception {
        Path jar = new TestJars().file("db/migration/V1__x.sql", "select 1").write(folder.resolve("a.jar"));

        assertThat(scripts(jar)).containsExactly("V1__x.sql");
    }

    @Test
    void aJarWithoutDirectoryEntriesIsReadThroughTheClassPathOfAManifest() throws Exception {
        new TestJars()
                .file("META-INF/MANIFEST.MF", "Manifest-Version: 1.0\n")
                .file("db/migration/V1__x.sql", "select 1")
                .write(folder.resolve("library.jar"));
        Path thin = new TestJars()
                .file("META-INF/MANIFEST.MF", "Manifest-Version: 1.0\nClass-Path: library.jar missing.jar\n")
                .write(folder.resolve("thin.jar"));

        assertThat(scripts(thin)).containsExactly("V1__x.sql");
    }

    @Test
    void whatIsNoJarOnTheClassPathIsPassedOver() throws Exception {
        Path noJar = Files.writeString(folder.resolve("native.so"), "no jar");
        Path jar = new TestJars().file("db/migration/V1__x.sql", "select 1").write(folder.resolve("a.jar"));

        assertThat(scripts(noJar, folder.resolve("missing.jar"), jar)).containsExactly("V1__x.sql");
    }

    @Test
    void anEmptyFolderInAJarIsFine() throws Exception {
        Path jar = new TestJars().folder("db/migration").write(folder.resolve("a.jar"));

        assertThat(scripts(jar)).isEmpty();
    }

    @Test
    void allEntriesOfTheClassPathAreMergedAndCopiesCountOnce() throws Exception {
        TestJars one = new TestJars().folder("db/migration").file("db/migration/V1__x.sql", "select 1");
        Path first = one.write(folder.resolve("first.jar"));
        Path second = one.file("db/migration/V2__y.sql", "select 1").write(folder.resolve("second.jar"));

        assertThat(scripts(first, second)).containsExactly("V1__x.sql", "V2__y.sql");
    }

    @Test
    void differentFilesOfOneNameAreNamedWithTheirJars() throws Exception {
        Path first = new TestJars()
                .folder("db/migration")
                .file("db/migration/V1__x.sql", "select 1")
                .write(folder.resolve("first.jar"));
        Path second = new TestJars()
                .folder("db/migration")
                .file("db/migration/V1__x.sql", "select 2")
                .write(folder.resolve("second.jar"));

        assertThatThrownBy(() -> scripts(first, second))
                .hasMessageStartingWith("GW002")
                .hasMessageContaining("classpath:db/migration/V1__x.sql (jar:file:")
                .hasMessageContaining("first.jar!/")
                .hasMessageContaining("second.jar!/");
    }

    @Test
    void anEntryThatLeavesTheFolderIsRefused() throws Exception {
        Path jar = new TestJars()
                .folder("db/migration")
                .file("db/migration/../../V1__x.sql", "select 1")
                .write(folder.resolve("a.jar"));

        assertThatThrownBy(() -> scripts(jar))
                .hasMessageStartingWith("GW004 The entry \"db/migration/../../V1__x.sql\"")
                .hasMessageContaining("Pack the jar again without it");
    }

    @Test
    void aMissingFolderSaysWhereToPutTheScripts() {
        assertThatThrownBy(() -> MigrationCatalog.load(List.of("classpath:no/such"), null, name -> null))
                .hasMessageStartingWith("GW004 The location classpath:no/such does not exist")
                .hasMessageContaining("src/main/resources/no/such");
    }

    @Test
    void theJarIsNotKeptOpen() throws Exception {
        TestJars content = new TestJars().folder("db/migration").file("db/migration/V1__x.sql", "select 1");
        Path jar = content.write(folder.resolve("a.jar"));
        assertThat(scripts(jar)).hasSize(1);

        content.file("db/migration/V2__x.sql", "select 1").write(jar);

        assertThat(scripts(jar)).hasSize(2);
    }

    @Test
    void springBootsLoaderIsUnderstood() throws Exception {
        Path boot = bootJar();
        Handlers.register();
        URL[] urls = {
            JarUrl.create(boot.toFile(), "BOOT-INF/classes/"), JarUrl.create(boot.toFile(), "BOOT-INF/lib/x.jar")
        };
        try (URLClassLoader loader = new LaunchedClassLoader(false, urls, null)) {
            assertThat(loader.getResource("db/migration"))
                    .hasProtocol("jar")
                    .asString()
                    .startsWith("jar:nested:");
            assertThat(scripts(loader)).containsExactly("V1__app.sql", "V2__library.sql");
        }
    }

    @Test
    void aJarInAJarIsReadWithoutSpringBootsHandlerToo() throws Exception {
        Path boot = bootJar();

        try (URLClassLoader loader = loaderOf(
                new URL("jar:" + boot.toUri() + "!/BOOT-INF/classes!/db/migration"),
                new URL("jar:" + boot.toUri() + "!/BOOT-INF/lib/x.jar!/db/migration"))) {
            assertThat(scripts(loader)).containsExactly("V1__app.sql", "V2__library.sql");
        }
    }

    @Test
    void anUnknownKindOfUrlIsRefusedWithAWayOut() throws Exception {
        URL url = new URL(null, "vfs:/deployment/app.war/db/migration", new URLStreamHandler() {
            @Override
            protected URLConnection openConnection(URL opened) throws IOException {
                throw new IOException("not to be opened");
            }
        });

        try (URLClassLoader loader = loaderOf(url)) {
            assertThatThrownBy(() -> scripts(loader))
                    .hasMessageStartingWith("GW004 The location classpath:db/migration was found at vfs:")
                    .hasMessageContaining("filesystem:/path");
        }
    }

    private Path bootJar() throws IOException {
        byte[] library = new TestJars()
                .folder("db")
                .folder("db/migration")
                .file("db/migration/V2__library.sql", "select 2")
                .bytes();
        return new TestJars()
                .folder("BOOT-INF")
                .folder("BOOT-INF/classes")
                .folder("BOOT-INF/classes/db")
                .folder("BOOT-INF/classes/db/migration")
                .file("BOOT-INF/classes/db/migration/V1__app.sql", "select 1")
                .folder("BOOT-INF/lib")
                .file("BOOT-INF/lib/x.jar", library)
                .write(folder.resolve("boot.jar"));
    }

    /** A loader that finds nothing but these URLs, as loaders of application servers give them. */
    private static URLClassLoader loaderOf(URL... resources) {
        return new URLClassLoader(new URL[0], null) {
            @Override
            public Enumeration<URL> getResources(String name) {
                return Collections.enumeration(List.of(resources));
            }

            @Override
            public InputStream getResourceAsStream(String name) {
                throw new AssertionError(name);
            }
        };
    }

    private static List<String> scripts(Path... classPath) throws IOException, SQLException {
        URL[] urls = new URL[classPath.length];
        for (int i = 0; i < urls.length; i++) {
            urls[i] = classPath[i].toUri().toURL();
        }
        try (URLClassLoader loader = new URLClassLoader(urls, null)) {
            return scripts(loader);
        }
    }

    private static List<String> scripts(ClassLoader loader) throws SQLException {
        return MigrationCatalog.load(List.of("classpath:db/migration"), loader, name -> null).migrations().stream()
                .map(Migration::script)
                .toList();
    }
}
