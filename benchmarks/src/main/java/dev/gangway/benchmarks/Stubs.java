package dev.gangway.benchmarks;

import java.lang.reflect.Modifier;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import net.bytebuddy.ByteBuddy;
import net.bytebuddy.dynamic.loading.ClassLoadingStrategy;
import net.bytebuddy.implementation.ExceptionMethod;
import net.bytebuddy.matcher.ElementMatchers;
import org.postgresql.core.BaseConnection;
import org.postgresql.core.BaseStatement;

/**
 * A driver without a server: each query answers {@link #ROWS} rows at once. What a search calls is written here; the hundreds
 * of other methods of these interfaces are made to throw. They are classes of their own, as pgjdbc's are, so that the
 * compiler sees what it sees with pgjdbc.
 */
final class Stubs {
    static final int ROWS = 10;

    private Stubs() {}

    static Connection connection() {
        Class<? extends PreparedStatement> statement = complete(Statement.class);
        Class<? extends ResultSet> rows = complete(Rows.class);
        try {
            Session session = complete(Session.class).getConstructor().newInstance();
            session.statement = (Statement) statement.getConstructor().newInstance();
            session.statement.connection = session;
            session.statement.rows = (Rows) rows.getConstructor().newInstance();
            session.statement.rows.statement = session.statement;
            return session;
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }

    private static <T> Class<? extends T> complete(Class<T> type) {
        return new ByteBuddy()
                .subclass(type)
                .modifiers(Modifier.PUBLIC)
                .name(type.getPackageName() + ".Stub" + type.getSimpleName())
                .method(ElementMatchers.isAbstract())
                .intercept(ExceptionMethod.throwing(UnsupportedOperationException.class))
                .make()
                .load(type.getClassLoader(), ClassLoadingStrategy.Default.WRAPPER)
                .getLoaded();
    }

    /** Has one statement, which is used by one search after the other. */
    public abstract static class Session implements BaseConnection {
        private Statement statement;

        @Override
        public PreparedStatement prepareStatement(String sql) {
            return statement;
        }

        @Override
        public boolean isClosed() {
            return false;
        }

        @Override
        public boolean getAutoCommit() {
            return true;
        }

        @Override
        public <T> T unwrap(Class<T> type) throws SQLException {
            if (type.isInstance(this)) {
                return type.cast(this);
            }
            throw new SQLException("This is no " + type);
        }

        @Override
        public boolean isWrapperFor(Class<?> type) {
            return type.isInstance(this);
        }
    }

    public abstract static class Statement implements PreparedStatement, BaseStatement {
        private Connection connection;
        private Rows rows;
        private String bound;

        @Override
        public void setString(int parameter, String value) {
            bound = value;
        }

        @Override
        public ResultSet executeQuery() {
            rows.row = bound == null ? ROWS : 0;
            return rows;
        }

        @Override
        public Connection getConnection() {
            return connection;
        }

        @Override
        public void close() {
            bound = null;
        }

        @Override
        public boolean isClosed() {
            return false;
        }
    }

    public abstract static class Rows implements ResultSet {
        private Statement statement;
        private int row;

        @Override
        public boolean next() {
            return row++ < ROWS;
        }

        @Override
        public int getInt(int column) {
            return row;
        }

        @Override
        public double getDouble(int column) {
            return 1.0 / row;
        }

        @Override
        public boolean wasNull() {
            return false;
        }

        @Override
        public java.sql.Statement getStatement() {
            return statement;
        }

        @Override
        public void close() {}

        @Override
        public boolean isClosed() {
            return row > ROWS;
        }
    }
}
