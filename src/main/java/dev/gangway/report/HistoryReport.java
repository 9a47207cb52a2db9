package dev.gangway.report;

import java.util.List;

/**
 * The whole history.
 *
 * @param table   its qualified name
 * @param entries in the order of rank; empty when there is no history yet
 */
public record HistoryReport(String target, String table, List<HistoryEntry> entries) {
    public HistoryReport {
        entries = List.copyOf(entries);
    }
}
