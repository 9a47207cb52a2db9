package dev.gangway.agent;

import java.io.File;
import java.io.IOException;
import java.lang.instrument.Instrumentation;
import java.lang.reflect.Field;
import java.net.URISyntaxException;
import java.net.URL;
import java.util.Collection;
import java.util.Map;
import java.util.Set;

/**
 * Takes the agent's jar off the class path, to whose end Java has put it. There is no API for it, so it reaches into the
 * system class loader ({@code jdk.internal.loader.URLClassPath}), with the right that Java gives to agents. Known to work on
 * Java 17 to 25.
 */
final class SystemClassPath {
    private SystemClassPath() {}

    static void remove(URL jar, Instrumentation instrumentation) {
        try {
            if (!isOfTheApplication(new File(jar.toURI()).getCanonicalFile())) {
                open(instrumentation);
                remove(jar);
            }
        } catch (IOException | URISyntaxException | ReflectiveOperationException | RuntimeException e) {
            GangwayAgent.say(
                    "this JVM does not let it leave the class path (" + e + "). Applications that are packed into one"
                            + " jar now see pgjdbc and SLF4J of " + jar
                            + " before their own, so their log may be empty.\n"
                            + "  next: use a Java version that Gangway is tested with, or jdbc:gangway: URLs without the agent");
        }
    }

    /** An application may have the same file as its driver; then it was not appended. */
    private static boolean isOfTheApplication(File jar) throws IOException {
        for (String entry : System.getProperty("java.class.path", "").split(File.pathSeparator, -1)) {
            if (new File(entry).getCanonicalFile().equals(jar)) {
                return true;
            }
        }
        return false;
    }

    private static void open(Instrumentation instrumentation) {
        instrumentation.redefineModule(
                Object.class.getModule(),
                Set.of(),
                Map.of(),
                Map.of("jdk.internal.loader", Set.of(SystemClassPath.class.getModule())),
                Set.of(),
                Map.of());
    }

    private static void remove(URL jar) throws ReflectiveOperationException {
        Object classPath = value(ClassLoader.getSystemClassLoader(), "ucp");
        synchronized (classPath) {
            Collection<?> unopened = (Collection<?>) value(classPath, "unopenedUrls");
            // The application has it as well, by the Class-Path of another jar: that is what was opened.
            boolean openedForOther = unopened.removeIf(jar::equals);
            ((Collection<?>) value(classPath, "path")).removeIf(jar::equals);
            if (!openedForOther) {
                // Its keys are made from the parts of the URL, so that there are two slashes before the empty host.
                Object loader = ((Map<?, ?>) value(classPath, "lmap")).remove("file://" + jar.getFile());
                if (!((Collection<?>) value(classPath, "loaders")).remove(loader)) {
                    throw new IllegalStateException("not found there: " + jar);
                }
            }
        }
    }

    private static Object value(Object owner, String name) throws ReflectiveOperationException {
        for (Class<?> type = owner.getClass(); type != null; type = type.getSuperclass()) {
            for (Field field : type.getDeclaredFields()) {
                if (field.getName().equals(name)) {
                    field.setAccessible(true);
                    return field.get(owner);
                }
            }
        }
        throw new NoSuchFieldException(owner.getClass().getName() + "." + name);
    }
}
