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
        return of(Message.send(connection, ServerFacts.SQL + "; " + table.snapshotSql(expected)), table);
    }

    /**
     * Asks for the whole history, as somebody who is about to write to it.
     *
     * @param table with its schema
     * @throws GangwayException.Permanent GW002 also when the tables are not what they were made as; GW007 also when the
     *     role may not use the schema, in which to_regclass fails rather than finds nothing
     */
    public static Precheck askToWrite(Connection connection, HistoryTable table) throws SQLException {
        Reply reply = Message.send(
                connection, HistoryLayout.sql(table) + "; " + ServerFacts.SQL + "; " + table.snapshotSql(null));
        if (reply.completed() == 0) {
            throw mayNotUseSchema(connection, table, Objects.requireNonNull(reply.error()));
        }
        HistoryLayout.require(table, reply.rows(0));
        return of(reply.from(1), table);
    }

    private static Precheck of(Reply reply, HistoryTable table) throws SQLException {
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
            if (SqlStates.is(error, SqlStates.INSUFFICIENT_PRIVILEGE)) {
                throw mayNotRead(facts, known, error);
            }
            throw SqlStates.isMistake(error) ? HistoryLayout.broken(known, error) : error;
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
            // Without a rank and a script it is the state's row, to which no row of the history was joined.
            if (row.text(4) != null || row.text(9) != null) {
                HistoryRow read = row(table, row);
                if (!history.isEmpty() && history.get(history.size() - 1).rank() == read.rank()) {
                    throw unreadable(table, row, null);
                }
                history.add(read);
            }
        }
        if (!history.isEmpty() && history.get(history.size() - 1).rank() == Long.MAX_VALUE) {
            throw HistoryLayout.broken(table, "no row can follow the one with rank " + Long.MAX_VALUE);
        }
        String recorded = first.text(1);
        String epoch = first.text(2);
        if (recorded == null || epoch == null) {
            throw HistoryLayout.broken(table, "there is NULL in the row of " + table.stateName());
        }
        if (history.isEmpty() && !recorded.equals(Fingerprint.EMPTY.text())) {
            throw HistoryLayout.broken(
                    table,
                    table.historyName() + " is empty, or row level security hides its rows from this role, though "
                            + table.stateName() + " knows of migrations");
        }
        return HistorySnapshot.read(history, recorded, Long.parseLong(epoch));
    }

    private static HistoryRow row(HistoryTable table, Row row) throws GangwayException.Permanent {
        try {
            return HistoryTable.row(row, 4);
        } catch (IllegalArgumentException | NullPointerException e) {
            throw unreadable(table, row, e);
        }
    }

    private static GangwayException.Permanent unreadable(HistoryTable table, Row row, @Nullable RuntimeException why) {
        return new GangwayException.Permanent(
                Code.HISTORY_MISMATCH,
                """
                The row with rank %s of the migration history %s cannot be read%s (version "%s", kind "%s", state "%s").
                  database: unchanged
                  next:     if somebody has edited that row, put it back as it was; if a newer version of Gangway wrote\
                 it, update this application's""".formatted(
                        row.text(4),
                        table.historyName(),
                        why == null ? ", because it is there twice, or " + table.stateName() + " has two rows" : "",
                        row.text(5),
                        row.text(7),
                        row.text(11)),
                why);
    }

    private static boolean noSuchTable(SQLException error) {
        return SqlStates.is(error, SqlStates.UNDEFINED_TABLE) || SqlStates.is(error, SqlStates.INVALID_SCHEMA_NAME);
    }

    /** {@return the error itself, unless it says that the role may not use the schema: then one that tells what to do} */
    private static SQLException mayNotUseSchema(Connection connection, HistoryTable table, SQLException error)
            throws SQLException {
        String schema = Objects.requireNonNull(table.schema());
        if (!SqlStates.is(error, SqlStates.INSUFFICIENT_PRIVILEGE)
                || Message.send(
                                connection,
                                "SELECT pg_catalog.has_schema_privilege(" + Quote.literal(schema) + ", 'USAGE')")
                        .orThrow()
                        .row(0)
                        .bool(0)) {
            return error;
        }
        String role = connection.getMetaData().getUserName();
        return new GangwayException.Permanent(
                Code.MISSING_PRIVILEGE,
                """
                The role "%s" may not use the schema of the migration history %s.
                  server:   %s
                  database: unchanged; nothing was applied
                  next:     let an administrator run  GRANT USAGE, CREATE ON SCHEMA %s TO %s;
                            or name a role that may, with gangway.migrationUser and gangway.migrationPassword""".formatted(
                                role,
                                table.historyName(),
                                ServerError.describe(error),
                                Quote.identifier(schema),
                                Quote.identifier(role)),
                error);
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
