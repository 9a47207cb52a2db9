package dev.gangway.sql;

/**
 * psql's <code>\copy table from 'file' options</code>: rows that stand in a file of their own. The command takes its whole
 * line, a closing {@code ;} is optional, and the name may do without quotes if it has neither spaces nor quotes in it.
 *
 * <p>Offsets are those in the text of {@code source}.
 *
 * @param source the script
 * @param start of the backslash
 * @param fileStart of the file's name, with its opening quote
 * @param fileEnd behind the file's name, with its closing quote
 * @param end behind the last token of the command
 * @param file the file's name as it is meant
 */
public record PsqlCopy(SourceText source, int start, int fileStart, int fileEnd, int end, String file) {
    private static final String COMMAND = "\\COPY";

    /** {@return whether the backslash begins this command, in upper or lower case} */
    static boolean beginsAt(String text, int backslash) {
        int behind = backslash + COMMAND.length();
        return behind <= text.length()
                && Ascii.isWord(text, backslash, behind, COMMAND)
                && (behind == text.length() || !PsqlCommands.isLetter(text.charAt(behind)));
    }

    /**
     * {@return the command that begins there}
     *
     * @param placeholders whether placeholders were not replaced, see {@link Lexer}
     * @throws SqlSyntaxException if it is not complete on its line, or one that a migration cannot carry out
     */
    static PsqlCopy parse(SourceText source, int backslash, boolean placeholders) throws SqlSyntaxException {
        return new Parser(source, backslash, placeholders).parse();
    }

    /** {@return the offset behind the word <code>\copy</code>, from where on the table is named} */
    public int tableStart() {
        return start + COMMAND.length();
    }

    /** {@return the statement that the server gets to see: {@code COPY table FROM STDIN options}} */
    SqlStatement statement() {
        SourceText sql = new Rewriting(source)
                .replace(start, tableStart(), "COPY")
                .keep(tableStart(), fileStart)
                // With spaces, because psql needs none between a quoted name and the words beside it.
                .replace(fileStart, fileEnd, " STDIN ")
                .keep(fileEnd, end)
                .result();
        return SqlStatement.copyFrom(sql, file);
    }

    private static final class Parser {
        private final SourceText source;
        private final String text;
        private final int start;
        private final int lineEnd;
        private final boolean placeholders;

        Parser(SourceText source, int backslash, boolean placeholders) {
            this.source = source;
            this.text = source.text();
            this.start = backslash;
            int newLine = text.indexOf('\n', backslash);
            this.lineEnd = newLine < 0 ? text.length() : newLine;
            this.placeholders = placeholders;
        }

        PsqlCopy parse() throws SqlSyntaxException {
            int fileStart = skipSpace(fromEnd());
            if (fileStart == lineEnd || text.charAt(fileStart) == ';') {
                throw wrong("The name of the file is missing behind FROM. " + form());
            }
            boolean quoted = text.charAt(fileStart) == '\'';
            int fileEnd = quoted ? quotedEnd(fileStart) : unquotedEnd(fileStart);
            String written = text.substring(fileStart, fileEnd);
            if (!quoted) {
                refuseOtherSources(written);
            }
            String file = quoted ? written.substring(1, written.length() - 1).replace("''", "'") : written;
            return new PsqlCopy(source, start, fileStart, fileEnd, optionsEnd(fileEnd), file);
        }

        /** Returns where the word FROM ends, which no table and no column can be called without quotes. */
        private int fromEnd() throws SqlSyntaxException {
            Lexer lexer = new Lexer(source, start + COMMAND.length(), lineEnd, placeholders);
            boolean table = false;
            int parentheses = 0;
            while (lexer.next()) {
                if (lexer.isPunctuation('(')) {
                    parentheses++;
                } else if (lexer.isPunctuation(')')) {
                    parentheses--;
                } else if (parentheses == 0 && lexer.isWord("TO")) {
                    throw wrong(
                            "\\copy … to writes a file, and a migration has nowhere to keep one. Remove the line; to"
                                    + " keep rows, write CREATE TABLE … AS SELECT ….");
                } else if (parentheses == 0 && lexer.isWord("FROM")) {
                    if (!table) {
                        throw wrong("The table is missing in front of FROM. " + form());
                    }
                    return lexer.end();
                }
                table = true;
            }
            throw wrong("There is no FROM on this line, and \\copy takes only the line that it stands on. " + form());
        }

        private int quotedEnd(int openingQuote) throws SqlSyntaxException {
            int i = openingQuote + 1;
            while (i < lineEnd) {
                if (text.charAt(i) != '\'') {
                    i++;
                } else if (i + 1 < lineEnd && text.charAt(i + 1) == '\'') {
                    i += 2;
                } else {
                    return i + 1;
                }
            }
            throw new SqlSyntaxException(
                    source.positionAt(openingQuote),
                    "The name of the file has no closing quote (') on this line. A quote in a name is written twice ('').");
        }

        private int unquotedEnd(int from) throws SqlSyntaxException {
            if (text.charAt(from) == '"') {
                throw new SqlSyntaxException(
                        source.positionAt(from), "The name of a file stands in single quotes. " + form());
            }
            int i = from;
            while (i < lineEnd && !isSpace(text.charAt(i)) && text.charAt(i) != ';' && text.charAt(i) != '\'') {
                i++;
            }
            return i;
        }

        private void refuseOtherSources(String word) throws SqlSyntaxException {
            switch (Ascii.toUpper(word)) {
                case "STDIN", "PSTDIN", "STDOUT", "PSTDOUT" ->
                    throw wrong(
                            "\\copy … from stdin has nothing to read in a migration. Write COPY … FROM STDIN; and let"
                                    + " the rows follow from the next line on, ended by a line \\., or put them into a file beside"
                                    + " the script. " + form());
                case "PROGRAM" ->
                    throw wrong("\\copy … from program would run a program on whichever machine the application starts."
                            + " Put what the program writes into a file beside the script. " + form());
                default -> {
                    // The name of a file.
                }
            }
        }

        /** Returns where the last option ends, or the name if there is none. */
        private int optionsEnd(int fileEnd) throws SqlSyntaxException {
            Lexer lexer = new Lexer(source, fileEnd, lineEnd, placeholders);
            int optionsEnd = fileEnd;
            boolean ended = false;
            while (lexer.next()) {
                if (lexer.isPunctuation(';')) {
                    ended = true;
                } else if (ended) {
                    throw new SqlSyntaxException(
                            source.positionAt(lexer.start()),
                            "\\copy takes the whole line that it stands on. Move this to a line of its own.");
                } else if (lexer.kind() == Lexer.Kind.BACKSLASH) {
                    throw PsqlCommands.refuse(source, lexer.start());
                } else {
                    optionsEnd = lexer.end();
                }
            }
            return optionsEnd;
        }

        private int skipSpace(int from) {
            int i = from;
            while (i < lineEnd && isSpace(text.charAt(i))) {
                i++;
            }
            return i;
        }

        private static boolean isSpace(char c) {
            return c == ' ' || (c >= '\t' && c <= '\r');
        }

        private static String form() {
            return "Write it for example as  \\copy items (id, name) from 'items.csv' with (format csv, header)";
        }

        private SqlSyntaxException wrong(String problem) {
            return new SqlSyntaxException(source.positionAt(start), problem);
        }
    }
}
