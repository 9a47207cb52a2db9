package dev.gangway.search;

import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** The methods that an application can call on an object of JDBC's, as the versions at hand of Java and of pgjdbc have them. */
final class JdbcMethods {
    private JdbcMethods() {}

    /** {@return all interfaces of a class} */
    static Set<Class<?>> interfaces(Class<?> type) {
        Set<Class<?>> found = new LinkedHashSet<>();
        for (Class<?> at = type; at != null; at = at.getSuperclass()) {
            for (Class<?> direct : at.getInterfaces()) {
                found.add(direct);
                found.addAll(interfaces(direct));
            }
        }
        return found;
    }

    /** {@return all methods of an object of the class that its public interfaces have, also those with a default} */
    static Collection<Method> of(Class<?> type) {
        var bySignature = new TreeMap<String, Method>();
        for (Class<?> one : interfaces(type)) {
            for (Method method : one.getMethods()) {
                if (Modifier.isPublic(one.getModifiers()) && !Modifier.isStatic(method.getModifiers())) {
                    // Called through whichever interface declares it, it is the same method of the object.
                    bySignature.putIfAbsent(signature(method), method);
                }
            }
        }
        return List.copyOf(bySignature.values());
    }

    /** {@return the name with the types of the parameters} */
    static String signature(Method method) {
        return method.getName()
                + Arrays.stream(method.getParameterTypes())
                        .map(Class::getSimpleName)
                        .collect(Collectors.joining(", ", "(", ")"));
    }

    /** {@return a class of pgjdbc's, which may be its secret} */
    static Class<?> pgjdbc(String name) {
        try {
            return Class.forName("org.postgresql.jdbc." + name);
        } catch (ClassNotFoundException e) {
            throw new AssertionError(e);
        }
    }
}
