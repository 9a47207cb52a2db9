package dev.gangway.command;

import dev.gangway.execute.ScriptReader;
import dev.gangway.history.HistoryRow;
import dev.gangway.history.HistorySnapshot;
import dev.gangway.history.KeptTexts;
import dev.gangway.history.Precheck;
import dev.gangway.leader.Leader;
import dev.gangway.migration.Migration;
import dev.gangway.pgjdbc.Message;
import dev.gangway.pgjdbc.Quote;
import dev.gangway.plan.Files;
import dev.gangway.report.RepairReport;
import dev.gangway.report.RepairReport.Kind;
import dev.gangway.sql.SqlSyntaxException;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings the history back into agreement with files and schema: what changes rows happens in one fenced transaction, then
 * invalid indexes are dropped. That something was applied is neither invented nor forgotten. Used once, by one thread.
 */
final class Repair {
    private static final Logger LOG = LoggerFactory.getLogger(Repair.class);

    private final Context context;
    private final boolean dryRun;

    private List<RepairReport.Repair> repairs = new ArrayList<>();

    Repair(Context context, boolean dryRun) {
        this.context = context;
        this.dryRun = dryRun;
    }

    RepairReport run() throws SQLException {
        Files files = context.files();
        repairs = context.leadership(context.ask()).lead(leader -> mend(files, leader));
        for (RepairReport.Repair repair : repairs) {
            LOG.info(
                    "{} - {}{}: {}",
                    context.target(),
                    dryRun ? "to be repaired: " : "",
                    repair.subject(),
                    repair.description());
        }
        if (repairs.isEmpty()) {
            LOG.info("{} - there is nothing to repair", context.target());
        }
        return new RepairReport(context.target().toString(), dryRun, repairs);
    }

    /** Called again from the beginning when the connection was lost; what is mended by then, is not found again. */
    private List<RepairReport.Repair> mend(Files files, Leader leader) throws SQLException {
        repairs = new ArrayList<>();
        HistorySnapshot history = leader.history();
        if (history == null) {
            history = withoutState(leader);
            if (history == null) {
                return repairs;
            }
        } else if (!isConsistent(leader, history)) {
            recomputed(leader, "its rows were edited; fingerprint and number of rows are computed anew");
        }
        ScriptReader reader =
                new ScriptReader(context.target(), leader.facts(), leader.table(), context.settings()::placeholder);
        Map<Long, KeptTexts> kept = KeptTexts.read(leader.work(), leader.table());
        RowRepairs rows = new RowRepairs(files, history, kept, reader, leader.table());
        repairs.addAll(rows.repairs());
        if (!dryRun && repairs.stream().anyMatch(repair -> repair.kind() != Kind.LEFT_UNFINISHED)) {
            leader.write(history, rows.after(), rows.commands());
        }
        dropIndexes(files, history, kept, reader, leader);
        return repairs;
    }

    /** {@return the history when only the state table, or its row, is missing; null when there is no history} */
    private @Nullable HistorySnapshot withoutState(Leader leader) throws SQLException {
        String history = leader.table().historyName();
        boolean exists = Message.send(
                        leader.work(), "SELECT pg_catalog.to_regclass(" + Quote.literal(history) + ") IS NOT NULL")
                .orThrow()
                .row(0)
                .bool(0);
        if (!exists) {
            return null;
        }
        recomputed(leader, "the row of " + leader.table().stateName() + " was missing; it is made anew");
        if (!dryRun) {
            return leader.createHistory();
        }
        try {
            Message.send(leader.work(), "BEGIN READ WRITE; " + leader.createHistorySql())
                    .orThrow();
            return Precheck.ask(leader.work(), leader.table(), null).history();
        } finally {
            Message.send(leader.work(), "ROLLBACK");
        }
    }

    private static boolean isConsistent(Leader leader, HistorySnapshot history) throws SQLException {
        long recordedRows = Message.send(
                        leader.work(),
                        "SELECT history_rows FROM " + leader.table().stateName())
                .orThrow()
                .row(0)
                .number(0);
        return recordedRows == history.rows().size()
                && history.recorded().equals(history.content().text());
    }

    private void recomputed(Leader leader, String description) {
        repairs.add(new RepairReport.Repair(
                Kind.RECOMPUTED_FINGERPRINT, leader.table().historyName(), description, null));
    }

    private void dropIndexes(
            Files files, HistorySnapshot history, Map<Long, KeptTexts> kept, ScriptReader reader, Leader leader)
            throws SQLException {
        InvalidIndexes indexes = new InvalidIndexes(leader.schema());
        for (Migration file : files.migrations()) {
            try {
                indexes.learn(reader.statements(file));
            } catch (SqlSyntaxException e) {
                LOG.debug("{} - {} names no index that is known: {}", context.target(), file.script(), e.getMessage());
            }
        }
        for (HistoryRow row : history.rows()) {
            String text = kept.getOrDefault(row.rank(), KeptTexts.NONE).script();
            try {
                indexes.learn(text == null ? List.of() : reader.statements(row.script(), text));
            } catch (SqlSyntaxException e) {
                LOG.debug("{} - {} names no index that is known: {}", context.target(), row.script(), e.getMessage());
            }
        }
        for (String name : indexes.find(leader.work())) {
            if (!dryRun) {
                InvalidIndexes.drop(leader.work(), name);
            }
            repairs.add(new RepairReport.Repair(
                    Kind.DROPPED_INDEX,
                    name,
                    "invalid, left behind by a build that was interrupted; a migration that is not finished builds it"
                            + " again",
                    null));
        }
    }
}
