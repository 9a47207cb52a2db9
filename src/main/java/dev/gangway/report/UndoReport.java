package dev.gangway.report;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What {@code undo} did.
 *
 * @param undone  the scripts that were taken back, the last applied first
 * @param version the highest applied version afterwards; null when there is none
 */
public record UndoReport(
        String target, List<String> undone, @Nullable String version, long durationMillis) {
    public UndoReport {
        undone = List.copyOf(undone);
    }
}
