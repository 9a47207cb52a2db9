package dev.gangway.history;

import dev.gangway.pgjdbc.Message;
import dev.gangway.pgjdbc.Row;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the history keeps of a migration's files, so that a process which does not have them can undo it, and a changed
 * file can be held against what was applied.
 *
 * @param undo   the text that takes the migration back, with placeholders replaced; null when it has none
 * @param script the script as in the file, placeholders not replaced; null when it is too long to be kept,
 *     or the migration is a class
 */
public record KeptTexts(@Nullable String undo, @Nullable String script) {
    /** Nothing new to keep. */
    public static final KeptTexts NONE = new KeptTexts(null, null);

    /** A script that is longer than this many chars holds data, of which nobody reads a diff. */
    private static final int LONGEST_SCRIPT = 100_000;

    /**
     * {@return what is kept of these texts}
     *
     * @param script null when there is none
     */
    public static KeptTexts of(@Nullable String undo, @Nullable String script) {
        // The server's text type takes every character but this one.
        boolean kept = script != null && script.length() <= LONGEST_SCRIPT && script.indexOf('\0') < 0;
        return new KeptTexts(undo, kept ? script : null);
    }

    /** {@return the texts of all rows by their rank} */
    public static Map<Long, KeptTexts> read(Connection connection, HistoryTable table) throws SQLException {
        Map<Long, KeptTexts> texts = new HashMap<>();
        for (Row row : Message.send(connection, table.textsSql()).orThrow().rows(0)) {
            texts.put(row.number(0), new KeptTexts(row.text(1), row.text(2)));
        }
        return texts;
    }
}
