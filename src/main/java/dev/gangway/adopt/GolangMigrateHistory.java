package dev.gangway.adopt;

import dev.gangway.migration.Migration;
import dev.gangway.migration.Version;
import java.util.List;

/**
 * golang-migrate's table {@code schema_migrations (version bigint, dirty boolean)}, of one row.
 *
 * @param rows that one, or none
 */
record GolangMigrateHistory(List<Row> rows) implements ForeignHistory {

    /**
     * The row.
     *
     * @param dirty whether the last migration has failed
     */
    record Row(long version, boolean dirty) {}

    @Override
    public String tool() {
        return "golang-migrate";
    }

    @Override
    public Mapping onto(List<Migration> files) {
        Mapping.Builder result = new Mapping.Builder();
        for (Row row : rows) {
            if (row.dirty()) {
                result.problem(
                        "version %d is dirty: its migration has failed, and nobody has said since how far it came"
                                .formatted(row.version()),
                        "look what of it is in the schema, mend that, and say so with \"migrate force VERSION\";"
                                + " then connect again");
                continue;
            }
            Version reached = Version.parse(Long.toString(row.version()));
            if (!Versions.of(files).containsKey(reached)) {
                result.problem(
                        "no file has version %d, which the schema is at".formatted(row.version()),
                        "bring the file of that version back; X.up.sql becomes X.sql, X.down.sql becomes X.undo.sql");
                continue;
            }
            Versions.upTo(files, reached, "up to version " + row.version(), result);
        }
        return result.build();
    }
}
