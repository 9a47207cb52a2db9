package dev.gangway.execute;

import dev.gangway.pgjdbc.Reply;
import dev.gangway.sql.SqlStatement;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Takes down what a run would send, in order, and answers as if all went well: each command without rows, and of a batch
 * that is repeated the first one with a row changed, so that its record and its end are seen. Used by one thread.
 */
final class Recorder {
    private final List<Command> commands = new ArrayList<>();
    private final List<Script> repeated = new ArrayList<>();

    /** One command; {@code statement} is null for our own. */
    record Command(Script script, String sql, @Nullable SqlStatement statement) {}

    void take(Script script, String sql, @Nullable SqlStatement statement) {
        commands.add(new Command(script, sql, statement));
    }

    Reply own(Script script, String sql) {
        take(script, sql, null);
        return answer(1);
    }

    Reply answer(int completed) {
        Script last = commands.get(commands.size() - 1).script();
        boolean changes =
                last.isRepeated() && commands.get(commands.size() - 1).statement() != null && !repeated.contains(last);
        if (changes) {
            repeated.add(last);
        }
        return new Reply(
                Collections.nCopies(completed, List.of()), Collections.nCopies(completed, changes ? 1L : 0L), null);
    }

    List<Command> commands() {
        return commands;
    }
}
