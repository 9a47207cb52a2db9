package dev.gangway.history;

import dev.gangway.migration.Kind;
import dev.gangway.migration.Version;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One migration in the history table. The columns that only people and single commands read (texts, durations, who and
 * with what) are written but not read back here.
 *
 * @param rank           the order of installation, from 1
 * @param version        null for a repeatable migration
 * @param type           schema, index, data or metadata
 * @param script         the file's name relative to its location
 * @param checksum       of the whole script; of a row that {@link State#isUnfinished()}, of its statements that are done
 * @param statementsDone how many statements of a script that runs without a transaction have been carried out; of one
 *     that is repeated, how many batches
 * @param rowsChanged    by the batches of a script that is repeated; 0 for all others
 * @param requires       the versions that it requires, so that an undo can tell even without the file
 * @param error          why it failed; null otherwise
 * @param installedOn    when, as the server writes it; empty for a row that is about to be written
 */
public record HistoryRow(
        long rank,
        @Nullable Version version,
        String description,
        Kind kind,
        String type,
        String script,
        @Nullable String checksum,
        State state,
        boolean breaking,
        int statementsDone,
        long rowsChanged,
        List<Version> requires,
        @Nullable String error,
        String installedOn) {

    public HistoryRow {
        requires = List.copyOf(requires);
    }

    /** {@return what identifies a migration over its rows: the version, or a repeatable migration's description} */
    public String identity() {
        return identity(kind, version, description);
    }

    /** {@return the same for a migration that may have no row yet} */
    public static String identity(Kind kind, @Nullable Version version, String description) {
        return version == null ? kind.text() + " " + description : kind.text() + " " + version.canonical();
    }

    /** {@return this row with the time stamp that the server has given it} */
    public HistoryRow installedAt(String time) {
        return with(state, time);
    }

    /** {@return this row in another state} */
    public HistoryRow withState(State other) {
        return with(other, installedOn);
    }

    private HistoryRow with(State otherState, String otherTime) {
        return new HistoryRow(
                rank,
                version,
                description,
                kind,
                type,
                script,
                checksum,
                otherState,
                breaking,
                statementsDone,
                rowsChanged,
                requires,
                error,
                otherTime);
    }
}
