package dev.gangway.sql;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Finds the files beside it that a script mentions: by <code>${gangway:file:NAME}</code>, which as any placeholder counts in
 * comments too, and by {@link PsqlCopy}.
 */
public final class FileMentions {
    private final SourceText script;
    private final String text;
    private final boolean placeholders;
    private final List<FileMention> found = new ArrayList<>();
    /** The next placeholder for a file, or -1. */
    private int next;

    private FileMentions(SourceText script, boolean placeholders) {
        this.script = script;
        this.text = script.text();
        this.placeholders = placeholders;
        this.next = placeholders ? text.indexOf(Placeholders.FILE_START) : -1;
    }

    /** {@return whether there may be any; quickly, and sometimes true where there are none} */
    public static boolean arePossible(SourceText script) {
        String text = script.text();
        if (text.contains(Placeholders.FILE_START)) {
            return true;
        }
        for (int i = text.indexOf('\\'); i >= 0; i = text.indexOf('\\', i + 1)) {
            if (PsqlCopy.beginsAt(text, i)) {
                return true;
            }
        }
        return false;
    }

    /**
     * {@return all of them in their order, each as often as it occurs}
     *
     * @param script as in the file, its placeholders not replaced
     * @param placeholders whether its placeholders will be replaced
     * @throws SqlSyntaxException if a name is not one of a file beside the script, if a literal would stand within another,
     *     or as {@link SqlScript#parse}
     */
    public static List<FileMention> in(SourceText script, boolean placeholders) throws SqlSyntaxException {
        return arePossible(script) ? new FileMentions(script, placeholders).find() : List.of();
    }

    private List<FileMention> find() throws SqlSyntaxException {
        ScriptScanner scanner = new ScriptScanner(script, true);
        while (true) {
            switch (scanner.next()) {
                case TOKEN -> literals(scanner.start(), scanner.end(), quotes(scanner.token()));
                case COPY_DATA -> literals(scanner.start(), scanner.end(), "The data of COPY is taken as it stands");
                case PSQL_COPY -> {
                    literals(scanner.start(), scanner.end(), "A \\copy cannot take another file's text");
                    rows(scanner.psqlCopy());
                }
                case STATEMENT_END -> {
                    // Not of interest.
                }
                case END -> {
                    literals(text.length(), text.length(), null);
                    return found;
                }
            }
        }
    }

    private static @Nullable String quotes(Lexer token) {
        return switch (token.kind()) {
            case STRING, BIT_STRING, QUOTED_IDENTIFIER -> "The file's text comes with quotes of its own";
            default -> null;
        };
    }

    /** @param problem why none may stand from start to end; null if one may */
    private void literals(int start, int end, @Nullable String problem) throws SqlSyntaxException {
        while (next >= 0 && next < end) {
            int close = Placeholders.closingBrace(text, next, text.length());
            if (close < 0) {
                throw Placeholders.malformed(script, next);
            }
            if (problem != null && next >= start) {
                throw wrong(
                        next,
                        problem + ", so ${gangway:file:…} cannot stand in here. Let it stand alone where SQL wants a"
                                + " value: INSERT INTO notes VALUES (1, ${gangway:file:note.txt})");
            }
            add(text.substring(next + Placeholders.FILE_START.length(), close), next, false);
            next = text.indexOf(Placeholders.FILE_START, close);
        }
    }

    private void rows(PsqlCopy copy) throws SqlSyntaxException {
        if (placeholders && copy.file().contains("${")) {
            throw wrong(
                    copy.fileStart(),
                    "The name of a \\copy's file cannot come out of a placeholder, because the file counts in the"
                            + " migration's checksum. Write the name itself.");
        }
        add(copy.file(), copy.fileStart(), true);
    }

    private void add(String name, int offset, boolean rows) throws SqlSyntaxException {
        String problem = FileMention.problem(name);
        if (problem != null) {
            throw wrong(offset, problem);
        }
        found.add(new FileMention(name, script.positionAt(offset), rows));
    }

    private SqlSyntaxException wrong(int offset, String problem) {
        return new SqlSyntaxException(script.positionAt(offset), problem);
    }
}
