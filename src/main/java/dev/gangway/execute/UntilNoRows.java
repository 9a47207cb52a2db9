package dev.gangway.execute;

import dev.gangway.history.HistoryRow;
import dev.gangway.history.HistorySnapshot;
import dev.gangway.history.State;
import dev.gangway.internal.Durations;
import dev.gangway.lock.Jitter;
import dev.gangway.pgjdbc.Reply;
import dev.gangway.pgjdbc.SqlStates;
import dev.gangway.sql.SqlStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs a migration that is one batch, again and again until it changes no row: a backfill of a large table that never
 * holds many locks, or one for long. Each batch is a fenced transaction of its own, together with the count of what is
 * done so far, so that whoever comes after a failure or a kill goes on with the next batch and counts nothing twice.
 *
 * <p>Between batches it rests for half the time that the last one took, so that what it does in the course of a day it
 * does not do to the application in an hour.
 */
final class UntilNoRows {
    private static final Logger LOG = LoggerFactory.getLogger(UntilNoRows.class);

    private static final Duration LONGEST_REST = Duration.ofSeconds(1);
    private static final long BETWEEN_EVENTS = Duration.ofSeconds(1).toNanos();
    private static final long BETWEEN_REPORTS = Duration.ofSeconds(10).toNanos();

    private final Run run;
    private final Script script;
    private final Ledger ledger;
    private final long rank;

    private int batches;
    private long rows;
    private long lastReport = System.nanoTime();
    private final long first = lastReport;
    private long lastTold = lastReport;

    UntilNoRows(Run run, Script script, Ledger ledger) {
        this.run = run;
        this.script = script;
        this.ledger = ledger;
        this.rank = script.rank(ledger.reached());
        HistoryRow begun = script.begun();
        this.batches = begun == null ? 0 : begun.statementsDone();
        this.rows = begun == null ? 0 : begun.rowsChanged();
    }

    HistorySnapshot run() throws SQLException {
        if (batches > 0) {
            LOG.info(
                    "{} - {} goes on; {} batches with {} rows are done",
                    run.target(),
                    script.migration().script(),
                    batches,
                    rows);
        }
        long began = System.nanoTime();
        run.tellStarted(script);
        while (batch()) {
            rest(System.nanoTime() - began);
            began = System.nanoTime();
        }
        if (!run.isRehearsal()) {
            LOG.info(
                    "{} - {} has changed {} rows in {} batches",
                    run.target(),
                    script.migration().script(),
                    rows,
                    batches);
        }
        run.tellDone(script, first);
        return ledger.reached();
    }

    /** Runs the next batch, as often as locks make it necessary; {@return whether another one is needed} */
    private boolean batch() throws SQLException {
        String what =
                "%s, batch %d (%d rows so far)".formatted(script.migration().script(), batches + 1, rows);
        return Attempts.make(run, script, what, earlier -> attempt(new Conversation(run, script)), this::report);
    }

    private boolean attempt(Conversation conversation) throws StepException, SQLException {
        long began = System.nanoTime();
        conversation.begin();
        conversation.settings(run.lockTimeout(script));
        // How many rows it will be does not matter to the fence.
        conversation.fence(ledger, script.unfinished(rank, State.STARTED, batches + 1, rows, null));
        long changed = changedBy(conversation);
        if (changed == 0) {
            conversation.rollback();
            finish(conversation);
            return false;
        }
        record(conversation, script.unfinished(rank, State.STARTED, batches + 1, rows + changed, null), began);
        batches++;
        rows += changed;
        tell();
        return true;
    }

    private void finish(Conversation conversation) throws StepException, SQLException {
        long began = System.nanoTime();
        HistoryRow row = script.applied(rank, batches, rows);
        conversation.begin();
        conversation.settings(run.lockTimeout(script));
        conversation.fence(ledger, row);
        conversation.verify();
        record(conversation, row, began);
    }

    private void record(Conversation conversation, HistoryRow row, long began) throws StepException, SQLException {
        conversation.record(row, script.texts(), Durations.millisSince(began));
        conversation.commit();
        conversation.forgetSettings();
        conversation.send();
        ledger.committed(row, conversation.recordedAt());
    }

    private long changedBy(Conversation conversation) throws StepException, SQLException {
        List<Integer> indexes = conversation.statements(script.statements());
        Reply reply = conversation.send();
        long changed = 0;
        for (int i = 0; i < script.statements().size(); i++) {
            SqlStatement statement = script.statements().get(i);
            changed += statement.changesRows() ? reply.count(indexes.get(i)) : 0;
        }
        return changed;
    }

    private void tell() {
        if (System.nanoTime() - lastTold >= BETWEEN_EVENTS) {
            lastTold = System.nanoTime();
            run.events().progress("batch " + batches, rows, null, "rows", Duration.ofNanos(lastTold - first));
        }
        if (System.nanoTime() - lastReport >= BETWEEN_REPORTS) {
            lastReport = System.nanoTime();
            LOG.info(
                    "{} - {} has changed {} rows in {} batches so far",
                    run.target(),
                    script.migration().script(),
                    rows,
                    batches);
        }
    }

    private static void rest(long worked) {
        Jitter.pause(Duration.ofNanos(Math.min(worked / 2, LONGEST_REST.toNanos())));
    }

    private SQLException report(StepException failed, int attempts) {
        String next = SqlStates.worthRetrying(failed.error())
                ? Failure.waitedInVain(run, attempts)
                : "correct the file and connect again: it goes on with the next batch";
        SQLException report = Failure.of(
                failed,
                "%d batches with %d rows are done and stay; the one that failed was rolled back"
                        .formatted(batches, rows),
                next);
        HistoryRow row = script.unfinished(rank, State.FAILED, batches, rows, report.getMessage());
        Transactions.recordFailure(run, script, ledger, row, report);
        return report;
    }
}
