package dev.gangway.migration;

import dev.gangway.sql.SourceText;
import java.util.Comparator;
import org.jspecify.annotations.Nullable;

/**
 * A migration as it is on disk. Immutable.
 *
 * @param kind when it runs
 * @param version of a versioned one; null exactly for a repeatable one
 * @param description in words, from the file's name; may be empty
 * @param script the file, relative to its location and with '/' between folders: {@code 2024/V1__users.sql}
 * @param source the text as in the file, placeholders not replaced
 * @param directives what the text says about itself
 * @param checksum what the text says, regardless of layout
 * @param undo the script that takes it back, or null
 * @param verify the script that checks its result, or null
 * @param files the files that its scripts may mention
 */
public record Migration(
        Kind kind,
        @Nullable Version version,
        String description,
        String script,
        SourceText source,
        Directives directives,
        Checksum checksum,
        @Nullable SourceText undo,
        @Nullable SourceText verify,
        DataFiles files) {

    /** The order in which migrations run: versioned ones by version, then repeatable ones by description. */
    public static final Comparator<Migration> EXECUTION_ORDER = new ExecutionOrder();

    public Migration {
        if ((kind == Kind.VERSIONED) != (version != null)) {
            throw new IllegalArgumentException(kind + " with version " + version);
        }
    }

    /** No chain of method references, for the sake of the first connection. */
    private static final class ExecutionOrder implements Comparator<Migration> {
        @Override
        public int compare(Migration one, Migration other) {
            int order = one.kind().compareTo(other.kind());
            if (order == 0 && one.version() != null && other.version() != null) {
                order = one.version().compareTo(other.version());
            }
            if (order == 0) {
                order = one.description().compareTo(other.description());
            }
            return order == 0 ? one.script().compareTo(other.script()) : order;
        }
    }

    /** {@return how messages name it: the script's file name} */
    public String id() {
        return script;
    }
}
