package dev.gangway.execute;

import dev.gangway.history.HistoryRow;
import dev.gangway.history.HistorySnapshot;
import dev.gangway.history.KeptTexts;
import dev.gangway.history.State;
import dev.gangway.lock.Jitter;
import dev.gangway.pgjdbc.ApplicationMode;
import dev.gangway.pgjdbc.SqlStates;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs migrations that are transactions. Fence, script, history row and commit of a migration travel in one message, and
 * small migrations that follow each other share one: each is still a transaction of its own, but a hundred of them cost a
 * handful of round trips.
 *
 * <p>A statement that waits too long for a lock fails its whole transaction, which lets through the traffic that has
 * queued up behind it, and is tried again as a whole.
 */
final class Transactions {
    private static final Logger LOG = LoggerFactory.getLogger(Transactions.class);

    private static final Duration FIRST_PAUSE = Duration.ofMillis(200);
    private static final int DOUBLINGS = 5;

    /** How much travels together: the server goes on with a message to its end even when its client is gone. */
    private static final int SCRIPTS_IN_A_MESSAGE = 25;

    private static final int CHARS_IN_A_MESSAGE = 100_000;

    /** Each of the first five executions is planned all the same. */
    private static final int WORTH_PLANNING = 8;

    private final Run run;
    private final List<Script> scripts;
    private final boolean together;

    private HistorySnapshot reached;
    /** Whether the server may plan fence and record once for what shares a message; not any more once a script objected. */
    private boolean plansSteps = true;
    /** The first script that is not committed. */
    private int next;
    /** {@link System#nanoTime()} when the present message was sent. */
    private long began;

    private Transactions(Run run, List<Script> scripts, HistorySnapshot before, boolean together) {
        this.run = run;
        this.scripts = List.copyOf(scripts);
        this.reached = before;
        this.together = together;
    }

    /** Runs each script in a transaction of its own; {@return the history afterwards} */
    static HistorySnapshot each(Run run, List<Script> scripts, HistorySnapshot before) throws SQLException {
        return new Transactions(run, scripts, before, false).run();
    }

    /** Runs all scripts in one transaction; {@return the history afterwards} */
    static HistorySnapshot together(Run run, List<Script> scripts, HistorySnapshot before) throws SQLException {
        return new Transactions(run, scripts, before, true).run();
    }

    private HistorySnapshot run() throws SQLException {
        int attempts = 0;
        int notBeyond = scripts.size();
        while (next < scripts.size()) {
            run.watch().requireLeadership();
            List<Script> group = together ? scripts : scripts.subList(next, groupEnd(attempts > 0, notBeyond));
            Conversation conversation = new Conversation(run, group.get(0));
            try {
                reached = send(conversation, group);
                ApplicationMode.leave(run.work());
                tellDone(group);
                next += group.size();
                attempts = 0;
                notBeyond = scripts.size();
            } catch (StepException e) {
                if (SqlStates.connectionLost(e.error()) || e.fencedOut()) {
                    throw e.error();
                }
                attempts = advance(conversation.committed()) ? 0 : attempts;
                conversation.rollback(e.error());
                ApplicationMode.leave(run.work());
                run.watch().requireLeadership();
                int failed = scripts.indexOf(e.script());
                if (!together && failed > next) {
                    // A syntax error is found before anything of the message runs; what precedes it is still to be
                    // done.
                    notBeyond = failed;
                } else if (conversation.lacksPlans(e.error())) {
                    plansSteps = false;
                } else if (run.indexBuilds().retriesSerially(e)) {
                    attempts = 0;
                } else if (SqlStates.worthRetrying(e.error()) && attempts < run.lockRetries()) {
                    attempts++;
                    pause(e, attempts);
                } else {
                    throw report(e, attempts);
                }
            }
        }
        return reached;
    }

    /** {@return the end of the scripts that share the next message} */
    private int groupEnd(boolean alone, int notBeyond) {
        int end = next + 1;
        int chars = scripts.get(next).length();
        boolean single = alone || isInJava(next);
        while (!single && end < notBeyond && end < scripts.size() && end - next < SCRIPTS_IN_A_MESSAGE) {
            chars += scripts.get(end).length();
            if (chars > CHARS_IN_A_MESSAGE || isInJava(end)) {
                break;
            }
            end++;
        }
        return end;
    }

    /** Of scripts that share a transaction, some may have been deferred. */
    private void tellDone(List<Script> group) {
        for (Script script : group) {
            if (reached.hasApplied(script.migration())) {
                run.tellDone(script, began);
            }
        }
    }

    private boolean isInJava(int index) {
        return scripts.get(index).migration().code() != null;
    }

    private HistorySnapshot send(Conversation conversation, List<Script> group) throws StepException, SQLException {
        run.watch().begin(name(group));
        began = System.nanoTime();
        if (group.size() == 1) {
            run.tellStarted(group.get(0));
        }
        try {
            HistorySnapshot after = together ? addTogether(conversation, group) : addEach(conversation, group);
            conversation.send();
            return after;
        } finally {
            run.watch().end();
        }
    }

    private HistorySnapshot addEach(Conversation conversation, List<Script> group) throws StepException, SQLException {
        HistorySnapshot before = reached;
        boolean plan = plansSteps && group.size() >= WORTH_PLANNING && !run.pooled() && !run.isRehearsal();
        for (Script script : group) {
            conversation.turnTo(script);
            conversation.begin();
            if (plan) {
                plan = false;
                conversation.planSteps();
            }
            conversation.settings(run.lockTimeout(script));
            before = add(conversation, script, before);
            conversation.commit();
            conversation.forgetSettings();
        }
        conversation.forgetPlans();
        return before;
    }

    private HistorySnapshot addTogether(Conversation conversation, List<Script> group)
            throws StepException, SQLException {
        HistorySnapshot before = reached;
        Held held = new Held();
        conversation.begin();
        for (Script script : group) {
            if (held.holdsBack(script)) {
                continue;
            }
            conversation.turnTo(script);
            conversation.settings(run.lockTimeout(script));
            String condition = script.condition();
            if (condition == null || conversation.holds(condition)) {
                before = add(conversation, script, before);
            } else {
                held.add(script);
                before = defer(conversation, script, before);
            }
            conversation.forgetSettings();
        }
        conversation.commit();
        return before;
    }

    private static HistorySnapshot add(Conversation conversation, Script script, HistorySnapshot before)
            throws StepException, SQLException {
        HistoryRow row = script.applied(script.rank(before));
        HistorySnapshot after = before.with(row);
        conversation.fence(before, after);
        conversation.statements(script.statements());
        conversation.code();
        conversation.verify();
        conversation.record(row, script.texts());
        return after;
    }

    /** Notes once that a migration waits for its condition. */
    private static HistorySnapshot defer(Conversation conversation, Script script, HistorySnapshot before) {
        if (script.deferral() != null) {
            return before;
        }
        HistoryRow row = script.deferred(script.rank(before));
        HistorySnapshot after = before.with(row);
        conversation.fence(before, after);
        conversation.record(row, KeptTexts.NONE);
        return after;
    }

    private static String name(List<Script> group) {
        String first = group.get(0).migration().script();
        return group.size() == 1
                ? first
                : first + " to " + group.get(group.size() - 1).migration().script();
    }

    /** Takes note of the scripts that were committed before the failure; {@return whether there are any} */
    private boolean advance(int committed) {
        if (together) {
            return false;
        }
        for (int i = 0; i < committed; i++) {
            Script script = scripts.get(next);
            reached = reached.with(script.applied(script.rank(reached)));
            run.tellDone(script, began);
            next++;
        }
        return committed > 0;
    }

    private void pause(StepException failed, int attempt) {
        LOG.warn(
                "{} - {} is rolled back and tried again ({} of {}): {}{}",
                run.target(),
                failed.script().migration().script(),
                attempt,
                run.lockRetries(),
                failed.error().getMessage(),
                run.watch().heldBy());
        Jitter.pauseUpTo(FIRST_PAUSE.multipliedBy(1L << Math.min(attempt - 1, DOUBLINGS)));
    }

    private SQLException report(StepException failed, int retries) {
        String database = together && scripts.size() > 1
                ? "all " + scripts.size() + " pending migrations were rolled back together (gangway.transaction=all)"
                : "this migration was rolled back as a whole; those before it stay applied, those after it were not begun";
        boolean inJava = failed.script().migration().code() != null;
        String advice = "correct the " + (inJava ? "class" : "file") + " and connect again";
        if (JavaCode.hasCommitted(failed)) {
            database = "what the code has committed itself stays; nothing says that this migration was applied";
        }
        if (SqlStates.worthRetrying(failed.error())) {
            advice = Failure.waitedInVain(run, retries + 1);
        }
        SQLException report = Failure.of(failed, database, advice);
        // The schema is as it was; the row only tells people what happened.
        Script script = failed.script();
        run.tellStarted(script);
        Ledger ledger = new Ledger.Exclusive(run.table(), reached);
        recordFailure(
                run,
                script,
                ledger,
                script.unfinished(script.rank(reached), State.FAILED, 0, report.getMessage()),
                report);
        return report;
    }

    /** Writes down that a migration failed. That this fails too is added to the report and changes nothing. */
    static void recordFailure(Run run, Script script, Ledger ledger, HistoryRow row, SQLException report) {
        Conversation conversation = new Conversation(run, script);
        try {
            conversation.begin();
            conversation.fence(ledger, row);
            conversation.record(row, KeptTexts.NONE);
            conversation.commit();
            conversation.send();
        } catch (StepException | SQLException e) {
            report.addSuppressed(e);
            conversation.rollback(report);
        }
    }
}
