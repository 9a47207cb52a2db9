package dev.gangway.agent;

import java.lang.instrument.Instrumentation;
import java.net.URL;

/**
 * Started by {@code -javaagent:gangway-all.jar}.
 *
 * <p>Java puts an agent's jar at the end of the class path, where it would hide what applications bring themselves: the
 * loader of a Spring Boot jar asks its parent first, and would find this jar's pgjdbc, and an SLF4J without a provider. So
 * the jar is taken off again, and is then known to three kinds of loaders:
 *
 * <ul>
 *   <li>the system class loader keeps the few classes of this package that it has loaded by then. They know the JDK only;
 *   <li>a loader that ends with its work has ASM, for the moment in which pgjdbc's driver is woven;
 *   <li>for each pgjdbc there is a child of its class loader, with Gangway itself: it sees the application's pgjdbc,
 *       pgvector and SLF4J, and takes from the jar what the application lacks.
 * </ul>
 */
public final class GangwayAgent {
    private GangwayAgent() {}

    /** Called by Java before the application's main method; arguments have no meaning. */
    public static void premain(@SuppressWarnings("unused") String arguments, Instrumentation instrumentation)
            throws ReflectiveOperationException {
        URL jar = GangwayAgent.class.getProtectionDomain().getCodeSource().getLocation();
        DriverTransformer transformer = new DriverTransformer(jar);
        Gateway.set(jar);
        // Afterwards the system class loader would not find them.
        Class.forName(GatedConnect.class.getName());
        Class.forName(ForgetTargets.class.getName());
        SystemClassPath.remove(jar, instrumentation);
        instrumentation.addTransformer(transformer);
    }

    /** There is no log yet, and the application's must not be set up before the application does it. */
    static void say(String message) {
        System.err.println("Gangway's agent: " + message);
    }
}
