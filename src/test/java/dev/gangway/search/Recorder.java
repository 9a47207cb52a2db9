package dev.gangway.search;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** In place of pgjdbc's object: takes note of all calls, and answers as it is told. */
final class Recorder implements InvocationHandler {
    /** A call that has arrived. */
    record Arrived(Method method, List<@Nullable Object> arguments) {}

    final List<Arrived> calls = new ArrayList<>();

    @Nullable
    Object result;

    @Nullable
    Throwable failure;

    Map<String, Object> results = Map.of();

    /** What we ask on our own account: the answers by the method's name. No note is taken of it, and it never fails. */
    Map<String, Object> asides = Map.of();

    @SuppressWarnings("unchecked")
    <T> T as(Class<T> type, Class<?>... more) {
        List<Class<?>> types = new ArrayList<>(List.of(more));
        types.add(type);
        return (T) Proxy.newProxyInstance(Recorder.class.getClassLoader(), types.toArray(new Class<?>[0]), this);
    }

    @Override
    public @Nullable Object invoke(Object proxy, Method method, Object @Nullable [] arguments) throws Throwable {
        if (method.getDeclaringClass() == Object.class) {
            return switch (method.getName()) {
                case "equals" -> proxy == arguments[0];
                case "hashCode" -> System.identityHashCode(this);
                default -> "a recorder";
            };
        }
        Object aside = asides.get(method.getName());
        if (aside != null) {
            return aside;
        }
        calls.add(new Arrived(method, arguments == null ? List.of() : Arrays.asList(arguments)));
        if (failure != null) {
            throw failure;
        }
        return results.getOrDefault(method.getName(), result);
    }
}
