package dev.gangway.execute;

import dev.gangway.history.HistoryRow;
import dev.gangway.history.HistorySnapshot;
import dev.gangway.history.State;
import dev.gangway.internal.Durations;
import dev.gangway.pgjdbc.SqlStates;
import dev.gangway.sql.SqlStatement;
import java.sql.SQLException;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs a migration that cannot be one transaction. Each statement that can be a transaction is one, together with the
 * record that it is done; each that cannot, such as {@code CREATE INDEX CONCURRENTLY}, runs alone, and the record
 * follows. Whoever comes after a failure or a kill goes on at the first statement that is not recorded, having first
 * cleared away what that one left half done.
 */
final class StatementByStatement {
    private static final Logger LOG = LoggerFactory.getLogger(StatementByStatement.class);

    private final Run run;
    private final Script script;
    private final Ledger ledger;
    private final long rank;
    private final int resumeAt;
    private boolean announced;

    StatementByStatement(Run run, Script script, Ledger ledger) {
        this.run = run;
        this.script = script;
        this.ledger = ledger;
        this.rank = script.rank(ledger.reached());
        HistoryRow begun = script.begun();
        this.resumeAt = begun == null ? 0 : begun.statementsDone();
    }

    HistorySnapshot run() throws SQLException {
        List<SqlStatement> statements = script.statements();
        long began = System.nanoTime();
        run.tellStarted(script);
        if (resumeAt > 0) {
            LOG.info(
                    "{} - {} goes on; {} of its {} statements are done",
                    run.target(),
                    script.migration().script(),
                    resumeAt,
                    statements.size());
            for (SqlStatement setting : script.sessionSettings(resumeAt)) {
                run.send(script, setting.text()).orThrow();
            }
        }
        for (int i = resumeAt; i < statements.size(); i++) {
            runOne(i);
        }
        finish();
        run.tellDone(script, began);
        return ledger.reached();
    }

    private void runOne(int index) throws SQLException {
        SqlStatement statement = script.statements().get(index);
        String what = "%s, statement %d of %d"
                .formatted(
                        script.migration().script(),
                        index + 1,
                        script.statements().size());
        Attempts.make(
                run,
                script,
                what,
                earlier -> {
                    if (Bare.mustBe(statement)) {
                        runBare(index, statement, earlier > 0 || (index == resumeAt && script.begun() != null));
                    } else {
                        runInTransaction(index, statement);
                    }
                    return index;
                },
                (failed, attempts) -> report(failed, index, attempts));
    }

    private void runInTransaction(int index, SqlStatement statement) throws StepException, SQLException {
        HistoryRow row = script.unfinished(rank, State.STARTED, index + 1, null);
        long began = System.nanoTime();
        Conversation conversation = new Conversation(run, script);
        conversation.begin();
        conversation.settings(run.lockTimeout(script));
        conversation.fence(ledger, row);
        conversation.statements(List.of(statement));
        if (ledger.isShared()) {
            // The state's own clock may have been set by another process meanwhile.
            conversation.send();
            conversation.record(row, script.texts(), Durations.millisSince(began));
        } else {
            conversation.record(row, script.texts());
        }
        conversation.commit();
        conversation.send();
        announced = true;
        ledger.committed(row, conversation.recordedAt());
    }

    private void runBare(int index, SqlStatement statement, boolean again) throws StepException, SQLException {
        // Before the first statement, so that whoever comes next knows that something may be left half done; and after
        // an earlier attempt, so that the leader who made it finds the fence closed if it is only asleep.
        if (!announced) {
            record(script.unfinished(rank, State.STARTED, index, null), 0, List.of());
        }
        // Behind a pooler only the name: it is the one setting that a pooler keeps with its client.
        String settings = run.pooled()
                ? run.nameSql(script)
                : run.settings(script, Bare.lockTimeout(statement, run.lockTimeout(script)), false);
        // What follows has no fence, so a leader that was stopped for long must find out here that it leads no more.
        Batch batch = new Batch();
        batch.add(script, settings);
        run.indexBuilds().addSettingsTo(batch, script, statement);
        batch.add(script, ledger.checkSql());
        batch.send(run).orThrow();
        run.watch().requireLeadership();
        long began = System.nanoTime();
        new Bare(run, script, statement).bringAbout(again);
        record(
                script.unfinished(rank, State.STARTED, index + 1, null),
                Durations.millisSince(began),
                run.indexBuilds().settingsEnd(statement));
    }

    private void finish() throws SQLException {
        try {
            Conversation conversation = new Conversation(run, script);
            conversation.verify();
            record(script.applied(rank), 0, List.of());
            conversation.forgetSettings();
            conversation.send();
        } catch (StepException e) {
            if (SqlStates.connectionLost(e.error()) || e.fencedOut()) {
                throw e.error();
            }
            throw report(e, script.statements().size(), 1);
        }
    }

    /** @param more commands of our own that travel with the record */
    private void record(HistoryRow row, long millis, List<String> more) throws StepException, SQLException {
        Conversation conversation = new Conversation(run, script);
        conversation.begin();
        conversation.fence(ledger, row);
        conversation.record(row, script.texts(), millis);
        // Behind BEGIN: a query in front of it would already have fixed the isolation level.
        conversation.say(more);
        conversation.commit();
        conversation.send();
        announced = true;
        ledger.committed(row, conversation.recordedAt());
    }

    private SQLException report(StepException failed, int done, int attempts) {
        String next = SqlStates.worthRetrying(failed.error())
                ? Failure.waitedInVain(run, attempts)
                : done == 0
                        ? "correct the file and connect again"
                        : "correct the failed statement (not those before it) and connect again: it goes on there";
        SQLException report = Failure.of(
                failed,
                (done == 0
                                ? "none of its statements is done"
                                : "the first %d of %d statements are done and stay"
                                        .formatted(done, script.statements().size()))
                        + "; this migration cannot be one transaction (%s)".formatted(script.bareReason()),
                next);
        Transactions.recordFailure(
                run, script, ledger, script.unfinished(rank, State.FAILED, done, report.getMessage()), report);
        return report;
    }
}
