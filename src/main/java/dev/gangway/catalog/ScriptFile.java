package dev.gangway.catalog;

import dev.gangway.GangwayException;
import dev.gangway.GangwayException.Code;
import dev.gangway.migration.Attachments;
import dev.gangway.sql.SourceText;
import dev.gangway.sql.SqlSyntaxException;
import java.sql.SQLException;
import java.util.Locale;

/**
 * An SQL file that was found.
 *
 * @param path relative to its location, with '/' between folders
 * @param source its text; the name is the one for users, {@code classpath:db/migration/V1__x.sql}
 * @param origin where exactly it lies, to tell apart what has the same name
 * @param attachments the files beside it
 */
record ScriptFile(String path, SourceText source, String origin, Attachments attachments) {

    static ScriptFile read(Location location, String path, String origin, byte[] content, Attachments attachments)
            throws SQLException {
        try {
            return new ScriptFile(path, SourceText.decode(name(location, path), content), origin, attachments);
        } catch (SqlSyntaxException notText) {
            throw unreadable(notText);
        }
    }

    /** {@return a file of a location as messages name it} */
    static String name(Location location, String path) {
        return location instanceof Location.Filesystem folder
                ? folder.path().resolve(path).toString()
                : location + "/" + path;
    }

    /** {@return the folder of a path with a '/' at its end; empty for a path without folders} */
    static String folder(String path) {
        return path.substring(0, path.lastIndexOf('/') + 1);
    }

    static SQLException unreadable(SqlSyntaxException cause) {
        return new GangwayException.Permanent(
                Code.MIGRATION_FAILED, """
                %s: %s
                  database: unchanged; nothing was applied
                  next:     correct the file and connect again""".formatted(cause.position(), cause.problem()), cause);
    }

    /** {@return whether a file is worth reading: it is SQL and neither it nor a folder above is hidden} */
    static boolean isWanted(String path) {
        return path.toLowerCase(Locale.ROOT).endsWith(".sql") && !path.startsWith(".") && !path.contains("/.");
    }

    String fileName() {
        return path.substring(path.lastIndexOf('/') + 1);
    }

    /** {@return the path of another file in the same folder} */
    String sibling(String otherName) {
        return folder(path) + otherName;
    }

    /** {@return how a message tells this file from another} */
    String describe(ScriptFile other) {
        String name = source.name();
        return name.equals(other.source.name()) ? name + " (" + origin + ")" : name;
    }
}
