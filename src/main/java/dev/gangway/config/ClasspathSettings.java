package dev.gangway.config;

import dev.gangway.GangwayException;
import dev.gangway.GangwayException.Code;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Reader;
import java.net.URL;
import java.net.URLConnection;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.Map;
import java.util.Properties;
import org.jspecify.annotations.Nullable;

/** Finds {@code gangway.properties} on the class path. Stateless: the file is read again at each call. */
public final class ClasspathSettings {

    private static final String NAME = "gangway.properties";

    private ClasspathSettings() {}

    /**
     * {@return the first {@code gangway.properties} that the given loader, else our own, else the system's can see, or
     * {@link SettingsFile#none()}}
     *
     * @param contextLoader usually the thread's context class loader, which may be null
     * @throws SQLException GW004 when the file cannot be read or is not UTF-8
     */
    public static SettingsFile find(@Nullable ClassLoader contextLoader) throws SQLException {
        URL url = contextLoader == null ? null : contextLoader.getResource(NAME);
        if (url == null) {
            ClassLoader own = ClasspathSettings.class.getClassLoader();
            url = own == null ? null : own.getResource(NAME);
        }
        if (url == null) {
            url = ClassLoader.getSystemResource(NAME);
        }
        return url == null ? SettingsFile.none() : read(url);
    }

    private static SettingsFile read(URL url) throws SQLException {
        Properties properties = new Properties();
        try (Reader reader = open(url)) {
            properties.load(reader);
        } catch (CharacterCodingException notUtf8) {
            throw wrong(url, "it is not UTF-8. Save it as UTF-8", notUtf8);
        } catch (IllegalArgumentException badEscape) {
            throw wrong(
                    url, "it has a \\u that no four hexadecimal digits follow. Write a backslash as \\\\", badEscape);
        } catch (IOException unreadable) {
            throw wrong(url, "reading failed (" + unreadable + "). Check that the file may be read", unreadable);
        }
        Map<String, String> entries = new HashMap<>();
        for (String key : properties.stringPropertyNames()) {
            entries.put(key, properties.getProperty(key, ""));
        }
        return new SettingsFile(url.toString(), entries);
    }

    private static Reader open(URL url) throws IOException {
        URLConnection connection = url.openConnection();
        // A cached jar stays open, and on a redeploy it is the old one.
        connection.setUseCaches(false);
        return new BufferedReader(new InputStreamReader(
                connection.getInputStream(),
                StandardCharsets.UTF_8.newDecoder())); // a decoder reports, a charset replaces
    }

    private static SQLException wrong(URL url, String what, Throwable cause) {
        return new GangwayException.Permanent(
                Code.SETTING_WRONG, "The settings in %s cannot be used: %s.".formatted(url, what), cause);
    }
}
