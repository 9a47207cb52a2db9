package dev.gangway.agent;

import java.lang.instrument.ClassFileTransformer;
import java.net.URL;
import java.net.URLClassLoader;
import java.security.ProtectionDomain;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Has each pgjdbc driver woven when it is loaded. It stays for as long as the JVM lives, because another web application
 * brings another driver, and for any other class it costs one comparison.
 *
 * <p>Thread-safe.
 */
final class DriverTransformer implements ClassFileTransformer {
    private static final String DRIVER = "org/postgresql/Driver";
    private static final String WEAVER = "dev.gangway.agent.DriverWeaver";

    /** What no JVM takes for a class. */
    private static final byte[] NO_CLASS = {};

    private final URL jar;

    DriverTransformer(URL jar) {
        this.jar = jar;
    }

    @Override
    public byte @Nullable [] transform(
            @Nullable ClassLoader loader,
            @Nullable String className,
            @Nullable Class<?> redefined,
            @Nullable ProtectionDomain domain,
            byte[] classFile) {
        return DRIVER.equals(className) ? woven(classFile, loader) : null;
    }

    /** Java would go on with the driver as it was if anything were thrown here, and the schema would not be migrated. */
    private byte[] woven(byte[] classFile, @Nullable ClassLoader loader) {
        try (URLClassLoader weavers = new URLClassLoader(new URL[] {jar}, GangwayAgent.class.getClassLoader())) {
            @SuppressWarnings("unchecked")
            UnaryOperator<byte[]> weaver = (UnaryOperator<byte[]>)
                    weavers.loadClass(WEAVER).getDeclaredConstructor().newInstance();
            return weaver.apply(classFile);
        } catch (Exception | LinkageError e) {
            GangwayAgent.say(
                    "cannot change org.postgresql.Driver of " + loader + " (" + e + "). So that the application does"
                            + " not run on a schema that is not migrated, that driver cannot be loaded.\n"
                            + "  next: use pgjdbc 42.7.4 or later, or start the application without -javaagent");
            return NO_CLASS;
        }
    }
}
