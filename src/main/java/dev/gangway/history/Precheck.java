package dev.gangway.history;

import dev.gangway.GangwayException;
import dev.gangway.GangwayException.Code;
import dev.gangway.pgjdbc.Message;
import dev.gangway.pgjdbc.Quote;
import dev.gangway.pgjdbc.Reply;
import dev.gangway.pgjdbc.Row;
import dev.gangway.pgjdbc.ServerError;
import dev.gangway.pgjdbc.SqlStates;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The one question that each process asks before it gets its first connection: one message, one round trip, whatever the
 * answer is.
 *
 * @param facts   what the server and the session are like
 * @param table   the history's tables, with their schema if there is one
 * @param current whether the history is known to be exactly what was expected; {@code history} is null then
 * @param history the history when it differs from what was expected; null when there is none yet
 * @param stateIsEmpty whether the history is null because the state table, which is there, has lost its only row
 */
public record Precheck(
        ServerFacts facts,
        HistoryTable table,
        boolean current,
        @Nullable HistorySnapshot history,
        boolean stateIsEmpty) {

    /**
     * Asks.
     *
     * @param table    with or without a schema; without one, the tables in the session's current schema count
     * @param expected the fingerprint of a database on which nothing is pending; null to read the history in any case
     */
    public static Precheck ask(Connection connection, HistoryTable table, @Nullable String expected)
            throws SQLException {
        // The facts come first: when there is no history table yet, the second statement fails and they still arrive.
        Reply reply = Message.send(connection, ServerFacts.SQL + "; " + table.snapshotSql(expected));
        SQLException error = reply.error();
        if (reply.completed() == 0) {
            throw Objects.requireNonNull(error);
        }
        ServerFacts facts = ServerFacts.of(reply.row(0));
        HistoryTable known = table.schema() != null || facts.schema() == null ? table : table.in(facts.schema());
        if (error != null) {
            if (noSuchTable(error)) {
                return new Precheck(facts, known, false, null, false);
            }
            throw SqlStates.is(error, SqlStates.INSUFFICIENT_PRIVILEGE) ? mayNotRead(facts, known, error) : error;
        }
        List<Row> rows = reply.rows(1);
        if (rows.isEmpty()) {
            // The state table has lost its only row; the next leader makes it anew from the history.
            return new Precheck(facts, known, false, null, true);
        }
        Row first = rows.get(0);
        if (!first.required(0).equals(known.schema())) {
            // An unqualified name found the tables of another application further along the search_path.
            return new Precheck(facts, known, false, null, false);
        }
        if (!first.bool(3)) {
            return new Precheck(facts, known, true, null, false);
        }
        return new Precheck(facts, known, false, snapshot(known, rows), false);
    }

    /**
     * {@return whether the history is exactly what is expected; false also as long as there is none}
     *
     * @param table with its schema
     */
    public static boolean isCurrent(Connection connection, HistoryTable table, String expected) throws SQLException {
        Reply reply = Message.send(connection, table.currentSql(expected));
        if (reply.error() != null && noSuchTable(reply.error())) {
            return false;
        }
        return !reply.orThrow().rows(0).isEmpty();
    }

    private static HistorySnapshot snapshot(HistoryTable table, List<Row> rows) throws GangwayException.Permanent {
        Row first = rows.get(0);
        List<HistoryRow> history = new ArrayList<>(rows.size());
        for (Row row : rows) {
            if (row.text(4) != null) {
                try {
                    history.add(HistoryTable.row(row, 4));
                } catch (IllegalArgumentException e) {
                    throw unreadable(table, row, e);
                }
            }
        }
        return HistorySnapshot.read(history, first.required(1), first.number(2));
    }

    private static GangwayException.Permanent unreadable(HistoryTable table, Row row, IllegalArgumentException why) {
        return new GangwayException.Permanent(
                Code.HISTORY_MISMATCH,
                """
                The row with rank %s of the migration history %s cannot be read (version "%s", kind "%s", state "%s").
                  database: unchanged
                  next:     if somebody has edited that row, put it back as it was; if a newer version of Gangway wrote\
                 it, update this application's""".formatted(row.required(4), table.historyName(), row.text(5), row.text(7), row.text(11)),
                why);
    }

    private static boolean noSuchTable(SQLException error) {
        return SqlStates.is(error, SqlStates.UNDEFINED_TABLE) || SqlStates.is(error, SqlStates.INVALID_SCHEMA_NAME);
    }

    private static GangwayException.Permanent mayNotRead(ServerFacts facts, HistoryTable table, SQLException error) {
        return new GangwayException.Permanent(
                Code.MISSING_PRIVILEGE,
                """
                The role "%s" may not read the migration history, so it cannot be told whether the schema is ready.
                  server: %s
                  next:   let its owner run  %sGRANT SELECT ON %s, %s TO %s;""".formatted(
                                facts.user(),
                                ServerError.describe(error),
                                table.schema() == null
                                        ? ""
                                        : "GRANT USAGE ON SCHEMA " + Quote.identifier(table.schema()) + " TO "
                                                + Quote.identifier(facts.user()) + "; ",
                                table.historyName(),
                                table.stateName(),
                                Quote.identifier(facts.user())),
                error);
    }
}
