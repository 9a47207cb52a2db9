package dev.gangway.cli;

import dev.gangway.Gangway;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Which database, as whom, and which settings. */
final class TargetOptions {
    /** Where in a command's help these and those of {@link OutputOptions} begin: behind its own. */
    static final int FIRST = 101;

    static final String PASSWORD = "--password";

    private static final String LOCATIONS = "gangway.locations";

    @Option(
            order = FIRST,
            names = "--url",
            paramLabel = "URL",
            description = "The database: jdbc:gangway:postgresql://HOST:PORT/DATABASE, with parameters as in an"
                    + " application; jdbc:postgresql: will do. Or GANGWAY_URL in the environment.")
    @Nullable
    String url;

    @Option(
            order = 102,
            names = "--user",
            paramLabel = "ROLE",
            description = "The role. Or GANGWAY_USER in the environment.")
    @Nullable
    String user;

    @Option(
            order = 103,
            names = PASSWORD,
            description = "Ask for the password. Or set GANGWAY_PASSWORD or PGPASSWORD in the environment.")
    boolean askPassword;

    @Option(
            order = 104,
            names = "--password-file",
            paramLabel = "FILE",
            description = "Read the password from this file.")
    @Nullable
    Path passwordFile;

    @Option(
            order = 105,
            names = "--locations",
            paramLabel = "LIST",
            description =
                    "Where the migrations are, such as filesystem:db/migration. Default: gangway.locations, or else"
                            + " the folder src/main/resources/db/migration.")
    @Nullable
    String locations;

    @Option(order = 106, names = "--schema", paramLabel = "SCHEMA", description = "The schema that holds the history.")
    @Nullable
    String schema;

    @Option(
            order = 107,
            names = "-P",
            paramLabel = "KEY=VALUE",
            description = "Any setting (gangway.lockTimeout=10s) or parameter of pgjdbc (sslmode=require). Repeatable.")
    Map<String, String> parameters = new LinkedHashMap<>();

    /** {@return a builder that knows all that was given} */
    Gangway.Builder builder(CliCommand command) {
        String given = url(command);
        Gangway.Builder builder = Gangway.to(given);
        for (Map.Entry<String, String> property : properties(command).entrySet()) {
            if (hasParameter(given, property.getKey())) {
                throw command.usage("The URL says %s already. Take it out of the URL or out of the options."
                        .formatted(property.getKey()));
            }
            builder.property(property.getKey(), property.getValue());
        }
        if (user == null && command.console.variable("GANGWAY_USER") != null && !hasParameter(given, "user")) {
            builder.user(String.valueOf(command.console.variable("GANGWAY_USER")));
        }
        if (!hasParameter(given, LOCATIONS) && DefaultLocation.applies(locations(), command.console)) {
            builder.property(LOCATIONS, DefaultLocation.LOCATION);
        }
        String password = password(command);
        return password == null ? builder : builder.password(password);
    }

    /** {@return what {@code --locations} or {@code -P} say; or null} */
    @Nullable
    String locations() {
        return locations != null ? locations : parameters.get(LOCATIONS);
    }

    private String url(CliCommand command) {
        String given = url != null ? url : command.console.variable("GANGWAY_URL");
        if (given == null) {
            throw command.usage(
                    "No database. Give --url jdbc:gangway:postgresql://HOST:PORT/DATABASE, or set GANGWAY_URL.");
        }
        return given;
    }

    private Map<String, String> properties(CliCommand command) {
        Map<String, String> properties = new LinkedHashMap<>(parameters);
        for (String secret : new String[] {"password", "gangway.migrationPassword"}) {
            if (properties.containsKey(secret)) {
                throw command.usage("A password on the command line can be read by everybody on the machine. Use "
                        + (secret.equals("password")
                                ? "--password, --password-file, or GANGWAY_PASSWORD in the environment."
                                : "GANGWAY_MIGRATION_PASSWORD in the environment."));
            }
        }
        put(properties, "user", user);
        put(properties, LOCATIONS, locations);
        put(properties, "gangway.schema", schema);
        return properties;
    }

    private static void put(Map<String, String> properties, String key, @Nullable String value) {
        if (value != null) {
            properties.put(key, value);
        }
    }

    private @Nullable String password(CliCommand command) {
        if (passwordFile != null) {
            try {
                return Files.readString(passwordFile).stripTrailing();
            } catch (IOException unreadable) {
                throw command.usage("The file of --password-file cannot be read: " + unreadable);
            }
        }
        if (askPassword) {
            return asked(command);
        }
        String ours = command.console.variable("GANGWAY_PASSWORD");
        return ours != null ? ours : command.console.variable("PGPASSWORD");
    }

    @SuppressWarnings("SystemConsoleNull")
    private static String asked(CliCommand command) {
        java.io.Console terminal = System.console();
        char[] typed =
                terminal == null || !command.console.terminal().in() ? null : terminal.readPassword("Password: ");
        if (typed == null) {
            throw command.usage("--password asks on a terminal, and input or output is none."
                    + " Use --password-file, or GANGWAY_PASSWORD in the environment.");
        }
        return new String(typed);
    }

    private static boolean hasParameter(String url, String name) {
        int query = url.indexOf('?');
        return query >= 0 && ("&" + url.substring(query + 1)).contains("&" + name + "=");
    }
}
