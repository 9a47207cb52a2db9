package dev.gangway.execute;

import dev.gangway.JavaMigration;
import dev.gangway.history.HistoryRow;
import dev.gangway.history.HistorySnapshot;
import dev.gangway.history.HistoryTable;
import dev.gangway.history.KeptTexts;
import dev.gangway.history.PlannedSteps;
import dev.gangway.pgjdbc.Message;
import dev.gangway.pgjdbc.Reply;
import dev.gangway.pgjdbc.Row;
import dev.gangway.pgjdbc.SqlStates;
import dev.gangway.sql.SqlStatement;
import java.io.IOException;
import java.io.StringReader;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;
import org.postgresql.core.BaseConnection;

/**
 * What is said to the server about scripts: commands are collected and sent together as late as possible, which makes one
 * message of a whole migration, or of several, as long as nothing in them needs another way ({@code COPY} data, verify
 * queries).
 */
final class Conversation {
    /** The server parses a message as a whole before it runs any of it, into more than ten times as much memory. */
    private static final int CHARS_IN_A_MESSAGE = 1_000_000;

    private final Run run;
    private Script script;
    private Batch batch = new Batch();
    /** The indexes, in the batch, of the fences and of the commits. */
    private BitSet fences = new BitSet();

    private BitSet commits = new BitSet();
    private int committed;
    /** The index, in the batch, of the last record; -1 for none. */
    private int recorded = -1;

    private String recordedAt = "";
    /** Fence and record as the server has planned them; null where each is planned anew. */
    private @Nullable PlannedSteps planned;

    Conversation(Run run, Script script) {
        this.run = run;
        this.script = script;
    }

    /** Says that what follows belongs to this script. */
    void turnTo(Script other) {
        script = other;
    }

    /** {@return how many transactions the server is known to have committed} */
    int committed() {
        return committed;
    }

    /** Lets the server plan fence and record of what follows once, until {@link #forgetPlans}. Within a transaction. */
    void planSteps() {
        planned = run.table().plannedSteps();
        batch.addAll(script, planned.prepareSql());
    }

    /** {@return whether the error says that the plans have gone, through something that a script did} */
    boolean lacksPlans(SQLException error) {
        return planned != null && SqlStates.is(error, SqlStates.INVALID_STATEMENT_NAME);
    }

    void forgetPlans() {
        if (planned != null) {
            batch.addAll(script, planned.deallocateSql());
        }
    }

    /** Adds commands of our own. */
    void say(List<String> commands) {
        batch.addAll(script, commands);
    }

    void begin() {
        batch.add(script, "BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE");
    }

    void beginReadOnly() {
        batch.add(script, "BEGIN ISOLATION LEVEL READ COMMITTED READ ONLY");
    }

    void settings(Duration lockTimeout) throws SQLException {
        batch.add(script, run.settings(script, lockTimeout, true));
    }

    /** Adds the compare-and-set without which nothing that follows takes place. */
    void fence(HistorySnapshot before, HistorySnapshot after) {
        String sql = planned == null ? run.table().fenceSql(before, after) : planned.fenceSql(before, after);
        fences.set(batch.add(script, sql));
    }

    /** Adds what the ledger says must hold so that a row may be written. */
    void fence(Ledger ledger, HistoryRow row) {
        for (String command : ledger.fenceSql(row)) {
            fences.set(batch.add(script, command));
        }
    }

    /**
     * Adds the statements of a script.
     *
     * @return the index of each in the reply to the next message; -1 for one with data, which has been sent already
     */
    List<Integer> statements(List<SqlStatement> statements) throws StepException, SQLException {
        List<Integer> indexes = new ArrayList<>(statements.size());
        for (SqlStatement statement : statements) {
            if (statement.isCopyIn()) {
                send();
                copy(statement);
                indexes.add(-1);
            } else {
                indexes.add(run.indexBuilds().addTo(batch, script, statement));
                if (batch.length() >= CHARS_IN_A_MESSAGE) {
                    send();
                }
            }
        }
        return indexes;
    }

    /** Runs what a migration in Java does, behind what was collected so far; does nothing for a script. */
    void code() throws StepException, SQLException {
        JavaMigration code = script.migration().code();
        Recorder recorder = run.recorder();
        if (code != null) {
            send();
            if (recorder != null) {
                recorder.take(script, "-- what " + script.migration().script() + " does in Java", null);
                return;
            }
            JavaCode.run(run, script, code);
        }
    }

    /** Adds the history row; the step's duration counts from the fence. */
    void record(HistoryRow row, KeptTexts texts) {
        record(row, texts, null);
    }

    /** Adds the history row of a step that took so long outside this transaction. */
    void record(HistoryRow row, KeptTexts texts, @Nullable Long millis) {
        resetRole();
        if (planned != null && millis == null && script.deferral() == null && planned.records(row)) {
            batch.add(script, planned.recordSql(row, texts, run.gangwayVersion()));
        } else {
            batch.addAll(script, run.table().recordSql(row, script.deferral(), texts, millis, run.gangwayVersion()));
        }
        recorded = batch.size() - 1;
    }

    /** {@return the time stamp that the server gave the row that was recorded last; known when it has been sent} */
    String recordedAt() {
        return recordedAt;
    }

    /** Adds the record that a migration was taken back. */
    void recordUndone(HistoryRow row) {
        resetRole();
        batch.add(script, run.table().undoneSql(row, run.gangwayVersion()));
    }

    /** Whatever role the script has taken on, by SET or in a function, may not be allowed to write history. */
    private void resetRole() {
        batch.add(script, "RESET SESSION AUTHORIZATION");
        batch.add(script, "RESET ROLE");
    }

    void commit() {
        commits.set(batch.add(script, "COMMIT"));
    }

    /**
     * Adds the end of what a script set for the session rather than for its transaction. Always, because a function may
     * have done so where nobody can see it; the server needs some microseconds for it.
     */
    void forgetSettings() throws StepException, SQLException {
        batch.add(script, "RESET ALL");
        batch.addAll(script, run.sessionSettings());
        // The server reads the literals of a whole message before it runs any of it, so a script that followed in this
        // one would be read in the way that only this script has asked for.
        if (!run.isRehearsal() && !run.work().unwrap(BaseConnection.class).getStandardConformingStrings()) {
            send();
        }
    }

    /** Sends what has been collected. */
    Reply send() throws StepException, SQLException {
        if (batch.isEmpty()) {
            return Reply.NONE;
        }
        Batch sent = batch;
        BitSet sentFences = fences;
        BitSet sentCommits = commits;
        batch = new Batch();
        fences = new BitSet();
        commits = new BitSet();
        int sentRecord = recorded;
        recorded = -1;
        Reply reply = sent.send(run);
        committed += sentCommits.get(0, reply.completed()).cardinality();
        SQLException error = reply.error();
        if (error != null) {
            Batch.Culprit culprit = sent.culprit(reply, error);
            boolean fencedOut = sentFences.get(culprit.command()) && HistoryTable.isFencedOut(error);
            throw new StepException(culprit, error, fencedOut);
        }
        if (sentRecord >= 0 && !run.isRehearsal()) {
            recordedAt = reply.row(sentRecord).required(0);
        }
        return reply;
    }

    /**
     * Sends what has been collected, and asks whether the script's condition holds.
     *
     * @throws StepException when the server cannot tell
     */
    boolean holds(String condition) throws StepException, SQLException {
        send();
        Reply reply = run.send(script, Condition.question(condition));
        if (run.isRehearsal()) {
            return true;
        }
        SQLException error = reply.error();
        if (error != null) {
            throw StepException.ofCondition(script, condition, error);
        }
        return Condition.holds(reply, 0);
    }

    /** Runs the verify queries and fails when one of their rows says that something is not as it should be. */
    void verify() throws StepException, SQLException {
        if (script.verify().isEmpty()) {
            return;
        }
        send();
        script.verify().forEach(query -> batch.add(script, query));
        Reply reply = send();
        for (int i = 0; i < script.verify().size(); i++) {
            for (Row row : reply.rows(i)) {
                check(script.verify().get(i), row);
            }
        }
    }

    private void check(SqlStatement query, Row row) throws StepException {
        String problem;
        try {
            VerifyRow checked = VerifyRow.of(row);
            if (checked.passed()) {
                return;
            }
            problem = "verification failed: " + checked.category() + " / " + checked.name()
                    + (checked.detail() == null ? "" : ": " + checked.detail());
        } catch (IllegalArgumentException e) {
            problem = e.getMessage();
        }
        throw new StepException(script, query, query.position(), new SQLException(problem), false);
    }

    private void copy(SqlStatement statement) throws StepException {
        Recorder recorder = run.recorder();
        if (recorder != null) {
            recorder.take(script, statement.text(), statement);
            return;
        }
        String file = statement.dataFile();
        if (file == null) {
            copy(statement, Objects.requireNonNull(statement.copyData()));
        } else {
            new DataFileCopy(run, script, statement, file, new CopyProgress(run, script, file)).send();
        }
    }

    private void copy(SqlStatement statement, String data) throws StepException {
        try {
            run.work().unwrap(PGConnection.class).getCopyAPI().copyIn(statement.text(), new StringReader(data));
        } catch (SQLException e) {
            throw StepException.alone(script, statement, e);
        } catch (IOException e) {
            SQLException lost = new SQLException("the connection broke in the middle of COPY", "08006", e);
            throw new StepException(script, statement, statement.position(), lost, false);
        }
    }

    /** Takes back what was begun. */
    void rollback() throws SQLException {
        run.send(script, "ROLLBACK").orThrow();
    }

    /** Takes back what was begun; the connection may be broken already. */
    void rollback(SQLException because) {
        try {
            Message.send(run.work(), "ROLLBACK").orThrow();
        } catch (SQLException e) {
            because.addSuppressed(e);
        }
    }
}
