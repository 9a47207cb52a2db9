package dev.gangway.agent;

import java.sql.Connection;
import java.util.Properties;
import java.util.concurrent.Callable;
import net.bytebuddy.asm.Advice;
import org.jspecify.annotations.Nullable;

/**
 * What is written into {@code org.postgresql.Driver.connect(String, Properties)}. It names classes of the JDK only, because
 * pgjdbc's class loader may know neither the agent nor the system class loader. Nothing is suppressed: a migration that
 * fails comes out of the method.
 */
final class ConnectAdvice {
    private ConnectAdvice() {}

    /**
     * {@return the connection that came through the gate; null, upon which pgjdbc goes on by itself, when the URL is not one
     * of its own or the call is one of Gangway's}
     */
    @Advice.OnMethodEnter(skipOn = Advice.OnNonDefaultValue.class)
    static @Nullable Connection enter(
            @Advice.Origin Class<?> pgjdbc,
            @Advice.This Object driver,
            @Advice.Argument(0) @Nullable String url,
            @Advice.Argument(1) @Nullable Properties info)
            throws Exception {
        if (url == null
                || !url.startsWith("jdbc:postgresql:")
                || driver.getClass().getName().equals("dev.gangway.pgjdbc.DirectDriver")) {
            return null;
        }
        return (Connection) Class.forName("dev.gangway.agent.GatedConnect", true, ClassLoader.getSystemClassLoader())
                .asSubclass(Callable.class)
                .getConstructor(Class.class, String.class, Properties.class)
                .newInstance(pgjdbc, url, info)
                .call();
    }

    @Advice.OnMethodExit
    @SuppressWarnings({"ParameterNotNullable", "UnusedVariable"})
    static void exit(
            @Advice.Enter @Nullable Connection gated, @Advice.Return(readOnly = false) @Nullable Connection returned) {
        if (gated != null) {
            returned = gated;
        }
    }
}
