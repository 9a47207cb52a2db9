package dev.gangway.execute;

import dev.gangway.GangwayException;
import dev.gangway.GangwayException.Code;
import dev.gangway.history.HistoryRow;
import dev.gangway.history.HistoryTable;
import dev.gangway.history.KeptTexts;
import dev.gangway.history.ServerFacts;
import dev.gangway.migration.Checksum;
import dev.gangway.migration.DataFiles;
import dev.gangway.migration.Directives;
import dev.gangway.migration.Migration;
import dev.gangway.pgjdbc.Quote;
import dev.gangway.pgjdbc.Target;
import dev.gangway.pgvector.VectorExtension;
import dev.gangway.plan.Plan;
import dev.gangway.sql.ExtensionUse;
import dev.gangway.sql.Placeholders;
import dev.gangway.sql.SourceText;
import dev.gangway.sql.SqlScript;
import dev.gangway.sql.SqlStatement;
import dev.gangway.sql.SqlSyntaxException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Reads all pending scripts before the first of them runs, so that a typing error in the last one is found while nothing
 * has happened yet.
 */
public final class ScriptReader {
    private final Target target;
    private final ServerFacts facts;
    private final String schema;
    private final String historyTable;
    private final boolean schemaIsNotCurrent;
    private final Placeholders.Resolver configured;

    /** Where pgvector is, or will be as soon as a migration read so far has run. */
    private String vectorSchema;

    /**
     * @param target     what the application connects to
     * @param facts      of the connection that migrates
     * @param table      the history; its schema, which is known by now, is the one that migrations see first
     * @param configured the values of the placeholders from the settings
     */
    public ScriptReader(Target target, ServerFacts facts, HistoryTable table, Placeholders.Resolver configured) {
        this.target = target;
        this.facts = facts;
        this.schema = Objects.requireNonNull(table.schema());
        this.historyTable = table.history();
        this.schemaIsNotCurrent = !schema.equals(facts.schema());
        VectorExtension vector = facts.vector();
        this.vectorSchema = vector == null ? schema : vector.schema();
        this.configured = configured;
    }

    private @Nullable String value(String name, MentionedFiles files) {
        String builtIn = builtIn(name);
        if (builtIn == null) {
            builtIn = files.literals().get(name);
        }
        return builtIn == null ? configured.value(name) : builtIn;
    }

    private @Nullable String builtIn(String name) {
        return switch (name) {
            case "gangway:user" -> target.user();
            case "gangway:database" -> facts.database();
            case "gangway:schema" -> schema;
            case "gangway:historyTable" -> historyTable;
            case "gangway:vectorSchema" -> vectorSchema;
            default -> null;
        };
    }

    List<Script> read(List<Plan.Step> steps) throws GangwayException.Permanent {
        List<Script> scripts = new ArrayList<>();
        for (Plan.Step step : steps) {
            try {
                scripts.add(read(step));
            } catch (SqlSyntaxException e) {
                throw unreadable(e);
            }
        }
        return scripts;
    }

    /** {@return for each of these steps a query whether its condition holds} */
    List<String> questions(List<Plan.Step> steps) throws GangwayException.Permanent {
        List<String> questions = new ArrayList<>();
        for (Plan.Step step : steps) {
            try {
                questions.add(Condition.question(String.valueOf(condition(step.migration()))));
            } catch (SqlSyntaxException e) {
                throw unreadable(e);
            }
        }
        return questions;
    }

    /** {@return a command that sets the search_path that scripts have, until the end of the transaction} */
    String searchPathSql() {
        String path = searchPath();
        return "SELECT pg_catalog.set_config('search_path', "
                + (path == null ? "pg_catalog.current_setting('search_path')" : Quote.literal(path)) + ", true)";
    }

    private Script read(Plan.Step step) throws SqlSyntaxException, GangwayException.Permanent {
        Migration migration = step.migration();
        List<SqlStatement> statements = statements(migration);
        ScriptRules.refuseTransactionControl(statements);
        ScriptRules.refuseOtherStringSyntax(statements);
        if (learnVectorSchema(statements)) {
            // The script that creates the extension may name its schema by the placeholder as well.
            statements = statements(migration);
        }
        Script script = new Script(
                step,
                statements,
                verify(migration),
                undo(migration),
                searchPath(),
                condition(migration),
                bareReason(step, statements));
        ScriptRules.check(script);
        return script;
    }

    /** {@return the queries of a migration's verify script, placeholders replaced; empty when it has none} */
    List<SqlStatement> verify(Migration migration) throws SqlSyntaxException {
        SourceText verify = migration.verify();
        return verify == null ? List.of() : statements(migration, verify);
    }

    /** {@return the statements of a migration, placeholders replaced} */
    public List<SqlStatement> statements(Migration migration) throws SqlSyntaxException {
        return statements(migration, migration.source());
    }

    /** {@return the statements of a text that the history keeps of a script, placeholders replaced} */
    public List<SqlStatement> statements(String script, String text) throws SqlSyntaxException {
        return SqlScript.parse(Placeholders.replace(
                        SourceText.of(script + " (history)", text), name -> value(name, MentionedFiles.NONE)))
                .statements();
    }

    /**
     * {@return what the history keeps of the files of a migration that is recorded without being run}
     *
     * @throws GangwayException.Permanent GW001 when a placeholder of the undo script has no value
     */
    KeptTexts keptTexts(Migration migration) throws GangwayException.Permanent {
        try {
            return texts(migration);
        } catch (SqlSyntaxException e) {
            throw unreadable(e);
        }
    }

    /** {@return what the history keeps of a migration's files} */
    public KeptTexts texts(Migration migration) throws SqlSyntaxException {
        return KeptTexts.of(undo(migration), migration.scriptText());
    }

    private @Nullable String undo(Migration migration) throws SqlSyntaxException {
        SourceText undo = migration.undo();
        return undo == null
                ? null
                : replaced(migration, undo, MentionedFiles.of(migration, undo)).text();
    }

    /**
     * {@return what takes that migration back, as a script that stands in no file}
     *
     * @param text of the history, in which placeholders are replaced already
     */
    Script undo(HistoryRow row, String text) throws GangwayException.Permanent {
        SourceText source = SourceText.of("undo of " + row.script() + " (history)", text);
        try {
            List<SqlStatement> statements = SqlScript.parse(source).statements();
            ScriptRules.refuseTransactionControl(statements);
            Migration undo = new Migration(
                    row.kind(),
                    row.version(),
                    row.description(),
                    "undo of " + row.script(),
                    source,
                    Directives.parse(source),
                    Checksum.ofStatements(statements, Map.of()),
                    null,
                    null,
                    DataFiles.NONE,
                    null);
            Plan.Step step = new Plan.Step(undo, row, Plan.Need.NOW);
            return new Script(step, statements, List.of(), null, searchPath(), null, firstBareReason(statements));
        } catch (SqlSyntaxException e) {
            throw new GangwayException.Permanent(Code.MIGRATION_FAILED, """
                    %s: %s
                      database: unchanged; nothing was undone
                      next:     correct the undo script of that migration and run repair, which stores its text""".formatted(e.position(), e.problem()), e);
        }
    }

    private List<SqlStatement> statements(Migration migration, SourceText text) throws SqlSyntaxException {
        MentionedFiles files = MentionedFiles.of(migration, text);
        List<SqlStatement> statements =
                SqlScript.parse(replaced(migration, text, files)).statements();
        files.requireMentioned(statements);
        return statements;
    }

    private SourceText replaced(Migration migration, SourceText text, MentionedFiles files) throws SqlSyntaxException {
        return migration.directives().placeholders() ? Placeholders.replace(text, name -> value(name, files)) : text;
    }

    /** {@return whether the script moves pgvector to another schema than the one known so far} */
    private boolean learnVectorSchema(List<SqlStatement> statements) {
        if (facts.vector() != null) {
            return false;
        }
        String known = vectorSchema;
        for (SqlStatement statement : statements) {
            ExtensionUse use = statement.extensionUse().orElse(null);
            if (use instanceof ExtensionUse.Create create && create.name().equals("vector")) {
                String written = create.schema();
                vectorSchema = written == null ? schema : written;
            }
        }
        return !vectorSchema.equals(known);
    }

    /** The schema of the settings first, then the session's own path, then pgvector's schema if it is not on it. */
    @Nullable
    String searchPath() {
        boolean vectorIsHidden =
                !vectorSchema.equals(schema) && !facts.visible().contains(vectorSchema);
        if (!schemaIsNotCurrent && !vectorIsHidden) {
            return null;
        }
        StringBuilder path = new StringBuilder(schemaIsNotCurrent ? Quote.identifier(schema) + ", " : "");
        path.append(facts.searchPath().isBlank() ? "\"\"" : facts.searchPath());
        if (vectorIsHidden) {
            path.append(", ").append(Quote.identifier(vectorSchema));
        }
        return path.toString();
    }

    /** {@return the expression of a step's {@code when}, ready to be asked; null when it has none} */
    @Nullable
    String condition(Migration migration) throws SqlSyntaxException, GangwayException.Permanent {
        String when = migration.directives().when();
        if (when == null) {
            return null;
        }
        String name = migration.source().name();
        SourceText written = SourceText.of(name, Condition.question(when));
        List<SqlStatement> statements = SqlScript.parse(replaced(migration, written, MentionedFiles.NONE))
                .statements();
        if (statements.size() != 1) {
            throw ScriptRules.wrongDirective(
                    migration, "when=" + when, "it is one SQL expression that gives true or false");
        }
        return replaced(migration, SourceText.of(name, when), MentionedFiles.NONE)
                .text();
    }

    private static @Nullable String bareReason(Plan.Step step, List<SqlStatement> statements) {
        if (step.migration().directives().repeatUntilNoRows()) {
            return "-- gangway: repeat=until-no-rows";
        }
        if (!step.migration().directives().transactional()) {
            return "-- gangway: transaction=off";
        }
        String reason = firstBareReason(statements);
        if (reason != null) {
            return reason;
        }
        HistoryRow earlier = step.earlier();
        return earlier != null && earlier.statementsDone() > 0 ? "it was begun without one" : null;
    }

    private static @Nullable String firstBareReason(List<SqlStatement> statements) {
        for (SqlStatement statement : statements) {
            String reason = statement.nonTransactionalReason().orElse(null);
            if (reason != null) {
                return "line " + statement.position().line() + ": " + reason;
            }
        }
        return null;
    }

    private static GangwayException.Permanent unreadable(SqlSyntaxException e) {
        return new GangwayException.Permanent(Code.MIGRATION_FAILED, """
                %s: %s
                  database: unchanged; nothing was applied
                  next:     correct the file or the setting and connect again""".formatted(e.position(), e.problem()), e);
    }
}
