package dev.gangway.execute;

import dev.gangway.GangwayException;
import dev.gangway.GangwayException.Code;
import dev.gangway.history.HistoryRow;
import dev.gangway.migration.Migration;
import dev.gangway.sql.ConcurrentIndex;
import dev.gangway.sql.SqlStatement;
import java.util.List;

/** What a script must not contain, or not together with a directive; found before the first migration runs. */
final class ScriptRules {
    /** In chars. */
    private static final int LONGEST_BATCH = 100_000;

    private ScriptRules() {}

    /** Refuses a script that cannot be carried out as its directives say, or that was changed where it is done. */
    static void check(Script script) throws GangwayException.Permanent {
        refuseWhatCannotBeRepeated(script);
        refuseTransactionInBackground(script);
        refuseChangedBeginning(script);
        refuseWhatDoesNotLast(script);
        refuseIndexWithoutName(script);
    }

    /**
     * Under the name that the server chooses, nobody could tell after a break-off whether the index was built, nor find
     * what is left of it: it would be built a second time, under another name.
     */
    private static void refuseIndexWithoutName(Script script) throws GangwayException.Permanent {
        for (SqlStatement statement : script.statements()) {
            if (statement.concurrentIndex().orElse(null) instanceof ConcurrentIndex.Create create
                    && create.name() == null) {
                throw new GangwayException.Permanent(
                        Code.MIGRATION_FAILED, """
                        %s: an index that is built concurrently needs a name: without one, nobody could find it again\
                         if the build broke off; nothing was changed.
                          next: write CREATE INDEX CONCURRENTLY name ON %s ... and connect again""".formatted(statement.position(), create.table()));
            }
        }
    }

    /**
     * Between the statements of a script that is not one transaction lie our own records, which the role of the script
     * may not be allowed to write and for which the connection must live. Whoever sets the role would see the next
     * statement run as another one.
     */
    private static void refuseWhatDoesNotLast(Script script) throws GangwayException.Permanent {
        HistoryRow earlier = script.begun();
        if (script.isTransactional() || script.isRepeated() || (earlier != null && earlier.statementsDone() > 0)) {
            return;
        }
        for (SqlStatement statement : script.statements()) {
            boolean role = takesOnRole(statement.words());
            if (role || DriverSettings.breaks(statement)) {
                throw new GangwayException.Permanent(Code.MIGRATION_FAILED, """
                        %s: %s would not last until the next statement, for the script cannot run in one transaction\
                         (%s); nothing was changed.
                          next: %s""".formatted(
                                statement.position(),
                                statement.summary(),
                                script.bareReason(),
                                role
                                        ? "name the role with gangway.migrationUser, or give what was created away with"
                                                + " ALTER ... OWNER TO"
                                        : "leave client_encoding and DateStyle as they are: pgjdbc closes a connection"
                                                + " on which they change"));
            }
        }
    }

    private static boolean takesOnRole(List<String> words) {
        if (!words.get(0).equals("SET") || words.contains("NONE") || words.contains("DEFAULT")) {
            return false;
        }
        String first = word(words, 1);
        boolean scoped = first.equals("LOCAL")
                || (first.equals("SESSION") && !word(words, 2).equals("AUTHORIZATION"));
        String what = scoped ? word(words, 2) : first;
        return what.equals("ROLE")
                || what.equals("SESSION_AUTHORIZATION")
                || (what.equals("SESSION") && word(words, scoped ? 3 : 2).equals("AUTHORIZATION"));
    }

    private static String word(List<String> words, int index) {
        return index < words.size() ? words.get(index) : "";
    }

    private static void refuseWhatCannotBeRepeated(Script script) throws GangwayException.Permanent {
        if (!script.isRepeated()) {
            return;
        }
        Migration migration = script.migration();
        String directive = "repeat=until-no-rows";
        for (SqlStatement statement : script.statements()) {
            String reason = statement.nonTransactionalReason().orElse(null);
            if (reason != null || statement.isCopyIn()) {
                throw wrongDirective(
                        migration,
                        directive,
                        "a batch is one transaction, to which line "
                                + statement.position().line() + " does not belong");
            }
        }
        if (script.statements().stream().noneMatch(SqlStatement::changesRows)) {
            throw wrongDirective(
                    migration,
                    directive,
                    "it ends when a batch changes no row, so there has to be an INSERT, UPDATE, DELETE or MERGE in it");
        }
        if (script.length() > LONGEST_BATCH) {
            throw wrongDirective(migration, directive, "a batch is a short script; this one holds data");
        }
    }

    private static void refuseTransactionInBackground(Script script) throws GangwayException.Permanent {
        if (script.migration().directives().background() && script.isTransactional()) {
            throw wrongDirective(
                    script.migration(),
                    "run=background",
                    "it is for what needs no transaction: CREATE INDEX CONCURRENTLY and its like, repeat=until-no-rows,"
                            + " or transaction=off");
        }
    }

    /** {@return the error for a directive that does not fit its script} */
    static GangwayException.Permanent wrongDirective(Migration migration, String directive, String rule) {
        return new GangwayException.Permanent(
                Code.MIGRATION_FAILED, """
                %s: the directive %s does not fit: %s.
                  database: unchanged; nothing was applied
                  next:     correct the directive or the script and connect again""".formatted(migration.source().name(), directive, rule));
    }

    static void refuseTransactionControl(List<SqlStatement> statements) throws GangwayException.Permanent {
        for (SqlStatement statement : statements) {
            if (statement.controlsTransaction()) {
                throw new GangwayException.Permanent(Code.MIGRATION_FAILED, """
                        %s: %s does not belong in a migration; nothing was changed.
                          next: remove it. Each migration is one transaction already; with the line\
                         "-- gangway: transaction=off" at its top, each of its statements is one""".formatted(
                                statement.position(), statement.words().get(0)));
            }
        }
    }

    /** Scripts are split, and their errors placed, by the rule that a backslash in a plain string is a backslash. */
    static void refuseOtherStringSyntax(List<SqlStatement> statements) throws GangwayException.Permanent {
        for (SqlStatement statement : statements) {
            if (statement.changesStringSyntax()) {
                throw new GangwayException.Permanent(Code.MIGRATION_FAILED, """
                        %s: standard_conforming_strings has to be on in a migration; nothing was changed.
                          next: remove the line, and write strings with backslash escapes as E'...'""".formatted(statement.position()));
            }
        }
    }

    private static void refuseChangedBeginning(Script script) throws GangwayException.Permanent {
        HistoryRow earlier = script.begun();
        if (earlier == null || earlier.statementsDone() == 0 || script.isRepeated()) {
            return;
        }
        int done = earlier.statementsDone();
        if (done <= script.statements().size() && script.checksumOfFirst(done).equals(earlier.checksum())) {
            return;
        }
        throw new GangwayException.Permanent(Code.HISTORY_MISMATCH, """
                %s was begun on %s and its first %d statements are carried out, but they are no longer what stands in\
                 %s; nothing was changed.
                  file: %s
                  next: put those statements back as they were; only what follows them may be corrected""".formatted(
                        script.migration().script(),
                        earlier.installedOn(),
                        done,
                        script.migration().files().digests().isEmpty()
                                ? "the file"
                                : "the file and the data files that it loads",
                        script.migration().source().name()));
    }

    /** Refuses what cannot be a part of {@code gangway.transaction=all}. */
    static void refuseForOneTransaction(List<Script> scripts) throws GangwayException.Permanent {
        for (Script script : scripts) {
            if (!script.isTransactional()) {
                throw new GangwayException.Permanent(Code.SETTING_WRONG, """
                        gangway.transaction=all cannot hold: %s cannot run in a transaction (%s); nothing was changed.
                          file: %s
                          next: set gangway.transaction=each, or apply that migration on its own first""".formatted(
                                script.migration().script(),
                                script.bareReason(),
                                script.migration().source().name()));
            }
        }
    }

    /**
     * Behind a transaction pooler, settings of a session reach whoever gets the server's session next; a statement that
     * cannot run in a transaction must do with the role's own.
     */
    static void refuseBehindPooler(List<Script> scripts) throws GangwayException.Permanent {
        for (Script script : scripts) {
            // Batches are transactions, whose settings end with them.
            if (script.isTransactional() || script.isRepeated()) {
                continue;
            }
            List<SqlStatement> forSession =
                    script.sessionSettings(script.statements().size());
            if (!forSession.isEmpty()) {
                throw new GangwayException.Permanent(
                        Code.SETTING_WRONG, """
                        %s: this sets something for the session, the script cannot run in a transaction (%s), and there is\
                         a pooler between us and the server, which gives the session to others; nothing was changed.
                          next: set gangway.migrationUrl to the server's own address, or move the setting to the role\
                         (ALTER ROLE ... SET)""".formatted(forSession.get(0).position(), script.bareReason()));
            }
            if (script.searchPath() != null) {
                throw new GangwayException.Permanent(Code.SETTING_WRONG, """
                        %s cannot run in a transaction (%s), needs the search_path %s, and there is a pooler between us\
                         and the server, through which that cannot be set safely; nothing was changed.
                          file: %s
                          next: set gangway.migrationUrl to the server's own address""".formatted(
                                script.migration().script(),
                                script.bareReason(),
                                script.searchPath(),
                                script.migration().source().name()));
            }
        }
    }
}
