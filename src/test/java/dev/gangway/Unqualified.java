package dev.gangway;

import dev.gangway.sql.Lexer;
import dev.gangway.sql.SourceText;
import dev.gangway.sql.SqlSyntaxException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Finds in SQL what the server looks up along the search_path: functions, operators and types without a schema, and the
 * syntax that stands for an operator without naming it. Not a parser: it knows as much of SQL as Gangway uses.
 */
final class Unqualified {

    /** An operator looked up by its name is hidden in each of these. */
    private static final Set<String> HIDDEN_OPERATORS =
            Set.of("LIKE", "ILIKE", "SIMILAR", "BETWEEN", "NULLIF", "USING", "NATURAL", "DISTINCT", "OVERLAPS");

    /** What the grammar itself knows, and what a list of columns or a subquery may follow. */
    private static final Set<String> SYNTAX = Set.of(
            "EXISTS",
            "COALESCE",
            "GREATEST",
            "LEAST",
            "EXTRACT",
            "ARRAY",
            "ANY",
            "ALL",
            "ROW",
            "VALUES",
            "AND",
            "OR",
            "NOT",
            "WHERE",
            "THEN",
            "ELSE",
            "WHEN",
            "SELECT",
            "FROM",
            "AS",
            "BY",
            "ON",
            "OPERATOR",
            "LATERAL",
            "KEY",
            "CHECK",
            "CONFLICT",
            "INTO",
            "EXPLAIN",
            "MATERIALIZED",
            "JOIN",
            "SET",
            "REINDEX",
            "VACUUM",
            "HNSW",
            "IVFFLAT");

    /** Types with a name of the grammar's own. */
    private static final Set<String> TYPES = Set.of("INT", "INTEGER", "BIGINT", "SMALLINT", "BOOLEAN", "FLOAT", "REAL");

    private record Token(Lexer.Kind kind, String text) {
        boolean is(String word) {
            return kind != Lexer.Kind.STRING && text.equalsIgnoreCase(word);
        }
    }

    private Unqualified() {}

    /** {@return each finding with what stands around it} */
    static List<String> in(String sql) throws SqlSyntaxException {
        List<Token> tokens = tokens(sql);
        List<String> found = new ArrayList<>();
        for (int i = 0; i < tokens.size(); i++) {
            String problem = problemAt(tokens, i);
            if (problem != null) {
                List<String> around = tokens.subList(Math.max(0, i - 8), Math.min(tokens.size(), i + 6)).stream()
                        .map(Token::text)
                        .toList();
                found.add(problem + " in: " + String.join(" ", around));
            }
        }
        return found;
    }

    private static List<Token> tokens(String sql) throws SqlSyntaxException {
        List<Token> tokens = new ArrayList<>();
        Lexer lexer = new Lexer(SourceText.of("sent", sql));
        while (lexer.next()) {
            tokens.add(new Token(lexer.kind(), sql.substring(lexer.start(), lexer.end())));
        }
        return tokens;
    }

    private static @Nullable String problemAt(List<Token> tokens, int i) {
        Token token = tokens.get(i);
        String upper = token.text().toUpperCase(Locale.ROOT);
        return switch (token.kind()) {
            case OPERATOR -> isNamed(tokens, i) || isSyntax(tokens, i) ? null : "the operator " + token.text();
            case PUNCTUATION -> token.text().equals("::") && !isQualifiedType(at(tokens, i + 1)) ? "a type" : null;
            case WORD -> {
                if (HIDDEN_OPERATORS.contains(upper) && !isMethod(tokens, i)) {
                    yield "the operator behind " + upper;
                }
                if (upper.equals("CASE") && !at(tokens, i + 1).is("WHEN")) {
                    yield "the operator behind CASE x WHEN";
                }
                if (upper.equals("IN") && at(tokens, i + 1).is("(")) {
                    yield "the operator behind IN";
                }
                boolean called = at(tokens, i + 1).is("(") && !at(tokens, i - 1).is(".");
                // Prepared statements have no schema.
                boolean statement = i > 0
                        && (at(tokens, i - 1).is("EXECUTE") || at(tokens, i - 1).is("PREPARE"));
                yield called && !statement && !SYNTAX.contains(upper) && !isList(tokens, i)
                        ? "the function " + token.text()
                        : null;
            }
            default -> null;
        };
    }

    private static boolean isNamed(List<Token> tokens, int i) {
        return at(tokens, i - 1).is(".")
                && at(tokens, i - 2).is("pg_catalog")
                && at(tokens, i - 4).is("OPERATOR");
    }

    /** All columns, all rows, a sign, and what SET and UPDATE write. */
    private static boolean isSyntax(List<Token> tokens, int i) {
        Token token = tokens.get(i);
        Token before = at(tokens, i - 1);
        if (token.is("*")) {
            return before.is("SELECT") || before.is(".") || before.is("(") || before.is(",");
        }
        if (token.is("-")) {
            return at(tokens, i + 1).kind() == Lexer.Kind.NUMBER
                    && (before.is("(") || before.is(",") || before.is("="));
        }
        return token.is("=") && isAssignment(tokens, i);
    }

    private static boolean isAssignment(List<Token> tokens, int i) {
        for (int j = i - 1; j >= 0; j--) {
            Token token = tokens.get(j);
            if (token.is("SET")) {
                return true;
            }
            if (token.is("WHERE") || token.is("SELECT") || token.is(";") || token.is("ON")) {
                return false;
            }
        }
        return false;
    }

    private static boolean isQualifiedType(Token type) {
        return type.is("pg_catalog") || TYPES.contains(type.text().toUpperCase(Locale.ROOT));
    }

    /** USING of CREATE INDEX names an access method, which has no schema. */
    private static boolean isMethod(List<Token> tokens, int i) {
        return at(tokens, i).is("USING")
                && (at(tokens, i + 1).is("hnsw") || at(tokens, i + 1).is("ivfflat"));
    }

    /** A name that columns follow: {@code index (relid, …) AS}, {@code ) w (width)}, {@code INSERT INTO t (…)}. */
    private static boolean isList(List<Token> tokens, int i) {
        int depth = 0;
        for (int j = i + 1; j < tokens.size(); j++) {
            Token token = tokens.get(j);
            if (token.is("(")) {
                depth++;
            } else if (token.is(")") && --depth == 0) {
                Token before = at(tokens, i - 1);
                return before.is(")")
                        || before.is("AS")
                        || before.is("INTO")
                        || at(tokens, j + 1).is("AS");
            }
        }
        return false;
    }

    private static Token at(List<Token> tokens, int i) {
        return i >= 0 && i < tokens.size() ? tokens.get(i) : new Token(Lexer.Kind.END, "");
    }
}
