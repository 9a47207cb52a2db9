package dev.gangway.cli;

import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Where migrations are when nobody says it: in a checkout, where the build takes {@code classpath:db/migration} from. The
 * class path of {@code java -jar} holds nothing of the application.
 */
final class DefaultLocation {
    static final Path FOLDER = Path.of("src", "main", "resources", "db", "migration");

    static final String LOCATION = "filesystem:" + FOLDER;

    private DefaultLocation() {}

    /** @param given what the options say; null for nothing */
    static boolean applies(@Nullable String given, Console console) {
        return given == null
                && console.variable("GANGWAY_LOCATIONS") == null
                && System.getProperty("gangway.locations") == null
                && !onClassPath("db/migration")
                && !onClassPath("gangway.properties")
                && Files.isDirectory(FOLDER);
    }

    private static boolean onClassPath(String name) {
        return DefaultLocation.class.getClassLoader().getResource(name) != null;
    }
}
