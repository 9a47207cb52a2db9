package dev.gangway.command;

import dev.gangway.history.Precheck;
import dev.gangway.pgjdbc.Connections;
import dev.gangway.pgjdbc.Message;
import dev.gangway.pgjdbc.Row;
import dev.gangway.report.HistoryEntry;
import dev.gangway.report.HistoryReport;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;

/** Reads all rows of the history, with the columns that only people read. */
final class History {
    private final Context context;

    History(Context context) {
        this.context = context;
    }

    HistoryReport run() throws SQLException {
        Connection connection = context.endpoint().connect();
        try {
            // First, because it finds the schema, and explains what a missing privilege is about.
            Precheck check = context.ask(connection);
            List<HistoryEntry> entries = check.history() == null
                    ? List.of()
                    : Message.send(connection, check.table().entriesSql()).orThrow().rows(0).stream()
                            .map(History::entry)
                            .toList();
            return new HistoryReport(context.target().toString(), check.table().historyName(), entries);
        } finally {
            Connections.close(connection);
        }
    }

    private static HistoryEntry entry(Row row) {
        return new HistoryEntry(
                row.number(0),
                row.text(1),
                row.required(2),
                row.required(3),
                row.required(4),
                row.required(5),
                row.required(6),
                row.bool(7),
                (int) row.number(8),
                row.number(9),
                row.bool(10),
                row.text(11),
                row.required(12),
                Instant.EPOCH.plus(row.number(13), ChronoUnit.MICROS),
                row.text(14) == null ? null : row.number(14),
                row.required(15));
    }
}
