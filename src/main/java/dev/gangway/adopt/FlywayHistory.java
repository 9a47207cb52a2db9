package dev.gangway.adopt;

import dev.gangway.history.State;
import dev.gangway.migration.Migration;
import dev.gangway.migration.Version;
import dev.gangway.sql.Placeholders;
import dev.gangway.sql.SqlSyntaxException;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Flyway's table {@code flyway_schema_history}.
 *
 * @param rows   in the order of rank
 * @param values of the placeholders, which count in Flyway's checksum of a repeatable migration
 */
record FlywayHistory(List<Row> rows, Placeholders.Resolver values) implements ForeignHistory {

    private static final String PUT_BACK = "put these files back as they were when Flyway applied them; or, if they are"
            + " right as they are, let \"flyway repair\" record their checksums first";
    private static final String REPAIR = "find out what they left behind, mend it, and let \"flyway repair\" remove the"
            + " failed rows; then connect again";
    private static final String BRING_BACK =
            "bring the missing files back, or let \"flyway repair\" mark them as deleted; then connect again";

    /**
     * One row.
     *
     * @param version  null for a repeatable migration
     * @param script   the file, relative to Flyway's location
     * @param checksum null where Flyway has none
     */
    record Row(
            int rank,
            @Nullable String version,
            String description,
            String type,
            String script,
            @Nullable Integer checksum,
            boolean success) {

        boolean takesBack() {
            return type.equals("DELETE") || type.startsWith("UNDO");
        }

        boolean isBaseline() {
            return type.equals("BASELINE") || type.equals("SQL_BASELINE");
        }

        /** Java code or a program, of which there is no SQL file. */
        boolean isCode() {
            return type.contains("JDBC") || type.equals("SCRIPT") || type.equals("CUSTOM");
        }

        String key() {
            return version == null
                    ? "R " + description
                    : "V " + Version.parse(version).canonical();
        }

        String name() {
            return version == null ? script : "version " + version + " (" + script + ")";
        }
    }

    @Override
    public String tool() {
        return "Flyway";
    }

    @Override
    public Mapping onto(List<Migration> files) {
        return new Matching(files, values).map(rows);
    }

    /** {@return what counts: of each migration the last row, unless it was undone or deleted since} */
    static Collection<Row> effective(List<Row> rows) {
        Map<String, Row> effective = new LinkedHashMap<>();
        for (Row row : rows) {
            if (row.type().equals("SCHEMA")) {
                // Says only that Flyway has created the schema itself.
                continue;
            }
            effective.remove(row.key());
            if (!row.takesBack()) {
                effective.put(row.key(), row);
            }
        }
        return effective.values();
    }

    private static final class Matching {
        private final Map<Version, Migration> versioned = new HashMap<>();
        private final Map<String, Migration> repeatable = new HashMap<>();
        private final Placeholders.Resolver values;
        private final Mapping.Builder result = new Mapping.Builder();
        private @Nullable Version highest;

        Matching(List<Migration> files, Placeholders.Resolver values) {
            this.values = values;
            for (Migration file : files) {
                Version version = file.version();
                if (version == null) {
                    repeatable.put(file.description(), file);
                } else {
                    versioned.put(version, file);
                    highest = highest == null || version.compareTo(highest) > 0 ? version : highest;
                }
            }
        }

        Mapping map(List<Row> rows) {
            for (Row row : rows) {
                if (!row.success()) {
                    result.problem(row.name() + " has failed under Flyway", REPAIR);
                }
            }
            for (Row row : effective(rows)) {
                if (!row.success()) {
                    continue;
                }
                if (row.version() == null) {
                    matchRepeatable(row);
                } else {
                    matchVersioned(row, Version.parse(row.version()));
                }
            }
            return result.build();
        }

        private void matchRepeatable(Row row) {
            Migration file = repeatable.get(row.description());
            if (file == null) {
                result.remark(row.name() + " has no file and is left out");
            } else if (row.checksum() == null) {
                result.adopt(Adopted.of(file, "Flyway has no checksum of it"));
            } else if (isSameRepeatable(file, row.checksum())) {
                result.adopt(Adopted.of(file, "same checksum"));
            } else {
                result.remark(row.name() + " has changed since Flyway ran it, so it runs again");
            }
        }

        /** Flyway takes either checksum for its own: that of the text, and that after placeholders were replaced. */
        private boolean isSameRepeatable(Migration file, int checksum) {
            if (FlywayChecksum.of(file.source().text()) == checksum) {
                return true;
            }
            try {
                return FlywayChecksum.of(
                                Placeholders.replace(file.source(), values).text())
                        == checksum;
            } catch (SqlSyntaxException notAllHaveAValue) {
                return false;
            }
        }

        private void matchVersioned(Row row, Version version) {
            Migration file = versioned.get(version);
            if (row.isBaseline()) {
                result.adopt(Adopted.withoutFile(
                        version, row.description(), row.script(), State.BASELINE, "Flyway's baseline"));
            } else if (file != null) {
                match(row, file);
            } else if (row.isCode()) {
                result.adopt(Adopted.withoutFile(
                        version, row.description(), row.script(), State.ADOPTED, "not SQL under Flyway, no file here"));
            } else if (highest == null || version.compareTo(highest) > 0) {
                result.adopt(Adopted.withoutFile(
                        version,
                        row.description(),
                        row.script(),
                        State.ADOPTED,
                        "no file here; of a newer version of the application"));
            } else {
                result.problem(row.name() + " has no file", BRING_BACK);
            }
        }

        private void match(Row row, Migration file) {
            Integer recorded = row.checksum();
            if (recorded == null || file.code() != null || !row.type().equals("SQL")) {
                result.adopt(Adopted.of(file, "not verified, for Flyway has no checksum of an SQL file"));
                return;
            }
            int own = FlywayChecksum.of(file.source().text());
            if (Objects.equals(recorded, own)) {
                result.adopt(Adopted.of(file, "same checksum"));
            } else {
                result.problem(
                        "%s was changed after Flyway had applied it: Flyway's checksum of it is %d, now it is %d (%s)"
                                .formatted(
                                        file.script(),
                                        recorded,
                                        own,
                                        file.source().name()),
                        PUT_BACK);
            }
        }
    }
}
