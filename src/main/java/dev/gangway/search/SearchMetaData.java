package dev.gangway.search;

import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/** Stands around pgjdbc's facts about the database, because they name the connection. As thread-safe as those. */
abstract class SearchMetaData implements DatabaseMetaData {
    final DatabaseMetaData delegate;
    private final SearchConnection connection;

    SearchMetaData(DatabaseMetaData delegate, SearchConnection connection) {
        this.delegate = delegate;
        this.connection = connection;
    }

    @Override
    public Connection getConnection() {
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
        return this == other || delegate.equals(other instanceof SearchMetaData facts ? facts.delegate : other);
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
