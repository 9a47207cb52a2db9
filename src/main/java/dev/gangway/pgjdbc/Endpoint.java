package dev.gangway.pgjdbc;

import dev.gangway.GangwayException;
import dev.gangway.GangwayException.Code;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLNonTransientConnectionException;
import java.sql.SQLTransientConnectionException;
import java.time.Duration;
import java.util.Map;
import java.util.Properties;
import org.jspecify.annotations.Nullable;
import org.postgresql.Driver;
import org.postgresql.PGProperty;

/**
 * A place to connect to with pgjdbc, which is called directly: looking it up through the driver manager is what makes
 * other prefix drivers fail with "No suitable driver". Immutable and thread-safe.
 */
public final class Endpoint {
    /** A URL that adds nothing to properties that were parsed out of another one. */
    private static final String NOTHING_LEFT = "jdbc:postgresql://";

    private final ConnectArguments arguments;
    private final Properties info;
    private final Properties parsed;
    private final Target target;

    /** @param info what was given beside a URL, for another URL in its place: never that URL's own password */
    private Endpoint(ConnectArguments arguments, Properties info, Properties parsed) {
        this.arguments = arguments;
        this.info = info;
        this.parsed = parsed;
        this.target = Target.of(parsed);
    }

    /** {@return the endpoint that a {@code jdbc:postgresql:} URL and properties name} */
    public static Endpoint of(String url, Properties info) throws SQLException {
        Properties parsed = Driver.parseURL(url, info);
        if (parsed == null) {
            // Not quoted: a URL that cannot be read cannot be searched for passwords either.
            throw new GangwayException.Permanent(Code.SETTING_WRONG, """
                    pgjdbc does not understand the URL.
                      next: check the host, the port (a number) and the percent signs; the form is\
                     jdbc:gangway:postgresql://host:5432/database?parameter=value""");
        }
        return new Endpoint(ConnectArguments.of(url, info, parsed), info, parsed);
    }

    /** {@return another place, with the same properties as far as its URL does not say otherwise} */
    public Endpoint at(String otherUrl) throws SQLException {
        return of(otherUrl, info);
    }

    /**
     * {@return the same place for another role}
     *
     * @param user     null to keep the role
     * @param password null to keep the password
     */
    public Endpoint as(@Nullable String user, @Nullable String password) {
        Properties own = copyOfParsed();
        if (user != null) {
            PGProperty.USER.set(own, user);
        }
        if (password != null) {
            PGProperty.PASSWORD.set(own, password);
        }
        return new Endpoint(new ConnectArguments(NOTHING_LEFT, own), own, own);
    }

    /** {@return where it leads, and as whom} */
    public Target target() {
        return target;
    }

    /** {@return whether this is a replication connection, on which no SQL of ours may be sent} */
    public boolean isReplication() {
        return PGProperty.REPLICATION.getOrNull(parsed) != null;
    }

    /**
     * {@return the environment variables with which PostgreSQL's own programs, such as pg_dump, connect to this place;
     * the password is among them if the URL or the properties have one}
     *
     * @throws SQLException GW004 when a property has no counterpart in libpq
     */
    public Map<String, String> libpqEnvironment() throws SQLException {
        return LibpqEnvironment.of(parsed, target);
    }

    /** {@return a connection exactly as pgjdbc makes it for the application} */
    public Connection connect() throws SQLException {
        return connect(arguments, "");
    }

    /**
     * {@return a connection for our own work: the application's limits on time, its read-only flag and its query mode
     * must not reach a migration, and of several hosts only the primary will do}
     *
     * @param applicationName what administrators see in {@code pg_stat_activity}
     */
    public Connection connectForMigration(String applicationName) throws SQLException {
        return connect(
                forOurWork(applicationName, Duration.ZERO),
                " (the connection that migrates; see gangway.migrationUrl, migrationUser and migrationPassword)");
    }

    /**
     * {@return the same for work beside the application that nobody waits for}
     *
     * @param answerWithin how long the server may be silent; whole seconds
     */
    public Connection connectBeside(String applicationName, Duration answerWithin) throws SQLException {
        return connect(forOurWork(applicationName, answerWithin), "");
    }

    /** {@return how the application's sessions call themselves} */
    public String applicationName() {
        return String.valueOf(PGProperty.APPLICATION_NAME.getOrDefault(parsed));
    }

    private ConnectArguments forOurWork(String applicationName, Duration answerWithin) {
        // In pgjdbc the URL beats the properties, so overrides only hold when there is nothing left in the URL.
        Properties own = copyOfParsed();
        PGProperty.SOCKET_TIMEOUT.set(own, Math.toIntExact(answerWithin.toSeconds()));
        PGProperty.QUERY_TIMEOUT.set(own, 0);
        PGProperty.READ_ONLY.set(own, false);
        PGProperty.TCP_KEEP_ALIVE.set(own, true);
        PGProperty.DEFAULT_ROW_FETCH_SIZE.set(own, 0);
        PGProperty.AUTOSAVE.set(own, "never");
        PGProperty.PREFER_QUERY_MODE.set(own, "simple");
        PGProperty.APPLICATION_NAME.set(own, applicationName);
        if (target.hasSeveralHosts()) {
            PGProperty.TARGET_SERVER_TYPE.set(own, "primary");
        }
        return new ConnectArguments(NOTHING_LEFT, own);
    }

    private Properties copyOfParsed() {
        Properties copy = new Properties();
        for (String name : parsed.stringPropertyNames()) {
            copy.setProperty(name, parsed.getProperty(name, ""));
        }
        return copy;
    }

    private Connection connect(ConnectArguments with, String purpose) throws SQLException {
        Connection connection;
        try {
            connection = Pgjdbc.DRIVER.connect(with.url(), with.info());
        } catch (SQLException e) {
            throw explained(e, purpose);
        }
        if (connection == null) {
            throw new GangwayException.Permanent(Code.SETTING_WRONG, "pgjdbc does not accept the URL");
        }
        return connection;
    }

    /** Adds what pgjdbc's message leaves out: which server, and what to do. State and cause stay. */
    private SQLException explained(SQLException e, String purpose) {
        String state = String.valueOf(e.getSQLState());
        String advice = advice(state);
        if (advice.isEmpty()) {
            return e;
        }
        String message = "%s\n  target: %s\n  next:   %s".formatted(e.getMessage(), target + purpose, advice);
        return SqlStates.connectionLost(e)
                ? new SQLTransientConnectionException(message, state, e)
                : new SQLNonTransientConnectionException(message, state, e);
    }

    private static String advice(String state) {
        return switch (state) {
            // pgjdbc's own: the server asks for a password and there is none, for SSL, or for a way to log in it does
            // not know.
            case "08004" ->
                "give what the server asks for: a password, another sslmode; its pg_hba.conf says what that is";
            case "08001", "08006" ->
                "see that the server runs and accepts TCP/IP, and that host, port and firewall let this machine through";
            case "28P01" -> "check user and password (in the URL or in the properties; the URL wins)";
            case "28000" -> "check the role, and what the server's pg_hba.conf allows it from this machine";
            case "3D000" -> "create the database, or correct its name in the URL";
            case "53300" -> "raise max_connections, make the pools smaller, or put a pooler in between";
            default -> "";
        };
    }

    /** Loads pgjdbc no earlier than the first connection. */
    private static final class Pgjdbc {
        static final Driver DRIVER = new DirectDriver();
    }
}
