package dev.gangway.report;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What {@code migrate} did.
 *
 * @param applied  the scripts that were applied, by this process or, while it waited, by another one, in order
 * @param deferred the scripts whose condition does not hold yet, and those that require one of them
 * @param version  the highest applied version afterwards; null when there is none
 */
public record MigrateReport(
        String target,
        List<String> applied,
        List<String> deferred,
        @Nullable String version,
        long durationMillis) {
    public MigrateReport {
        applied = List.copyOf(applied);
        deferred = List.copyOf(deferred);
    }
}
