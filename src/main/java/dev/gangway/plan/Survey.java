package dev.gangway.plan;

import dev.gangway.GangwayException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What files and history together say, for whoever wants to know it all rather than to apply it.
 *
 * @param plan       what is pending, as far as that can be told
 * @param mismatches where files and history contradict each other, one text each with its advice
 * @param tooNew     why this version of the application may not use the schema; null when it may
 */
public record Survey(Plan plan, List<String> mismatches, GangwayException.@Nullable Permanent tooNew) {
    public Survey {
        mismatches = List.copyOf(mismatches);
    }
}
