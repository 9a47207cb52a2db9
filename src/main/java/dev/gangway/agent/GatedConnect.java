package dev.gangway.agent;

import java.lang.invoke.MethodHandle;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Properties;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/** The beginning of pgjdbc's {@code Driver.connect}. Public because the driver makes it by name. */
public final class GatedConnect implements Callable<@Nullable Connection> {
    /** What Gangway makes its own connections with. */
    private static final String DIRECT = "dev.gangway.pgjdbc.DirectDriver";

    private final Class<?> pgjdbc;
    private final Object driver;
    private final @Nullable String url;
    private final @Nullable Properties info;

    /**
     * The parameters of the call.
     *
     * @param pgjdbc pgjdbc's class
     * @param driver of that class, or of one below it
     */
    public GatedConnect(Class<?> pgjdbc, Object driver, @Nullable String url, @Nullable Properties info) {
        this.pgjdbc = pgjdbc;
        this.driver = driver;
        this.url = url;
        this.info = info;
    }

    /**
     * {@return a connection of that pgjdbc's, to a schema that is as the settings want it; null, upon which pgjdbc goes on by
     * itself, when the URL is not one of its own or the call is one of Gangway's}
     */
    @Override
    public @Nullable Connection call() throws SQLException {
        if (url == null
                || !url.startsWith("jdbc:postgresql:")
                || driver.getClass().getName().equals(DIRECT)) {
            return null;
        }
        try {
            MethodHandle connect = Gateway.of(pgjdbc).connect();
            return (Connection) connect.invokeExact("jdbc:gangway:" + url.substring("jdbc:".length()), info);
        } catch (SQLException | VirtualMachineError e) {
            throw e;
        } catch (LinkageError e) {
            throw new SQLException(
                    "Gangway does not work with the application's pgjdbc (" + e + ").\n"
                            + "  next: use pgjdbc 42.7.4 or later, or start the application without -javaagent",
                    e);
        } catch (Throwable e) {
            // As in GangwayDriver: anything but an SQLException would make the driver manager give up.
            throw new SQLException("Gangway's agent failed in a way that it should not: " + e, e);
        }
    }
}
