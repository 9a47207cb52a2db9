package dev.gangway.catalog;

import dev.gangway.migration.Migration;
import java.util.ArrayList;
import java.util.List;

/**
 * All migrations that were found, in the order in which they run.
 *
 * @param migrations sorted by {@link Migration#EXECUTION_ORDER}; no version and no repeatable description occurs twice
 */
public record MigrationSet(List<Migration> migrations) {

    public MigrationSet {
        List<Migration> sorted = new ArrayList<>(migrations);
        sorted.sort(Migration.EXECUTION_ORDER);
        migrations = List.copyOf(sorted);
    }
}
