package dev.gangway.report;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Whether a schema is what the files say.
 *
 * @param pending  the scripts that are not applied; those that wait for a condition are none of them
 * @param problems where files and history contradict each other
 * @param checks   the rows of all verify scripts of applied migrations
 */
public record ValidationReport(String target, List<String> pending, List<String> problems, List<Check> checks) {
    public ValidationReport {
        pending = List.copyOf(pending);
        problems = List.copyOf(problems);
        checks = List.copyOf(checks);
    }

    /**
     * One row of a verify script.
     *
     * @param detail what it adds, or why the query failed; or null
     */
    public record Check(
            String script,
            String category,
            String name,
            boolean passed,
            @Nullable String detail) {}

    /** {@return whether nothing is pending, nothing contradicts, and every check has passed} */
    public boolean valid() {
        return pending.isEmpty() && problems.isEmpty() && checks.stream().allMatch(Check::passed);
    }
}
