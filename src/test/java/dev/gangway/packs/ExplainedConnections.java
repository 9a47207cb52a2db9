package dev.gangway.packs;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.SQLWarning;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * One connection of the superuser as a data source, for frameworks that do not let their statements out of hand: it keeps
 * the plans of all that they execute. Closing what it hands out leaves the connection open, as a pool does. For one thread.
 */
final class ExplainedConnections implements AutoCloseable {
    private final Connection connection;
    private final List<String> plans = new ArrayList<>();

    ExplainedConnections(Connection superuser) throws SQLException {
        this.connection = superuser;
        Searches.tellPlans(superuser);
    }

    DataSource dataSource() {
        return proxy(DataSource.class, (dataSource, method, arguments) -> switch (method.getName()) {
            case "getConnection" -> proxy(Connection.class, this::callConnection);
            default -> throw new UnsupportedOperationException(method.toString());
        });
    }

    /** {@return the plans since the last time} */
    List<String> take() {
        List<String> taken = List.copyOf(plans);
        plans.clear();
        return taken;
    }

    @Override
    public void close() throws SQLException {
        connection.close();
    }

    private @Nullable Object callConnection(Object proxy, Method method, Object @Nullable [] arguments)
            throws Throwable {
        if (method.getName().equals("close")) {
            return null;
        }
        Object result = call(connection, method, arguments);
        if (!(result instanceof Statement statement)) {
            return result;
        }
        Class<? extends Statement> type =
                result instanceof PreparedStatement ? PreparedStatement.class : Statement.class;
        return proxy(type, (ignored, called, values) -> {
            Object returned = call(statement, called, values);
            if (called.getName().startsWith("execute")) {
                keepPlans(statement);
            }
            return returned;
        });
    }

    private void keepPlans(Statement statement) throws SQLException {
        for (SQLWarning warning = statement.getWarnings(); warning != null; warning = warning.getNextWarning()) {
            plans.add(warning.getMessage());
        }
    }

    private static @Nullable Object call(Object target, Method method, Object @Nullable [] arguments) throws Throwable {
        try {
            return method.invoke(target, arguments);
        } catch (InvocationTargetException e) {
            throw e.getCause();
        }
    }

    private static <T> T proxy(Class<T> type, InvocationHandler handler) {
        return type.cast(
                Proxy.newProxyInstance(ExplainedConnections.class.getClassLoader(), new Class<?>[] {type}, handler));
    }
}
