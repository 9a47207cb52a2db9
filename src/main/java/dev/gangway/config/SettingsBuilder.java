package dev.gangway.config;

import dev.gangway.internal.Digits;
import dev.gangway.internal.QualifiedName;
import java.nio.charset.StandardCharsets;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Turns the texts that were found into typed {@link Settings}. */
final class SettingsBuilder {

    /** PostgreSQL cuts longer identifiers off silently, and {@code _state} must still fit. */
    private static final int LONGEST_IDENTIFIER = 63;

    private static final int LONGEST_HISTORY_TABLE = LONGEST_IDENTIFIER - "_state".length();

    private final Map<Setting, SettingValue> values;

    private SettingsBuilder(Map<Setting, SettingValue> values) {
        this.values = values;
    }

    static Settings build(
            Map<Setting, SettingValue> values,
            Map<String, SettingValue> placeholders,
            Map<String, String> environmentPlaceholders,
            List<String> warnings)
            throws SQLException {
        return new SettingsBuilder(values).build(placeholders, environmentPlaceholders, warnings);
    }

    private Settings build(
            Map<String, SettingValue> placeholders, Map<String, String> environmentPlaceholders, List<String> warnings)
            throws SQLException {
        return new Settings(
                locations(),
                value(Setting.MODE).choice(Settings.Mode.class),
                target(),
                identifier(values.get(Setting.SCHEMA), LONGEST_IDENTIFIER),
                historyTable(),
                migrationUrl(),
                optional(Setting.MIGRATION_USER),
                migrationPassword(),
                value(Setting.TRANSACTION).choice(Settings.TransactionMode.class),
                value(Setting.OUT_OF_ORDER).choice(Settings.OutOfOrder.class),
                value(Setting.ON_NEWER_SCHEMA).choice(Settings.OnNewerSchema.class),
                value(Setting.LOCK_TIMEOUT).duration(),
                value(Setting.LOCK_RETRIES).count(),
                indexMemory(),
                value(Setting.WAIT_TIMEOUT).duration(),
                value(Setting.RETRY_AFTER).duration(),
                value(Setting.RECHECK).choice(Settings.Recheck.class),
                value(Setting.ADOPT).choice(Settings.Adopt.class),
                backup(),
                search(),
                searchTable(),
                texts(placeholders),
                environmentPlaceholders,
                sources(placeholders, environmentPlaceholders),
                warnings);
    }

    private @Nullable Path backup() throws SQLException {
        SettingValue value = values.get(Setting.BACKUP);
        if (value == null || value.required().equalsIgnoreCase("off")) {
            return null;
        }
        try {
            return Path.of(value.required());
        } catch (InvalidPathException e) {
            throw value.wrong("it is off or a folder such as /var/backups/app");
        }
    }

    private Set<Settings.Search> search() throws SQLException {
        SettingValue value = value(Setting.SEARCH);
        Set<Settings.Search> search = EnumSet.noneOf(Settings.Search.class);
        if (value.required().equalsIgnoreCase("off")) {
            return search;
        }
        for (String part : value.required().split(",", -1)) {
            switch (part.strip().toLowerCase(Locale.ROOT)) {
                case "measure" -> search.add(Settings.Search.MEASURE);
                case "accelerate" -> search.add(Settings.Search.ACCELERATE);
                default -> throw value.wrong("it is off, measure, accelerate, or measure,accelerate");
            }
        }
        return search;
    }

    private @Nullable String searchTable() throws SQLException {
        String written = optional(Setting.SEARCH_TABLE);
        if (written != null && QualifiedName.parse(written).isEmpty()) {
            throw value(Setting.SEARCH_TABLE)
                    .wrong("it is a table's name such as searches, metrics.searches or \"My Schema\".searches");
        }
        return written;
    }

    private static Map<String, String> texts(Map<String, SettingValue> values) {
        Map<String, String> texts = new HashMap<>();
        for (Map.Entry<String, SettingValue> entry : values.entrySet()) {
            texts.put(entry.getKey(), entry.getValue().text());
        }
        return texts;
    }

    /** What was written, else the default in the same clothes, so that both are read by the same code. */
    private SettingValue value(Setting setting) {
        SettingValue written = values.get(setting);
        return written != null
                ? written
                : new SettingValue(
                        setting,
                        setting.key(),
                        String.valueOf(setting.defaultValue()),
                        SettingSource.DEFAULT,
                        SettingSource.DEFAULT.label());
    }

    private List<String> locations() throws SQLException {
        SettingValue value = value(Setting.LOCATIONS);
        List<String> locations = new ArrayList<>();
        for (String location : value.required().split(",", -1)) {
            locations.add(location.strip());
        }
        if (locations.contains("")) {
            throw value.wrong("a location is missing beside a comma. Write for example"
                    + " classpath:db/migration,filesystem:/srv/sql");
        }
        return locations;
    }

    private @Nullable String target() throws SQLException {
        SettingValue value = value(Setting.TARGET);
        String text = value.required();
        if (text.equals("latest")) {
            return null;
        }
        if (!isVersion(text)) {
            throw value.wrong("it is latest or a version such as 1.4");
        }
        return text;
    }

    /** No regular expression: the engine recurses for each part, and thousands of them would exhaust the stack. */
    private static boolean isVersion(String text) {
        for (int part = 0; ; ) {
            int end = Digits.end(text, part);
            if (end == part || (end < text.length() && "._".indexOf(text.charAt(end)) < 0)) {
                return false;
            }
            if (end == text.length()) {
                return true;
            }
            part = end + 1;
        }
    }

    private String historyTable() throws SQLException {
        SettingValue value = value(Setting.HISTORY_TABLE);
        String name = identifier(value, LONGEST_HISTORY_TABLE);
        return name == null ? value.required() : name;
    }

    private MemoryLimit indexMemory() throws SQLException {
        SettingValue value = value(Setting.INDEX_MEMORY);
        String text = value.required();
        if (text.equalsIgnoreCase("auto")) {
            return MemoryLimit.AUTO;
        }
        return text.equalsIgnoreCase("off") ? MemoryLimit.OFF : MemoryLimit.ofKilobytes(value.kilobytes());
    }

    private static @Nullable String identifier(@Nullable SettingValue value, int longest) throws SQLException {
        if (value == null) {
            return null;
        }
        String name = value.required();
        if (name.getBytes(StandardCharsets.UTF_8).length > longest) {
            throw value.wrong("it is longer than %d bytes. Choose a shorter name".formatted(longest));
        }
        if (name.indexOf('\0') >= 0) {
            throw value.wrong("it contains a NUL character, which no name in PostgreSQL may have. Take it out");
        }
        return name;
    }

    private @Nullable String migrationUrl() throws SQLException {
        SettingValue value = values.get(Setting.MIGRATION_URL);
        if (value == null) {
            return null;
        }
        String text = value.required();
        String ours = text.startsWith("jdbc:postgresql:") ? JdbcUrl.PREFIX + text.substring("jdbc:".length()) : text;
        if (!JdbcUrl.accepts(ours)) {
            throw value.wrong(
                    "it begins with jdbc:postgresql:. Write for example jdbc:postgresql://host:5432/database");
        }
        JdbcUrl url = JdbcUrl.parse(ours, value.key() + " in " + value.place() + ",");
        if (!url.ownParameters().isEmpty()) {
            throw value.wrong("it contains %s. Move the gangway settings out of it to where this one stands"
                    .formatted(String.join(", ", url.ownParameters().keySet())));
        }
        return url.postgresUrl();
    }

    private @Nullable String migrationPassword() {
        SettingValue value = values.get(Setting.MIGRATION_PASSWORD);
        return value == null ? null : value.text();
    }

    private @Nullable String optional(Setting setting) throws SQLException {
        SettingValue value = values.get(setting);
        return value == null ? null : value.required();
    }

    private Map<Setting, SettingSource> sources(
            Map<String, SettingValue> placeholders, Map<String, String> environmentPlaceholders) {
        Map<Setting, SettingSource> sources = new EnumMap<>(Setting.class);
        for (Map.Entry<Setting, SettingValue> entry : values.entrySet()) {
            sources.put(entry.getKey(), entry.getValue().source());
        }
        if (!environmentPlaceholders.isEmpty()) {
            sources.put(Setting.PLACEHOLDERS, SettingSource.ENVIRONMENT);
        }
        for (SettingValue value : placeholders.values()) {
            SettingSource strongest = sources.get(Setting.PLACEHOLDERS);
            // The enum is declared from the strongest to the weakest.
            if (strongest == null || value.source().compareTo(strongest) < 0) {
                sources.put(Setting.PLACEHOLDERS, value.source());
            }
        }
        return sources;
    }
}
