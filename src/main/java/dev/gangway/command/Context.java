package dev.gangway.command;

import dev.gangway.GangwayException;
import dev.gangway.GangwayException.Code;
import dev.gangway.MigrationListener;
import dev.gangway.catalog.MigrationCatalog;
import dev.gangway.config.JdbcUrl;
import dev.gangway.config.Settings;
import dev.gangway.config.SettingsReader;
import dev.gangway.event.Events;
import dev.gangway.history.HistoryTable;
import dev.gangway.history.Precheck;
import dev.gangway.history.ServerFacts;
import dev.gangway.leader.Leadership;
import dev.gangway.migration.Version;
import dev.gangway.pgjdbc.Connections;
import dev.gangway.pgjdbc.Endpoint;
import dev.gangway.pgjdbc.Target;
import dev.gangway.plan.Files;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Properties;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What all commands for one target share. Immutable and thread-safe.
 *
 * @param endpoint  where the application connects to
 * @param loader    where {@code classpath:} locations are looked for; null for Gangway's own class loader
 * @param listeners those that were given in code
 */
record Context(
        Settings settings, Endpoint endpoint, @Nullable ClassLoader loader, List<MigrationListener> listeners) {
    private static final Logger LOG = LoggerFactory.getLogger(Context.class);

    private static final String PGJDBC_PREFIX = "jdbc:postgresql:";

    Context {
        listeners = List.copyOf(listeners);
    }

    /**
     * @param url        also pgjdbc's own form of it, for whoever has just that
     * @param properties the settings among them count as for a connection
     */
    static Context of(
            String url, Properties properties, @Nullable ClassLoader loader, List<MigrationListener> listeners)
            throws SQLException {
        JdbcUrl parsed =
                JdbcUrl.parse(url.startsWith(PGJDBC_PREFIX) ? JdbcUrl.PREFIX + url.substring("jdbc:".length()) : url);
        Endpoint endpoint = Endpoint.of(parsed.postgresUrl(), SettingsReader.withoutOwn(properties));
        ClassLoader used = loader == null ? Thread.currentThread().getContextClassLoader() : loader;
        Settings settings = SettingsReader.read(parsed, properties, used);
        for (String warning : settings.warnings()) {
            LOG.warn("{} - {}", endpoint.target(), warning);
        }
        return new Context(settings, endpoint, used, listeners);
    }

    /** {@return what log lines and reports begin with} */
    Target target() {
        return endpoint.target();
    }

    /** {@return the migrations of the application, read anew} */
    Files files() throws SQLException {
        return Files.of(
                MigrationCatalog.load(settings.locations(), loader, settings.placeholders())
                        .migrations(),
                settings);
    }

    /** {@return what the server and the whole history say to the application's own role} */
    Precheck ask() throws SQLException {
        Connection connection = endpoint.connect();
        try {
            return ask(connection);
        } finally {
            Connections.close(connection);
        }
    }

    /** {@return the same, on an open connection} */
    Precheck ask(Connection connection) throws SQLException {
        return Precheck.ask(
                connection, new HistoryTable(settings.schema(), settings.historyTable(), settings.stateTable()), null);
    }

    /**
     * {@return the way to the leadership over that history}
     *
     * @param check what the application's own connection said
     * @throws GangwayException.Permanent GW006 when nothing can be written where the URLs lead
     */
    Leadership leadership(Precheck check) throws SQLException {
        return leadership(check, events());
    }

    /** {@return the same, where listeners hear of more than that} */
    Leadership leadership(Precheck check, Events events) throws SQLException {
        ServerFacts facts = check.facts();
        if (facts.standby() && settings.migrationUrl() == null && !target().hasSeveralHosts()) {
            throw new GangwayException.Permanent(Code.READ_ONLY_SERVER, """
                    The server %s is a standby, on which nothing can be changed.
                      next: use a URL that leads to the primary, or name it with gangway.migrationUrl""".formatted(target().hosts()));
        }
        return new Leadership(settings, endpoint, check.table(), facts, events);
    }

    /** {@return what tells listeners what happens} */
    Events events() {
        return Events.of(target().toString(), listeners, loader);
    }

    /** @param what the option or setting that holds the text, for the message */
    static Version version(String text, String what) throws GangwayException.Permanent {
        try {
            return Version.parse(text);
        } catch (IllegalArgumentException e) {
            throw new GangwayException.Permanent(
                    Code.SETTING_WRONG,
                    "%s \"%s\" is no version.\n  next: write one such as 3, 1.2 or 2024_05_01".formatted(what, text),
                    e);
        }
    }
}
