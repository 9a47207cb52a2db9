package dev.gangway.sql;

import java.util.Arrays;

/**
 * Steps over the tokens of PostgreSQL's SQL, with the rules of the server's own scanner (scan.l, and psqlscan.l for
 * psql) and {@code standard_conforming_strings = on}. White space and comments lie between tokens.
 *
 * <p>Where versions of PostgreSQL differ, the newest counts: vertical tab is white space (16), and a number takes the
 * letters that stick to it, as in {@code 0x1F}, {@code 1_000} or the erroneous {@code 1a} (15 and 16).
 *
 * <p>One object, no allocation per token; not thread-safe.
 */
public final class Lexer {

    /** What a token is. */
    public enum Kind {
        /** A keyword or an identifier without quotes. */
        WORD,
        /** {@code "a"} or {@code U&"a"}. */
        QUOTED_IDENTIFIER,
        /** {@code 'a'}, {@code E'a'}, {@code N'a'} or {@code U&'a'}, with its continuations on further lines. */
        STRING,
        /** {@code B'01'} or {@code X'1F'}, with its continuations on further lines. */
        BIT_STRING,
        /** {@code $$a$$} or {@code $tag$a$tag$}. */
        DOLLAR_STRING,
        NUMBER,
        /** {@code $1}. */
        PARAMETER,
        /** One or more of <code>~!@#^&amp;|`?+-*&#47;%&lt;&gt;=</code>. */
        OPERATOR,
        /** One of {@code , ( ) [ ] . ; :} or {@code ::}, {@code ..}, {@code :=}. */
        PUNCTUATION,
        /** <code>${name}</code>, and only in a text whose placeholders were not replaced. */
        PLACEHOLDER,
        /** A backslash outside of any literal: to psql the beginning of a command, to the server an error. */
        BACKSLASH,
        /** A character that no token of PostgreSQL contains; the server will refuse it. */
        OTHER,
        /** Behind the last token. */
        END
    }

    private static final int SPACE = 1;
    private static final int WORD_START = 2;
    private static final int DIGIT = 4;
    private static final int OPERATOR = 8;
    private static final byte[] CLASSES = classes();

    private final SourceText source;
    private final String text;
    private final int limit;
    private final boolean placeholders;

    private Kind kind = Kind.END;
    private int start;
    private int end;
    private int[] breaks = new int[8];
    private int breakCount;
    /** No placeholder that begins in front of it has a closing brace. */
    private int unclosedUntil;
    /** Behind an operator, as far as there are only signs, each of which is an operator of its own. */
    private int signsUntil;

    /** Reads the whole text; <code>${</code> has no meaning in it. */
    public Lexer(SourceText source) {
        this(source, 0, source.text().length(), false);
    }

    /**
     * @param from the first char to read; must lie between tokens
     * @param to the char behind the last
     * @param placeholders whether <code>${name}</code> outside of literals is a token, as in a text whose placeholders
     *     were not replaced
     */
    public Lexer(SourceText source, int from, int to, boolean placeholders) {
        this.source = source;
        this.text = source.text();
        this.limit = to;
        this.placeholders = placeholders;
        this.start = from;
        this.end = from;
    }

    /** {@return the kind of the current token} */
    public Kind kind() {
        return kind;
    }

    /** {@return the offset of the current token's first char in the text} */
    public int start() {
        return start;
    }

    /** {@return the offset behind the current token's last char} */
    public int end() {
        return end;
    }

    /**
     * {@return how often the current string is interrupted by a new line and goes on after it} SQL joins
     * {@code 'a' <new line> 'b'} to one literal, and what lies between the parts is white space.
     */
    public int breakCount() {
        return breakCount;
    }

    /** {@return the offset behind the quote that closes the part before a break, counted from 0} */
    public int breakStart(int index) {
        return breaks[2 * index];
    }

    /** {@return the offset of the quote that opens the part behind a break, counted from 0} */
    public int breakEnd(int index) {
        return breaks[2 * index + 1];
    }

    /** {@return whether the current token is this keyword} (in any case) */
    boolean isWord(String upperCaseWord) {
        return kind == Kind.WORD && Ascii.isWord(text, start, end, upperCaseWord);
    }

    /** {@return whether the current token is this one character of punctuation} */
    boolean isPunctuation(char c) {
        return kind == Kind.PUNCTUATION && end - start == 1 && text.charAt(start) == c;
    }

    /** Goes on behind something that is not SQL, such as COPY data. */
    void continueAt(int offset) {
        end = offset;
    }

    /**
     * Steps to the next token.
     *
     * @return false if there is none
     * @throws SqlSyntaxException at the beginning of something that never ends: a comment, a literal, an identifier
     */
    public boolean next() throws SqlSyntaxException {
        breakCount = 0;
        start = skipSpace(end);
        if (start >= limit) {
            start = limit;
            end = limit;
            kind = Kind.END;
            return false;
        }
        scan(text.charAt(start));
        return true;
    }

    private void scan(char c) throws SqlSyntaxException {
        if (is(c, WORD_START)) {
            wordOrPrefixedLiteral(c);
        } else if (is(c, DIGIT) || (c == '.' && is(peek(start + 1), DIGIT))) {
            number();
        } else if (is(c, OPERATOR)) {
            operator();
        } else {
            switch (c) {
                case '\'' -> string(start, true, false);
                case '"' -> quotedIdentifier(start);
                case '$' -> dollar();
                case ',', '(', ')', '[', ']', ';' -> token(Kind.PUNCTUATION, start + 1);
                case '.' -> token(Kind.PUNCTUATION, start + (peek(start + 1) == '.' ? 2 : 1));
                case ':' -> token(Kind.PUNCTUATION, start + (peek(start + 1) == ':' || peek(start + 1) == '=' ? 2 : 1));
                case '\\' -> token(Kind.BACKSLASH, start + 1);
                default -> token(Kind.OTHER, start + 1);
            }
        }
    }

    private void token(Kind newKind, int newEnd) {
        kind = newKind;
        end = newEnd;
    }

    private void wordOrPrefixedLiteral(char c) throws SqlSyntaxException {
        char second = peek(start + 1);
        if (second == '\'') {
            switch (c) {
                case 'e', 'E' -> string(start + 1, true, true);
                case 'n', 'N' -> string(start + 1, true, false);
                case 'b', 'B', 'x', 'X' -> {
                    string(start + 1, false, false);
                    kind = Kind.BIT_STRING;
                }
                default -> token(Kind.WORD, start + 1);
            }
        } else if (second == '&' && (c == 'u' || c == 'U') && peek(start + 2) == '\'') {
            string(start + 2, true, false);
        } else if (second == '&' && (c == 'u' || c == 'U') && peek(start + 2) == '"') {
            quotedIdentifier(start + 2);
        } else {
            token(Kind.WORD, wordEnd(start + 1));
        }
    }

    private int wordEnd(int from) {
        int i = from;
        while (i < limit) {
            char c = text.charAt(i);
            boolean goesOn = is(c, WORD_START | DIGIT) || (c == '$' && !(placeholders && placeholderEnd(i) > 0));
            if (!goesOn) {
                break;
            }
            i++;
        }
        return i;
    }

    private void number() {
        int i = digits(start);
        // 1..10 is a range, not the number 1. and another dot.
        if (peek(i) == '.' && !(peek(i + 1) == '.')) {
            i = digits(i + 1);
        }
        if ((peek(i) == 'e' || peek(i) == 'E')
                && (peek(i + 1) == '+' || peek(i + 1) == '-')
                && is(peek(i + 2), DIGIT)) {
            i = digits(i + 2);
        }
        token(Kind.NUMBER, is(peek(i), WORD_START) ? wordEnd(i) : i);
    }

    private int digits(int from) {
        int i = from;
        while (is(peek(i), DIGIT) || (i > from && peek(i) == '_' && is(peek(i + 1), DIGIT))) {
            i++;
        }
        return i;
    }

    private void operator() {
        int i = start + 1;
        if (i < signsUntil) {
            token(Kind.OPERATOR, i);
            return;
        }
        while (is(peek(i), OPERATOR) && !commentStartsAt(i)) {
            i++;
        }
        // As the SQL standard wants, a>-1 is a > -1; but @- is an operator, for the standard knows none with an @.
        if (i - start > 1 && isSign(text.charAt(i - 1)) && !hasNonStandardOperatorCharacter(start, i - 1)) {
            signsUntil = i;
            do {
                i--;
            } while (i - start > 1 && isSign(text.charAt(i - 1)));
        }
        token(Kind.OPERATOR, i);
    }

    private static boolean isSign(char c) {
        return c == '+' || c == '-';
    }

    private boolean hasNonStandardOperatorCharacter(int from, int to) {
        for (int i = from; i < to; i++) {
            if ("~!@#^&|`?%".indexOf(text.charAt(i)) >= 0) {
                return true;
            }
        }
        return false;
    }

    private void quotedIdentifier(int openingQuote) throws SqlSyntaxException {
        int i = openingQuote + 1;
        while (true) {
            i = indexOf('"', i);
            if (i < 0) {
                throw unterminated("The quoted identifier that begins here has no closing double quote (\").");
            }
            if (peek(i + 1) != '"') {
                token(Kind.QUOTED_IDENTIFIER, i + 1);
                return;
            }
            i += 2;
        }
    }

    private void string(int openingQuote, boolean doubledQuotes, boolean backslashes) throws SqlSyntaxException {
        int i = openingQuote;
        while (true) {
            i = closingQuote(i + 1, doubledQuotes, backslashes) + 1;
            int next = continuation(i);
            if (next < 0) {
                token(Kind.STRING, i);
                return;
            }
            if (2 * breakCount == breaks.length) {
                breaks = Arrays.copyOf(breaks, 2 * breaks.length);
            }
            breaks[2 * breakCount] = i;
            breaks[2 * breakCount + 1] = next;
            breakCount++;
            i = next;
        }
    }

    private int closingQuote(int from, boolean doubledQuotes, boolean backslashes) throws SqlSyntaxException {
        int i = from;
        while (true) {
            if (backslashes) {
                while (i < limit && text.charAt(i) != '\'') {
                    i += text.charAt(i) == '\\' ? 2 : 1;
                }
            } else {
                i = indexOf('\'', i);
            }
            if (i < 0 || i >= limit) {
                throw unterminated("The string that begins here has no closing quote ('). A quote inside of a string is"
                        + " written twice ('').");
            }
            if (!(doubledQuotes && peek(i + 1) == '\'')) {
                return i;
            }
            i += 2;
        }
    }

    /**
     * The offset of the quote with which a string goes on, or -1: white space with at least one line end in it must lie
     * between, and {@code --} comments may.
     */
    private int continuation(int from) {
        boolean newLine = false;
        int i = from;
        while (i < limit) {
            char c = text.charAt(i);
            if (is(c, SPACE)) {
                newLine |= isLineEnd(c);
                i++;
            } else if (c == '-' && peek(i + 1) == '-') {
                i = lineEnd(i);
            } else {
                return c == '\'' && newLine ? i : -1;
            }
        }
        return -1;
    }

    private void dollar() throws SqlSyntaxException {
        char second = peek(start + 1);
        if (is(second, DIGIT)) {
            int i = digits(start + 1);
            token(Kind.PARAMETER, is(peek(i), WORD_START) ? wordEnd(i) : i);
            return;
        }
        int placeholderEnd = placeholders ? placeholderEnd(start) : -1;
        if (placeholderEnd > 0) {
            token(Kind.PLACEHOLDER, placeholderEnd);
            return;
        }
        int i = start + 1;
        if (is(second, WORD_START)) {
            while (is(peek(i), WORD_START | DIGIT)) {
                i++;
            }
        }
        if (peek(i) != '$') {
            token(Kind.OTHER, start + 1);
            return;
        }
        String delimiter = text.substring(start, i + 1);
        int close = text.indexOf(delimiter, i + 1);
        if (close < 0 || close + delimiter.length() > limit) {
            throw unterminated("The dollar-quoted string that begins here has no closing " + delimiter + ".");
        }
        token(Kind.DOLLAR_STRING, close + delimiter.length());
    }

    /** The offset behind the placeholder's brace, or 0 if there is none. */
    private int placeholderEnd(int dollar) {
        if (peek(dollar + 1) != '{' || dollar < unclosedUntil) {
            return 0;
        }
        int close = Placeholders.closingBrace(text, dollar, limit);
        if (close < 0) {
            // The name of a file may reach to the end of the line: one look at it serves all that begin within.
            unclosedUntil = Placeholders.nameEnd(text, dollar, limit);
        }
        return close + 1;
    }

    private int skipSpace(int from) throws SqlSyntaxException {
        int i = from;
        while (i < limit) {
            char c = text.charAt(i);
            if (is(c, SPACE)) {
                i++;
            } else if (c == '-' && peek(i + 1) == '-') {
                i = lineEnd(i);
            } else if (c == '/' && peek(i + 1) == '*') {
                i = blockCommentEnd(i);
            } else {
                return i;
            }
        }
        return i;
    }

    private int blockCommentEnd(int from) throws SqlSyntaxException {
        int depth = 1;
        int i = from + 2;
        while (i < limit - 1) {
            char c = text.charAt(i);
            if (c == '*' && text.charAt(i + 1) == '/') {
                i += 2;
                if (--depth == 0) {
                    return i;
                }
            } else if (c == '/' && text.charAt(i + 1) == '*') {
                depth++;
                i += 2;
            } else {
                i++;
            }
        }
        start = from;
        throw unterminated(
                "The comment that begins here has no closing */. Comments nest in PostgreSQL: each /* inside of"
                        + " one needs its own */.");
    }

    private boolean commentStartsAt(int i) {
        char c = text.charAt(i);
        return (c == '-' && peek(i + 1) == '-') || (c == '/' && peek(i + 1) == '*');
    }

    private int lineEnd(int from) {
        int i = from;
        while (i < limit && !isLineEnd(text.charAt(i))) {
            i++;
        }
        return i;
    }

    /** A carriage return alone ends a line too, for PostgreSQL. */
    private static boolean isLineEnd(char c) {
        return c == '\n' || c == '\r';
    }

    private int indexOf(char c, int from) {
        int i = text.indexOf(c, from);
        return i < limit ? i : -1;
    }

    /** The char at the offset, or NUL, which belongs to no token, behind the end. */
    private char peek(int i) {
        return i < limit ? text.charAt(i) : '\0';
    }

    private SqlSyntaxException unterminated(String problem) {
        return new SqlSyntaxException(source.positionAt(start), problem);
    }

    private static boolean is(char c, int classes) {
        // Every byte above 127 is a letter to PostgreSQL, a no-break space included.
        return c < 128 ? (CLASSES[c] & classes) != 0 : (classes & WORD_START) != 0;
    }

    private static byte[] classes() {
        byte[] classes = new byte[128];
        for (char c = 0; c < 128; c++) {
            boolean letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
            boolean digit = c >= '0' && c <= '9';
            classes[c] = (byte) (("\t\n\u000B\f\r ".indexOf(c) >= 0 ? SPACE : 0)
                    | (letter ? WORD_START : 0)
                    | (digit ? DIGIT : 0)
                    | ("~!@#^&|`?+-*/%<>=".indexOf(c) >= 0 ? OPERATOR : 0));
        }
        return classes;
    }
}
