package dev.gangway.agent;

import java.lang.invoke.MethodHandle;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Properties;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/** One call of pgjdbc's {@code Driver.connect}, made through the gate. Public because the driver makes it by name. */
public final class GatedConnect implements Callable<Connection> {
    private final Class<?> pgjdbc;
    private final String url;
    private final @Nullable Properties info;

    /** @param url begins with {@code jdbc:postgresql:} */
    public GatedConnect(Class<?> pgjdbc, String url, @Nullable Properties info) {
        this.pgjdbc = pgjdbc;
        this.url = url;
        this.info = info;
    }

    /** {@return a connection of that pgjdbc's, to a schema that is as the settings want it} */
    @Override
    public Connection call() throws SQLException {
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
