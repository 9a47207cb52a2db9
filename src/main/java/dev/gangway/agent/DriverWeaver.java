package dev.gangway.agent;

import static net.bytebuddy.matcher.ElementMatchers.named;
import static net.bytebuddy.matcher.ElementMatchers.takesArguments;

import java.util.Properties;
import java.util.function.UnaryOperator;
import net.bytebuddy.ByteBuddy;
import net.bytebuddy.asm.Advice;
import net.bytebuddy.description.method.MethodDescription;
import net.bytebuddy.description.type.TypeDescription;
import net.bytebuddy.dynamic.ClassFileLocator;
import net.bytebuddy.matcher.ElementMatcher;
import net.bytebuddy.pool.TypePool;

/**
 * Puts the advices into pgjdbc's driver. The only class that knows ByteBuddy; public because it is used from another class
 * loader.
 */
public final class DriverWeaver implements UnaryOperator<byte[]> {
    private static final String DRIVER = "org.postgresql.Driver";

    /** Made by name. */
    public DriverWeaver() {}

    /** {@return the class file of a driver that asks the gate} */
    @Override
    public byte[] apply(byte[] driver) {
        ClassFileLocator advices = ClassFileLocator.ForClassLoader.of(DriverWeaver.class.getClassLoader());
        ClassFileLocator locator = new ClassFileLocator.Compound(ClassFileLocator.Simple.of(DRIVER, driver), advices);
        TypeDescription type = TypePool.Default.of(locator).describe(DRIVER).resolve();
        ElementMatcher.Junction<MethodDescription> connect =
                named("connect").and(takesArguments(String.class, Properties.class));
        ElementMatcher.Junction<MethodDescription> register = named("register").and(takesArguments(0));
        // An advice without a method to match would go missing without a word.
        type.getDeclaredMethods().filter(connect).getOnly();
        type.getDeclaredMethods().filter(register).getOnly();
        return new ByteBuddy()
                .decorate(type, locator)
                .visit(Advice.to(ConnectAdvice.class, advices).on(connect))
                .visit(Advice.to(RegisterAdvice.class, advices).on(register))
                .make()
                .getBytes();
    }
}
