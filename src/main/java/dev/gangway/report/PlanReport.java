package dev.gangway.report;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What {@code migrate} would do, in order. Nothing was changed to find out.
 *
 * @param steps    what would run
 * @param deferred what would not, and why
 */
public record PlanReport(
        String target, String schema, List<Step> steps, List<Deferred> deferred, List<String> warnings) {
    public PlanReport {
        steps = List.copyOf(steps);
        deferred = List.copyOf(deferred);
        warnings = List.copyOf(warnings);
    }

    /**
     * A migration that would run.
     *
     * @param background whether it would run beside the application
     * @param condition  its {@code when}, which is asked just before it; null for none
     * @param commands   in order, Gangway's own among them
     */
    public record Step(
            @Nullable String version,
            String script,
            boolean background,
            @Nullable String risk,
            @Nullable String condition,
            List<Command> commands) {
        public Step {
            commands = List.copyOf(commands);
        }
    }

    /**
     * One command as it would be sent.
     *
     * @param own  whether it is Gangway's: a transaction's border, a setting, the fence, the record in the history
     * @param line where it stands in its file; null for Gangway's own
     */
    public record Command(String sql, boolean own, @Nullable Integer line, List<Lock> locks) {
        public Command {
            locks = List.copyOf(locks);
        }
    }

    /**
     * A lock on a table that exists already.
     *
     * @param mode   PostgreSQL's name for it, such as {@code ACCESS EXCLUSIVE}
     * @param blocks what that keeps others from, in words
     * @param rows   the planner's estimate of the table's rows
     * @param bytes  the table's size
     * @param note   whether the table is rewritten or scanned under the lock; or null
     */
    public record Lock(
            String table,
            String mode,
            String blocks,
            long rows,
            long bytes,
            @Nullable String note) {}

    /** A migration that would not run now. */
    public record Deferred(@Nullable String version, String script, String why) {}
}
