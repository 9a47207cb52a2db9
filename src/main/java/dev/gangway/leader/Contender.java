package dev.gangway.leader;

import dev.gangway.lock.LockKey;
import dev.gangway.lock.Workers;
import dev.gangway.pgjdbc.Connections;
import dev.gangway.pgjdbc.Endpoint;
import java.sql.Connection;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/**
 * The connection with which a process competes for the leadership. Closed while it waits for long, so that a large fleet
 * does not fill the server with sessions that only wait. Used by one thread.
 */
final class Contender implements AutoCloseable {
    /** After this many pauses the wait is a long one. */
    private static final int PATIENCE = 5;

    private final Endpoint endpoint;
    private final String name;
    private @Nullable Connection connection;

    Contender(Endpoint endpoint, LockKey key) {
        this.endpoint = endpoint;
        String host = System.getenv("HOSTNAME");
        this.name = Workers.leaderName(
                key, (host == null ? "" : host + "/") + ProcessHandle.current().pid());
    }

    /** {@return its application name} */
    String name() {
        return name;
    }

    Connection connection() throws SQLException {
        Connection open = connection;
        if (open == null) {
            open = endpoint.connectForMigration(name);
            connection = open;
        }
        return open;
    }

    /** {@return the connection, once the server takes one} */
    Connection connection(Waiting waiting) throws SQLException {
        Connection open = connection;
        if (open == null) {
            open = Admission.await(endpoint, name, waiting, null);
            connection = open;
        }
        return open;
    }

    /** Lets the connection go when the wait has become a long one. */
    void rest(Waiting waiting) {
        if (waiting.pauses() >= PATIENCE) {
            close();
        }
    }

    @Override
    public void close() {
        Connections.close(connection);
        connection = null;
    }
}
