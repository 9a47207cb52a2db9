package dev.gangway.internal;

import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The name of a table as PostgreSQL reads it: {@code searches}, {@code metrics.searches}, {@code "Metrics"."my searches"}.
 *
 * @param schema null where none is written
 */
public record QualifiedName(@Nullable String schema, String name) {
    /** PostgreSQL cuts longer ones off silently. */
    private static final int LONGEST = 63;

    /** {@return the name; parts without quotes in lower case; empty where the text is none} */
    public static Optional<QualifiedName> parse(String text) {
        Parser parser = new Parser(text);
        String first = parser.part();
        if (first == null || parser.atEnd()) {
            return Optional.ofNullable(first).map(name -> new QualifiedName(null, name));
        }
        String second = parser.dot() ? parser.part() : null;
        return second != null && parser.atEnd() ? Optional.of(new QualifiedName(first, second)) : Optional.empty();
    }

    /** Reads one part after the other; white space may stand around each. */
    private static final class Parser {
        private final String text;
        private int at;

        Parser(String text) {
            this.text = text;
            skipSpace();
        }

        boolean atEnd() {
            return at == text.length();
        }

        boolean dot() {
            if (atEnd() || text.charAt(at) != '.') {
                return false;
            }
            at++;
            skipSpace();
            return true;
        }

        @Nullable
        String part() {
            String part = !atEnd() && text.charAt(at) == '"' ? inQuotes() : bare();
            skipSpace();
            return part == null || part.isEmpty() || part.getBytes(StandardCharsets.UTF_8).length > LONGEST
                    ? null
                    : part;
        }

        private @Nullable String inQuotes() {
            StringBuilder part = new StringBuilder();
            for (at++; !atEnd(); at++) {
                char c = text.charAt(at);
                if (c == '"') {
                    at++;
                    if (atEnd() || text.charAt(at) != '"') {
                        return part.toString();
                    }
                } else if (c == '\0') {
                    return null;
                }
                part.append(c);
            }
            return null;
        }

        private String bare() {
            StringBuilder part = new StringBuilder();
            while (!atEnd() && mayStand(text.charAt(at), part.length() == 0)) {
                char c = text.charAt(at++);
                // Of ASCII only, as PostgreSQL does in UTF-8.
                part.append(c >= 'A' && c <= 'Z' ? (char) (c + ('a' - 'A')) : c);
            }
            return part.toString();
        }

        private static boolean mayStand(char c, boolean first) {
            boolean letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c > 0x7f;
            return letter || (!first && ((c >= '0' && c <= '9') || c == '$'));
        }

        private void skipSpace() {
            while (!atEnd() && " \t\n\r\f".indexOf(text.charAt(at)) >= 0) {
                at++;
            }
        }
    }
}
