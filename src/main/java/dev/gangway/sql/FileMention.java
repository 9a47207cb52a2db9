package dev.gangway.sql;

import org.jspecify.annotations.Nullable;

/**
 * A place in a script that names a file beside it.
 *
 * @param name relative to the script's folder, with '/' between folders; never leads out of it
 * @param position where in the script
 * @param rows whether the file holds rows for <code>\copy</code>; otherwise its text is wanted as a literal
 */
public record FileMention(String name, Position position, boolean rows) {

    /** {@return what is wrong with such a name, or null} */
    static @Nullable String problem(String name) {
        if (name.isEmpty()) {
            return "The name of the file is missing.";
        }
        if (name.indexOf('\\') >= 0) {
            return "The name of the file has a backslash. Write / between folders.";
        }
        if (name.startsWith("/") || name.startsWith("~") || (name.length() > 1 && name.charAt(1) == ':')) {
            return "The file is named by a full path. " + RULE;
        }
        for (String part : name.split("/", -1)) {
            if (part.equals("..")) {
                return "The file's name leads out of the script's folder. " + RULE;
            }
            if (part.isEmpty() || part.equals(".")) {
                return "The file's name is no plain path. " + RULE;
            }
        }
        return null;
    }

    private static final String RULE =
            "A data file lies in the folder of its migration, or in a folder below, and is named"
                    + " from there: manuals.json, data/manuals.json.";
}
