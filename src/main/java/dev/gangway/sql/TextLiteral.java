package dev.gangway.sql;

import org.jspecify.annotations.Nullable;

/**
 * A text as one SQL literal that means the same wherever a placeholder may stand: behind any word, in a dollar-quoted body,
 * in a comment of either kind, and under either setting of {@code standard_conforming_strings}.
 *
 * <p>What this class writes is part of {@code Checksum}'s format for scripts that run statement by statement.
 */
public final class TextLiteral {
    private TextLiteral() {}

    /** {@return the literal: on one line, without a dollar sign, with a space in front that keeps it from other words} */
    public static String of(String text) {
        StringBuilder literal = new StringBuilder(text.length() + text.length() / 16 + 16);
        boolean escaped = false;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            String escape = escape(text, i, c);
            if (escape != null) {
                literal.append(escape);
                escaped = true;
            } else if (c == '\'') {
                literal.append("''");
            } else {
                literal.append(c);
            }
        }
        return literal.insert(0, escaped ? " E'" : " '").append('\'').toString();
    }

    private static @Nullable String escape(String text, int i, char c) {
        return switch (c) {
            case '\\' -> "\\\\";
            case '\n' -> "\\n";
            case '\r' -> "\\r";
            case '$' -> "\\044";
            // The beginning or the end of a comment.
            case '*' -> isSlash(text, i - 1) || isSlash(text, i + 1) ? "\\052" : null;
            default -> null;
        };
    }

    private static boolean isSlash(String text, int i) {
        return i >= 0 && i < text.length() && text.charAt(i) == '/';
    }
}
