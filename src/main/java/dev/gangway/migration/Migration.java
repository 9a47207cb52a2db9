package dev.gangway.migration;

import dev.gangway.JavaMigration;
import dev.gangway.sql.SourceText;
import java.util.Comparator;
import org.jspecify.annotations.Nullable;

/**
 * A migration as it is on disk, or a class on the class path. Immutable, but for what a class does with itself.
 *
 * @param kind when it runs
 * @param version of a versioned one; null exactly for a repeatable one
 * @param description in words, from the file's name; may be empty
 * @param script the file, relative to its location and with '/' between folders: {@code 2024/V1__users.sql}; of one in
 *     Java, the class
 * @param source the text as in the file, placeholders not replaced; of one in Java, empty
 * @param directives what the text says about itself
 * @param checksum what the text says, regardless of layout; null for one in Java that is never compared
 * @param undo the script that takes it back, or null
 * @param verify the script that checks its result, or null
 * @param files the files that its scripts may mention
 * @param code what it does, when it is written in Java; null for a script
 */
public record Migration(
        Kind kind,
        @Nullable Version version,
        String description,
        String script,
        SourceText source,
        Directives directives,
        @Nullable Checksum checksum,
        @Nullable SourceText undo,
        @Nullable SourceText verify,
        DataFiles files,
        @Nullable JavaMigration code) {

    /** The order in which migrations run: versioned ones by version, then repeatable ones by description. */
    public static final Comparator<Migration> EXECUTION_ORDER = new ExecutionOrder();

    public Migration {
        if ((kind == Kind.VERSIONED) != (version != null)) {
            throw new IllegalArgumentException(kind + " with version " + version);
        }
    }

    /** {@return a migration that is written in Java} */
    public static Migration inJava(
            JavaMigration code,
            @Nullable Version version,
            String description,
            Directives directives,
            @Nullable Checksum checksum,
            @Nullable SourceText undo) {
        String name = code.getClass().getName();
        return new Migration(
                version == null ? Kind.REPEATABLE : Kind.VERSIONED,
                version,
                description,
                name,
                SourceText.of(name, ""),
                directives,
                checksum,
                undo,
                null,
                DataFiles.NONE,
                code);
    }

    /** {@return whether the history could not tell the two apart} */
    public boolean isSameAs(Migration other) {
        return version == null
                ? other.version == null && description.equals(other.description)
                : version.equals(other.version);
    }

    /**
     * {@return whether it has changed since it was applied}
     *
     * @param recorded the checksum that was recorded then; null for none
     */
    public boolean differsFrom(@Nullable String recorded) {
        return recorded != null && checksum != null && !recorded.equals(checksum.value());
    }

    /** {@return the text of its script; null for one in Java} */
    public @Nullable String scriptText() {
        return code == null ? source.text() : null;
    }

    /** {@return what the history holds of it once it is applied; null when that is never compared} */
    public @Nullable String checksumText() {
        return checksum == null ? null : checksum.value();
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
