package dev.gangway.execute;

import dev.gangway.lock.LeaderLock;
import dev.gangway.pgjdbc.Target;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
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
final class SignOfLife implements AutoCloseable, Runnable {
    private static final Logger LOG = LoggerFactory.getLogger(SignOfLife.class);

    private static final long EVERY = LeaderLock.SILENCE_LIMIT.dividedBy(6).toNanos();

    private final Connection connection;
    private final Target target;
    private final Thread thread;

    private final ReentrantLock guard = new ReentrantLock();
    private final Condition closing = guard.newCondition();
    /** Guarded. */
    private boolean closed;

    private SignOfLife(Connection connection, Target target) {
        this.connection = connection;
        this.target = target;
        this.thread = new Thread(this, "gangway-sign-of-life " + target);
        this.thread.setDaemon(true);
    }

    static SignOfLife start(Connection connection, Target target) {
        SignOfLife sign = new SignOfLife(connection, target);
        sign.thread.start();
        return sign;
    }

    @Override
    public void run() {
        while (awaitNext()) {
            try (Statement statement = connection.createStatement()) {
                statement.execute("SELECT 1");
            } catch (SQLException e) {
                // The transaction has failed, or the connection is gone; the migration will find out.
                LOG.debug("{} - nothing could be said to the server", target, e);
            }
        }
    }

    private boolean awaitNext() {
        guard.lock();
        try {
            long left = EVERY;
            while (!closed && left > 0) {
                left = closing.awaitNanos(left);
            }
            return !closed;
        } catch (InterruptedException e) {
            return false;
        } finally {
            guard.unlock();
        }
    }

    /** Returns when the connection is free again. An interrupt does not hurry it. */
    @Override
    public void close() {
        guard.lock();
        try {
            closed = true;
            closing.signalAll();
        } finally {
            guard.unlock();
        }
        boolean interrupted = false;
        while (thread.isAlive()) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
