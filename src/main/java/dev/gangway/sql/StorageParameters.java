package dev.gangway.sql;

import java.util.Set;

/**
 * Storage parameters by the lock that it takes to change them, from the server's reloptions.c: those that only tune
 * maintenance need SHARE UPDATE EXCLUSIVE, all others, and those of index methods from extensions, ACCESS EXCLUSIVE.
 */
final class StorageParameters {
    private static final Set<String> TUNING = Set.of(
            "DEDUPLICATE_ITEMS",
            "FILLFACTOR",
            "LOG_AUTOVACUUM_MIN_DURATION",
            "N_DISTINCT",
            "N_DISTINCT_INHERITED",
            "PARALLEL_WORKERS",
            "TOAST_TUPLE_TARGET",
            "VACUUM_INDEX_CLEANUP",
            "VACUUM_MAX_EAGER_FREEZE_FAILURE_RATE",
            "VACUUM_TRUNCATE");

    private StorageParameters() {}

    /** Passes a list in parentheses, and tells whether all that it sets or resets only tunes. */
    static boolean onlyTune(WordReader reader) {
        if (!reader.skip("(")) {
            return false;
        }
        boolean tuning = true;
        while (!reader.atEnd() && !reader.skip(")")) {
            String name = reader.read();
            // toast.autovacuum_enabled
            name = reader.skip(".") ? reader.read() : name;
            tuning &= TUNING.contains(name) || name.startsWith("AUTOVACUUM_");
            while (!reader.atEnd() && !reader.peek().equals(")") && !reader.skip(",")) {
                reader.read();
            }
        }
        return tuning;
    }
}
