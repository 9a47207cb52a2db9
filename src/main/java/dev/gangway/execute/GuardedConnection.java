package dev.gangway.execute;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.postgresql.core.BaseConnection;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a migration in Java sees of the connection that migrates: everything but what would end the transaction, or be
 * left behind on the connection. Used by one thread.
 *
 * <p>This keeps from mistakes, not from intent: {@link Statement#getConnection} still gives the connection itself. Whether
 * the transaction was ended is looked up in the database besides.
 */
final class GuardedConnection implements InvocationHandler {
    private static final Logger LOG = LoggerFactory.getLogger(GuardedConnection.class);

    private final BaseConnection real;
    private final String migration;
    private final List<Statement> statements = new ArrayList<>();
    private boolean ended;

    /** @param migration for messages */
    GuardedConnection(BaseConnection real, String migration) {
        this.real = real;
        this.migration = migration;
    }

    /** {@return the guarded view; it unwraps to pgjdbc's interfaces and stays guarded} */
    Connection view() {
        return (Connection) Proxy.newProxyInstance(
                BaseConnection.class.getClassLoader(), new Class<?>[] {BaseConnection.class}, this);
    }

    /** Closes the statements that were forgotten; from now on the view refuses everything. */
    void end() {
        ended = true;
        for (Statement statement : statements) {
            try {
                statement.close();
            } catch (SQLException e) {
                LOG.debug("{} has left a statement open that cannot be closed", migration, e);
            }
        }
        statements.clear();
    }

    @Override
    public @Nullable Object invoke(Object view, Method method, @Nullable Object @Nullable [] arguments)
            throws Throwable {
        Object first = arguments == null || arguments.length == 0 ? null : arguments[0];
        return switch (method.getName()) {
            case "equals" -> view == first;
            case "hashCode" -> System.identityHashCode(view);
            case "toString" -> "the connection of " + migration;
            case "isClosed" -> ended || real.isClosed();
            default -> {
                if (ended) {
                    throw over(method);
                }
                yield guarded(view, method, arguments, first);
            }
        };
    }

    private @Nullable Object guarded(
            Object view, Method method, @Nullable Object @Nullable [] arguments, @Nullable Object first)
            throws Throwable {
        return switch (method.getName()) {
            case "commit", "close", "abort", "setNetworkTimeout" -> throw refused(method);
            case "setAutoCommit", "setReadOnly" -> unlessChanged(method, false, first);
            case "setTransactionIsolation" -> unlessChanged(method, Connection.TRANSACTION_READ_COMMITTED, first);
            case "rollback" -> {
                if (first == null) {
                    throw refused(method);
                }
                yield call(method, arguments);
            }
            case "unwrap" -> first instanceof Class<?> type && type.isInstance(view) ? view : call(method, arguments);
            default -> call(method, arguments);
        };
    }

    private @Nullable Object call(Method method, @Nullable Object @Nullable [] arguments) throws Throwable {
        try {
            Object result = method.invoke(real, arguments);
            if (result instanceof Statement statement) {
                statements.add(statement);
            }
            return result;
        } catch (InvocationTargetException e) {
            throw e.getCause() == null ? e : e.getCause();
        }
    }

    private @Nullable Object unlessChanged(Method method, Object present, @Nullable Object wanted) throws SQLException {
        if (!present.equals(wanted)) {
            throw refused(method);
        }
        return null;
    }

    private SQLException refused(Method method) {
        return new SQLException(
                "%s: a migration may not call %s on its connection: Gangway ends the transaction, which also records the migration. To take back a part, use a savepoint"
                        .formatted(migration, method.getName()),
                "25001");
    }

    private Exception over(Method method) {
        String message = migration + ": this migration is over; its connection may not be used any more";
        return Arrays.asList(method.getExceptionTypes()).contains(SQLException.class)
                ? new SQLException(message, "08003")
                : new IllegalStateException(message);
    }
}
