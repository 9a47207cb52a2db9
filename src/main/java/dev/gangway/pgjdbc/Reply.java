package dev.gangway.pgjdbc;

import java.sql.SQLException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the server answered to one {@link Message}.
 *
 * @param results the rows of each command that completed, in order; empty for a command without rows
 * @param counts  how many rows each of them changed or returned, as the server counts
 * @param error   why the command after the last completed one failed; null when all completed
 */
public record Reply(
        List<List<Row>> results,
        List<Long> counts,
        @Nullable SQLException error) {

    /** Nothing was sent. */
    public static final Reply NONE = new Reply(List.of(), List.of(), null);

    /** {@return how many commands completed, which is also the index of the one that failed} */
    public int completed() {
        return results.size();
    }

    /** {@return the reply to the commands from that index on} */
    public Reply from(int command) {
        return new Reply(results.subList(command, results.size()), counts.subList(command, counts.size()), error);
    }

    /** {@return this reply, when there was no error} */
    public Reply orThrow() throws SQLException {
        if (error != null) {
            throw error;
        }
        return this;
    }

    /** {@return the rows of the command at that index} */
    public List<Row> rows(int command) {
        return results.get(command);
    }

    /** {@return how many rows the command at that index changed or returned} */
    public long count(int command) {
        return counts.get(command);
    }

    /** {@return the only row of the command at that index} */
    public Row row(int command) {
        return results.get(command).get(0);
    }
}
