package dev.gangway;

import dev.gangway.config.JdbcUrl;
import dev.gangway.config.PropertyInfo;
import dev.gangway.gate.Gates;
import java.sql.Connection;
import java.sql.Driver;
import java.sql.DriverAction;
import java.sql.DriverManager;
import java.sql.DriverPropertyInfo;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.util.Properties;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * The JDBC driver for URLs that begin with {@code jdbc:gangway:postgresql:}.
 *
 * <p>The first connection to a target applies pending migrations; what every connection comes back as is pgjdbc's own
 * {@code org.postgresql.jdbc.PgConnection}, with pgvector's types known to it.
 *
 * <p>This class stays small and loads nothing else until a connection is asked for: when a driver's initialisation
 * fails, {@link DriverManager} silently stops looking for drivers, and then not even {@code jdbc:postgresql:} URLs work.
 *
 * <p>Thread-safe; any number of instances share the same state.
 */
public final class GangwayDriver implements Driver {
    private static final int MAJOR_VERSION = 0;
    private static final int MINOR_VERSION = 1;

    private static final GangwayDriver REGISTERED = new GangwayDriver();

    static {
        try {
            register();
        } catch (SQLException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    /** Pools create drivers by class name. */
    public GangwayDriver() {}

    /**
     * Registers the driver; done when the class is loaded, so only needed after {@link #deregister()}.
     *
     * @throws SQLException never, in any known version of Java
     */
    public static void register() throws SQLException {
        DriverManager.registerDriver(REGISTERED, new ForgetTargets());
    }

    /**
     * Removes the driver and what it remembers of its targets, for containers that redeploy applications.
     *
     * @throws SecurityException when the caller may not
     */
    public static void deregister() throws SQLException {
        DriverManager.deregisterDriver(REGISTERED);
    }

    /** No lambda: until here the JVM has often not used any, and its first one takes tens of milliseconds. */
    private static final class ForgetTargets implements DriverAction {
        @Override
        public void deregister() {
            Gates.clear();
        }
    }

    /**
     * {@return a connection to a schema that is up to date; null when the URL is not one of Gangway's}
     *
     * @param url  {@code jdbc:gangway:postgresql:} and the rest as pgjdbc wants it
     * @param info user, password and other parameters of pgjdbc's and of Gangway's; never changed; may be null
     * @throws SQLException a {@link GangwayException} when the schema is not ready, and pgjdbc's own exception when no
     *     connection can be had
     */
    @Override
    public @Nullable Connection connect(@Nullable String url, @Nullable Properties info) throws SQLException {
        if (url == null) {
            throw urlIsNull();
        }
        if (!JdbcUrl.accepts(url)) {
            return null;
        }
        try {
            return Gates.connect(url, info);
        } catch (RuntimeException | LinkageError e) {
            // Anything but an SQLException would make the driver manager give up on all other drivers as well.
            throw new SQLException("Gangway failed in a way that it should not: " + e, e);
        }
    }

    /**
     * {@return whether the URL begins with {@code jdbc:gangway:}}
     *
     * @throws SQLException when the URL is null
     */
    @Override
    public boolean acceptsURL(@Nullable String url) throws SQLException {
        if (url == null) {
            throw urlIsNull();
        }
        return JdbcUrl.accepts(url);
    }

    private static SQLException urlIsNull() {
        return new SQLException("The URL is null; it has the form jdbc:gangway:postgresql://host:5432/database");
    }

    /** {@return Gangway's settings, then pgjdbc's, with the values that the URL and the properties give them} */
    @Override
    public DriverPropertyInfo[] getPropertyInfo(@Nullable String url, @Nullable Properties info) throws SQLException {
        if (url == null || !acceptsURL(url)) {
            return new DriverPropertyInfo[0];
        }
        return PropertyInfo.of(url, info);
    }

    @Override
    public int getMajorVersion() {
        return MAJOR_VERSION;
    }

    @Override
    public int getMinorVersion() {
        return MINOR_VERSION;
    }

    /** {@return false, as pgjdbc does: PostgreSQL lacks parts of entry-level SQL-92} */
    @Override
    public boolean jdbcCompliant() {
        return false;
    }

    /** Not supported: Gangway logs through SLF4J. */
    @Override
    public Logger getParentLogger() throws SQLFeatureNotSupportedException {
        throw new SQLFeatureNotSupportedException("Gangway logs through SLF4J, under dev.gangway");
    }
}
