package dev.gangway.leader;

import dev.gangway.GangwayException;
import dev.gangway.GangwayException.Code;
import dev.gangway.lock.LeaderLock;
import dev.gangway.pgjdbc.Endpoint;
import dev.gangway.pgjdbc.Quote;
import dev.gangway.pgjdbc.ServerError;
import dev.gangway.pgjdbc.SqlStates;
import java.sql.Connection;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/**
 * Opens the connections that migrate. Where many processes start at once, the server may be full of those that ask whether
 * it is their turn, and none of them for long; so who is told that there is no room just now waits. Thread-safe: it keeps nothing.
 */
final class Admission {
    private Admission() {}

    /**
     * {@return a connection, once the server takes one}
     *
     * @param name of the session, as administrators see it
     * @param held the lock that this process holds meanwhile, and that must not be lost by silence; null for none
     * @throws GangwayException.Permanent GW007 when the connection of that lock is the only one that it may ever have
     */
    static Connection await(Endpoint endpoint, String name, Waiting waiting, @Nullable LeaderLock held)
            throws SQLException {
        while (true) {
            try {
                return endpoint.connectForMigration(name);
            } catch (SQLException e) {
                if (!SqlStates.takesNoConnectionNow(e)) {
                    throw e;
                }
                if (held != null && SqlStates.is(e, SqlStates.TOO_MANY_CONNECTIONS) && held.isAlone()) {
                    throw mayHaveOneConnectionOnly(endpoint, e);
                }
                waiting.tellNoConnection(e);
                waiting.pause(Code.WAIT_TIMED_OUT);
                if (held != null) {
                    held.keepAlive(0);
                }
            }
        }
    }

    private static GangwayException.Permanent mayHaveOneConnectionOnly(Endpoint endpoint, SQLException error) {
        return new GangwayException.Permanent(
                Code.MISSING_PRIVILEGE,
                """
                The role "%1$s" may have one connection at a time, and migrating takes two: one holds the lock that all\
                 processes compete for, the other one migrates.
                  server:   %2$s
                  database: unchanged; nothing was applied
                  next:     let an administrator run  ALTER ROLE %3$s CONNECTION LIMIT 3;  (or ALTER DATABASE, if that is\
                 what has the limit); or name another role with gangway.migrationUser and gangway.migrationPassword""".formatted(
                                endpoint.target().user(),
                                ServerError.describe(error),
                                Quote.identifier(endpoint.target().user())),
                error);
    }
}
