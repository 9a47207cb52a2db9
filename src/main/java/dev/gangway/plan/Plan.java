package dev.gangway.plan;

import dev.gangway.history.HistoryRow;
import dev.gangway.migration.Migration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What has to be done to bring a schema up to date, in order.
 *
 * @param steps      what is pending before an application may have its connection
 * @param background what is pending and runs beside the application
 * @param warnings   what is worth telling although it stops nothing
 */
public record Plan(List<Step> steps, List<Step> background, List<String> warnings) {

    /** Whether a step has to be taken. */
    public enum Need {
        /** Yes. A condition that was never asked is a matter of the leader's. */
        NOW,
        /** It was deferred because its condition did not hold; it is due if the condition holds now. */
        ASK,
        /** It requires one that is deferred. */
        HELD
    }

    /**
     * One pending migration.
     *
     * @param earlier the row of an attempt that did not come to its end, or that was deferred; null for a migration that
     *     was never begun
     */
    public record Step(Migration migration, @Nullable HistoryRow earlier, Need need) {}

    /** Nothing is pending, and there is nothing to tell. */
    public static final Plan NOTHING = new Plan(List.of(), List.of(), List.of());

    public Plan {
        steps = List.copyOf(steps);
        background = List.copyOf(background);
        warnings = List.copyOf(warnings);
    }

    /** {@return whether nothing has to be done before an application may go on, unless a condition holds by now} */
    public boolean isCurrent() {
        for (Step step : steps) {
            if (step.need() == Need.NOW) {
                return false;
            }
        }
        return true;
    }

    /** {@return the steps whose condition did not hold when it was last asked} */
    public static List<Step> deferred(List<Step> steps) {
        // No stream, for the sake of the first connection.
        List<Step> deferred = new ArrayList<>();
        for (Step step : steps) {
            if (step.need() == Need.ASK) {
                deferred.add(step);
            }
        }
        return deferred;
    }

    /** {@return the scripts that wait for a condition, their own or that of one which they require} */
    public List<String> deferredScripts() {
        List<String> scripts = new ArrayList<>();
        for (Step step : steps) {
            if (step.need() != Need.NOW) {
                scripts.add(step.migration().script());
            }
        }
        return List.copyOf(scripts);
    }

    /** {@return for example {@code 3 pending migrations (V4__a.sql to V6__c.sql)}} */
    public String summary() {
        List<String> due = steps.stream()
                .filter(step -> step.need() == Need.NOW)
                .map(step -> step.migration().script())
                .toList();
        if (due.isEmpty()) {
            return "nothing is pending";
        }
        if (due.size() == 1) {
            return "1 pending migration (" + due.get(0) + ")";
        }
        return "%d pending migrations (%s to %s)".formatted(due.size(), due.get(0), due.get(due.size() - 1));
    }
}
