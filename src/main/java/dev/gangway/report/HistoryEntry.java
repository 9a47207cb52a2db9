package dev.gangway.report;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One row of the history table.
 *
 * @param rank           the order of installation
 * @param version        null for a repeatable migration
 * @param state          as in the table: {@code applied}, {@code baseline}, {@code adopted}, {@code deferred},
 *     {@code started}, {@code failed}, {@code undone} or {@code superseded}
 * @param statementsDone how many statements, or batches, are done
 * @param rowsChanged    by the batches of a repeated migration
 * @param undoable       whether the history holds the text that takes it back
 * @param error          why it failed; or null
 * @param durationMillis how long it took; null when that is not known
 */
public record HistoryEntry(
        long rank,
        @Nullable String version,
        String description,
        String kind,
        String type,
        String script,
        String state,
        boolean breaking,
        int statementsDone,
        long rowsChanged,
        boolean undoable,
        @Nullable String error,
        String installedBy,
        Instant installedOn,
        @Nullable Long durationMillis,
        String gangwayVersion) {}
