package dev.gangway.agent;

import java.sql.Driver;
import java.sql.DriverAction;
import java.sql.DriverManager;
import net.bytebuddy.asm.Advice;

/**
 * What is written at the end of {@code org.postgresql.Driver.register()}: whoever deregisters the driver, as servlet
 * containers do when an application is undeployed, ends what Gangway has begun for it. It names classes of the JDK only.
 */
final class RegisterAdvice {
    private RegisterAdvice() {}

    @Advice.OnMethodExit
    static void exit(@Advice.Origin Class<?> pgjdbc, @Advice.FieldValue("registeredDriver") Driver driver)
            throws Exception {
        // The driver manager keeps the action of the first registration.
        DriverManager.deregisterDriver(driver);
        DriverManager.registerDriver(
                driver,
                Class.forName("dev.gangway.agent.ForgetTargets", true, ClassLoader.getSystemClassLoader())
                        .asSubclass(DriverAction.class)
                        .getConstructor(Class.class)
                        .newInstance(pgjdbc));
    }
}
