package dev.gangway.execute;

import dev.gangway.GangwayException;
import dev.gangway.config.Settings;
import dev.gangway.history.HistoryTable;
import dev.gangway.history.ServerFacts;
import dev.gangway.pgjdbc.Message;
import dev.gangway.pgjdbc.Reply;
import dev.gangway.pgjdbc.Target;
import dev.gangway.plan.Plan;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Asks again whether deferred migrations are due: all of them in one message that leaves nothing behind. */
public final class Conditions {
    private static final Logger LOG = LoggerFactory.getLogger(Conditions.class);

    private Conditions() {}

    /**
     * {@return whether one of these steps may be due: its condition holds, or this role cannot tell, so that the leader has
     * to}
     *
     * @param connection the application's own; its session is as before afterwards
     * @param table      the history, with its schema
     * @throws GangwayException.Permanent when a condition is no SQL expression
     */
    public static boolean mayBeDue(
            Connection connection,
            Settings settings,
            Target target,
            ServerFacts facts,
            HistoryTable table,
            List<Plan.Step> deferred)
            throws SQLException {
        ScriptReader reader = new ScriptReader(target, facts, table, settings::placeholder);
        List<String> commands =
                new ArrayList<>(List.of("BEGIN ISOLATION LEVEL READ COMMITTED READ ONLY", reader.searchPathSql()));
        int first = commands.size();
        commands.addAll(reader.questions(deferred));
        commands.add("ROLLBACK");
        Reply reply = Message.send(connection, String.join("; ", commands));
        SQLException error = reply.error();
        if (error != null) {
            LOG.debug("{} - whoever migrates has to ask the conditions of deferred migrations", target, error);
            Message.send(connection, "ROLLBACK").orThrow();
            return true;
        }
        for (int i = 0; i < deferred.size(); i++) {
            if (Condition.holds(reply, first + i)) {
                LOG.info(
                        "{} - the condition of {} holds now",
                        target,
                        deferred.get(i).migration().script());
                return true;
            }
        }
        return false;
    }
}
