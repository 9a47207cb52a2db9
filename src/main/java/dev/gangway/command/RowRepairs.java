package dev.gangway.command;

import dev.gangway.execute.ScriptReader;
import dev.gangway.history.HistoryRow;
import dev.gangway.history.HistorySnapshot;
import dev.gangway.history.HistoryTable;
import dev.gangway.history.KeptTexts;
import dev.gangway.history.State;
import dev.gangway.internal.UnifiedDiff;
import dev.gangway.migration.Migration;
import dev.gangway.plan.Files;
import dev.gangway.report.RepairReport;
import dev.gangway.report.RepairReport.Kind;
import dev.gangway.sql.SqlSyntaxException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Decides what has to be mended in the rows of a history. Sends nothing. */
final class RowRepairs {
    private final Files files;
    private final ScriptReader reader;
    private final HistoryTable table;

    private final List<RepairReport.Repair> repairs = new ArrayList<>();
    private final List<String> commands = new ArrayList<>();
    private HistorySnapshot after;

    RowRepairs(
            Files files, HistorySnapshot history, Map<Long, KeptTexts> kept, ScriptReader reader, HistoryTable table) {
        this.files = files;
        this.reader = reader;
        this.table = table;
        this.after = history.recomputed();
        for (HistoryRow row : history.rows()) {
            mend(row, kept.getOrDefault(row.rank(), KeptTexts.NONE));
        }
    }

    List<RepairReport.Repair> repairs() {
        return repairs;
    }

    /** {@return what writes them} */
    List<String> commands() {
        return commands;
    }

    /** {@return the history afterwards, with a fingerprint that fits its rows} */
    HistorySnapshot after() {
        return after;
    }

    private void mend(HistoryRow row, KeptTexts kept) {
        Migration file = fileOf(row);
        if (row.state() == State.FAILED && row.statementsDone() == 0) {
            clear(row, file);
        } else if (row.state().isUnfinished()) {
            leave(row, file);
        } else if (file != null && (row.state() == State.APPLIED || row.state() == State.ADOPTED)) {
            accept(row, file, kept);
        }
    }

    private @Nullable Migration fileOf(HistoryRow row) {
        for (Migration file : files.migrations()) {
            if (row.identity().equals(HistoryRow.identity(file.kind(), file.version(), file.description()))) {
                return file;
            }
        }
        return null;
    }

    private void clear(HistoryRow row, @Nullable Migration file) {
        after = after.without(row);
        // A worker in the background may have taken it up again since, which does not move the state.
        commands.add(table.rowFenceSql(row));
        commands.add(table.deleteSql(row));
        add(
                Kind.CLEARED_FAILURE,
                row.script(),
                "it failed and nothing of it stayed; its row is removed"
                        + (file == null ? "" : ", and the next migrate begins it anew"),
                null);
    }

    private void leave(HistoryRow row, @Nullable Migration file) {
        add(
                Kind.LEFT_UNFINISHED,
                row.script(),
                "%d of its statements are done and stay; %s"
                        .formatted(
                                row.statementsDone(),
                                file == null
                                        ? "a process that has the file goes on behind them"
                                        : "the next migrate goes on behind them"),
                null);
    }

    private void accept(HistoryRow row, Migration file, KeptTexts kept) {
        boolean changed = file.differsFrom(row.checksum());
        if (changed && file.version() == null) {
            // A repeatable migration that has changed is pending, which is no fault.
            return;
        }
        boolean renamed = row.state() == State.APPLIED
                && (!row.script().equals(file.script()) || !row.description().equals(file.description()));
        KeptTexts texts = texts(file);
        boolean undoChanged = row.state() == State.APPLIED
                && texts.undo() != null
                && !texts.undo().equals(kept.undo());
        if (!changed && !renamed && !undoChanged) {
            return;
        }
        List<String> what = new ArrayList<>();
        if (changed) {
            what.add("the file was changed after it had been applied");
        }
        if (renamed) {
            what.add("its name was %s, \"%s\"".formatted(row.script(), row.description()));
        }
        if (undoChanged) {
            what.add(kept.undo() == null ? "it has an undo script now" : "its undo script was changed");
        }
        HistoryRow accepted = accepted(row, file, changed);
        after = after.with(accepted);
        commands.add(table.acceptSql(accepted, texts));
        add(
                Kind.ACCEPTED_CHANGE,
                file.script(),
                String.join("; ", what) + "; what the files say now counts as applied",
                changed && kept.script() != null && file.code() == null
                        ? UnifiedDiff.of(
                                row.script() + " (applied)",
                                file.script() + " (now)",
                                kept.script(),
                                file.source().text())
                        : null);
    }

    /** A placeholder without a value, or an unreadable undo script, is no reason to leave all else unmended. */
    private KeptTexts texts(Migration file) {
        try {
            return reader.texts(file);
        } catch (SqlSyntaxException e) {
            return KeptTexts.of(null, file.scriptText());
        }
    }

    private static HistoryRow accepted(HistoryRow row, Migration file, boolean changed) {
        return new HistoryRow(
                row.rank(),
                row.version(),
                file.description(),
                row.kind(),
                file.directives().type().name().toLowerCase(Locale.ROOT),
                file.script(),
                changed ? file.checksumText() : row.checksum(),
                row.state(),
                file.directives().breaking(),
                row.statementsDone(),
                row.rowsChanged(),
                file.directives().requires(),
                row.error(),
                row.installedOn());
    }

    private void add(Kind kind, String subject, String description, @Nullable String diff) {
        repairs.add(new RepairReport.Repair(kind, subject, description, diff));
    }
}
