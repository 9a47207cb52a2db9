package dev.gangway.pgjdbc;

import org.jspecify.annotations.Nullable;

/** Literals and identifiers for SQL text that is sent as a simple-protocol message, which has no parameters. */
public final class Quote {
    private Quote() {}

    /** {@return the text as an SQL literal, or {@code NULL}; right under either setting of standard_conforming_strings} */
    public static String literal(@Nullable String text) {
        if (text == null) {
            return "NULL";
        }
        String quoted = text.replace("'", "''");
        // The space keeps the E from becoming part of a word in front.
        return text.indexOf('\\') < 0 ? "'" + quoted + "'" : " E'" + quoted.replace("\\", "\\\\") + "'";
    }

    /** {@return the name as a quoted SQL identifier} */
    public static String identifier(String name) {
        return '"' + name.replace("\"", "\"\"") + '"';
    }
}
