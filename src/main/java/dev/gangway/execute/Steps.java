package dev.gangway.execute;

import dev.gangway.history.HistoryRow;
import dev.gangway.history.HistorySnapshot;
import dev.gangway.history.KeptTexts;
import dev.gangway.pgjdbc.SqlStates;
import java.sql.SQLException;
import java.util.List;

/**
 * Takes the steps of a run one after another, each in the way that its script needs, and leaves out what is deferred. Used
 * once, by one thread.
 */
final class Steps {
    private final Run run;
    private final List<Script> scripts;
    /** Whether another process may migrate meanwhile. */
    private final boolean shared;

    private final Held held = new Held();
    private HistorySnapshot reached;

    Steps(Run run, List<Script> scripts, boolean shared, HistorySnapshot before) {
        this.run = run;
        this.scripts = scripts;
        this.shared = shared;
        this.reached = before;
    }

    /** {@return the history afterwards} */
    HistorySnapshot run() throws SQLException {
        int next = 0;
        while (next < scripts.size()) {
            Script script = scripts.get(next);
            if (held.holdsBack(script) || !isDue(script)) {
                next++;
            } else if (script.isTransactional()) {
                int end = endOfTransactions(next);
                reached = Transactions.each(run, scripts.subList(next, end), reached);
                next = end;
            } else {
                Ledger ledger = ledger(script);
                reached = script.isRepeated()
                        ? new UntilNoRows(run, script, ledger).run()
                        : new StatementByStatement(run, script, ledger).run();
                next++;
            }
        }
        return reached;
    }

    private Ledger ledger(Script script) {
        return shared
                ? new Ledger.Shared(run.table(), reached, script.begun())
                : new Ledger.Exclusive(run.table(), reached);
    }

    /** {@return the end of the transactional scripts that may share messages with the one at that index} */
    private int endOfTransactions(int first) {
        int end = first + 1;
        while (end < scripts.size() && scripts.get(end).isTransactional() && mayFollow(scripts.get(end))) {
            end++;
        }
        return end;
    }

    private boolean mayFollow(Script script) {
        return script.condition() == null && !held.holdsBack(script);
    }

    /** Asks the script's condition, if it has one and was not begun; notes it when the script is deferred. */
    private boolean isDue(Script script) throws SQLException {
        String condition = script.condition();
        HistoryRow begun = script.begun();
        if (condition == null || (begun != null && begun.statementsDone() > 0)) {
            return true;
        }
        run.watch().requireLeadership();
        run.watch().begin(script.migration().script() + ", its condition");
        Conversation conversation = new Conversation(run, script);
        try {
            conversation.beginReadOnly();
            conversation.settings(run.lockTimeout(script));
            boolean holds = conversation.holds(condition);
            conversation.rollback();
            if (!holds) {
                held.add(script);
                defer(conversation, script);
            }
            return holds;
        } catch (StepException e) {
            if (SqlStates.connectionLost(e.error()) || e.fencedOut()) {
                throw e.error();
            }
            conversation.rollback(e.error());
            throw Failure.of(
                    e,
                    "those before it stay applied, this one and those after it were not begun",
                    "correct the condition and connect again");
        } finally {
            run.watch().end();
        }
    }

    private void defer(Conversation conversation, Script script) throws StepException, SQLException {
        if (script.deferral() != null) {
            return;
        }
        HistoryRow row = script.deferred(script.rank(reached));
        HistorySnapshot after = reached.with(row);
        conversation.begin();
        conversation.fence(reached, after);
        conversation.record(row, KeptTexts.NONE);
        conversation.commit();
        conversation.send();
        reached = after;
    }
}
