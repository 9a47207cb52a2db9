package dev.gangway.search;

import dev.gangway.pgjdbc.FetchedRows;
import java.sql.Array;
import java.sql.Connection;
import java.sql.ParameterMetaData;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;
import org.postgresql.core.BaseStatement;

/**
 * Stands around pgjdbc's statement for a text that concerns us. As with {@link SearchConnection}, what is written here is what
 * differs, and {@link Forwarding} adds all other methods. Results are pgjdbc's own objects.
 *
 * <p>As thread-safe as the statement that it stands around.
 */
abstract class SearchStatement implements PreparedStatement, BaseStatement {
    final PreparedStatement delegate;
    /** The same object: pgjdbc's class, which would be both, is its own secret. */
    final BaseStatement base;

    private final SearchConnection connection;
    private final @Nullable SearchQuery query;
    private final @Nullable Meter meter;
    private final @Nullable VectorBinding binding;
    /** How many rows are wanted, if a parameter tells. */
    private int limit = SearchQuery.UNKNOWN;

    SearchStatement(PreparedStatement delegate, SearchConnection connection, PreparedSql sql, Searches searches) {
        this.delegate = delegate;
        this.base = (BaseStatement) delegate;
        this.connection = connection;
        this.query = sql.search();
        this.meter = query == null ? null : searches.meter();
        this.binding =
                connection.accelerates() && sql.takesVectors() ? new VectorBinding(sql, delegate, connection) : null;
    }

    @Override
    public void setString(int parameter, @Nullable String text) throws SQLException {
        if (!bound(parameter, text, VectorBinding.AS_STRING, VectorBinding.NOT_GIVEN)) {
            delegate.setString(parameter, text);
        }
        takeLimit(parameter, text);
    }

    @Override
    public void setObject(int parameter, @Nullable Object value) throws SQLException {
        if (!bound(parameter, value, VectorBinding.NOT_GIVEN, VectorBinding.NOT_GIVEN)) {
            delegate.setObject(parameter, value);
        }
        takeLimit(parameter, value);
    }

    @Override
    public void setObject(int parameter, @Nullable Object value, int type) throws SQLException {
        if (!bound(parameter, value, type, VectorBinding.NOT_GIVEN)) {
            delegate.setObject(parameter, value, type);
        }
        takeLimit(parameter, value);
    }

    @Override
    public void setObject(int parameter, @Nullable Object value, int type, int scaleOrLength) throws SQLException {
        if (!bound(parameter, value, type, scaleOrLength)) {
            delegate.setObject(parameter, value, type, scaleOrLength);
        }
        takeLimit(parameter, value);
    }

    @Override
    public void setArray(int parameter, @Nullable Array array) throws SQLException {
        if (!bound(parameter, array, VectorBinding.AS_ARRAY, VectorBinding.NOT_GIVEN)) {
            delegate.setArray(parameter, array);
        }
        takeLimit(parameter, array);
    }

    private boolean bound(int parameter, @Nullable Object value, int type, int scale) throws SQLException {
        return binding != null && binding.bind(parameter, value, type, scale);
    }

    @Override
    public void setInt(int parameter, int value) throws SQLException {
        forget(parameter);
        delegate.setInt(parameter, value);
        takeLimit(parameter, value);
    }

    @Override
    public void setLong(int parameter, long value) throws SQLException {
        forget(parameter);
        delegate.setLong(parameter, value);
        takeLimit(parameter, value);
    }

    private void takeLimit(int parameter, @Nullable Object value) {
        takeLimit(parameter, value instanceof Number number ? number.longValue() : SearchQuery.UNKNOWN);
    }

    private void takeLimit(int parameter, long value) {
        if (query != null && query.limitParameter() == parameter) {
            limit = value >= 0 && value <= Integer.MAX_VALUE ? (int) value : SearchQuery.UNKNOWN;
        }
    }

    /** Called by all other methods that bind a parameter, before they do. */
    final void forget(int parameter) {
        takeLimit(parameter, SearchQuery.UNKNOWN);
        if (binding != null) {
            binding.forget(parameter);
        }
    }

    @Override
    public void clearParameters() throws SQLException {
        if (binding != null) {
            binding.forgetAll();
        }
        limit = SearchQuery.UNKNOWN;
        delegate.clearParameters();
    }

    @Override
    public void addBatch() throws SQLException {
        if (binding != null) {
            binding.bindVectors();
        }
        delegate.addBatch();
    }

    @Override
    public ResultSet executeQuery() throws SQLException {
        long began = begin();
        try {
            ResultSet result = delegate.executeQuery();
            done(began, result);
            return result;
        } catch (SQLException e) {
            failed(began, e);
            throw e;
        }
    }

    @Override
    public boolean execute() throws SQLException {
        long began = begin();
        try {
            boolean rows = delegate.execute();
            done(began, rows && meter != null ? delegate.getResultSet() : null);
            return rows;
        } catch (SQLException e) {
            failed(began, e);
            throw e;
        }
    }

    @Override
    public int executeUpdate() throws SQLException {
        long began = begin();
        try {
            int count = delegate.executeUpdate();
            done(began, count);
            return count;
        } catch (SQLException e) {
            failed(began, e);
            throw e;
        }
    }

    @Override
    public long executeLargeUpdate() throws SQLException {
        long began = begin();
        try {
            long count = delegate.executeLargeUpdate();
            done(began, (int) Math.min(count, Integer.MAX_VALUE));
            return count;
        } catch (SQLException e) {
            failed(began, e);
            throw e;
        }
    }

    @Override
    public int[] executeBatch() throws SQLException {
        try {
            return delegate.executeBatch();
        } catch (SQLException e) {
            tellBinding(e);
            throw e;
        }
    }

    @Override
    public long[] executeLargeBatch() throws SQLException {
        try {
            return delegate.executeLargeBatch();
        } catch (SQLException e) {
            tellBinding(e);
            throw e;
        }
    }

    private void tellBinding(SQLException failure) {
        if (binding != null) {
            binding.failed(failure);
        }
    }

    private long begin() throws SQLException {
        if (binding != null) {
            binding.bindVectors();
        }
        return meter == null ? 0 : System.nanoTime();
    }

    private void done(long began, @Nullable ResultSet result) {
        if (meter == null) {
            done(began, 0);
        } else {
            done(began, result == null ? SearchQuery.UNKNOWN : FetchedRows.count(result));
        }
    }

    private void done(long began, int rows) {
        if (meter != null && query != null) {
            meter.searched(query, System.nanoTime() - began, rows, wanted(query), null);
        }
        if (binding != null) {
            binding.executed();
        }
    }

    private void failed(long began, SQLException failure) {
        if (meter != null && query != null) {
            meter.searched(query, System.nanoTime() - began, SearchQuery.UNKNOWN, wanted(query), failure);
        }
        tellBinding(failure);
    }

    private int wanted(SearchQuery search) {
        return search.limit() == SearchQuery.UNKNOWN ? limit : search.limit();
    }

    /** {@return what pgjdbc says when it has bound what was given} A text is of another type than the vector it stands for. */
    @Override
    public ParameterMetaData getParameterMetaData() throws SQLException {
        // Until the next execution: pgjdbc's answer looks at what is bound when it is asked for it.
        if (binding != null) {
            binding.bindGiven();
        }
        return delegate.getParameterMetaData();
    }

    @Override
    public Connection getConnection() throws SQLException {
        // It complains if the statement is closed.
        delegate.getConnection();
        return connection;
    }

    @Override
    public <T> T unwrap(Class<T> type) throws SQLException {
        return type.isInstance(this) ? type.cast(this) : delegate.unwrap(type);
    }

    @Override
    public boolean isWrapperFor(Class<?> type) throws SQLException {
        return type.isInstance(this) || delegate.isWrapperFor(type);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return this == other
                || delegate.equals(other instanceof SearchStatement statement ? statement.delegate : other);
    }

    @Override
    public int hashCode() {
        return delegate.hashCode();
    }

    @Override
    public String toString() {
        return delegate.toString();
    }
}
