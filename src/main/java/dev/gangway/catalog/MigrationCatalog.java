package dev.gangway.catalog;

import dev.gangway.GangwayException;
import dev.gangway.GangwayException.Code;
import dev.gangway.migration.Migration;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Reads all migrations of an application. Stateless and thread-safe: each call reads the files again, in the thread that
 * calls.
 */
public final class MigrationCatalog {

    private static final String PACKS = "dev/gangway/packs/";

    private MigrationCatalog() {}

    /**
     * {@return the migrations of all locations together, and those in Java}
     *
     * @param locations as written in {@code gangway.locations}
     * @param contextLoader where the class path is searched first, usually the thread's context class loader; may be null
     * @param placeholders the configured placeholders, without the built-in ones: a repeatable migration runs again when
     *     the value of one that it uses has changed
     * @throws SQLException GW004 when a location is malformed, missing or cannot be read; GW002 when two files claim the
     *     same migration or a file belongs to none; GW001 when a file's name or text, or a class, cannot be taken as a
     *     migration, or when it mentions a data file that does not exist or cannot be read
     */
    public static MigrationSet load(
            List<String> locations,
            @Nullable ClassLoader contextLoader,
            Function<String, @Nullable String> placeholders)
            throws SQLException {
        List<ScriptFile> files = new ArrayList<>();
        for (String text : locations) {
            files.addAll(scan(Location.parse(text), contextLoader));
        }
        MigrationSet scripts = MigrationAssembler.assemble(files, placeholders);
        List<Migration> inJava = JavaMigrations.find(contextLoader);
        return inJava.isEmpty() ? scripts : together(scripts.migrations(), inJava);
    }

    /** Scripts were held against each other before; their messages know where each file lies. */
    private static MigrationSet together(List<Migration> scripts, List<Migration> inJava) throws SQLException {
        List<Migration> all = new ArrayList<>(scripts);
        for (Migration migration : inJava) {
            for (Migration other : all) {
                if (other.isSameAs(migration)) {
                    throw new GangwayException.Permanent(
                            Code.HISTORY_MISMATCH,
                            "Two migrations have the %s: %s and the class %s. Rename the one that was not applied anywhere yet."
                                    .formatted(
                                            migration.version() == null
                                                    ? "description \"" + migration.description() + "\""
                                                    : "version " + migration.version(),
                                            other.code() == null
                                                    ? other.source().name()
                                                    : "the class " + other.script(),
                                            migration.script()));
                }
            }
            all.add(migration);
        }
        return new MigrationSet(all);
    }

    private static List<ScriptFile> scan(Location location, @Nullable ClassLoader contextLoader) throws SQLException {
        if (location instanceof Location.Filesystem filesystem) {
            return scanFolder(filesystem);
        }
        if (location instanceof Location.Classpath classpath) {
            Optional<List<ScriptFile>> found =
                    new ClasspathScanner(location, classpath.path()).scan(ClasspathScanner.loaders(contextLoader));
            if (found.isEmpty()) {
                throw missingOnClasspath(classpath, contextLoader);
            }
            return found.get();
        }
        Location.Pack pack = (Location.Pack) location;
        Optional<List<ScriptFile>> found =
                new ClasspathScanner(location, PACKS + pack.name()).scan(Set.of(ClasspathScanner.ownLoader()));
        if (found.isEmpty()) {
            throw wrong(
                    ("There is no %s in this version of Gangway. Check the name, and whether the tool that packs your"
                                    + " application keeps resources below %s.")
                            .formatted(pack, PACKS));
        }
        return found.get();
    }

    private static List<ScriptFile> scanFolder(Location.Filesystem filesystem) throws SQLException {
        Path folder = filesystem.path().toAbsolutePath();
        if (!Files.exists(folder)) {
            String relative =
                    filesystem.path().isAbsolute() ? "" : " (relative paths count from the working directory)";
            throw wrong(
                    "The location %s does not exist: there is no folder %s%s. Create it, or correct gangway.locations."
                            .formatted(filesystem, folder, relative));
        }
        if (!Files.isDirectory(folder)) {
            throw wrong("The location %s is a file. Write the folder that it is in: filesystem:%s."
                    .formatted(filesystem, folder.getParent()));
        }
        return FolderScanner.scan(filesystem, folder);
    }

    private static SQLException missingOnClasspath(Location.Classpath location, @Nullable ClassLoader contextLoader) {
        int entries = System.getProperty("java.class.path", "").split(File.pathSeparator).length;
        String loader = contextLoader == null || contextLoader == ClassLoader.getSystemClassLoader()
                ? ""
                : ", nor where the class loader %s looks".formatted(contextLoader);
        return wrong(("The location %s does not exist: there is no folder %s in the class path (entries: %d)%s. Put the"
                        + " scripts into src/main/resources/%s, or set gangway.locations to where they are, such as"
                        + " filesystem:db/migration.")
                .formatted(location, location.path(), entries, loader, location.path()));
    }

    private static SQLException wrong(String message) {
        return new GangwayException.Permanent(Code.SETTING_WRONG, message);
    }
}
