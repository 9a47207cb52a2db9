package dev.gangway.sql;

import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Steps over a script as psql reads it: the tokens of each statement without the {@code ;} that ends it, and the data that
 * follows {@code COPY … FROM STDIN}. Of psql's own commands only <code>\copy</code> is known. Empty statements are passed
 * over. Streams: holds no more than one token.
 *
 * <p>A {@code ;} ends a statement unless it lies in parentheses or in the {@code BEGIN ATOMIC … END} of a function. For the
 * latter psql counts the words BEGIN, CASE and END outside of parentheses in a statement that begins with {@code CREATE [OR
 * REPLACE] FUNCTION} or {@code PROCEDURE}; so does this class, that a script means the same to both.
 *
 * <p>Two things psql gets wrong and this class does not. It takes any BEGIN for that of a body, also a parameter of that name
 * in {@code RETURN begin;}, and then sends the rest of the script as one statement. And it forgets at a line end that a string began with an E, so that it
 * takes the {@code \'} in {@code E'a' <new line> '\';'} for the end of the string. The server does not.
 *
 * <p>Not thread-safe.
 */
public final class ScriptScanner {

    /** What was met. */
    public enum Event {
        /** A token of a statement: see {@link #token()}. */
        TOKEN,
        /** All lines of COPY data; {@link #start()} to {@link #end()}, without the line <code>\.</code> that ends them. */
        COPY_DATA,
        /** A whole <code>\copy … from 'file'</code>: see {@link #psqlCopy()}. It is a statement of its own. */
        PSQL_COPY,
        /** The statement is complete. Unless it is a <code>\copy</code> it had at least one token. */
        STATEMENT_END,
        /** Behind the last statement. */
        END
    }

    private enum Next {
        TOKEN,
        COPY_DATA,
        STATEMENT_END
    }

    private final SourceText source;
    private final String text;
    private final Lexer lexer;
    private final boolean placeholders;

    private @Nullable PsqlCopy psqlCopy;
    private Next next = Next.TOKEN;
    private int start;
    private int end;

    private boolean inStatement;
    private boolean beginsWithCopy;
    private boolean afterFrom;
    private boolean copyFromStdin;
    private int parentheses;
    private int openParenthesis;
    private int begins;
    private int openBegin;
    private boolean afterBegin;
    private int lastBegin;
    private int wordCount;
    /** The first letters of those of the first four words that can begin a function's definition, as psql keeps them. */
    private final char[] initials = new char[4];

    /** @param placeholders whether placeholders were not replaced, see {@link Lexer} */
    public ScriptScanner(SourceText source, boolean placeholders) {
        this.source = source;
        this.text = source.text();
        this.lexer = new Lexer(source, 0, text.length(), placeholders);
        this.placeholders = placeholders;
        beginStatement();
    }

    /** {@return the lexer, standing at the token just met; only for looking} */
    public Lexer token() {
        return lexer;
    }

    /** {@return the offset of the first char of the token or data} */
    public int start() {
        return start;
    }

    /** {@return the offset behind the last char of the token or data} */
    public int end() {
        return end;
    }

    /** {@return the <code>\copy</code> just met} */
    public PsqlCopy psqlCopy() {
        return Objects.requireNonNull(psqlCopy, "no \\copy was met");
    }

    /**
     * Steps on.
     *
     * @throws SqlSyntaxException if something never ends, at another psql command, or at text between COPY and its data
     */
    public Event next() throws SqlSyntaxException {
        return switch (next) {
            case TOKEN -> nextToken();
            case COPY_DATA -> copyData();
            case STATEMENT_END -> statementEnd();
        };
    }

    private Event nextToken() throws SqlSyntaxException {
        while (lexer.next()) {
            if (lexer.kind() == Lexer.Kind.BACKSLASH) {
                return psqlCommand(lexer.start());
            }
            if (lexer.isPunctuation(';') && parentheses == 0 && begins == 0) {
                if (!inStatement) {
                    continue;
                }
                return copyFromStdin ? copyData() : statementEnd();
            }
            follow();
            start = lexer.start();
            end = lexer.end();
            return Event.TOKEN;
        }
        if (!inStatement) {
            return Event.END;
        }
        requireClosed();
        return copyFromStdin ? copyData() : statementEnd();
    }

    private Event psqlCommand(int backslash) throws SqlSyntaxException {
        if (!PsqlCopy.beginsAt(text, backslash)) {
            throw PsqlCommands.refuse(source, backslash);
        }
        if (inStatement) {
            throw new SqlSyntaxException(
                    source.positionAt(backslash),
                    "A \\copy cannot stand within a statement. End the statement in front of it with a ;.");
        }
        PsqlCopy copy = PsqlCopy.parse(source, backslash, placeholders);
        psqlCopy = copy;
        start = copy.start();
        end = copy.end();
        int newLine = text.indexOf('\n', end);
        lexer.continueAt(newLine < 0 ? text.length() : newLine);
        next = Next.STATEMENT_END;
        return Event.PSQL_COPY;
    }

    private void follow() {
        boolean first = !inStatement;
        inStatement = true;
        boolean wasFrom = afterFrom;
        afterFrom = false;
        switch (lexer.kind()) {
            case PUNCTUATION -> parenthesis();
            case WORD -> {
                if (first) {
                    beginsWithCopy = lexer.isWord("COPY");
                }
                if (beginsWithCopy && parentheses == 0) {
                    afterFrom = lexer.isWord("FROM");
                    copyFromStdin |= wasFrom && lexer.isWord("STDIN");
                }
                functionBody();
            }
            default -> {
                // Nothing else has a say in where a statement ends.
            }
        }
    }

    private void parenthesis() {
        if (lexer.isPunctuation('(')) {
            if (parentheses++ == 0) {
                openParenthesis = lexer.start();
            }
        } else if (lexer.isPunctuation(')') && parentheses > 0) {
            parentheses--;
        }
    }

    private void functionBody() {
        if (wordCount < initials.length) {
            if (lexer.isWord("CREATE")
                    || lexer.isWord("FUNCTION")
                    || lexer.isWord("PROCEDURE")
                    || lexer.isWord("OR")
                    || lexer.isWord("REPLACE")) {
                initials[wordCount] = Ascii.toUpper(text.charAt(lexer.start()));
            }
            wordCount++;
        }
        if (parentheses > 0 || !definesFunction()) {
            return;
        }
        boolean wasBegin = afterBegin;
        afterBegin = lexer.isWord("BEGIN");
        if (afterBegin) {
            lastBegin = lexer.start();
        } else if (wasBegin && lexer.isWord("ATOMIC")) {
            if (begins++ == 0) {
                openBegin = lastBegin;
            }
        } else if (begins > 0 && lexer.isWord("CASE")) {
            // It too is closed by an END.
            begins++;
        } else if (begins > 0 && lexer.isWord("END")) {
            begins--;
        }
    }

    private boolean definesFunction() {
        return initials[0] == 'C'
                && (isFunction(initials[1]) || (initials[1] == 'O' && initials[2] == 'R' && isFunction(initials[3])));
    }

    private static boolean isFunction(char initial) {
        return initial == 'F' || initial == 'P';
    }

    private void requireClosed() throws SqlSyntaxException {
        if (parentheses > 0) {
            throw new SqlSyntaxException(
                    source.positionAt(openParenthesis),
                    "The parenthesis that opens here is not closed by the end of the script, so no ; behind it ended the"
                            + " statement. Add the missing ).");
        }
        if (begins > 0) {
            throw new SqlSyntaxException(
                    source.positionAt(openBegin),
                    "The function body that begins here has no END by the end of the script. Each BEGIN ATOMIC and each"
                            + " CASE needs one.");
        }
    }

    private Event copyData() throws SqlSyntaxException {
        int newLine = text.indexOf('\n', lexer.end());
        int lineEnd = newLine < 0 ? text.length() : newLine;
        requireNothing(lexer.end(), lineEnd);
        start = newLine < 0 ? text.length() : newLine + 1;
        int line = start;
        while (true) {
            if (line >= text.length()) {
                end = text.length();
                lexer.continueAt(end);
                break;
            }
            int next = text.indexOf('\n', line);
            int nextLine = next < 0 ? text.length() : next + 1;
            if (isEndOfData(line, next < 0 ? text.length() : next)) {
                end = line;
                lexer.continueAt(nextLine);
                break;
            }
            line = nextLine;
        }
        next = Next.STATEMENT_END;
        return Event.COPY_DATA;
    }

    private boolean isEndOfData(int line, int lineEnd) {
        int length = lineEnd - line;
        return text.startsWith("\\.", line) && (length == 2 || (length == 3 && text.charAt(line + 2) == '\r'));
    }

    private void requireNothing(int from, int lineEnd) throws SqlSyntaxException {
        Lexer rest = new Lexer(source, from, lineEnd, false);
        int unexpected;
        try {
            if (!rest.next()) {
                return;
            }
            unexpected = rest.start();
        } catch (SqlSyntaxException e) {
            throw new SqlSyntaxException(
                    e.position(),
                    "COPY … FROM STDIN takes its data from the next line on, so what begins here must end on this line."
                            + " Move it in front of the COPY or behind the data's closing \\. line.");
        }
        throw new SqlSyntaxException(
                source.positionAt(unexpected),
                "COPY … FROM STDIN takes its data from the next line on. Nothing but a comment may follow its ; on the same"
                        + " line: move this behind the data's closing \\. line.");
    }

    private Event statementEnd() {
        beginStatement();
        return Event.STATEMENT_END;
    }

    private void beginStatement() {
        next = Next.TOKEN;
        inStatement = false;
        beginsWithCopy = false;
        afterFrom = false;
        copyFromStdin = false;
        parentheses = 0;
        begins = 0;
        afterBegin = false;
        wordCount = 0;
        Arrays.fill(initials, ' ');
    }
}
