package dev.gangway.history;

import static dev.gangway.pgjdbc.Quote.literal;

import dev.gangway.GangwayException;
import dev.gangway.GangwayException.Code;
import dev.gangway.pgjdbc.Row;
import dev.gangway.pgjdbc.ServerError;
import java.sql.SQLException;
import java.util.List;
import java.util.StringJoiner;
import org.jspecify.annotations.Nullable;

/**
 * Whether the history's tables still are what Gangway has made. Whoever leads asks before anything is applied: a table that
 * cannot take the record of a migration, or that hides its rows, would only be noticed when the migration has run.
 *
 * <p>Columns that somebody has added do not count, nor do triggers; what these do to a row is noticed when it is recorded.
 */
final class HistoryLayout {
    private static final String[] HISTORY = {
        "rank bigint",
        "version text",
        "description text",
        "kind text",
        "type text",
        "script text",
        "checksum text",
        "state text",
        "breaking boolean",
        "statements_done integer",
        "rows_changed bigint",
        "requires text",
        "undo_sql text",
        "script_text text",
        "error text",
        "installed_by text",
        "installed_on timestamp with time zone",
        "duration_ms bigint",
        "gangway_version text"
    };
    private static final String[] STATE = {
        "fingerprint text", "epoch bigint", "history_rows bigint", "step_began timestamp with time zone"
    };

    private HistoryLayout() {}

    /** {@return a query that gives one row for each thing that is wrong; none where there are no such tables yet} */
    static String sql(HistoryTable table) {
        StringJoiner parts = new StringJoiner(" UNION ALL ");
        parts.add(of(table.historyName(), HISTORY));
        parts.add(of(table.stateName(), STATE));
        parts.add("SELECT " + literal(table.historyName() + " is missing, though " + table.stateName() + " is there")
                + " WHERE pg_catalog.to_regclass(" + literal(table.stateName()) + ") IS NOT NULL"
                + " AND pg_catalog.to_regclass(" + literal(table.historyName()) + ") IS NULL");
        parts.add("SELECT " + literal("no unique index over the rank of " + table.historyName() + " is left")
                + " FROM pg_catalog.pg_class c WHERE " + is(table.historyName())
                + " AND NOT EXISTS (SELECT FROM pg_catalog.pg_index i JOIN pg_catalog.pg_attribute a"
                + " ON a.attrelid OPERATOR(pg_catalog.=) i.indrelid AND a.attname OPERATOR(pg_catalog.=) 'rank'"
                + " WHERE i.indrelid OPERATOR(pg_catalog.=) c.oid AND i.indisunique AND i.indisvalid"
                + " AND i.indpred IS NULL AND i.indnatts OPERATOR(pg_catalog.=) 1"
                + " AND i.indkey[0] OPERATOR(pg_catalog.=) a.attnum)");
        return parts.toString();
    }

    private static String of(String table, String[] columns) {
        StringJoiner wanted = new StringJoiner(", ");
        for (String column : columns) {
            int space = column.indexOf(' ');
            String type = column.substring(space + 1);
            wanted.add("(" + literal(column.substring(0, space)) + ", " + literal(systemName(type)) + ", "
                    + literal(type) + ")");
        }
        String from = " FROM pg_catalog.pg_class c WHERE " + is(table);
        return "SELECT " + literal("the column ") + " OPERATOR(pg_catalog.||) w.name OPERATOR(pg_catalog.||) "
                + literal(" of " + table + " is missing, or not of the type ") + " OPERATOR(pg_catalog.||) w.told"
                + " FROM pg_catalog.pg_class c, (VALUES " + wanted + ") AS w(name, type, told) WHERE " + is(table)
                + " AND NOT EXISTS (SELECT FROM pg_catalog.pg_attribute a WHERE a.attrelid OPERATOR(pg_catalog.=) c.oid"
                + " AND a.attname OPERATOR(pg_catalog.=) w.name::pg_catalog.name AND NOT a.attisdropped"
                // Not by its name: how that is told depends on the search_path and on quote_all_identifiers.
                + " AND a.atttypid OPERATOR(pg_catalog.=) w.type::pg_catalog.regtype::pg_catalog.oid)"
                + " UNION ALL SELECT " + literal(table + " is no longer a table") + from
                + " AND c.relkind OPERATOR(pg_catalog.<>) ALL (ARRAY['r', 'p']::pg_catalog.\"char\"[])"
                + " UNION ALL SELECT " + literal(table + " has rules, which change what is written to it") + from
                + " AND c.relkind OPERATOR(pg_catalog.=) 'r' AND c.relhasrules"
                + " AND EXISTS (SELECT FROM pg_catalog.pg_rewrite r WHERE r.ev_class OPERATOR(pg_catalog.=) c.oid)"
                + " UNION ALL SELECT " + literal("row level security hides rows of " + table + " from this role") + from
                + " AND pg_catalog.row_security_active(c.oid)";
    }

    /** {@return the type with its schema, so that no other one of its name is found} */
    private static String systemName(String type) {
        return "pg_catalog."
                + switch (type) {
                    case "bigint" -> "int8";
                    case "integer" -> "int4";
                    case "boolean" -> "bool";
                    case "timestamp with time zone" -> "timestamptz";
                    default -> type;
                };
    }

    private static String is(String table) {
        return "c.oid OPERATOR(pg_catalog.=) pg_catalog.to_regclass(" + literal(table) + ")";
    }

    /** Fails if anything is wrong. */
    static void require(HistoryTable table, List<Row> wrong) throws GangwayException.Permanent {
        if (!wrong.isEmpty()) {
            StringJoiner problems = new StringJoiner("\n            ");
            wrong.forEach(row -> problems.add(row.required(0)));
            throw broken(table, "problem", problems.toString(), null);
        }
    }

    /** {@return the error about something else that is wrong with them} */
    static GangwayException.Permanent broken(HistoryTable table, String problem) {
        return broken(table, "problem", problem, null);
    }

    /** {@return what an error of the server's about our own tables amounts to} */
    static GangwayException.Permanent broken(HistoryTable table, SQLException error) {
        return broken(table, "server", ServerError.describe(error), error);
    }

    private static GangwayException.Permanent broken(
            HistoryTable table, String label, String what, @Nullable SQLException cause) {
        return new GangwayException.Permanent(
                Code.HISTORY_MISMATCH,
                """
                The tables of the migration history, %s and %s, are not as Gangway has made them.
                  %s: %s%s
                  database: unchanged; nothing was applied
                  next:     undo what was done to them; "The history" in docs/how-it-works.md tells what they are like.\
                 If only %s is broken, drop it: it is made anew from the history. If all shall be applied once more, drop both""".formatted(
                                table.historyName(),
                                table.stateName(),
                                label,
                                " ".repeat(8 - label.length()),
                                what.replace("\n", "\n            "),
                                table.stateName()),
                cause);
    }
}
