package dev.gangway.execute;

import dev.gangway.pgjdbc.Reply;
import dev.gangway.pgjdbc.Row;
import java.util.List;

/** The expression of a {@code when}: as long as it does not hold, the migration is deferred. */
final class Condition {
    private Condition() {}

    /** {@return a query that answers with one row whether it holds; NULL does not} */
    static String question(String condition) {
        // A line end before the parenthesis, for an expression that ends in a comment.
        return "SELECT (" + condition + "\n) IS TRUE";
    }

    /** {@return the answer of the command at that index} */
    static boolean holds(Reply reply, int command) {
        List<Row> rows = reply.rows(command);
        return !rows.isEmpty() && rows.get(0).bool(0);
    }
}
