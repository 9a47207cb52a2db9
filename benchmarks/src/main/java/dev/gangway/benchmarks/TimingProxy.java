package dev.gangway.benchmarks;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.util.concurrent.atomic.LongAdder;

/** What one writes in an hour to time queries: the JDK's own proxies around the connection and its prepared statements. */
final class TimingProxy {
    static final LongAdder NANOS = new LongAdder();
    static final LongAdder QUERIES = new LongAdder();

    private TimingProxy() {}

    static Connection around(Connection connection) {
        return proxy(Connection.class, (proxy, method, arguments) -> {
            Object result = invoke(method, connection, arguments);
            return method.getName().equals("prepareStatement") ? around((PreparedStatement) result) : result;
        });
    }

    private static PreparedStatement around(PreparedStatement statement) {
        return proxy(PreparedStatement.class, (proxy, method, arguments) -> {
            if (!method.getName().startsWith("execute")) {
                return invoke(method, statement, arguments);
            }
            long begin = System.nanoTime();
            try {
                return invoke(method, statement, arguments);
            } finally {
                NANOS.add(System.nanoTime() - begin);
                QUERIES.increment();
            }
        });
    }

    private static Object invoke(Method method, Object target, Object[] arguments) throws Throwable {
        try {
            return method.invoke(target, arguments);
        } catch (InvocationTargetException e) {
            throw e.getCause();
        }
    }

    private static <T> T proxy(Class<T> type, InvocationHandler handler) {
        return type.cast(Proxy.newProxyInstance(TimingProxy.class.getClassLoader(), new Class<?>[] {type}, handler));
    }
}
