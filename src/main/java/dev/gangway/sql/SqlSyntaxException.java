package dev.gangway.sql;

/**
 * A script cannot be read: it is not text, not SQL, or has a placeholder without a value. {@link #getMessage()} says where,
 * what is wrong and what to do; {@link #problem()} the same without the where.
 */
public final class SqlSyntaxException extends Exception {
    private static final long serialVersionUID = 1L;

    private final Position position;
    private final String problem;

    public SqlSyntaxException(Position position, String problem) {
        super(position + ": " + problem);
        this.position = position;
        this.problem = problem;
    }

    /** {@return where in the file; for something unterminated, where it begins} */
    public Position position() {
        return position;
    }

    /** {@return the message without the position in front} */
    public String problem() {
        return problem;
    }
}
