package dev.gangway.sql;

import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Replaces <code>${name}</code> anywhere in a script: in literals, identifiers, function bodies and comments too. A name
 * consists of ASCII letters, digits, {@code _}, {@code .}, {@code :} and {@code -}; behind {@code gangway:file:} of anything
 * but <code>}</code> and line ends. A value stands as it is; what looks like a placeholder in it is not replaced again.
 *
 * <p><code>${name:default}</code> is the default where {@code name} has no value; the default may be empty.
 */
public final class Placeholders {
    /** What a placeholder for a file's text begins with; the file's name and the closing brace follow. */
    static final String FILE_START = "${gangway:file:";

    private static final String KEEP_LITERALLY =
            " To keep ${…} literally in this script, put \"-- gangway: placeholders=off\" into its leading comment.";

    private Placeholders() {}

    /** Knows the values. */
    @FunctionalInterface
    public interface Resolver {

        /** {@return the placeholder's text, or null if there is no such placeholder} */
        @Nullable
        String value(String name);
    }

    /**
     * {@return the script with every placeholder replaced; its positions are still those in the file}
     *
     * @param raw as read; not itself the result of a replacement
     * @throws SqlSyntaxException if there is no value for a placeholder, or no name between its braces
     */
    public static SourceText replace(SourceText raw, Resolver values) throws SqlSyntaxException {
        String text = raw.text();
        int dollar = text.indexOf("${");
        if (dollar < 0) {
            return raw;
        }
        StringBuilder replaced = new StringBuilder(text.length() + 64);
        Replacements replacements = new Replacements();
        int copied = 0;
        for (; dollar >= 0; dollar = text.indexOf("${", copied)) {
            int close = closingBrace(raw, dollar);
            String name = text.substring(dollar + 2, close);
            String value = valueOrDefault(name, values);
            if (value == null) {
                throw unknown(raw, dollar, name);
            }
            replaced.append(text, copied, dollar);
            int start = replaced.length();
            replaced.append(value);
            copied = close + 1;
            replacements.add(start, replaced.length(), dollar, copied);
        }
        replaced.append(text, copied, text.length());
        return raw.with(replaced.toString(), replacements);
    }

    private static @Nullable String valueOrDefault(String written, Resolver values) {
        String value = values.value(written);
        String name = withoutDefault(written);
        if (value != null || name.length() == written.length()) {
            return value;
        }
        value = values.value(name);
        return value == null ? written.substring(name.length() + 1) : value;
    }

    /** {@return the name of a placeholder, of which a default may follow; those that are built in have none} */
    public static String withoutDefault(String written) {
        int colon = written.indexOf(':');
        return colon <= 0 || isBuiltIn(written) ? written : written.substring(0, colon);
    }

    private static boolean isBuiltIn(String name) {
        return name.toLowerCase(Locale.ROOT).startsWith("gangway:");
    }

    /**
     * {@return what stands between the braces of all placeholders of the script, sorted}
     *
     * @throws SqlSyntaxException if there is no name between the braces of one
     */
    public static Set<String> names(SourceText raw) throws SqlSyntaxException {
        Set<String> names = new TreeSet<>();
        String text = raw.text();
        int close;
        for (int dollar = text.indexOf("${"); dollar >= 0; dollar = text.indexOf("${", close)) {
            close = closingBrace(raw, dollar);
            names.add(text.substring(dollar + 2, close));
        }
        return names;
    }

    private static int closingBrace(SourceText raw, int dollar) throws SqlSyntaxException {
        int close = closingBrace(raw.text(), dollar, raw.text().length());
        if (close < 0) {
            throw malformed(raw, dollar);
        }
        return close;
    }

    /**
     * {@return the offset of the brace that closes the placeholder, or -1 if none begins here}
     *
     * @param dollar the offset of <code>${</code>
     * @param limit where the text ends
     */
    static int closingBrace(String text, int dollar, int limit) {
        int end = nameEnd(text, dollar, limit);
        return end > dollar + 2 && end < limit && text.charAt(end) == '}' ? end : -1;
    }

    /** {@return the offset of the first character that does not belong to the name of the placeholder that begins there} */
    static int nameEnd(String text, int dollar, int limit) {
        boolean file = text.startsWith(FILE_START, dollar);
        int i = dollar + 2;
        while (i < limit && (file ? isFileNameCharacter(text.charAt(i)) : isNameCharacter(text.charAt(i)))) {
            i++;
        }
        return i;
    }

    static SqlSyntaxException malformed(SourceText raw, int dollar) {
        return new SqlSyntaxException(
                raw.positionAt(dollar),
                "\"${\" begins a placeholder, but no name and closing brace follow. A name consists of ASCII letters,"
                        + " digits and _ . : -." + KEEP_LITERALLY);
    }

    private static boolean isFileNameCharacter(char c) {
        return c != '}' && c >= ' ';
    }

    private static boolean isNameCharacter(char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || "_.:-".indexOf(c) >= 0;
    }

    private static SqlSyntaxException unknown(SourceText raw, int dollar, String name) {
        String advice;
        if (name.startsWith("gangway:file:")) {
            advice = "A file's text can stand in a script, but not here.";
        } else if (isBuiltIn(name)) {
            advice = "Built in are ${gangway:user}, ${gangway:database}, ${gangway:schema}, ${gangway:historyTable},"
                    + " ${gangway:vectorSchema} and ${gangway:file:NAME}.";
        } else {
            advice = "Set gangway.placeholders." + name
                    + " (in the URL, the connection properties, a system property, the environment or"
                    + " gangway.properties).";
        }
        return new SqlSyntaxException(
                raw.positionAt(dollar), "The placeholder ${" + name + "} has no value. " + advice + KEEP_LITERALLY);
    }
}
