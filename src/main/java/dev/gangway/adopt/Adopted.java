package dev.gangway.adopt;

import dev.gangway.history.HistoryRow;
import dev.gangway.history.State;
import dev.gangway.migration.Checksum;
import dev.gangway.migration.Kind;
import dev.gangway.migration.Migration;
import dev.gangway.migration.Version;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * One migration that is taken over.
 *
 * @param file  ours; null when we have none
 * @param row   for the history, its rank still to be given
 * @param proof how it is known to be the same, for people: {@code same checksum}
 */
record Adopted(@Nullable Migration file, HistoryRow row, String proof) {

    /** {@return the migration of that file} */
    static Adopted of(Migration file, String proof) {
        HistoryRow row = new HistoryRow(
                0,
                file.version(),
                file.description(),
                file.kind(),
                file.directives().type().name().toLowerCase(Locale.ROOT),
                file.script(),
                checksum(file),
                State.ADOPTED,
                file.directives().breaking(),
                0,
                0,
                file.directives().requires(),
                null,
                "");
        return new Adopted(file, row, proof);
    }

    private static @Nullable String checksum(Migration file) {
        Checksum checksum = file.checksum();
        return checksum == null ? null : checksum.value();
    }

    /** {@return a version that only the other tool knows} */
    static Adopted withoutFile(Version version, String description, String script, State state, String proof) {
        HistoryRow row = new HistoryRow(
                0,
                version,
                description,
                Kind.VERSIONED,
                "schema",
                script,
                null,
                state,
                false,
                0,
                0,
                List.of(),
                null,
                "");
        return new Adopted(null, row, proof);
    }

    /** {@return the row with its rank} */
    HistoryRow row(long rank) {
        return new HistoryRow(
                rank,
                row.version(),
                row.description(),
                row.kind(),
                row.type(),
                row.script(),
                row.checksum(),
                row.state(),
                row.breaking(),
                row.statementsDone(),
                row.rowsChanged(),
                row.requires(),
                row.error(),
                row.installedOn());
    }
}
