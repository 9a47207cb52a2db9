package dev.gangway.report;

import java.util.List;

/**
 * What {@code unlock} ended.
 *
 * @param ended the sessions that led or carried out migrations; empty when there was none
 */
public record UnlockReport(String target, List<String> ended) {
    public UnlockReport {
        ended = List.copyOf(ended);
    }
}
