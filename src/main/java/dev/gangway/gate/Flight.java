package dev.gangway.gate;

import java.sql.SQLException;
import java.sql.SQLTransientException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;

/**
 * How one attempt to get a target ready goes, for which any number of threads of this process may wait. Thread-safe.
 *
 * <p>It has two ends: first it is known whether anything is pending, then it is over. Threads that came with a connection
 * of their own keep it until the first, which takes one round trip, and close it when there will be a longer wait.
 *
 * @param <T> what is to be reached
 */
final class Flight<T> {
    /** Done when the check has been made; true when the target was ready. */
    private final CompletableFuture<Boolean> checked = new CompletableFuture<>();

    private final CompletableFuture<T> done = new CompletableFuture<>();

    void pending() {
        checked.complete(false);
    }

    void succeed(T value) {
        checked.complete(true);
        done.complete(value);
    }

    void fail(SQLException why) {
        checked.complete(false);
        done.completeExceptionally(why);
    }

    /** Waits for the check; {@return whether the target was ready} */
    boolean awaitCheck() throws SQLException {
        return await(checked);
    }

    /**
     * Waits for the end.
     *
     * @throws SQLException the attempt's own exception, the same object for every thread
     */
    T awaitEnd() throws SQLException {
        return await(done);
    }

    static <V> V await(CompletableFuture<V> future) throws SQLException {
        try {
            return future.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new SQLTransientException(
                    "Interrupted while waiting for migrations; they go on, and a later connection will find them applied",
                    "57014",
                    e);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof SQLException sql) {
                throw sql;
            }
            throw new SQLException("Getting the schema ready failed: " + e.getCause(), e.getCause());
        }
    }
}
