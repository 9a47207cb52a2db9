package dev.gangway.execute;

import dev.gangway.pgjdbc.Message;
import dev.gangway.pgjdbc.Reply;
import dev.gangway.pgjdbc.Row;
import dev.gangway.pgjdbc.ServerError;
import dev.gangway.sql.Position;
import dev.gangway.sql.SqlStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Commands that travel in one message: our own and those of scripts, in the order of their addition. Remembers where
 * each stands in the message, so that an error can be led back to the file.
 */
final class Batch {
    private static final String SEPARATOR = ";\n";

    private final StringBuilder text = new StringBuilder();
    private final List<Command> commands = new ArrayList<>();

    /** One command of the message: {@code statement} is null for our own. */
    private record Command(
            int start,
            Script script,
            @Nullable SqlStatement statement,
            @Nullable Consumer<List<Row>> listener) {}

    /**
     * Which command failed, for which script, and where in its file that is. {@code statement} is null for a command of
     * our own, of which {@code own} holds the text.
     */
    record Culprit(
            int command,
            Script script,
            @Nullable SqlStatement statement,
            @Nullable Position position,
            @Nullable String own) {}

    /** Adds a command of our own; {@return its index} */
    int add(Script script, String sql) {
        return add(script, sql, null, null);
    }

    /** Adds a query of our own, and who hears its rows, also when a later command fails. */
    void ask(Script script, String sql, Consumer<List<Row>> listener) {
        add(script, sql, null, listener);
    }

    void addAll(Script script, List<String> commands) {
        commands.forEach(command -> add(script, command));
    }

    /** Adds a statement of a script; {@return its index} */
    int add(Script script, SqlStatement statement) {
        return add(script, statement.text(), statement, null);
    }

    private int add(
            Script script, String sql, @Nullable SqlStatement statement, @Nullable Consumer<List<Row>> listener) {
        if (!commands.isEmpty()) {
            text.append(SEPARATOR);
        }
        commands.add(new Command(text.length(), script, statement, listener));
        text.append(sql);
        return commands.size() - 1;
    }

    /** {@return how many chars the message has so far} */
    int length() {
        return text.length();
    }

    int size() {
        return commands.size();
    }

    boolean isEmpty() {
        return commands.isEmpty();
    }

    /** Sends the commands; what the server remarks goes to the log. */
    Reply send(Run run) throws SQLException {
        Recorder recorder = run.recorder();
        if (recorder != null) {
            for (int i = 0; i < commands.size(); i++) {
                recorder.take(
                        commands.get(i).script(), textOf(i), commands.get(i).statement());
            }
            return recorder.answer(commands.size());
        }
        Reply reply = Message.send(
                run.work(), text.toString(), (command, notice) -> Notices.log(run, scriptOf(command), notice));
        for (int i = 0; i < reply.completed(); i++) {
            Consumer<List<Row>> listener = commands.get(i).listener();
            if (listener != null) {
                listener.accept(reply.rows(i));
            }
        }
        return reply;
    }

    private Script scriptOf(int command) {
        return commands.get(Math.min(command, commands.size() - 1)).script();
    }

    /** {@return which command the error of that reply belongs to} */
    Culprit culprit(Reply reply, SQLException error) {
        int position = ServerError.positionInMessage(error);
        int offset = position <= 0 || position > text.length() + 1 ? -1 : text.offsetByCodePoints(0, position - 1);
        int index = reply.completed();
        // A syntax error is found before anything runs: then no command has completed, and only the position tells.
        if (offset >= 0 && reply.completed() == 0) {
            index = commandAt(offset);
        }
        if (index >= commands.size()) {
            return new Culprit(index, scriptOf(index), null, null, null);
        }
        Command command = commands.get(index);
        SqlStatement statement = command.statement();
        if (statement == null) {
            return new Culprit(index, command.script(), null, null, textOf(index));
        }
        boolean inStatement = offset >= command.start() && commandAt(offset) == index;
        Position where = inStatement
                ? statement.positionOf(text.codePointCount(command.start(), offset) + 1)
                : statement.position();
        return new Culprit(index, command.script(), statement, where, null);
    }

    private String textOf(int index) {
        boolean last = index + 1 == commands.size();
        int end = last ? text.length() : commands.get(index + 1).start() - SEPARATOR.length();
        return text.substring(commands.get(index).start(), end);
    }

    private int commandAt(int offset) {
        int index = 0;
        while (index + 1 < commands.size() && commands.get(index + 1).start() <= offset) {
            index++;
        }
        return index;
    }
}
