package dev.gangway;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.Objects;
import java.util.Properties;
import java.util.concurrent.CompletableFuture;

/** Connects through the driver of this process. Thread-safe. */
final class ThisProcess {

    private ThisProcess() {}

    /** A connection from the driver, or its exception. */
    static Connection connect(String url) throws SQLException {
        return Objects.requireNonNull(
                new GangwayDriver().connect(url, new Properties()), "The driver does not take it");
    }

    /** The same on a thread of its own, while the test goes on; a failure is the cause of the future's. */
    static CompletableFuture<Connection> connecting(String url) {
        CompletableFuture<Connection> result = new CompletableFuture<>();
        Thread thread = new Thread(
                () -> {
                    try {
                        result.complete(connect(url));
                    } catch (SQLException | RuntimeException | Error e) {
                        result.completeExceptionally(e);
                    }
                },
                "connecting");
        thread.setDaemon(true);
        thread.start();
        return result;
    }
}
