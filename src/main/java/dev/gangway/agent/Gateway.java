package dev.gangway.agent;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.net.URL;
import java.net.URLClassLoader;
import java.sql.Connection;
import java.util.Objects;
import java.util.Properties;
import org.jspecify.annotations.Nullable;

/**
 * The way from one pgjdbc to Gangway's gates, which are in a child of its class loader. It is kept in the class of that
 * pgjdbc's driver (which is what a {@link ClassValue} does), so that a web application that is undeployed takes it along.
 *
 * <p>Thread-safe.
 */
final class Gateway {
    private static final String GATES = "dev.gangway.gate.Gates";

    private static final ClassValue<Gateway> ALL = new OfItsOwn();
    private static volatile @Nullable URL agent;

    private final URL jar;
    private final @Nullable ClassLoader pgjdbc;
    private @Nullable Class<?> gates;
    private volatile @Nullable MethodHandle connect;

    private Gateway(URL jar, @Nullable ClassLoader pgjdbc) {
        this.jar = jar;
        this.pgjdbc = pgjdbc;
    }

    /** Says where Gangway is, and loads what is needed to get there. */
    static void set(URL jar) {
        agent = jar;
    }

    /** {@return that of a pgjdbc} */
    static Gateway of(Class<?> driver) {
        return ALL.get(driver);
    }

    /** {@return {@code Gates.connect(String, Properties)}} */
    MethodHandle connect() throws ReflectiveOperationException {
        MethodHandle found = connect;
        return found == null ? open() : found;
    }

    /** Gangway's classes are the application's own where it has them, else those of the agent's jar. */
    private synchronized MethodHandle open() throws ReflectiveOperationException {
        MethodHandle found = connect;
        if (found == null) {
            @SuppressWarnings("resource") // Used for as long as pgjdbc is.
            URLClassLoader loader = new URLClassLoader("gangway", new URL[] {jar}, pgjdbc);
            gates = loader.loadClass(GATES);
            found = MethodHandles.publicLookup()
                    .findStatic(
                            gates, "connect", MethodType.methodType(Connection.class, String.class, Properties.class));
            connect = found;
        }
        return found;
    }

    /** Forgets its targets, and ends what runs for them in the background. */
    synchronized void clear() throws ReflectiveOperationException {
        if (gates != null) {
            gates.getMethod("clear").invoke(null);
        }
    }

    private static final class OfItsOwn extends ClassValue<Gateway> {
        @Override
        protected Gateway computeValue(Class<?> driver) {
            return new Gateway(Objects.requireNonNull(agent), driver.getClassLoader());
        }
    }
}
