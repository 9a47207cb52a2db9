package dev.gangway.sql;

import dev.gangway.sql.WordReader.QualifiedName;
import java.util.List;
import java.util.Set;

/**
 * Reads queries, and what changes rows, for the tables they name. No parser: it knows where in a query a table may stand,
 * and what makes a name none of a table: WITH, functions, the FROM of {@code extract(… FROM …)} or
 * {@code IS DISTINCT FROM}. Not thread-safe.
 */
final class QueryLocks {
    private static final Set<String> QUERIES = Set.of("SELECT", "WITH", "VALUES", "TABLE");
    private static final Set<String> CHANGES = Set.of("INSERT", "UPDATE", "DELETE", "MERGE");

    /** Where a definition may have a query behind. */
    private static final Set<String> BEFORE_QUERIES = Set.of("AS", "DO", "ALSO", "INSTEAD", "(", ";");

    /** What follows upon a table, and is no alias. */
    private static final Set<String> NO_ALIASES = words("""
            CROSS DEFAULT EXCEPT FETCH FOR FULL GROUP HAVING INNER INTERSECT JOIN LEFT LIMIT NATURAL OFFSET ON ORDER
            OVERRIDING RETURNING RIGHT SELECT SET TABLE TABLESAMPLE UNION USING VALUES WHEN WHERE WINDOW WITH""");

    /** What ends the list behind FROM. */
    private static final Set<String> AFTER_FROM =
            words("CONFLICT SET WHERE GROUP HAVING WINDOW ORDER LIMIT OFFSET FETCH RETURNING WHEN");

    /** What stands in front of the name of a new table. */
    private static final Set<String> NEW_TABLES = Set.of("TEMPORARY", "TEMP", "LOCAL", "GLOBAL", "UNLOGGED", "TABLE");

    /** How many parentheses are followed into one another; more than people write, and what any stack holds. */
    private static final int DEEPEST = 200;

    private final WordReader reader;
    private final LockCollector locks;
    private final boolean runs;
    private int depth;

    private QueryLocks(WordReader reader, LockCollector locks, boolean runs) {
        this.reader = reader;
        this.locks = locks;
        this.runs = runs;
    }

    private static Set<String> words(String list) {
        return Set.of(list.split("\\s+"));
    }

    /** {@return whether a query or a change of rows begins with the word to come} */
    static boolean comesNext(WordReader reader) {
        String word = reader.peek();
        return QUERIES.contains(word) || CHANGES.contains(word) || word.equals("(");
    }

    /** Reads the statement to come, which will be run. */
    static void statement(WordReader reader, LockCollector locks) {
        new QueryLocks(reader, locks, true).query(new QueryNames(null));
    }

    /** Reads a definition for the queries in it. */
    static void definition(WordReader reader, LockCollector locks) {
        QueryLocks queries = new QueryLocks(reader, locks, false);
        while (!reader.atEnd()) {
            String word = reader.read();
            String next = reader.peek();
            if (BEFORE_QUERIES.contains(word) && (QUERIES.contains(next) || CHANGES.contains(next))) {
                queries.query(new QueryNames(null));
            }
        }
    }

    /** Reads up to the parenthesis or semicolon that ends the query. Gives what it reads. */
    private QuerySources query(QueryNames outerNames) {
        QuerySources sources = new QuerySources();
        if (isTooDeep()) {
            return sources;
        }
        depth++;
        QueryNames names = new QueryNames(outerNames);
        if (reader.skip("WITH")) {
            with(names);
        }
        boolean usingIsClause = false;
        switch (reader.peek()) {
            case "INSERT" -> {
                reader.skip("INSERT", "INTO");
                changed("inserts rows");
                if (!QUERIES.contains(reader.peek(1))) {
                    reader.skipParentheses();
                }
                if (reader.skip("WITH")) {
                    with(names);
                }
            }
            case "UPDATE" -> {
                reader.skip("UPDATE");
                changed("updates rows");
            }
            case "DELETE" -> {
                reader.skip("DELETE", "FROM");
                changed("deletes rows");
                usingIsClause = true;
            }
            case "MERGE" -> {
                reader.skip("MERGE", "INTO");
                changed("merges rows");
                usingIsClause = true;
            }
            default -> {
                // Whatever follows, the clauses tell.
            }
        }
        clauses(names, sources, false, usingIsClause);
        depth--;
        return sources;
    }

    private void with(QueryNames names) {
        boolean recursive = reader.skip("RECURSIVE");
        do {
            String name = reader.readName();
            if (name == null) {
                return;
            }
            // Without RECURSIVE the name means something else in its own query: often the table itself.
            QueryNames inner = new QueryNames(names);
            if (recursive) {
                inner.add(name);
            }
            reader.skipParentheses();
            reader.skip("AS");
            reader.skip("NOT");
            reader.skip("MATERIALIZED");
            if (reader.skip("(")) {
                query(inner);
                reader.skip(")");
            }
            names.add(name);
            while (reader.peek().equals("SEARCH") || reader.peek().equals("CYCLE")) {
                skipSearchOrCycle();
            }
        } while (reader.skip(","));
    }

    /** {@code SEARCH DEPTH FIRST BY a, b SET c} or {@code CYCLE a, b SET c [TO d DEFAULT e] USING f}. */
    private void skipSearchOrCycle() {
        boolean cycle = reader.read().equals("CYCLE");
        String last = cycle ? "USING" : "SET";
        while (!reader.atEnd() && !reader.read().equals(last)) {
            // Columns.
        }
        reader.readName();
    }

    private void changed(String why) {
        reader.skip("ONLY");
        QualifiedName table = reader.readQualifiedName();
        if (table == null) {
            unreadable();
            return;
        }
        reader.skip("*");
        alias(table.name());
        locks.add(table, LockMode.ROW_EXCLUSIVE, why);
    }

    private void clauses(QueryNames names, QuerySources sources, boolean beginsInFrom, boolean usingIsClause) {
        boolean inFrom = beginsInFrom;
        boolean using = usingIsClause;
        while (!reader.atEnd() && !reader.peek().equals(")") && !reader.peek().equals(";")) {
            call();
            String word = reader.read();
            boolean table = false;
            switch (word) {
                case "(" -> parenthesis(names);
                case "FROM" -> table = !isDistinctFrom();
                case "USING" -> table = using;
                case "JOIN" -> table = true;
                case "," -> table = inFrom;
                case "TABLE" -> table = true;
                case "INTO" -> newTable();
                case "UNION", "INTERSECT", "EXCEPT" -> inFrom = false;
                case "FOR" -> rowLocks(sources);
                default -> inFrom &= !AFTER_FROM.contains(word);
            }
            if (table) {
                inFrom = true;
                using = false;
                source(names, sources);
            }
        }
    }

    /** After a FROM: whether it belongs to {@code IS [NOT] DISTINCT FROM}. */
    private boolean isDistinctFrom() {
        return reader.peek(-2).equals("DISTINCT")
                && (reader.peek(-3).equals("IS") || reader.peek(-3).equals("NOT"));
    }

    /** {@code SELECT … INTO}: nobody else knows that table. */
    private void newTable() {
        while (NEW_TABLES.contains(reader.peek())) {
            reader.read();
        }
        reader.readQualifiedName();
    }

    private void source(QueryNames names, QuerySources sources) {
        reader.skip("LATERAL");
        if (reader.skip("ROWS", "FROM")) {
            reader.skipParentheses();
            return;
        }
        boolean only = reader.skip("ONLY");
        if (reader.peek().equals("(") && !only) {
            sourceInParentheses(names, sources);
            return;
        }
        boolean parenthesis = reader.skip("(");
        QualifiedName table = reader.readQualifiedName();
        if (table == null) {
            unreadable();
            return;
        }
        if (reader.peek().equals("(")) {
            reader.goTo(reader.position() - 1);
            call();
            reader.goTo(reader.position() + 2);
            parenthesis(names);
            alias("");
            return;
        }
        if (parenthesis) {
            reader.skip(")");
        }
        reader.skip("*");
        String alias = alias(table.name());
        if (table.schema() != null || !names.contains(table.name())) {
            sources.add(alias, table);
            locks.add(table, LockMode.ACCESS_SHARE, "reads rows");
        }
    }

    private void sourceInParentheses(QueryNames names, QuerySources sources) {
        if (isTooDeep()) {
            return;
        }
        depth++;
        reader.skip("(");
        QuerySources inner = new QuerySources();
        if (QUERIES.contains(reader.peek())) {
            inner = query(names);
        } else {
            source(names, inner);
            clauses(names, inner, true, false);
        }
        reader.skip(")");
        sources.addAll(inner, alias(""));
        depth--;
    }

    private void parenthesis(QueryNames names) {
        if (isTooDeep()) {
            return;
        }
        depth++;
        if (QUERIES.contains(reader.peek())) {
            query(names);
        }
        while (!reader.atEnd() && !reader.peek().equals(")")) {
            call();
            if (reader.read().equals("(")) {
                parenthesis(names);
            }
        }
        reader.skip(")");
        depth--;
    }

    /** {@return whether no further parenthesis can be followed; then nothing is left to read} */
    private boolean isTooDeep() {
        if (depth < DEEPEST) {
            return false;
        }
        locks.unknown("its parentheses are nested too deeply");
        reader.goTo(reader.all().size());
        return true;
    }

    /** Reads {@code AS alias (column, …)}, of which any part may be missing. */
    private String alias(String otherwise) {
        boolean certain = reader.skip("AS");
        String alias = certain || !NO_ALIASES.contains(reader.peek()) ? reader.readName() : null;
        if (alias != null || certain) {
            reader.skipParentheses();
        }
        return alias == null ? otherwise : alias;
    }

    private void rowLocks(QuerySources sources) {
        boolean locking = reader.skip("UPDATE")
                || reader.skip("SHARE")
                || reader.skip("NO", "KEY", "UPDATE")
                || reader.skip("KEY", "SHARE");
        if (!locking) {
            return;
        }
        if (!reader.skip("OF")) {
            lockRows(sources.takeAll());
            return;
        }
        do {
            QualifiedName name = reader.readQualifiedName();
            lockRows(name == null ? List.of() : sources.take(name.name()));
        } while (reader.skip(","));
    }

    private void lockRows(List<QualifiedName> tables) {
        for (QualifiedName table : tables) {
            locks.add(table, LockMode.ROW_SHARE, "locks rows");
        }
    }

    /** Looks whether the word to come calls something that may lock tables of its own. */
    private void call() {
        if (runs && FunctionCalls.callsUnknown(reader)) {
            String name = reader.peek();
            String shown = name.startsWith("\"") ? name : Ascii.toLower(name);
            locks.unknown("what the function " + shown + "() locks is not in the text");
        }
    }

    private void unreadable() {
        locks.unknown("the name of a table cannot be read");
    }
}
