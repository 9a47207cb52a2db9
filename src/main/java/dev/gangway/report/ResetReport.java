package dev.gangway.report;

import java.util.List;

/**
 * What {@code reset} dropped.
 *
 * @param dropped kind and qualified name of each object
 */
public record ResetReport(String target, String schema, List<String> dropped) {
    public ResetReport {
        dropped = List.copyOf(dropped);
    }
}
