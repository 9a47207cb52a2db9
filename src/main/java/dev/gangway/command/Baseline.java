package dev.gangway.command;

import dev.gangway.GangwayException;
import dev.gangway.GangwayException.Code;
import dev.gangway.adopt.Adoption;
import dev.gangway.history.HistoryRow;
import dev.gangway.history.HistorySnapshot;
import dev.gangway.history.KeptTexts;
import dev.gangway.history.State;
import dev.gangway.internal.Build;
import dev.gangway.leader.Leader;
import dev.gangway.migration.Kind;
import dev.gangway.migration.Version;
import java.sql.SQLException;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes down that a schema which was built otherwise holds what the migrations up to a version do, so that those are
 * never run.
 */
final class Baseline {
    private static final Logger LOG = LoggerFactory.getLogger(Baseline.class);

    private final Context context;
    private final Version version;

    Baseline(Context context, String version) throws SQLException {
        this.context = context;
        this.version = Context.version(version, "The baseline");
    }

    void run() throws SQLException {
        context.leadership(context.ask()).lead(this::write);
    }

    private HistorySnapshot write(Leader leader) throws SQLException {
        HistorySnapshot history = leader.history();
        if (history == null) {
            refuseForeignHistory(leader);
            history = leader.createHistory();
        }
        for (HistoryRow row : history.rows()) {
            if (row.state() == State.BASELINE && version.equals(row.version())) {
                LOG.info("{} - version {} is the baseline already; nothing was changed", leader.target(), version);
                return history;
            }
        }
        refuseBesides(history);
        HistoryRow row = new HistoryRow(
                history.nextRank(),
                version,
                "baseline",
                Kind.VERSIONED,
                "schema",
                "baseline",
                null,
                State.BASELINE,
                false,
                0,
                0,
                List.of(),
                null,
                "");
        HistorySnapshot after = leader.write(
                history, history.with(row), leader.table().recordSql(row, null, KeptTexts.NONE, 0L, Build.VERSION));
        LOG.info("{} - version {} is the baseline: migrations up to it are never run", leader.target(), version);
        return after;
    }

    /** That history says more than a baseline could. */
    private void refuseForeignHistory(Leader leader) throws SQLException {
        String foreign = Adoption.announced(leader.work(), leader.table(), context.settings());
        if (foreign != null) {
            throw new GangwayException.Permanent(Code.HISTORY_MISMATCH, """
                    The schema "%s" has no history of Gangway's, but the table %s of another migration tool.
                      database: unchanged
                      next:     migrate takes that history over, which a baseline would prevent; if these migrations have\
                     nothing to do with that tool's, set gangway.adopt=none""".formatted(leader.schema(), foreign));
        }
    }

    /** A baseline stands at the beginning: what was applied by Gangway speaks for itself. */
    private static void refuseBesides(HistorySnapshot history) throws GangwayException.Permanent {
        List<HistoryRow> there = history.rows().stream()
                .filter(row ->
                        row.state().countsAsApplied() || row.state() == State.STARTED || row.statementsDone() > 0)
                .filter(row -> row.state() != State.UNDONE && row.state() != State.SUPERSEDED)
                .toList();
        if (!there.isEmpty()) {
            HistoryRow first = there.get(0);
            throw new GangwayException.Permanent(Code.HISTORY_MISMATCH, """
                    There can be no baseline any more: %s is %s since %s%s.
                      database: unchanged
                      next:     migrate goes on from there; a baseline is for a schema that Gangway has never migrated""".formatted(
                            first.state() == State.BASELINE ? "version " + first.version() : first.script(),
                            first.state() == State.BASELINE
                                    ? "the baseline"
                                    : first.state().text(),
                            first.installedOn(),
                            there.size() == 1 ? "" : ", and " + (there.size() - 1) + " more"));
        }
    }
}
