package dev.gangway.sql;

import java.util.ArrayList;
import java.util.List;

/** A script as its statements. Immutable and thread-safe. */
public final class SqlScript {
    private final SourceText source;
    private final List<SqlStatement> statements;

    private SqlScript(SourceText source, List<SqlStatement> statements) {
        this.source = source;
        this.statements = List.copyOf(statements);
    }

    /**
     * Splits the script the way psql does.
     *
     * @param source with its placeholders replaced
     * @throws SqlSyntaxException if something never ends, at a psql command other than
     *     <code>\copy … from 'file'</code>, or at text between COPY and its data; not for
     *     what only the server's grammar knows to be wrong
     */
    public static SqlScript parse(SourceText source) throws SqlSyntaxException {
        List<SqlStatement> statements = new ArrayList<>();
        ScriptScanner scanner = new ScriptScanner(source, false);
        int start = -1;
        int end = -1;
        int dataStart = -1;
        int dataEnd = -1;
        SqlStatement copy = null;
        while (true) {
            switch (scanner.next()) {
                case TOKEN -> {
                    start = start < 0 ? scanner.start() : start;
                    end = scanner.end();
                }
                case COPY_DATA -> {
                    dataStart = scanner.start();
                    dataEnd = scanner.end();
                }
                case PSQL_COPY -> copy = scanner.psqlCopy().statement();
                case STATEMENT_END -> {
                    statements.add(copy == null ? new SqlStatement(source, start, end, dataStart, dataEnd) : copy);
                    start = -1;
                    dataStart = -1;
                    copy = null;
                }
                case END -> {
                    return new SqlScript(source, statements);
                }
            }
        }
    }

    /** {@return the text that was parsed} */
    public SourceText source() {
        return source;
    }

    /** {@return the statements in their order; none if the script holds nothing but comments; unmodifiable} */
    public List<SqlStatement> statements() {
        return statements;
    }
}
