package dev.gangway.command;

import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * How much {@code migrate} applies. Immutable.
 *
 * @param target the highest version; null for that of the settings
 * @param count  how many migrations at most; null for all
 * @param only   these versions and no others; null for all
 */
public record MigrateOptions(
        @Nullable String target,
        @Nullable Integer count,
        @Nullable Set<String> only) {
    /** All that is pending. */
    public static final MigrateOptions ALL = new MigrateOptions(null, null, null);

    public MigrateOptions {
        only = only == null ? null : Set.copyOf(only);
        if (count != null && count < 1) {
            throw new IllegalArgumentException("count is " + count + ", but at least 1 makes sense");
        }
    }

    /** {@return all up to this version} */
    public static MigrateOptions upTo(String version) {
        return new MigrateOptions(version, null, null);
    }

    /** {@return the next so many} */
    public static MigrateOptions next(int count) {
        return new MigrateOptions(null, count, null);
    }

    /** {@return these versions and no others} */
    public static MigrateOptions only(Set<String> versions) {
        return new MigrateOptions(null, null, versions);
    }
}
