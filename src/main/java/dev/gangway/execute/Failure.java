package dev.gangway.execute;

import dev.gangway.GangwayException;
import dev.gangway.GangwayException.Code;
import dev.gangway.history.HistoryTable;
import dev.gangway.pgjdbc.ServerError;
import dev.gangway.sql.Position;
import dev.gangway.sql.SqlStatement;

/** Says what an engineer needs to know when a migration has failed: where, what, how the database stands, what to do. */
final class Failure {
    private Failure() {}

    /**
     * {@return the exception for a failed migration}
     *
     * @param failed   what failed
     * @param database how the failure leaves the database
     * @param next     what to do
     */
    static GangwayException.Permanent of(StepException failed, String database, String next) {
        return of("Migration " + failed.script().migration().script(), failed, database, next);
    }

    /** @param subject what has failed, as the beginning of a sentence */
    static GangwayException.Permanent of(String subject, StepException failed, String database, String next) {
        Script script = failed.script();
        SqlStatement statement = failed.statement();
        Position position = failed.position();
        String own = failed.own();
        StringBuilder text = new StringBuilder(subject);
        if (position == null) {
            text.append(" failed");
        } else {
            text.append(" failed at line ").append(position.line());
            text.append(", column ").append(position.column());
        }
        boolean inJava = script.migration().code() != null;
        if (inJava) {
            line(text, "class", JavaCode.place(script.migration().script(), failed.error()));
        } else {
            line(text, "file", position == null ? script.migration().source().name() : position.toString());
        }
        if (statement != null) {
            line(text, "statement", statement.summary());
        } else if (own != null) {
            line(
                    text,
                    "statement",
                    own.substring(0, Math.min(own.length(), 80)) + " (Gangway's own, after those of the file)");
        }
        String dataFile = statement == null ? null : statement.dataFile();
        if (dataFile != null) {
            int row = ServerError.copyLine(failed.error());
            String place = script.migration().files().place(dataFile);
            line(text, "data file", row == 0 ? place : place + " line " + row);
        }
        line(text, inJava ? "error" : "server", ServerError.describe(failed.error()));
        line(text, "database", database);
        boolean notRecorded = own != null && HistoryTable.isNotRecorded(failed.error());
        line(text, "next", notRecorded ? "undo what was done to the history's tables and connect again" : next);
        return new GangwayException.Permanent(Code.MIGRATION_FAILED, text.toString(), failed.error());
    }

    /** {@return what to do when a statement has met a lock, a deadlock or a conflict too often} */
    static String waitedInVain(Run run, int attempts) {
        String heldBy = run.watch().heldBy();
        return (heldBy.isEmpty() ? "" : heldBy.substring(2) + "\nend that session, or ")
                + "connect again at a quieter time; "
                + (attempts == 1 ? "1 attempt was made" : attempts + " attempts were made")
                + " (gangway.lockTimeout, gangway.lockRetries)";
    }

    private static void line(StringBuilder text, String label, String value) {
        text.append("\n  ").append(label).append(": ").append(" ".repeat(9 - label.length()));
        text.append(value.replace("\n", "\n             "));
    }
}
