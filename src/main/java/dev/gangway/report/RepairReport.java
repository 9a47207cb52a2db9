package dev.gangway.report;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** What was mended, or would be. */
public record RepairReport(String target, boolean dryRun, List<Repair> repairs) {
    public RepairReport {
        repairs = List.copyOf(repairs);
    }

    /** What was mended. */
    public enum Kind {
        /** A changed file is accepted as what was applied. */
        ACCEPTED_CHANGE,
        /** The row of a failed migration is removed, so that it begins anew. */
        CLEARED_FAILURE,
        /** An invalid index that an interrupted build left behind is dropped. */
        DROPPED_INDEX,
        /** The fingerprint is computed anew from a history that was edited by hand. */
        RECOMPUTED_FINGERPRINT,
        /** A migration without a transaction is half done: nothing is mended, the next migrate goes on with it. */
        LEFT_UNFINISHED
    }

    /**
     * One thing that was mended.
     *
     * @param subject the script, index or table
     * @param diff    of a changed file, from what was applied to what it says now, in unified format; or null
     */
    public record Repair(
            Kind kind,
            String subject,
            String description,
            @Nullable String diff) {}
}
