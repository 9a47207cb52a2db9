package dev.gangway.catalog;

import dev.gangway.GangwayException;
import dev.gangway.GangwayException.Code;
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
 */
record ScriptFile(String path, SourceText source, String origin) {

    static ScriptFile read(Location location, String path, String origin, byte[] content) throws SQLException {
        String name = location instanceof Location.Filesystem folder
                ? folder.path().resolve(path).toString()
                : location + "/" + path;
        try {
            return new ScriptFile(path, SourceText.decode(name, content), origin);
        } catch (SqlSyntaxException notText) {
            throw unreadable(notText);
        }
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
        return path.substring(0, path.lastIndexOf('/') + 1) + otherName;
    }

    /** {@return how a message tells this file from another} */
    String describe(ScriptFile other) {
        String name = source.name();
        return name.equals(other.source.name()) ? name + " (" + origin + ")" : name;
    }
}
