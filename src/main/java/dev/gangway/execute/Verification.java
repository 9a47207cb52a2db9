package dev.gangway.execute;

import dev.gangway.migration.Migration;
import dev.gangway.pgjdbc.Message;
import dev.gangway.pgjdbc.Quote;
import dev.gangway.pgjdbc.Reply;
import dev.gangway.pgjdbc.Row;
import dev.gangway.pgjdbc.ServerError;
import dev.gangway.pgjdbc.SqlStates;
import dev.gangway.sql.SqlStatement;
import dev.gangway.sql.SqlSyntaxException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/**
 * Runs verify scripts of migrations that are applied already. Each script is one transaction that may only read and is
 * rolled back, so that nothing changes whatever the queries do. Used by one thread.
 */
public final class Verification {
    private static final String BEGIN = "BEGIN ISOLATION LEVEL READ COMMITTED READ ONLY"
            // Between two messages it waits for us.
            + "; SET LOCAL idle_in_transaction_session_timeout = 0";

    private final Connection connection;
    private final ScriptReader reader;

    /** @param connection one that is in no transaction */
    public Verification(Connection connection, ScriptReader reader) {
        this.connection = connection;
        this.reader = reader;
    }

    /**
     * {@return what the verify script of that migration says; a query that fails, or returns something else than a verify
     * query may, is a row that has not passed and is named after its place. Empty when there is no such script}
     *
     * @throws SQLException when the connection was lost
     */
    public List<VerifyRow> run(Migration migration) throws SQLException {
        if (migration.verify() == null) {
            return List.of();
        }
        List<SqlStatement> queries;
        try {
            queries = reader.verify(migration);
        } catch (SqlSyntaxException e) {
            return List.of(failed(e.position().toString(), e.problem()));
        }
        List<VerifyRow> rows = new ArrayList<>();
        try {
            begin();
            for (SqlStatement query : queries) {
                // One message each: when one has failed, the others are asked all the same.
                Message.send(connection, "SAVEPOINT verify").orThrow();
                ask(query, rows);
                Message.send(connection, "ROLLBACK TO SAVEPOINT verify").orThrow();
            }
        } finally {
            Message.send(connection, "ROLLBACK");
        }
        return rows;
    }

    private void begin() throws SQLException {
        String path = reader.searchPath();
        Message.send(
                        connection,
                        path == null
                                ? BEGIN
                                : BEGIN + "; SELECT pg_catalog.set_config('search_path', " + Quote.literal(path)
                                        + ", true)")
                .orThrow();
    }

    private void ask(SqlStatement query, List<VerifyRow> rows) throws SQLException {
        String place = query.position().toString();
        if (query.controlsTransaction()) {
            rows.add(failed(place, query.words().get(0) + " does not belong in a verify script"));
            return;
        }
        Reply reply = Message.send(connection, query.text());
        SQLException error = reply.error();
        if (error != null) {
            if (SqlStates.connectionLost(error)) {
                throw error;
            }
            rows.add(failed(place, ServerError.describe(error)));
            return;
        }
        for (Row row : reply.rows(0)) {
            try {
                rows.add(VerifyRow.of(row));
            } catch (IllegalArgumentException e) {
                rows.add(failed(place, String.valueOf(e.getMessage())));
                return;
            }
        }
    }

    private static VerifyRow failed(String place, String why) {
        return new VerifyRow("error", place, false, why);
    }
}
