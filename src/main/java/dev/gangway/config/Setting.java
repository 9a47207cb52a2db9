package dev.gangway.config;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Everything that can be set, in the order of the documentation. {@link #markdownTable()} is that documentation.
 */
public enum Setting {
    LOCATIONS(
            "locations",
            "classpath:db/migration",
            "Where the migrations are: a comma list of `classpath:PATH`, `filesystem:PATH` and `pack:NAME`."),
    MODE(
            "mode",
            "migrate",
            "What the first connection does: `migrate`; `wait` (never lock, poll until the schema is current);"
                    + " `validate` (fail when it is not current); `off`.",
            "migrate",
            "wait",
            "validate",
            "off"),
    TARGET("target", "latest", "The highest version to apply, for example `1.4`."),
    SCHEMA(
            "schema",
            null,
            "the connection's current schema",
            "The schema that holds the history and that migrations see first on the search_path.",
            List.of()),
    HISTORY_TABLE(
            "historyTable",
            "gangway_history",
            "The table of applied migrations. Its sibling is `gangway_state`, or `<historyTable>_state` when this is"
                    + " changed."),
    MIGRATION_URL(
            "migrationUrl",
            null,
            "the connection's own",
            "The URL of the connection that migrates, for example the server itself where the application goes through"
                    + " a pooler.",
            List.of()),
    MIGRATION_USER(
            "migrationUser",
            null,
            "the connection's own",
            "The role that migrates, usually the owner of the tables.",
            List.of()),
    MIGRATION_PASSWORD("migrationPassword", null, "the connection's own", "The password of that role.", List.of()),
    TRANSACTION(
            "transaction",
            "each",
            "`each` migration has its own transaction, or `all` pending ones share one.",
            "each",
            "all"),
    OUT_OF_ORDER(
            "outOfOrder",
            "allow",
            "What to do with a pending version below the highest applied one: `allow` (with a warning), `fail` or"
                    + " `ignore`.",
            "allow",
            "fail",
            "ignore"),
    ON_NEWER_SCHEMA(
            "onNewerSchema",
            "allow",
            "What to do when the history knows more than this application: `allow` unless a newer migration is marked"
                    + " breaking, or `fail`.",
            "allow",
            "fail"),
    LOCK_TIMEOUT(
            "lockTimeout",
            "3s",
            "PostgreSQL's lock_timeout in each migration, so that a waiting migration does not hold up the"
                    + " application; `0` waits for ever."),
    LOCK_RETRIES("lockRetries", "20", "How often a migration is tried again, with jitter, after its lock_timeout."),
    INDEX_MEMORY(
            "indexMemory",
            "auto",
            "How far maintenance_work_mem may be raised while a vector index is built: a size such as `2GB`; `auto` for"
                    + " twice the server's shared_buffers; `off` builds with the settings as they are."),
    WAIT_TIMEOUT(
            "waitTimeout", "15m", "How long a process waits while another one provably migrates; `0` waits for ever."),
    RETRY_AFTER("retryAfter", "10s", "How long a failure is remembered before the next connection tries again."),
    RECHECK(
            "recheck",
            "first",
            "Check on the `first` connection of the process only, or `always` (one round trip on every physical"
                    + " connection).",
            "first",
            "always"),
    PLACEHOLDERS("placeholders.", null, "–", "The value of `${NAME}` in scripts.", List.of()),
    ADOPT(
            "adopt",
            "auto",
            "On a schema without a history: `auto` takes over that of Flyway, Liquibase, Alembic, golang-migrate, dbmate,"
                    + " Rails or Prisma if there is one; `none` takes no notice of them.",
            "auto",
            "none"),
    BACKUP(
            "backup",
            "off",
            "Back up before the first pending migration: the folder for pg_dump's files, or `off`. Without the backup"
                    + " no migration starts."),
    SEARCH(
            "search",
            "off",
            "What is done for similarity searches: `measure`, `accelerate`, both as `measure,accelerate`, or `off`."),
    SEARCH_TABLE(
            "search.table",
            null,
            "none",
            "The table that measured searches are written to, for example `metrics.searches`.",
            List.of());

    /** What the name of each of our settings begins with. */
    public static final String PREFIX = "gangway.";

    private final String key;
    private final @Nullable String defaultValue;
    private final String defaultText;
    private final String description;

    @SuppressWarnings("ImmutableEnumChecker") // only ever List.of
    private final List<String> choices;

    Setting(String name, String defaultValue, String description, String... choices) {
        this(name, defaultValue, defaultValue, description, List.of(choices));
    }

    // No shorter form of this one: with four strings it would be taken for the one above with a single choice.
    Setting(String name, @Nullable String defaultValue, String defaultText, String description, List<String> choices) {
        this.key = "gangway." + name;
        this.defaultValue = defaultValue;
        this.defaultText = defaultText;
        this.description = description;
        this.choices = choices;
    }

    /** {@return the full name, {@code gangway.waitTimeout}; for the family of placeholders what their names begin with} */
    public String key() {
        return key;
    }

    /** {@return the name for people: the key, and {@code gangway.placeholders.NAME} for the family} */
    public String displayName() {
        return isFamily() ? key + "NAME" : key;
    }

    /** {@return the value where nothing is set, or null where that depends on the connection} */
    public @Nullable String defaultValue() {
        return defaultValue;
    }

    /** {@return the default for people} */
    public String defaultText() {
        return defaultText;
    }

    /** {@return what it does, one sentence of Markdown} */
    public String description() {
        return description;
    }

    /** {@return the only values it takes, or none where every value of its type will do} */
    public List<String> choices() {
        return choices;
    }

    /** {@return whether its value never stands in a message} */
    public boolean secret() {
        return this == MIGRATION_PASSWORD;
    }

    /** {@return whether {@link #key()} is followed by a name that the user chooses} */
    public boolean isFamily() {
        return this == PLACEHOLDERS;
    }

    /** {@return the environment variable, {@code GANGWAY_WAIT_TIMEOUT}; for the family what it begins with} */
    public String environmentName() {
        return environmentName(key);
    }

    /** {@return the environment variable for a full key: dots and camel case become underscores} */
    public static String environmentName(String key) {
        StringBuilder name = new StringBuilder(key.length() + 8);
        for (int i = 0; i < key.length(); i++) {
            char c = key.charAt(i);
            if (Character.isUpperCase(c) && i > 0 && startsWord(key, i)) {
                name.append('_');
            }
            name.append(Character.isLetterOrDigit(c) ? Character.toUpperCase(c) : '_');
        }
        return name.toString();
    }

    /** A capital begins a word after a small letter, and the last capital of several does before a small letter. */
    private static boolean startsWord(String key, int at) {
        char before = key.charAt(at - 1);
        boolean lowerFollows = at + 1 < key.length() && Character.isLowerCase(key.charAt(at + 1));
        return Character.isLowerCase(before)
                || Character.isDigit(before)
                || (Character.isUpperCase(before) && lowerFollows);
    }

    /** {@return the setting of this exact key; a placeholder's key belongs to the family} */
    public static Optional<Setting> ofKey(String key) {
        for (Setting setting : values()) {
            boolean found = setting.isFamily()
                    ? key.startsWith(setting.key) && key.length() > setting.key.length()
                    : setting.key.equals(key);
            if (found) {
                return Optional.of(setting);
            }
        }
        return Optional.empty();
    }

    /** {@return whether a parameter or property of this name is meant for us, however it is capitalised} */
    public static boolean isOurs(String name) {
        return name.regionMatches(true, 0, PREFIX, 0, PREFIX.length());
    }

    /** {@return the documentation of all settings as a Markdown table, without a line end after the last row} */
    public static String markdownTable() {
        return Arrays.stream(values())
                .map(setting -> "| `%s` | %s | %s |"
                        .formatted(setting.displayName(), setting.defaultCell(), setting.description))
                .collect(Collectors.joining("\n", "| key | default | meaning |\n| --- | --- | --- |\n", ""));
    }

    private String defaultCell() {
        return defaultValue == null ? defaultText : "`" + defaultValue + "`";
    }
}
