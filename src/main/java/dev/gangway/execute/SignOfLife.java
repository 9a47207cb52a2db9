package dev.gangway.execute;

import dev.gangway.lock.LeaderLock;
import dev.gangway.pgjdbc.Target;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Says something on the work connection now and then while a migration in Java is at other things than the database, such
 * as asking a model for embeddings: the server ends a transaction in which nothing happens, so that the locks of a process
 * that is stopped or cut off do not stay for ever, and a process that lives must be told from one.
 *
 * <p>pgjdbc lets one thread at a time use a connection, so a sign comes between two statements or waits for the end of
 * one. It has a thread of its own, which may be kept waiting; the one that keeps the leader lock alive may not.
 */
final class SignOfLife implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(SignOfLife.class);

    private static final long EVERY = LeaderLock.SILENCE_LIMIT.dividedBy(6).toNanos();

    private final Connection connection;
    private final Target target;
    private final Ticker ticker;

    private SignOfLife(Connection connection, Target target) {
        this.connection = connection;
        this.target = target;
        this.ticker = new Ticker("gangway-sign-of-life " + target, EVERY, this::give);
    }

    static SignOfLife start(Connection connection, Target target) {
        SignOfLife sign = new SignOfLife(connection, target);
        sign.ticker.start();
        return sign;
    }

    private boolean give() {
        try (Statement statement = connection.createStatement()) {
            statement.execute("SELECT 1");
        } catch (SQLException e) {
            // The transaction has failed, or the connection is gone; the migration will find out.
            LOG.debug("{} - nothing could be said to the server", target, e);
        }
        return true;
    }

    /** Returns when the connection is free again. */
    @Override
    public void close() {
        ticker.close();
    }
}
