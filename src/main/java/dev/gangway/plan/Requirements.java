package dev.gangway.plan;

import dev.gangway.migration.Migration;
import dev.gangway.migration.Version;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * Puts pending migrations into an order in which each comes after those that it {@code requires}, and otherwise keeps the
 * order of versions. A pure function.
 */
final class Requirements {
    private final Map<Version, Plan.Step> pending = new HashMap<>();
    private final Predicate<Version> applied;
    private final List<String> problems;

    private final Set<Plan.Step> ordered = new LinkedHashSet<>();
    /** The steps on the way from the one that was begun with to the present one; for finding cycles. */
    private final Set<Plan.Step> path = new LinkedHashSet<>();

    private Requirements(List<Plan.Step> steps, Predicate<Version> applied, List<String> problems) {
        this.applied = applied;
        this.problems = problems;
        for (Plan.Step step : steps) {
            Version version = step.migration().version();
            if (version != null) {
                pending.put(version, step);
            }
        }
    }

    /**
     * {@return the steps in order}
     *
     * @param applied  whether a version counts as applied already
     * @param problems where requirements that nothing fulfils, and cycles, are added
     */
    static List<Plan.Step> order(List<Plan.Step> steps, Predicate<Version> applied, List<String> problems) {
        Requirements requirements = new Requirements(steps, applied, problems);
        steps.forEach(requirements::place);
        return new ArrayList<>(requirements.ordered);
    }

    private void place(Plan.Step step) {
        if (ordered.contains(step)) {
            return;
        }
        if (!path.add(step)) {
            problems.add(cycle(step));
            return;
        }
        Migration migration = step.migration();
        for (Version version : migration.directives().requires()) {
            Plan.Step required = pending.get(version);
            if (required != null) {
                place(required);
            } else if (!applied.test(version)) {
                problems.add("""
                          - %s requires version %s, which is neither applied nor pending
                            file: %s
                            next: add that migration, raise gangway.target if it is above it, or correct the directive\
                        """.formatted(
                                migration.script(), version, migration.source().name()));
            }
        }
        path.remove(step);
        ordered.add(step);
    }

    private String cycle(Plan.Step again) {
        List<String> names =
                path.stream().map(step -> step.migration().script()).collect(Collectors.toList());
        String name = again.migration().script();
        List<String> circle = new ArrayList<>(names.subList(names.indexOf(name), names.size()));
        circle.add(name);
        return """
                  - these migrations require each other in a circle: %s
                    next: take one of the directives away\
                """.formatted(String.join(" -> ", circle));
    }
}
