package dev.gangway.gate;

import dev.gangway.pgjdbc.Connections;
import dev.gangway.pgjdbc.Endpoint;
import dev.gangway.pgvector.VectorExtension;
import dev.gangway.pgvector.VectorTypes;
import dev.gangway.search.Searches;
import java.sql.Connection;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/**
 * What is done with a connection last, before the application has it.
 *
 * @param searches what {@code gangway.search} asks for; null for nothing
 */
record HandOut(@Nullable Searches searches) {

    /**
     * {@return the connection, on which pgvector's types are known now; closed if that fails}
     *
     * @param vector pgvector as the database has it; null where it does not, and there are no similarity searches
     */
    Connection of(Connection connection, @Nullable VectorExtension vector) throws SQLException {
        if (vector == null) {
            return connection;
        }
        try {
            VectorTypes.register(connection, vector);
            return searches == null ? connection : searches.around(connection, vector);
        } catch (SQLException | RuntimeException | Error e) {
            Connections.close(connection);
            throw e;
        }
    }

    /** Says how the application connects now: what is done beside it connects in the same way. */
    void connectingThrough(Endpoint endpoint) {
        if (searches != null) {
            searches.connectedThrough(endpoint);
        }
    }

    void close() {
        if (searches != null) {
            searches.close();
        }
    }
}
