package dev.gangway.catalog;

import dev.gangway.GangwayException;
import dev.gangway.GangwayException.Code;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;

/** Where migrations are looked for. {@link Object#toString()} is the text that a user writes. */
public sealed interface Location {

    /**
     * A folder on the class path, in directories and jars alike.
     *
     * @param path without '/' at its ends, never empty
     */
    record Classpath(String path) implements Location {
        @Override
        public String toString() {
            return "classpath:" + path;
        }
    }

    /**
     * A folder of the file system.
     *
     * @param path as written; a relative one counts from the working directory
     */
    record Filesystem(Path path) implements Location {
        @Override
        public String toString() {
            return "filesystem:" + path;
        }
    }

    /**
     * A set of migrations that comes with Gangway.
     *
     * @param name small letters, digits and dashes
     */
    record Pack(String name) implements Location {
        @Override
        public String toString() {
            return "pack:" + name;
        }
    }

    /**
     * {@return the location}
     *
     * @throws SQLException GW004 when it has none of the three forms, is empty, or leaves its folder by {@code ..}
     */
    static Location parse(String text) throws SQLException {
        int colon = text.indexOf(':');
        String prefix = colon < 0 ? "" : text.substring(0, colon);
        String rest = text.substring(colon + 1).strip();
        if (climbs(rest)) {
            throw wrong(text, "it contains \"..\". Write the folder's path without it");
        }
        return switch (prefix) {
            case "classpath" -> classpath(text, rest);
            case "filesystem" -> filesystem(text, rest);
            case "pack" -> pack(text, rest);
            default ->
                throw wrong(
                        text,
                        "it does not say where to look. Write classpath:db/migration, filesystem:/srv/migrations or"
                                + " pack:sheratan-store");
        };
    }

    private static Location classpath(String text, String rest) throws SQLException {
        int from = 0;
        int to = rest.length();
        while (from < to && rest.charAt(from) == '/') {
            from++;
        }
        while (to > from && rest.charAt(to - 1) == '/') {
            to--;
        }
        String path = rest.substring(from, to);
        if (path.isEmpty()) {
            throw wrong(text, "it would be the whole class path. Write a folder, such as classpath:db/migration");
        }
        return new Classpath(path);
    }

    private static Location filesystem(String text, String rest) throws SQLException {
        if (rest.isEmpty()) {
            throw wrong(text, "the folder is missing. Write for example filesystem:/srv/migrations");
        }
        try {
            return new Filesystem(Path.of(rest));
        } catch (InvalidPathException invalid) {
            throw wrong(text, "it is no path of this system. Write for example filesystem:/srv/migrations");
        }
    }

    private static Location pack(String text, String rest) throws SQLException {
        if (!isPackName(rest)) {
            throw wrong(text, "a pack's name has small letters, digits and dashes, such as pack:sheratan-store");
        }
        return new Pack(rest);
    }

    private static boolean isPackName(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (!((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || (c == '-' && i > 0))) {
                return false;
            }
        }
        return !text.isEmpty();
    }

    /** {@return whether a part of the path is {@code ..}, whichever slash stands between its parts} */
    static boolean climbs(String path) {
        return List.of(path.replace('\\', '/').split("/", -1)).contains("..");
    }

    private static SQLException wrong(String text, String rule) {
        return new GangwayException.Permanent(
                Code.SETTING_WRONG, "The location \"%s\" in gangway.locations is wrong: %s.".formatted(text, rule));
    }
}
