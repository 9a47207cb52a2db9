package dev.gangway.config;

import static dev.gangway.config.SettingSource.ENVIRONMENT;
import static dev.gangway.config.SettingSource.FILE;
import static dev.gangway.config.SettingSource.PROPERTIES;
import static dev.gangway.config.SettingSource.SYSTEM_PROPERTY;
import static dev.gangway.config.SettingSource.URL;

import dev.gangway.GangwayException;
import dev.gangway.GangwayException.Code;
import dev.gangway.internal.Spelling;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Reads the settings from all places where they may stand; the first place that has a setting wins, in the order of
 * {@link SettingSource}. Pure: the same input gives the same settings, and no input is changed.
 *
 * @param urlParameters our parameters of the URL, as {@link JdbcUrl#ownParameters()} gives them
 * @param properties what was given to {@code Driver.connect}; all that is not {@code gangway.*} is passed over
 * @param systemProperties all that is not {@code gangway.*} is passed over
 * @param environment all that is not {@code GANGWAY_*} is passed over
 * @param file {@code gangway.properties}, in which every key is ours
 */
public record SettingsReader(
        Map<String, String> urlParameters,
        Properties properties,
        Properties systemProperties,
        Map<String, String> environment,
        SettingsFile file) {

    private static final String ENVIRONMENT_PREFIX = "GANGWAY_";

    /**
     * {@return the settings for a connection in this process}
     *
     * @param info what was given to {@code Driver.connect}; may be null
     * @param contextLoader where {@code gangway.properties} is looked for first; may be null
     * @throws SQLException GW004 when a setting is unknown or its value is wrong
     */
    public static Settings read(JdbcUrl url, @Nullable Properties info, @Nullable ClassLoader contextLoader)
            throws SQLException {
        return new SettingsReader(
                        url.ownParameters(),
                        info == null ? new Properties() : info,
                        System.getProperties(),
                        System.getenv(),
                        ClasspathSettings.find(contextLoader))
                .read();
    }

    /** {@return a copy for pgjdbc, defaults included, without what is ours; what is no string is left out} */
    public static Properties withoutOwn(@Nullable Properties info) {
        Properties copy = new Properties();
        if (info != null) {
            for (String name : info.stringPropertyNames()) {
                if (!Setting.isOurs(name)) {
                    copy.setProperty(name, info.getProperty(name, ""));
                }
            }
        }
        return copy;
    }

    /**
     * {@return the settings}
     *
     * @throws SQLException GW004 when a setting is unknown or its value is wrong
     */
    public Settings read() throws SQLException {
        Map<Setting, SettingValue> values = new EnumMap<>(Setting.class);
        Map<String, SettingValue> placeholders = new TreeMap<>();
        // From the strongest to the weakest, so what is there already stays.
        collect(urlParameters, URL, URL.label(), values, placeholders);
        collect(ours(properties, PROPERTIES), PROPERTIES, PROPERTIES.label(), values, placeholders);
        collect(
                ours(systemProperties, SYSTEM_PROPERTY),
                SYSTEM_PROPERTY,
                SYSTEM_PROPERTY.label(),
                values,
                placeholders);
        collectEnvironment(values);
        Map<String, SettingValue> placeholdersOfFile = new TreeMap<>();
        collect(file.entries(), FILE, file.name(), values, placeholdersOfFile);

        Map<String, String> environmentPlaceholders = environmentPlaceholders();
        for (Map.Entry<String, SettingValue> entry : placeholdersOfFile.entrySet()) {
            SettingValue value = entry.getValue();
            if (!environmentPlaceholders.containsKey(Setting.environmentName(value.key()))) {
                placeholders.putIfAbsent(entry.getKey(), value);
            }
        }
        return SettingsBuilder.build(values, placeholders, environmentPlaceholders, warnings());
    }

    private static void collect(
            Map<String, String> entries,
            SettingSource source,
            String place,
            Map<Setting, SettingValue> values,
            Map<String, SettingValue> placeholders)
            throws SQLException {
        // Sorted, so that of two mistakes the same one is always reported.
        for (Map.Entry<String, String> entry : new TreeMap<>(entries).entrySet()) {
            String key = entry.getKey();
            Setting setting = Setting.ofKey(key).orElse(null);
            if (setting == null) {
                throw unknown(key, place);
            }
            SettingValue value = new SettingValue(setting, key, entry.getValue(), source, place);
            if (setting.isFamily()) {
                placeholders.putIfAbsent(key.substring(setting.key().length()), value);
            } else {
                values.putIfAbsent(setting, value);
            }
        }
    }

    private void collectEnvironment(Map<Setting, SettingValue> values) {
        for (Setting setting : Setting.values()) {
            String variable = setting.environmentName();
            String text = environment.get(variable);
            // Container files often pass a variable on that is not set: an empty one counts as absent.
            if (text != null && !text.isEmpty() && !setting.isFamily()) {
                values.putIfAbsent(
                        setting, new SettingValue(setting, variable, text, ENVIRONMENT, ENVIRONMENT.label()));
            }
        }
    }

    private static Map<String, String> ours(Properties properties, SettingSource source) throws SQLException {
        Map<String, String> ours = new HashMap<>();
        for (String name : properties.stringPropertyNames()) {
            if (Setting.isOurs(name)) {
                ours.put(name, properties.getProperty(name, ""));
            }
        }
        for (Map.Entry<Object, Object> entry : properties.entrySet()) {
            if (entry.getKey() instanceof String name
                    && Setting.isOurs(name)
                    && !(entry.getValue() instanceof String)) {
                throw wrong("%s in %s is not a string but a %s. Give it as a string."
                        .formatted(
                                name,
                                source.label(),
                                entry.getValue().getClass().getName()));
            }
        }
        return ours;
    }

    private Map<String, String> environmentPlaceholders() {
        Map<String, String> found = new HashMap<>();
        String prefix = Setting.PLACEHOLDERS.environmentName();
        for (Map.Entry<String, String> entry : environment.entrySet()) {
            String variable = entry.getKey();
            if (variable.startsWith(prefix) && variable.length() > prefix.length()) {
                found.put(variable, entry.getValue());
            }
        }
        return found;
    }

    /** The environment is shared with other programs, so a variable nobody knows is a mistake only if it looks like one. */
    private List<String> warnings() {
        List<String> known = new ArrayList<>();
        for (Setting setting : Setting.values()) {
            known.add(setting.environmentName());
        }
        List<String> warnings = new ArrayList<>();
        for (String variable : new TreeMap<>(environment).keySet()) {
            if (variable.startsWith(ENVIRONMENT_PREFIX)
                    && !variable.startsWith(Setting.PLACEHOLDERS.environmentName())
                    && !known.contains(variable)) {
                String near = Spelling.nearest(variable, known).orElse(null);
                if (near != null && Spelling.distance(variable, near) <= 2) {
                    warnings.add(
                            "The environment variable %s has no effect; did you mean %s?".formatted(variable, near));
                }
            }
        }
        return warnings;
    }

    private static SQLException unknown(String key, String place) {
        List<String> known =
                Arrays.stream(Setting.values()).map(Setting::displayName).toList();
        String advice = Spelling.nearest(Setting.isOurs(key) ? key : Setting.PREFIX + key, known)
                .map(near -> "Did you mean %s?".formatted(near))
                .orElseGet(() -> "The settings are " + String.join(", ", known) + ".");
        return wrong("Unknown setting %s in %s. %s".formatted(Secrets.mask(key), place, advice));
    }

    private static SQLException wrong(String message) {
        return new GangwayException.Permanent(Code.SETTING_WRONG, message);
    }

    /** Values are left out: a password may be among them. */
    @Override
    public String toString() {
        return "SettingsReader[" + urlParameters.keySet() + ", " + file + "]";
    }
}
