package dev.gangway.execute;

import dev.gangway.JavaMigration;
import dev.gangway.history.ServerFacts;
import dev.gangway.internal.ForeignCode;
import dev.gangway.pgjdbc.ApplicationMode;
import dev.gangway.pgjdbc.Message;
import dev.gangway.pgjdbc.SqlStates;
import dev.gangway.pgvector.VectorExtension;
import dev.gangway.pgvector.VectorTypes;
import java.sql.SQLException;
import org.postgresql.core.BaseConnection;
import org.postgresql.core.TransactionState;

/**
 * Runs a migration that is written in Java inside a transaction that is open already, on the connection on which our own
 * messages are sent before and after.
 */
final class JavaCode {
    private static final String IN_FAILED_TRANSACTION = "25P02";

    private final Run run;
    private final Script script;
    private final JavaMigration code;
    private final BaseConnection work;

    private JavaCode(Run run, Script script, JavaMigration code) throws SQLException {
        this.run = run;
        this.script = script;
        this.code = code;
        this.work = run.work().unwrap(BaseConnection.class);
    }

    /** The code has committed or rolled back, by whatever way. */
    private static final class EndedItsTransaction extends SQLException {
        private static final long serialVersionUID = 1L;

        EndedItsTransaction() {
            super(
                    "the code has ended the transaction in which it was run; Gangway does that, once the migration is recorded",
                    "25000");
        }
    }

    /**
     * Runs the code. Afterwards the transaction is still open, and {@link ApplicationMode#leave} is due when it has ended.
     *
     * @throws StepException the code has failed
     */
    static void run(Run run, Script script, JavaMigration code) throws StepException, SQLException {
        new JavaCode(run, script, code).run();
    }

    /** {@return whether a step failed in a way that leaves behind what it did} */
    static boolean hasCommitted(StepException failed) {
        return failed.error() instanceof EndedItsTransaction;
    }

    /** {@return the class, and the line of it where the error came from if that is known} */
    static String place(String className, Throwable error) {
        for (Throwable each = error; each != null; each = each.getCause()) {
            for (StackTraceElement frame : each.getStackTrace()) {
                if (frame.getClassName().equals(className) && frame.getLineNumber() > 0) {
                    return "%s (%s:%d)".formatted(className, frame.getFileName(), frame.getLineNumber());
                }
            }
        }
        return className;
    }

    private void run() throws StepException, SQLException {
        String transaction = transaction();
        VectorExtension vector = ServerFacts.ask(work).vector();
        if (vector != null) {
            VectorTypes.register(work, vector);
        }
        ApplicationMode mode = ApplicationMode.enter(work);
        try {
            call();
        } finally {
            mode.close();
        }
        TransactionState state = work.getTransactionState();
        if (state == TransactionState.FAILED) {
            throw failed(new SQLException(
                    "the code has passed over the error of a statement, after which PostgreSQL refuses everything until"
                            + " the rollback; what may fail needs a savepoint before it",
                    IN_FAILED_TRANSACTION));
        }
        if (state == TransactionState.IDLE || !transaction.equals(transaction())) {
            throw failed(new EndedItsTransaction());
        }
    }

    private void call() throws StepException, SQLException {
        GuardedConnection guarded =
                new GuardedConnection(work, script.migration().script());
        try {
            ForeignCode call = ForeignCode.enter(run.target().toString());
            SignOfLife sign = SignOfLife.start(work, run.target());
            try {
                code.migrate(guarded.view());
            } finally {
                sign.close();
                call.close();
                guarded.end();
            }
        } catch (Exception | LinkageError | AssertionError e) {
            throw failed(e);
        }
    }

    private String transaction() throws SQLException {
        return Message.send(work, "SELECT pg_catalog.txid_current()")
                .orThrow()
                .row(0)
                .required(0);
    }

    private StepException failed(Throwable thrown) throws SQLException {
        return new StepException(script, null, null, asSqlException(thrown), false);
    }

    /** Frameworks hide the server's error behind exceptions of their own. */
    private SQLException asSqlException(Throwable thrown) throws SQLException {
        SQLException inner = null;
        for (Throwable each = thrown; each != null && inner == null; each = each.getCause()) {
            inner = each instanceof SQLException sql ? sql : null;
        }
        if (work.isClosed()) {
            return new SQLException(thrown.toString(), "08006", thrown);
        }
        if (inner == null) {
            return new SQLException(thrown.toString(), null, thrown);
        }
        if (SqlStates.connectionLost(inner)) {
            // Of a connection to somewhere else: ours is there.
            return new SQLException(thrown.toString(), null, thrown);
        }
        return inner == thrown ? inner : new SQLException(thrown.toString(), inner.getSQLState(), thrown);
    }
}
