package dev.gangway.config;

import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * All settings of one target, typed and checked. Immutable. Made by {@link SettingsReader}; what each means and its
 * default stands at {@link Setting}.
 *
 * @param locations where the migrations are, as written, never empty
 * @param mode what the first connection does
 * @param target the highest version to apply, or null for all
 * @param schema the schema of the history, or null for the connection's current one
 * @param historyTable unquoted name of the table of applied migrations
 * @param migrationUrl pgjdbc's URL ({@code jdbc:postgresql:}) of the connection that migrates, or null for the
 *     connection's own
 * @param migrationUser role of that connection, or null for the connection's own
 * @param migrationPassword its password, or null for the connection's own
 * @param transaction how many migrations share a transaction
 * @param outOfOrder what to do with a pending version below the highest applied one
 * @param onNewerSchema what to do when the history knows more than this application
 * @param lockTimeout PostgreSQL's lock_timeout in each migration; zero waits for ever
 * @param lockRetries how often a migration is tried again after its lock_timeout
 * @param indexMemory how far maintenance_work_mem may be raised while a vector index is built
 * @param waitTimeout how long to wait for another process; zero waits for ever
 * @param retryAfter how long a failure is remembered; zero not at all
 * @param recheck whether connections after the first are checked
 * @param adopt whether another tool's history is taken over
 * @param backup the folder for a backup before the first pending migration, or null for none
 * @param search what is done for similarity searches; empty for nothing
 * @param searchTable the table that measured searches are written to, as written, or null for none
 * @param explicitPlaceholders the placeholders that are set by name, already in order of precedence
 * @param environmentPlaceholders those of the environment, by the variable's name, for {@link #placeholder}
 * @param sources where each setting that is not a default came from
 * @param warnings what the user should hear but need not stop for; the caller logs it
 */
public record Settings(
        List<String> locations,
        Mode mode,
        @Nullable String target,
        @Nullable String schema,
        String historyTable,
        @Nullable String migrationUrl,
        @Nullable String migrationUser,
        @Nullable String migrationPassword,
        TransactionMode transaction,
        OutOfOrder outOfOrder,
        OnNewerSchema onNewerSchema,
        Duration lockTimeout,
        int lockRetries,
        MemoryLimit indexMemory,
        Duration waitTimeout,
        Duration retryAfter,
        Recheck recheck,
        Adopt adopt,
        @Nullable Path backup,
        Set<Search> search,
        @Nullable String searchTable,
        Map<String, String> explicitPlaceholders,
        Map<String, String> environmentPlaceholders,
        Map<Setting, SettingSource> sources,
        List<String> warnings) {

    /** What the first connection does. */
    public enum Mode {
        /** Apply what is pending. */
        MIGRATE,
        /** Never lock; wait until another process has brought the schema up to date. */
        WAIT,
        /** Fail when something is pending. */
        VALIDATE,
        /** Neither check nor migrate. */
        OFF
    }

    /** How many migrations share a transaction. */
    public enum TransactionMode {
        /** Each has its own. */
        EACH,
        /** All pending ones share one. */
        ALL
    }

    /** What to do with a pending version below the highest applied one. */
    public enum OutOfOrder {
        /** Apply it, with a warning. */
        ALLOW,
        /** Refuse the connection. */
        FAIL,
        /** Leave it out. */
        IGNORE
    }

    /** What to do when the history knows more than this application. */
    public enum OnNewerSchema {
        /** Go on, unless a newer migration is marked breaking. */
        ALLOW,
        /** Refuse the connection. */
        FAIL
    }

    /** Which connections are checked. */
    public enum Recheck {
        /** The first of the process. */
        FIRST,
        /** Each physical connection, at the price of one round trip. */
        ALWAYS
    }

    /** Whether another tool's history is taken over on a schema that has none of ours. */
    public enum Adopt {
        /** If there is one. */
        AUTO,
        /** No notice is taken of it. */
        NONE
    }

    /** What is done for similarity searches. */
    public enum Search {
        /** Take the time of each. */
        MEASURE,
        /** Send vectors in binary where the application gives text or arrays. */
        ACCELERATE
    }

    public Settings {
        locations = List.copyOf(locations);
        search = Set.copyOf(search);
        explicitPlaceholders = Map.copyOf(explicitPlaceholders);
        environmentPlaceholders = Map.copyOf(environmentPlaceholders);
        sources = Map.copyOf(sources);
        warnings = List.copyOf(warnings);
    }

    /** {@return the one-row table beside the history: {@code gangway_state}, or {@code <historyTable>_state}} */
    public String stateTable() {
        return historyTable.equals(Setting.HISTORY_TABLE.defaultValue()) ? "gangway_state" : historyTable + "_state";
    }

    /** {@return what tells MBeans of one target apart, by key: the schema and the history's table where they are set} */
    public Map<String, String> mbeanKeys() {
        Map<String, String> keys = new LinkedHashMap<>();
        if (schema != null) {
            keys.put("schema", schema);
        }
        if (source(Setting.HISTORY_TABLE) != SettingSource.DEFAULT) {
            keys.put("historyTable", historyTable);
        }
        return keys;
    }

    /** {@return where the setting came from; for the placeholders the strongest place that has any of them} */
    public SettingSource source(Setting setting) {
        return sources.getOrDefault(setting, SettingSource.DEFAULT);
    }

    /**
     * {@return the value of a placeholder, or null where none is set}
     *
     * <p>The environment cannot tell how a name is capitalised, so its placeholders are found by asking for one:
     * {@code vectorDimension} is {@code GANGWAY_PLACEHOLDERS_VECTOR_DIMENSION}.
     */
    public @Nullable String placeholder(String name) {
        String explicit = explicitPlaceholders.get(name);
        return explicit != null
                ? explicit
                : environmentPlaceholders.get(Setting.environmentName(Setting.PLACEHOLDERS.key() + name));
    }

    /** {@return {@link #placeholder} as a function} */
    public Function<String, @Nullable String> placeholders() {
        return new Placeholders(this);
    }

    /** No method reference, for the sake of the first connection. */
    private record Placeholders(Settings settings) implements Function<String, @Nullable String> {
        @Override
        public @Nullable String apply(String name) {
            return settings.placeholder(name);
        }
    }

    /** Never shows the password, nor the values of placeholders that are named like secrets. */
    @Override
    public String toString() {
        return "Settings[locations=" + locations + ", mode=" + mode + ", target=" + target + ", schema=" + schema
                + ", historyTable=" + historyTable
                + ", migrationUrl=" + (migrationUrl == null ? null : Secrets.mask(migrationUrl))
                + ", migrationUser=" + migrationUser
                + ", migrationPassword=" + (migrationPassword == null ? null : Secrets.MASK)
                + ", transaction=" + transaction + ", outOfOrder=" + outOfOrder + ", onNewerSchema=" + onNewerSchema
                + ", lockTimeout=" + lockTimeout + ", lockRetries=" + lockRetries
                + ", indexMemory=" + indexMemory + ", waitTimeout=" + waitTimeout
                + ", retryAfter=" + retryAfter + ", recheck=" + recheck + ", adopt=" + adopt
                + ", backup=" + backup
                + ", placeholders=" + explicitPlaceholders.keySet()
                + ", environmentPlaceholders=" + environmentPlaceholders.keySet() + ", sources=" + sources + "]";
    }
}
