package dev.gangway.pgjdbc;

import java.sql.Connection;
import java.sql.SQLException;
import org.postgresql.core.BaseConnection;
import org.postgresql.core.QueryExecutor;
import org.postgresql.jdbc.AutoSave;
import org.postgresql.jdbc.PreferQueryMode;

/**
 * Puts a connection that was made for our own messages into the mode that an application expects of one, for as long as its
 * code uses it inside a transaction of ours. Used by one thread.
 */
public final class ApplicationMode implements AutoCloseable {
    private final QueryExecutor executor;
    private final PreferQueryMode before;

    private ApplicationMode(QueryExecutor executor) {
        this.executor = executor;
        this.before = executor.getPreferQueryMode();
    }

    /**
     * Begins.
     *
     * @param connection with a transaction open, after the end of which {@link #leave} is due
     */
    public static ApplicationMode enter(Connection connection) throws SQLException {
        BaseConnection base = connection.unwrap(BaseConnection.class);
        ApplicationMode mode = new ApplicationMode(base.getQueryExecutor());
        // pgjdbc looks at this flag before it lets anybody set a savepoint, open a large object or fetch in portions.
        // Nothing is sent; and as a transaction is open, pgjdbc begins none.
        base.setAutoCommit(false);
        // In the simple mode pgjdbc cannot send values in binary, as vectors are.
        mode.executor.setPreferQueryMode(PreferQueryMode.EXTENDED);
        // What is prepared on the server would outlive the transaction, and behind a pooler us.
        base.setPrepareThreshold(0);
        base.setDefaultFetchSize(0);
        base.setAutosave(AutoSave.NEVER);
        return mode;
    }

    /**
     * Ends, but for the auto-commit flag: setting that would commit the open transaction.
     */
    @Override
    public void close() {
        executor.setPreferQueryMode(before);
    }

    /** Sets the auto-commit flag back where {@link #enter} has taken it away; no transaction may be open. */
    public static void leave(Connection connection) throws SQLException {
        if (!connection.getAutoCommit()) {
            connection.setAutoCommit(true);
        }
    }
}
