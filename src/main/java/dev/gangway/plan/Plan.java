package dev.gangway.plan;

import dev.gangway.history.HistoryRow;
import dev.gangway.migration.Migration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What has to be done to bring a schema up to date, in order.
 *
 * @param steps    what is pending; empty when the schema is current
 * @param warnings what is worth telling although it stops nothing
 */
public record Plan(List<Step> steps, List<String> warnings) {

    /**
     * One pending migration.
     *
     * @param earlier the row of an attempt that did not come to its end; null for a migration that was never begun
     */
    public record Step(Migration migration, @Nullable HistoryRow earlier) {}

    /** Nothing is pending, and there is nothing to tell. */
    public static final Plan NOTHING = new Plan(List.of(), List.of());

    public Plan {
        steps = List.copyOf(steps);
        warnings = List.copyOf(warnings);
    }

    /** {@return whether nothing is pending} */
    public boolean isCurrent() {
        return steps.isEmpty();
    }

    /** {@return for example {@code 3 pending migrations (V4__a.sql to V6__c.sql)}} */
    public String summary() {
        if (steps.isEmpty()) {
            return "nothing is pending";
        }
        String first = steps.get(0).migration().script();
        if (steps.size() == 1) {
            return "1 pending migration (" + first + ")";
        }
        return "%d pending migrations (%s to %s)"
                .formatted(
                        steps.size(),
                        first,
                        steps.get(steps.size() - 1).migration().script());
    }
}
