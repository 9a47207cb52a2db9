package dev.gangway.execute;

import dev.gangway.GangwayException;
import dev.gangway.GangwayException.Code;
import dev.gangway.history.HistoryRow;
import dev.gangway.history.HistorySnapshot;
import dev.gangway.history.State;
import dev.gangway.internal.Durations;
import dev.gangway.pgjdbc.Message;
import dev.gangway.pgjdbc.SqlStates;
import dev.gangway.sql.SqlStatement;
import java.sql.SQLException;
import java.util.List;
import java.util.Objects;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes one migration back: one fenced transaction with the undo script and the record of it.
 *
 * <p>Statements that cannot run in a transaction come before it, alone. Each is brought about rather than run, so that
 * whoever repeats the undo after a kill finds it done; a statement that could not be repeated may not stand before them.
 */
final class UndoStep {
    private static final Logger LOG = LoggerFactory.getLogger(UndoStep.class);

    private final Run run;
    private final Script script;
    private final HistorySnapshot before;
    private final HistoryRow row;
    /** How many statements at the beginning run alone. */
    private final int alone;

    private int done;

    UndoStep(Run run, Script script, HistorySnapshot before) {
        this.run = run;
        this.script = script;
        this.before = before;
        this.row = Objects.requireNonNull(script.step().earlier()).withState(State.UNDONE);
        this.alone = bareAtTheBeginning(script.statements());
    }

    private static int bareAtTheBeginning(List<SqlStatement> statements) {
        int count = 0;
        while (count < statements.size()
                && statements.get(count).nonTransactionalReason().isPresent()) {
            count++;
        }
        return count;
    }

    /** @throws GangwayException.Permanent GW001 when a transaction would have to be committed in the middle of the script */
    static void refuseMixed(Script script) throws GangwayException.Permanent {
        List<SqlStatement> statements = script.statements();
        for (SqlStatement statement : statements.subList(bareAtTheBeginning(statements), statements.size())) {
            if (statement.nonTransactionalReason().isPresent()) {
                throw new GangwayException.Permanent(Code.MIGRATION_FAILED, """
                        %s: this cannot run in a transaction (%s), and others that can stand before it; if the undo broke\
                         off in between, it could not be repeated.
                          database: unchanged; nothing was undone
                          next:     let such statements come first in the undo script and run repair, which stores its\
                         text""".formatted(
                        statement.position(), statement.nonTransactionalReason().get()));
            }
        }
    }

    /** {@return the history afterwards} */
    HistorySnapshot run() throws SQLException {
        long began = System.nanoTime();
        HistorySnapshot after =
                Attempts.make(run, script, script.migration().script(), earlier -> take(), this::report);
        LOG.info("{} - undid {} in {} ms", run.target(), row.script(), Durations.millisSince(began));
        return after;
    }

    private HistorySnapshot take() throws StepException, SQLException {
        while (done < alone) {
            SqlStatement statement = script.statements().get(done);
            String settings = run.pooled()
                    ? run.nameSql(script)
                    : run.settings(script, Bare.lockTimeout(statement, run.lockTimeout(script)), false);
            // What follows has no fence, so a leader that was stopped for long must find out here that it leads no
            // more.
            Message.send(run.work(), settings + "; " + run.table().checkSql(before))
                    .orThrow();
            run.watch().requireLeadership();
            new Bare(run, script, statement).bringAbout(true);
            done++;
        }
        HistorySnapshot after = before.with(row);
        Conversation conversation = new Conversation(run, script);
        conversation.begin();
        conversation.settings(run.lockTimeout(script));
        conversation.fence(before, after);
        conversation.statements(
                script.statements().subList(alone, script.statements().size()));
        conversation.recordUndone(row);
        conversation.commit();
        conversation.forgetSettings();
        conversation.send();
        return after;
    }

    private SQLException report(StepException failed, int attempts) {
        String rest = done == 0
                ? "this undo was rolled back as a whole, and the migration stays applied"
                : "the first %d of %d statements of this undo are done, and the migration still counts as applied"
                        .formatted(done, script.statements().size());
        String next = SqlStates.worthRetrying(failed.error())
                ? Failure.waitedInVain(run, attempts)
                : "clear away what stands in its way, or correct the undo script and run repair, which stores its text;"
                        + " then undo again";
        return Failure.of(
                "The " + script.migration().script(),
                failed,
                rest + "; what was undone before it stays undone, what comes after it was not begun",
                next);
    }
}
