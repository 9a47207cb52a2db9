package dev.gangway.report;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One migration in a {@link StatusReport}.
 *
 * @param version     null for a repeatable one
 * @param kind        as in the history's column of that name
 * @param type        {@code schema}, {@code index}, {@code data} or {@code metadata}
 * @param script      the file, relative to its location, or the class of a Java migration
 * @param installedOn when it was applied; null as long as it is not
 * @param note        what else there is to say: why it is deferred, what it failed with, how far it is; or null
 */
public record MigrationInfo(
        @Nullable String version,
        String description,
        String kind,
        String type,
        String script,
        MigrationStatus status,
        @Nullable Instant installedOn,
        @Nullable String note) {}
