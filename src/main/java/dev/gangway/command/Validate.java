package dev.gangway.command;

import dev.gangway.execute.ScriptReader;
import dev.gangway.execute.Verification;
import dev.gangway.execute.VerifyRow;
import dev.gangway.history.HistoryRow;
import dev.gangway.history.HistorySnapshot;
import dev.gangway.history.Precheck;
import dev.gangway.history.State;
import dev.gangway.leader.Leadership;
import dev.gangway.migration.Migration;
import dev.gangway.pgjdbc.Connections;
import dev.gangway.plan.Files;
import dev.gangway.plan.Plan;
import dev.gangway.plan.Survey;
import dev.gangway.report.ValidationReport;
import dev.gangway.report.ValidationReport.Check;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Finds out whether the schema is what the files say: what is pending, what contradicts, and what the verify scripts of
 * all applied migrations say now. As the role that migrates, for which those scripts are written; reads only.
 */
final class Validate {
    private final Context context;

    Validate(Context context) {
        this.context = context;
    }

    ValidationReport run() throws SQLException {
        Files files = context.files();
        Precheck application = context.ask();
        HistorySnapshot history = application.history();
        Survey survey = files.survey(history);
        List<String> problems = new ArrayList<>();
        survey.mismatches().forEach(mismatch -> problems.add(withoutBullet(mismatch)));
        if (survey.tooNew() != null) {
            problems.add(Objects.requireNonNull(survey.tooNew().getMessage()));
        }
        if (history != null && !history.content().text().equals(history.recorded())) {
            problems.add("the rows of the history " + application.table().historyName()
                    + " were edited\n  next: find out by whom, then run repair, which computes the fingerprint anew");
        }
        List<String> pending = Stream.concat(survey.plan().steps().stream(), survey.plan().background().stream())
                .filter(step -> step.need() == Plan.Need.NOW)
                .map(Plan.Step::migration)
                .map(Migration::script)
                .toList();
        return new ValidationReport(
                context.target().toString(),
                pending,
                problems,
                history == null ? List.of() : checks(files, application, history));
    }

    private List<Check> checks(Files files, Precheck application, HistorySnapshot history) throws SQLException {
        Set<String> applied = new HashSet<>();
        for (HistoryRow row : history.rows()) {
            if (row.state() == State.APPLIED) {
                applied.add(row.identity());
            }
        }
        List<Migration> verified = files.migrations().stream()
                .filter(file -> file.verify() != null)
                .filter(file -> applied.contains(HistoryRow.identity(file.kind(), file.version(), file.description())))
                .toList();
        if (verified.isEmpty()) {
            return List.of();
        }
        Leadership leadership = new Leadership(
                context.settings(), context.endpoint(), application.table(), application.facts(), context.events());
        Connection connection = leadership.endpoint().connectForMigration("gangway validate");
        try {
            Precheck check = context.ask(connection);
            ScriptReader reader = new ScriptReader(
                    context.target(), check.facts(), application.table(), context.settings()::placeholder);
            Verification verification = new Verification(connection, reader);
            List<Check> checks = new ArrayList<>();
            for (Migration migration : verified) {
                for (VerifyRow row : verification.run(migration)) {
                    checks.add(new Check(migration.script(), row.category(), row.name(), row.passed(), row.detail()));
                }
            }
            return checks;
        } finally {
            Connections.close(connection);
        }
    }

    /** The planner's texts are made for a list in a message: a bullet, and lines that are indented behind it. */
    private static String withoutBullet(String mismatch) {
        return mismatch.strip().replaceFirst("^- ", "").replace("\n    ", "\n  ");
    }
}
