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
import org.jspecify.annotations.Nullable;

/**
 * The files that a pending migration's scripts mention. They are looked for before anything runs, and what becomes a literal
 * is read.
 *
 * @param literals by the names of their placeholders, {@code gangway:file:NAME}
 * @param rows the names of those that hold rows
 */
record MentionedFiles(Map<String, String> literals, Set<String> rows) {

    static final MentionedFiles NONE = new MentionedFiles(Map.of(), Set.of());

    static MentionedFiles of(Migration migration) throws SqlSyntaxException {
        MentionedFiles files = new MentionedFiles(new HashMap<>(), new HashSet<>());
        files.add(migration, migration.source());
        files.add(migration, migration.verify());
        SourceText undo = migration.undo();
        if (undo != null) {
            for (FileMention mention : files.add(migration, undo)) {
                if (mention.rows()) {
                    throw new SqlSyntaxException(
                            mention.position(),
                            "\\copy cannot stand in an undo script: the history keeps the script's text for the day it is"
                                    + " needed, when the file may be gone. Bring the rows along in the text, for example by"
                                    + " ${gangway:file:NAME} in INSERT INTO … SELECT * FROM jsonb_to_recordset(…).");
                }
            }
        }
        return files;
    }

    private List<FileMention> add(Migration migration, @Nullable SourceText script) throws SqlSyntaxException {
        if (script == null) {
            return List.of();
        }
        List<FileMention> mentions =
                FileMentions.in(script, migration.directives().placeholders());
        for (FileMention mention : mentions) {
            if (mention.rows()) {
                migration.files().require(mention);
                rows.add(mention.name());
            } else {
                String placeholder = "gangway:file:" + mention.name();
                if (!literals.containsKey(placeholder)) {
                    literals.put(placeholder, migration.files().literal(mention));
                }
            }
        }
        return mentions;
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
