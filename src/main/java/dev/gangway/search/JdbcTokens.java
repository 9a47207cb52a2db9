package dev.gangway.search;

import dev.gangway.sql.Lexer;
import dev.gangway.sql.SourceText;
import dev.gangway.sql.SqlSyntaxException;
import java.util.Arrays;
import java.util.Locale;

/**
 * The tokens of a SQL text as it is given to {@code prepareStatement}: those of PostgreSQL, but that {@code ?} is a parameter
 * and {@code ??} stands for the operator {@code ?}, by the same rule as pgjdbc's. To that rule an operator sign in front of a
 * parameter belongs to another token, as in <code>embedding&lt;=&gt;?</code>. Immutable.
 */
final class JdbcTokens {

    /** What a token is, as far as that matters here. */
    enum Kind {
        WORD,
        QUOTED_IDENTIFIER,
        OPERATOR,
        PUNCTUATION,
        /** {@code ?} */
        PARAMETER,
        NUMBER,
        /** A string or a bit string of any form. */
        STRING,
        OTHER
    }

    private final String text;
    private Kind[] kinds = new Kind[64];
    private int[] bounds = new int[128];
    private int size;

    private JdbcTokens(String text) {
        this.text = text;
    }

    /** @throws SqlSyntaxException where something never ends */
    static JdbcTokens of(String sql) throws SqlSyntaxException {
        // Not through a file's eyes: a byte order mark would be dropped, and then all offsets were wrong.
        JdbcTokens tokens = new JdbcTokens(sql);
        SourceText source = SourceText.of("", sql);
        int offset = sql.length() - source.text().length();
        Lexer lexer = new Lexer(source);
        while (lexer.next()) {
            tokens.take(lexer.kind(), lexer.start() + offset, lexer.end() + offset);
        }
        return tokens;
    }

    private void take(Lexer.Kind kind, int start, int end) {
        switch (kind) {
            case OPERATOR -> takeOperator(start, end);
            case WORD -> add(Kind.WORD, start, end);
            case QUOTED_IDENTIFIER -> add(Kind.QUOTED_IDENTIFIER, start, end);
            case PUNCTUATION -> add(Kind.PUNCTUATION, start, end);
            case NUMBER -> add(Kind.NUMBER, start, end);
            case STRING, BIT_STRING, DOLLAR_STRING -> add(Kind.STRING, start, end);
            default -> add(Kind.OTHER, start, end);
        }
    }

    private void takeOperator(int start, int end) {
        int begin = start;
        int at = start;
        while (at < end) {
            if (text.charAt(at) != '?') {
                at++;
            } else if (at + 1 < end && text.charAt(at + 1) == '?') {
                at += 2;
            } else {
                if (at > begin) {
                    add(Kind.OPERATOR, begin, at);
                }
                add(Kind.PARAMETER, at, at + 1);
                at++;
                begin = at;
            }
        }
        if (end > begin) {
            add(Kind.OPERATOR, begin, end);
        }
    }

    private void add(Kind kind, int start, int end) {
        if (size == kinds.length) {
            kinds = Arrays.copyOf(kinds, 2 * size);
            bounds = Arrays.copyOf(bounds, 4 * size);
        }
        kinds[size] = kind;
        bounds[2 * size] = start;
        bounds[2 * size + 1] = end;
        size++;
    }

    int size() {
        return size;
    }

    boolean is(int index, Kind kind) {
        return index >= 0 && index < size && kinds[index] == kind;
    }

    Kind kind(int index) {
        return kinds[index];
    }

    int start(int index) {
        return bounds[2 * index];
    }

    /** {@return the token as it is written} */
    String text(int index) {
        return text.substring(bounds[2 * index], bounds[2 * index + 1]);
    }

    boolean isPunctuation(int index, String punctuation) {
        return is(index, Kind.PUNCTUATION) && hasText(index, punctuation);
    }

    /** {@return whether it is this keyword, in any case} */
    boolean isWord(int index, String word) {
        return is(index, Kind.WORD)
                && bounds[2 * index + 1] - bounds[2 * index] == word.length()
                && text.regionMatches(true, bounds[2 * index], word, 0, word.length());
    }

    boolean isName(int index) {
        return is(index, Kind.WORD) || is(index, Kind.QUOTED_IDENTIFIER);
    }

    /** {@return what the server takes the name for: without quotes, or else in small letters} */
    String name(int index) {
        String written = text(index);
        if (kinds[index] != Kind.QUOTED_IDENTIFIER) {
            return written.toLowerCase(Locale.ROOT);
        }
        return written.substring(written.indexOf('"') + 1, written.length() - 1).replace("\"\"", "\"");
    }

    private boolean hasText(int index, String expected) {
        int start = bounds[2 * index];
        return bounds[2 * index + 1] - start == expected.length() && text.startsWith(expected, start);
    }
}
