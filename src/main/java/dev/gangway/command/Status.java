package dev.gangway.command;

import dev.gangway.history.HistorySnapshot;
import dev.gangway.history.Precheck;
import dev.gangway.plan.Files;
import dev.gangway.plan.Survey;
import dev.gangway.report.StatusReport;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * Tells how the schema stands: one question to the server, which a standby answers too, and which needs no more than the
 * right to read the history. A contradiction between files and history is told, not thrown.
 */
final class Status {
    private final Context context;

    Status(Context context) {
        this.context = context;
    }

    StatusReport run() throws SQLException {
        Files files = context.files();
        Precheck check = context.ask();
        HistorySnapshot history = check.history();
        Survey survey = files.survey(history);
        List<String> warnings = new ArrayList<>(context.settings().warnings());
        warnings.addAll(survey.plan().warnings());
        if (survey.tooNew() != null) {
            warnings.add(Objects.requireNonNull(survey.tooNew().getMessage()));
        }
        if (history != null && !history.content().text().equals(history.recorded())) {
            warnings.add("the rows of the history " + check.table().historyName()
                    + " were edited: they no longer give the recorded fingerprint; repair computes it anew");
        }
        return new StatusReport(
                context.target().toString(),
                String.valueOf(check.table().schema()),
                Migrate.highest(history),
                new StatusRows(files, history, survey.plan()).all(),
                warnings);
    }
}
