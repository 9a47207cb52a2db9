package dev.gangway.execute;

import dev.gangway.history.HistoryRow;
import dev.gangway.history.HistorySnapshot;
import dev.gangway.history.State;
import dev.gangway.lock.Jitter;
import dev.gangway.pgjdbc.Message;
import dev.gangway.pgjdbc.SqlStates;
import dev.gangway.sql.SqlStatement;
import java.sql.SQLException;
import java.time.Duration;
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

    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(5);

    private final Run run;
    private final Script script;
    private final int resumeAt;

    private HistorySnapshot reached;

    StatementByStatement(Run run, Script script, HistorySnapshot before) {
        this.run = run;
        this.script = script;
        this.reached = before;
        HistoryRow earlier = script.step().earlier();
        this.resumeAt = earlier == null ? 0 : earlier.statementsDone();
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
                Message.send(run.work(), setting.text()).orThrow();
            }
        }
        for (int i = resumeAt; i < statements.size(); i++) {
            runOne(i);
        }
        finish();
        run.tellDone(script, began);
        return reached;
    }

    private void runOne(int index) throws SQLException {
        SqlStatement statement = script.statements().get(index);
        for (int attempt = 0; ; attempt++) {
            run.watch().requireLeadership();
            run.watch()
                    .begin("%s, statement %d of %d"
                            .formatted(
                                    script.migration().script(),
                                    index + 1,
                                    script.statements().size()));
            try {
                if (Bare.mustBe(statement)) {
                    runBare(
                            index,
                            statement,
                            attempt > 0 || (index == resumeAt && script.step().earlier() != null));
                } else {
                    runInTransaction(index, statement);
                }
                return;
            } catch (StepException e) {
                SQLException error = e.error();
                if (SqlStates.connectionLost(error) || e.fencedOut()) {
                    throw error;
                }
                new Conversation(run, script).rollback(error);
                run.watch().requireLeadership();
                if (!SqlStates.worthRetrying(error) || attempt >= run.lockRetries()) {
                    throw report(e, index, attempt + 1);
                }
                LOG.warn(
                        "{} - {} is tried again ({} of {}): {}{}",
                        run.target(),
                        statement,
                        attempt + 1,
                        run.lockRetries(),
                        error.getMessage(),
                        run.watch().heldBy());
                Jitter.pauseUpTo(LONGEST_PAUSE);
            } finally {
                run.watch().end();
            }
        }
    }

    private void runInTransaction(int index, SqlStatement statement) throws StepException, SQLException {
        HistoryRow row = script.unfinished(rank(), State.STARTED, index + 1, null);
        HistorySnapshot next = reached.with(row);
        Conversation conversation = new Conversation(run, script);
        conversation.begin();
        conversation.settings(run.lockTimeout(script));
        conversation.fence(reached, next);
        conversation.statements(List.of(statement));
        conversation.record(row, script.texts());
        conversation.commit();
        conversation.send();
        reached = next;
    }

    private void runBare(int index, SqlStatement statement, boolean again) throws StepException, SQLException {
        // Before the first statement, so that whoever comes next knows that something may be left half done.
        if (index == 0 && !again) {
            record(script.unfinished(rank(), State.STARTED, 0, null), 0);
        }
        // Behind a pooler only the name: it is the one setting that a pooler keeps with its client.
        String settings = run.pooled()
                ? run.nameSql(script)
                : run.settings(script, Bare.lockTimeout(statement, run.lockTimeout(script)), false);
        // What follows has no fence, so a leader that was stopped for long must find out here that it leads no more.
        Message.send(run.work(), settings + "; " + run.table().checkSql(reached))
                .orThrow();
        run.watch().requireLeadership();
        long began = System.nanoTime();
        new Bare(run, script, statement).bringAbout(again);
        record(
                script.unfinished(rank(), State.STARTED, index + 1, null),
                Duration.ofNanos(System.nanoTime() - began).toMillis());
    }

    private void finish() throws SQLException {
        try {
            Conversation conversation = new Conversation(run, script);
            conversation.verify();
            record(script.applied(rank()), 0);
            conversation.forgetSettings();
            conversation.send();
        } catch (StepException e) {
            if (SqlStates.connectionLost(e.error()) || e.fencedOut()) {
                throw e.error();
            }
            throw report(e, script.statements().size(), 1);
        }
    }

    private void record(HistoryRow row, long millis) throws StepException, SQLException {
        HistorySnapshot next = reached.with(row);
        Conversation conversation = new Conversation(run, script);
        conversation.begin();
        conversation.fence(reached, next);
        conversation.record(row, script.texts(), millis);
        conversation.commit();
        conversation.send();
        reached = next;
    }

    /** After the first record the row is in the history, under the same rank. */
    private long rank() {
        HistoryRow earlier = script.step().earlier();
        if (earlier != null) {
            return earlier.rank();
        }
        String identity = script.applied(0).identity();
        return reached.rows().stream()
                .filter(row -> row.identity().equals(identity) && row.state() == State.STARTED)
                .mapToLong(HistoryRow::rank)
                .findFirst()
                .orElseGet(reached::nextRank);
    }

    private SQLException report(StepException failed, int done, int attempts) {
        String next = SqlStates.worthRetrying(failed.error())
                ? Failure.waitedInVain(run, attempts)
                : "correct the failed statement (not those before it) and connect again: it goes on there";
        SQLException report = Failure.of(
                failed,
                "the first %d of %d statements are done and stay; this migration cannot be one transaction (%s)"
                        .formatted(done, script.statements().size(), script.bareReason()),
                next);
        Transactions.recordFailure(run, script, reached, rank(), done, report);
        return report;
    }
}
