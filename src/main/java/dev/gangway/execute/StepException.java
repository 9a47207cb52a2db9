package dev.gangway.execute;

import dev.gangway.pgjdbc.ServerError;
import dev.gangway.sql.Position;
import dev.gangway.sql.SqlStatement;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/** A step failed; not yet decided whether it is tried again or reported. */
final class StepException extends Exception {
    private static final long serialVersionUID = 1L;

    private final transient Script script;
    private final transient @Nullable SqlStatement statement;
    private final transient @Nullable Position position;
    private final @Nullable String own;
    private final SQLException error;
    private final boolean fencedOut;

    StepException(
            Script script,
            @Nullable SqlStatement statement,
            @Nullable Position position,
            SQLException error,
            boolean fencedOut) {
        this(new Batch.Culprit(0, script, statement, position, null), error, fencedOut);
    }

    /** A statement that was sent on its own, so that the server's position counts from its beginning. */
    static StepException alone(Script script, SqlStatement statement, SQLException error) {
        int character = ServerError.positionInMessage(error);
        Position position = character > 0 ? statement.positionOf(character) : statement.position();
        return new StepException(script, statement, position, error, false);
    }

    StepException(Batch.Culprit culprit, SQLException error, boolean fencedOut) {
        super(error);
        this.script = culprit.script();
        this.statement = culprit.statement();
        this.position = culprit.position();
        this.own = culprit.own();
        this.error = DriverSettings.explained(culprit.script(), error);
        this.fencedOut = fencedOut;
    }

    /** A condition that the server cannot evaluate. */
    static StepException ofCondition(Script script, String condition, SQLException error) {
        SQLException told = new SQLException(
                "the condition when=" + condition + " cannot be evaluated: " + error.getMessage(),
                error.getSQLState(),
                error);
        return new StepException(script, null, null, told, false);
    }

    Script script() {
        return script;
    }

    @Nullable
    SqlStatement statement() {
        return statement;
    }

    @Nullable
    Position position() {
        return position;
    }

    /** {@return the command that failed, when it was none of the script's but one of our own, such as the commit} */
    @Nullable
    String own() {
        return own;
    }

    SQLException error() {
        return error;
    }

    /** {@return whether another leader has moved the schema on, so that this step did nothing} */
    boolean fencedOut() {
        return fencedOut;
    }
}
