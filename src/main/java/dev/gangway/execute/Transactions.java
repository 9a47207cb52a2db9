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

    private final Run run;
    private final List<Script> scripts;
    private final boolean together;

    private HistorySnapshot reached;
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
                group.forEach(script -> run.tellDone(script, began));
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
            HistorySnapshot before = reached;
            for (int i = 0; i < group.size(); i++) {
                Script script = group.get(i);
                HistoryRow row = script.applied(rank(script, before));
                HistorySnapshot after = before.with(row);
                conversation.turnTo(script);
                if (!together || i == 0) {
                    conversation.begin();
                }
                conversation.settings(run.lockTimeout(script));
                conversation.fence(before, after);
                conversation.statements(script.statements());
                conversation.code();
                conversation.verify();
                conversation.record(row, script.texts());
                if (!together || i == group.size() - 1) {
                    conversation.commit();
                }
                conversation.forgetSettings();
                before = after;
            }
            conversation.send();
            return before;
        } finally {
            run.watch().end();
        }
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
            reached = reached.with(script.applied(rank(script, reached)));
            run.tellDone(script, began);
            next++;
        }
        return committed > 0;
    }

    private static long rank(Script script, HistorySnapshot history) {
        HistoryRow earlier = script.step().earlier();
        return earlier == null ? history.nextRank() : earlier.rank();
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
        recordFailure(run, script, reached, rank(script, reached), 0, report);
        return report;
    }

    /** Writes down that a migration failed. That this fails too is added to the report and changes nothing. */
    static void recordFailure(
            Run run, Script script, HistorySnapshot before, long rank, int done, SQLException report) {
        HistoryRow row = script.unfinished(rank, State.FAILED, done, report.getMessage());
        Conversation conversation = new Conversation(run, script);
        try {
            conversation.begin();
            conversation.fence(before, before.with(row));
            conversation.record(row, KeptTexts.NONE);
            conversation.commit();
            conversation.send();
        } catch (StepException | SQLException e) {
            report.addSuppressed(e);
            conversation.rollback(report);
        }
    }
}
