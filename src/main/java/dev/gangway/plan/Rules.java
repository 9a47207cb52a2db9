package dev.gangway.plan;

import dev.gangway.config.Settings.OnNewerSchema;
import dev.gangway.config.Settings.OutOfOrder;
import dev.gangway.migration.Version;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What decides which migrations are applied.
 *
 * @param target     the highest version to apply; null for no limit
 * @param count      how many to apply at most; null for no limit
 * @param only       the versions to apply and no others, and no repeatable ones; null for all
 * @param outOfOrder what to do with a pending version below the highest applied one
 * @param onNewer    what to do when the history knows more than the files
 */
public record Rules(
        @Nullable Version target,
        @Nullable Integer count,
        @Nullable Set<Version> only,
        OutOfOrder outOfOrder,
        OnNewerSchema onNewer) {

    /** {@return the rules of the settings, under which everything up to a version is applied} */
    public static Rules upTo(@Nullable Version target, OutOfOrder outOfOrder, OnNewerSchema onNewer) {
        return new Rules(target, null, null, outOfOrder, onNewer);
    }

    /** {@return these rules for another target} */
    public Rules withTarget(@Nullable Version other) {
        return new Rules(other, count, only, outOfOrder, onNewer);
    }

    /** {@return these rules for the first pending migrations only} */
    public Rules withCount(int most) {
        return new Rules(target, most, only, outOfOrder, onNewer);
    }

    /** {@return these rules for some versions only} */
    public Rules withOnly(Set<Version> versions) {
        return new Rules(target, count, Set.copyOf(versions), outOfOrder, onNewer);
    }

    /** {@return whether a migration of that version is not above the target; null for a repeatable one} */
    public boolean reaches(@Nullable Version version) {
        return target == null || version == null || version.compareTo(target) <= 0;
    }
}
