package dev.gangway.pgjdbc;

import java.sql.SQLException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.postgresql.util.PSQLException;
import org.postgresql.util.ServerErrorMessage;

/**
 * What the server says of an error, for people. pgjdbc's own message also holds a position, which counts from the
 * beginning of what was sent and so misleads whoever has only the file.
 */
public final class ServerError {
    /** Whatever the server's language is: {@code COPY items, Zeile 3, Spalte id: »x«}. */
    private static final Pattern COPY_LINE = Pattern.compile("^COPY [^,]+, \\D*(\\d{1,9})", Pattern.MULTILINE);

    private ServerError() {}

    /** {@return the server's message with its SQLState, and detail, hint and context on lines of their own} */
    public static String describe(SQLException error) {
        ServerErrorMessage server = fromServer(error);
        if (server == null) {
            return withState(error, String.valueOf(error.getMessage()));
        }
        StringBuilder text = new StringBuilder(withState(error, server.getSeverity() + ": " + server.getMessage()));
        append(text, "detail", server.getDetail());
        append(text, "hint", server.getHint());
        append(text, "context", server.getWhere());
        return text.toString();
    }

    private static String withState(SQLException error, String message) {
        return error.getSQLState() == null ? message : message + " (SQLState " + error.getSQLState() + ")";
    }

    private static void append(StringBuilder text, String label, @Nullable String value) {
        if (value != null && !value.isEmpty()) {
            text.append('\n').append(label).append(": ").append(value);
        }
    }

    /** {@return the character of the message at which the server saw the error, from 1; 0 when it did not say} */
    public static int positionInMessage(SQLException error) {
        ServerErrorMessage server = fromServer(error);
        return server == null ? 0 : server.getPosition();
    }

    /** {@return at which line of the data a COPY failed, from 1 and a header line counted; 0 when the server did not say} */
    public static int copyLine(SQLException error) {
        ServerErrorMessage server = fromServer(error);
        String where = server == null ? null : server.getWhere();
        Matcher matcher = COPY_LINE.matcher(where == null ? "" : where);
        return matcher.find() ? Integer.parseInt(matcher.group(1)) : 0;
    }

    private static @Nullable ServerErrorMessage fromServer(SQLException error) {
        return error instanceof PSQLException psql ? psql.getServerErrorMessage() : null;
    }
}
