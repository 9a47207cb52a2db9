package dev.gangway.config;

import java.util.Map;

/**
 * The content of a {@code gangway.properties}.
 *
 * @param name where it was found, for messages
 * @param entries its keys, with their {@code gangway.} prefix, and values
 */
public record SettingsFile(String name, Map<String, String> entries) {

    private static final SettingsFile NONE = new SettingsFile("gangway.properties", Map.of());

    public SettingsFile {
        entries = Map.copyOf(entries);
    }

    /** {@return what stands for a file that does not exist} */
    public static SettingsFile none() {
        return NONE;
    }

    /** Values are left out: a password may be among them. */
    @Override
    public String toString() {
        return name + " " + entries.keySet();
    }
}
