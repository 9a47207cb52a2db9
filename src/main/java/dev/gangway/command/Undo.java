package dev.gangway.command;

import dev.gangway.GangwayException;
import dev.gangway.execute.Executor;
import dev.gangway.history.HistoryRow;
import dev.gangway.history.HistorySnapshot;
import dev.gangway.history.KeptTexts;
import dev.gangway.internal.Durations;
import dev.gangway.leader.Leader;
import dev.gangway.migration.Version;
import dev.gangway.report.UndoReport;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes migrations back by the text that the history holds, the one applied last first; needs no files. Everything is
 * checked before the first one runs. Used once, by one thread.
 */
final class Undo {
    private static final Logger LOG = LoggerFactory.getLogger(Undo.class);

    /** Says which of the applied migrations are meant. */
    private interface Choice {
        List<HistoryRow> of(UndoSelection selection) throws GangwayException.Permanent;
    }

    private final Context context;
    private final Choice choice;
    private final long began = System.nanoTime();

    /** What was chosen when this process led for the first time; null before that. */
    private @Nullable List<HistoryRow> chosen;

    private Undo(Context context, Choice choice) {
        this.context = context;
        this.choice = choice;
    }

    static Undo last(Context context, int count) {
        if (count < 1) {
            throw new IllegalArgumentException("count is " + count + ", but at least 1 makes sense");
        }
        return new Undo(context, selection -> selection.last(count));
    }

    /** @param text {@code 0} for all */
    static Undo above(Context context, String text) throws SQLException {
        Version version = text.equals("0") ? null : Context.version(text, "The version to go back to,");
        return new Undo(context, selection -> selection.above(version));
    }

    UndoReport run() throws SQLException {
        HistorySnapshot after = context.leadership(context.ask()).lead(this::undo);
        List<String> undone = chosen == null
                ? List.of()
                : chosen.stream().map(HistoryRow::script).toList();
        if (undone.isEmpty()) {
            LOG.info("{} - there is nothing to undo", context.target());
        }
        return new UndoReport(
                context.target().toString(), undone, Migrate.highest(after), Durations.millisSince(began));
    }

    /** {@return the history afterwards} */
    private HistorySnapshot undo(Leader leader) throws SQLException {
        HistorySnapshot history = leader.history();
        if (history == null) {
            choice.of(new UndoSelection(List.of()));
            return HistorySnapshot.EMPTY;
        }
        UndoSelection selection = new UndoSelection(history.rows());
        List<HistoryRow> due;
        if (chosen == null) {
            due = choice.of(selection);
            chosen = due;
        } else {
            // The connection was lost in between: "the last two" now means what is left of those that were meant.
            // By identity: another process may have applied again what was undone by then, and it stands on what goes.
            List<HistoryRow> meant = chosen;
            due = selection.above(null).stream()
                    .filter(row ->
                            meant.stream().anyMatch(other -> other.identity().equals(row.identity())))
                    .toList();
        }
        if (due.isEmpty()) {
            return history;
        }
        Map<HistoryRow, String> texts = selection.texts(due, KeptTexts.read(leader.work(), leader.table()));
        Executor executor = new Executor(leader, context.settings());
        executor.prepareUndo(texts);
        return executor.undo(history);
    }
}
