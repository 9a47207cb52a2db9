package dev.gangway.command;

import dev.gangway.GangwayException;
import dev.gangway.GangwayException.Code;
import dev.gangway.leader.Leadership;
import dev.gangway.lock.LockKey;
import dev.gangway.lock.Workers;
import dev.gangway.lock.Workers.Worker;
import dev.gangway.pgjdbc.Connections;
import dev.gangway.pgjdbc.Message;
import dev.gangway.pgjdbc.Quote;
import dev.gangway.pgjdbc.ServerError;
import dev.gangway.pgjdbc.SqlStates;
import dev.gangway.report.UnlockReport;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ends the sessions that lead or carry out migrations. The lock itself never sticks, for the server frees it with its
 * session: this is for a process that is alive and hangs.
 */
final class Unlock {
    private static final Logger LOG = LoggerFactory.getLogger(Unlock.class);

    private final Context context;

    Unlock(Context context) {
        this.context = context;
    }

    UnlockReport run() throws SQLException {
        Leadership leadership = context.leadership(context.ask());
        Connection connection = leadership.endpoint().connectForMigration("gangway unlock");
        try {
            List<String> ended = new ArrayList<>();
            for (LockKey key : List.of(leadership.key(), leadership.backgroundKey())) {
                for (Worker leader : Workers.holders(connection, key)) {
                    ended.add(end(connection, leader, "held the lock for"));
                }
                for (Worker worker : Workers.busy(connection, key)) {
                    ended.add(end(connection, worker, "had been running for"));
                }
            }
            if (ended.isEmpty()) {
                LOG.info("{} - nobody holds the lock; there is nothing to unlock", context.target());
            }
            return new UnlockReport(context.target().toString(), ended);
        } finally {
            Connections.close(connection);
        }
    }

    private String end(Connection connection, Worker worker, String what) throws SQLException {
        String end = "SELECT pg_catalog.pg_terminate_backend(" + worker.pid() + ")";
        SQLException error = Message.send(connection, end).error();
        String role = Objects.requireNonNullElse(
                context.settings().migrationUser(), context.target().user());
        if (error != null && SqlStates.is(error, SqlStates.INSUFFICIENT_PRIVILEGE)) {
            throw new GangwayException.Permanent(
                    Code.MISSING_PRIVILEGE,
                    """
                    The role "%s" may not end the session %d (%s).
                      server:   %s
                      database: unchanged
                      next:     let an administrator run  %s;  or  GRANT pg_signal_backend TO %s;""".formatted(
                                    role,
                                    worker.pid(),
                                    worker.doing(),
                                    ServerError.describe(error).replace("\n", "\n            "),
                                    end,
                                    Quote.identifier(role)),
                    error);
        }
        if (error != null) {
            throw error;
        }
        String described = "pid %d (%s), which %s %d s".formatted(worker.pid(), worker.doing(), what, worker.seconds());
        LOG.warn("{} - ended {}", context.target(), described);
        return described;
    }
}
