package dev.gangway.backup;

import dev.gangway.GangwayException;
import dev.gangway.GangwayException.Code;
import java.nio.file.Path;
import java.sql.SQLException;

/** Says what went wrong, how the database stands, and what to do. */
final class Failures {
    private Failures() {}

    /** {@return the lines that stand below the first one of each message} */
    static String details(String what, String detail, String database, String next) {
        StringBuilder text = new StringBuilder();
        line(text, what, detail);
        line(text, "database", database);
        line(text, "next", next);
        return text.toString();
    }

    /** {@return GW004 for a file or folder that is not what it should be} */
    static SQLException unusable(String message, Throwable cause) {
        return new GangwayException.Permanent(Code.SETTING_WRONG, message, cause);
    }

    /** {@return the exception for a thread that was interrupted, whose flag is set again} */
    static SQLException interrupted(Path program, InterruptedException e) {
        Thread.currentThread().interrupt();
        return new GangwayException.Transient(
                Code.MIGRATION_FAILED,
                "Interrupted while %s was running; it was ended\n  database: unchanged\n  next:     call again"
                        .formatted(program.getFileName()),
                e);
    }

    private static void line(StringBuilder text, String label, String value) {
        text.append("\n  ").append(label).append(": ").append(" ".repeat(Math.max(0, 8 - label.length())));
        text.append(value.replace("\n", "\n            "));
    }
}
