package dev.gangway.gate;

import dev.gangway.config.JdbcUrl;
import dev.gangway.config.Secrets;
import dev.gangway.config.Setting;
import dev.gangway.config.Settings;
import dev.gangway.config.SettingsReader;
import dev.gangway.pgjdbc.Endpoint;
import dev.gangway.search.Searches;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The gates of this process (more exactly: of the class loader that holds the driver). Static, because pools make driver
 * instances of their own, some of them one for each connection.
 *
 * <p>Thread-safe. A gate is small and stays until {@link #clear()}.
 */
public final class Gates {
    private static final Logger LOG = LoggerFactory.getLogger(Gates.class);

    private static final ConcurrentMap<List<Object>, MigrationGate> GATES = new ConcurrentHashMap<>();

    private Gates() {}

    /**
     * {@return what tells two targets apart: all that was given to connect, except pgjdbc's passwords}
     *
     * <p>Those are read anew for each connection, and may change. A gate's settings are read once, so a password among
     * them is part of the key: a corrected one makes a gate of its own. Two spellings of one target get two gates as
     * well, which costs one check more; the lock in the database keeps them from migrating twice.
     *
     * <p>A list, because the JVM makes a record's {@code equals} when it is first called, which takes longer than all else
     * that is done here.
     */
    private static List<Object> key(String url, Properties info) {
        Map<String, String> properties = new HashMap<>();
        for (String name : info.stringPropertyNames()) {
            if (Setting.isOurs(name) || !Secrets.isSecret(name)) {
                properties.put(name, info.getProperty(name, ""));
            }
        }
        return List.of(url, properties);
    }

    /**
     * {@return a connection to a schema that is as the settings want it; of pgjdbc's own unless {@code gangway.search} is set}
     *
     * @param url  one that {@link JdbcUrl#accepts} accepts
     * @param info read, never changed
     */
    public static Connection connect(String url, @Nullable Properties info) throws SQLException {
        JdbcUrl parsed = JdbcUrl.parse(url);
        Properties forPgjdbc = SettingsReader.withoutOwn(info);
        Endpoint endpoint = Endpoint.of(parsed.postgresUrl(), forPgjdbc);
        List<Object> key = key(url, info == null ? forPgjdbc : info);
        MigrationGate gate = GATES.get(key);
        if (gate == null) {
            ClassLoader loader = Thread.currentThread().getContextClassLoader();
            Settings settings = SettingsReader.read(parsed, info, loader);
            for (String warning : settings.warnings()) {
                LOG.warn("{} - {}", endpoint.target(), warning);
            }
            Searches searches = settings.search().isEmpty() ? null : Searches.of(settings, endpoint, loader);
            MigrationGate made = new MigrationGate(settings, endpoint.target(), searches);
            MigrationGate earlier = GATES.putIfAbsent(key, made);
            if (earlier != null) {
                // It holds listeners.
                made.close();
            }
            gate = earlier == null ? made : earlier;
        }
        return gate.connect(endpoint);
    }

    /**
     * Forgets everything, and what was made known of it: the next connection to each target checks again. For a driver
     * that is deregistered. Returns when what ran in the background has ended, or after some seconds.
     */
    public static void clear() {
        List<Background> ending = new ArrayList<>();
        // One by one, so that a gate that is made meanwhile is not forgotten without being closed.
        for (Map.Entry<List<Object>, MigrationGate> entry : GATES.entrySet()) {
            if (GATES.remove(entry.getKey(), entry.getValue())) {
                Background background = entry.getValue().close();
                if (background != null) {
                    ending.add(background);
                }
            }
        }
        for (Background background : ending) {
            background.awaitEnd();
        }
    }
}
