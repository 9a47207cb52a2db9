package dev.gangway.execute;

import dev.gangway.migration.Migration;
import dev.gangway.sql.FileMention;
import dev.gangway.sql.FileMentions;
import dev.gangway.sql.SourceText;
import dev.gangway.sql.SqlStatement;
import dev.gangway.sql.SqlSyntaxException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The files that one script of a migration mentions. They are looked for before anything runs, and what becomes a literal is
 * read.
 *
 * @param literals by the names of their placeholders, {@code gangway:file:NAME}
 * @param rows the names of those that hold rows
 */
record MentionedFiles(Map<String, String> literals, Set<String> rows) {

    static final MentionedFiles NONE = new MentionedFiles(Map.of(), Set.of());

    private static final String INSTEAD =
            " Bring the rows along in the text, for example by ${gangway:file:NAME} in SELECT *"
                    + " FROM jsonb_to_recordset(…).";

    /** @param script one of the migration's own */
    static MentionedFiles of(Migration migration, SourceText script) throws SqlSyntaxException {
        List<FileMention> mentions =
                FileMentions.in(script, migration.directives().placeholders());
        if (mentions.isEmpty()) {
            return NONE;
        }
        Map<String, String> literals = new HashMap<>();
        Set<String> rows = new HashSet<>();
        for (FileMention mention : mentions) {
            if (mention.rows()) {
                refuseRowsOfCompanions(migration, script, mention);
                migration.files().require(mention);
                rows.add(mention.name());
            } else {
                String placeholder = "gangway:file:" + mention.name();
                if (!literals.containsKey(placeholder)) {
                    literals.put(placeholder, migration.files().literal(mention));
                }
            }
        }
        return new MentionedFiles(literals, rows);
    }

    private static void refuseRowsOfCompanions(Migration migration, SourceText script, FileMention mention)
            throws SqlSyntaxException {
        if (script == migration.undo()) {
            throw new SqlSyntaxException(
                    mention.position(),
                    "\\copy cannot stand in an undo script: the history keeps the script's text for the day it is needed,"
                            + " when the file may be gone." + INSTEAD);
        }
        if (script == migration.verify()) {
            throw new SqlSyntaxException(
                    mention.position(),
                    "\\copy cannot stand in a verify script, which holds queries only: validate asks them again, one by one"
                            + " and read-only." + INSTEAD);
        }
    }

    /** Fails if a statement loads a file that the script does not mention as it stands on disk. */
    void requireMentioned(List<SqlStatement> statements) throws SqlSyntaxException {
        for (SqlStatement statement : statements) {
            String file = statement.dataFile();
            if (file != null && !rows.contains(file)) {
                throw new SqlSyntaxException(
                        statement.position(),
                        "The name of this \\copy's file, \"%s\", came out of a placeholder. Write it into the script itself."
                                .formatted(file));
            }
        }
    }
}
