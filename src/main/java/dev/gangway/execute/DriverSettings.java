package dev.gangway.execute;

import dev.gangway.GangwayException;
import dev.gangway.GangwayException.Code;
import dev.gangway.pgjdbc.ServerError;
import dev.gangway.pgjdbc.SqlStates;
import dev.gangway.sql.SqlStatement;
import java.sql.SQLException;
import java.util.List;
import java.util.Locale;

/**
 * The settings without which pgjdbc cannot read what the server answers: {@code client_encoding} and {@code DateStyle}.
 * When the server reports another value at the end of a message, pgjdbc closes the connection, and does so with the
 * SQLState of a lost one, after which a new attempt would only meet the same end.
 */
final class DriverSettings {
    private static final String ENCODING = "client_encoding";
    private static final String DATE_STYLE = "datestyle";

    private DriverSettings() {}

    /** {@return the error itself, unless pgjdbc has closed the connection because of such a setting: then one that says so} */
    static SQLException explained(Script script, SQLException error) {
        String message = String.valueOf(error.getMessage()).toLowerCase(Locale.ROOT);
        // pgjdbc's message is in the language of the JVM; the settings' names are the same in all.
        if (!SqlStates.connectionLost(error)
                || (!message.contains(ENCODING) && !message.contains(DATE_STYLE))
                || error instanceof GangwayException) {
            return error;
        }
        return new GangwayException.Permanent(
                Code.MIGRATION_FAILED,
                """
                Migration %s has changed a setting that pgjdbc relies on, whereupon it has closed the connection.
                  file:      %s
                  pgjdbc:    %s
                  database:  what was not committed was rolled back; the history says how far it came
                  next:      leave client_encoding and DateStyle as they are (files are read as UTF-8; a date is\
                 understood everywhere as 2026-12-31), or set them back in the file, and connect again""".formatted(
                        script.migration().script(), script.migration().source().name(), ServerError.describe(error)),
                error);
    }

    /** {@return whether the statement gives such a setting a value with which pgjdbc cannot go on} */
    static boolean breaks(SqlStatement statement) {
        List<String> words = statement.words();
        if (!words.get(0).equals("SET")) {
            return false;
        }
        String text = statement.text().toLowerCase(Locale.ROOT);
        if (text.contains("default")) {
            return false;
        }
        if (words.contains("NAMES") || words.contains("CLIENT_ENCODING")) {
            return !text.contains("utf") && !text.contains("unicode");
        }
        return words.contains("DATESTYLE") && !text.contains("iso");
    }
}
