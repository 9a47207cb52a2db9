package dev.gangway.pgjdbc;

import java.sql.Connection;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;
import org.postgresql.core.BaseConnection;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What can be done with any connection of ours. */
public final class Connections {
    private static final Logger LOG = LoggerFactory.getLogger(Connections.class);

    private static final int TRANSACTION_TIMEOUT_SINCE = 17;

    private Connections() {}

    /** Breaks a connection off, whatever another thread is doing on it; null is none. Never fails. */
    public static void abort(@Nullable Connection connection) {
        if (connection != null) {
            try {
                connection.abort(Runnable::run);
            } catch (SQLException e) {
                // It is of no use any more, which is what was wanted.
            }
        }
    }

    /** {@return which of the URL's hosts it leads to, as {@code host:port}; asks nobody} */
    public static String host(Connection connection) throws SQLException {
        return connection
                .unwrap(BaseConnection.class)
                .getQueryExecutor()
                .getHostSpec()
                .toString();
    }

    /** {@return whether the server knows the setting transaction_timeout} */
    public static boolean hasTransactionTimeout(Connection connection) throws SQLException {
        return connection.getMetaData().getDatabaseMajorVersion() >= TRANSACTION_TIMEOUT_SINCE;
    }

    /**
     * Closes a connection that is needed no longer. Never fails: when its network is broken pgjdbc complains that it
     * cannot say goodbye (with an empty SQLState), but closed it is, and what was done on it is done.
     *
     * @param connection null for none
     */
    public static void close(@Nullable Connection connection) {
        if (connection == null) {
            return;
        }
        try {
            connection.close();
        } catch (SQLException e) {
            LOG.debug("a connection was broken when it was closed", e);
        }
    }
}
