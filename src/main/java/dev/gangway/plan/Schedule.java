package dev.gangway.plan;

import dev.gangway.migration.Migration;
import dev.gangway.migration.Version;
import dev.gangway.plan.Plan.Need;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Tells of pending steps which are due, which wait for others, and which run beside the application. Pure functions. */
final class Schedule {
    private Schedule() {}

    /**
     * {@return the plan}
     *
     * @param ordered  all pending steps, each behind those that it requires
     * @param most     how many to take at most; null for all
     * @param warnings of the plan; what is worth telling is added
     */
    static Plan of(List<Plan.Step> ordered, @Nullable Integer most, List<String> warnings) {
        return split(limited(held(ordered), most), warnings);
    }

    /** Marks what requires a deferred migration; relies on the order, in which that one comes first. */
    private static List<Plan.Step> held(List<Plan.Step> ordered) {
        Set<Version> waiting = new HashSet<>();
        List<Plan.Step> marked = new ArrayList<>(ordered.size());
        for (Plan.Step step : ordered) {
            Plan.Step kept = step;
            if (!Collections.disjoint(step.migration().directives().requires(), waiting)) {
                kept = new Plan.Step(step.migration(), step.earlier(), Need.HELD);
            }
            Version version = kept.migration().version();
            if (kept.need() != Need.NOW && version != null) {
                waiting.add(version);
            }
            marked.add(kept);
        }
        return marked;
    }

    private static List<Plan.Step> limited(List<Plan.Step> steps, @Nullable Integer most) {
        if (most == null) {
            return steps;
        }
        List<Plan.Step> first = new ArrayList<>();
        for (Plan.Step step : steps) {
            if (step.need() == Need.NOW && first.size() < most) {
                first.add(step);
            }
        }
        return first;
    }

    /** What runs in the background stays there unless something that cannot wait requires it. */
    private static Plan split(List<Plan.Step> ordered, List<String> warnings) {
        Set<Version> requiredNow = new HashSet<>();
        Deque<Plan.Step> now = new ArrayDeque<>();
        Deque<Plan.Step> background = new ArrayDeque<>();
        for (int i = ordered.size() - 1; i >= 0; i--) {
            Plan.Step step = ordered.get(i);
            Migration migration = step.migration();
            Version version = migration.version();
            if (!migration.directives().background() || (version != null && requiredNow.contains(version))) {
                now.addFirst(step);
                requiredNow.addAll(migration.directives().requires());
            } else {
                background.addFirst(step);
            }
        }
        for (Plan.Step step : now) {
            if (step.migration().directives().background() && step.need() == Need.NOW) {
                warnings.add(step.migration().script()
                        + " says run=background, but a pending migration that does not requires it; it is applied now");
            }
        }
        return new Plan(List.copyOf(now), List.copyOf(background), warnings);
    }
}
