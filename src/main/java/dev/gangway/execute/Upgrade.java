package dev.gangway.execute;

import dev.gangway.adopt.Adoption;
import dev.gangway.config.Settings;
import dev.gangway.history.HistoryRow;
import dev.gangway.history.HistorySnapshot;
import dev.gangway.history.State;
import dev.gangway.leader.Leader;
import dev.gangway.plan.Files;
import dev.gangway.plan.Plan;
import java.nio.file.Path;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a leader does with what is pending: the one way in which migrations are applied, for the first connection and for
 * the command alike. Stateless and thread-safe.
 */
public final class Upgrade {
    private static final Logger LOG = LoggerFactory.getLogger(Upgrade.class);

    private final Settings settings;
    private final Files files;

    public Upgrade(Settings settings, Files files) {
        this.settings = settings;
        this.files = files;
    }

    /**
     * Applies what is pending, having created the history, or taken over another tool's, if there is none.
     *
     * @return the history afterwards
     */
    public HistorySnapshot run(Leader leader) throws SQLException {
        HistorySnapshot history = leader.history();
        if (history == null) {
            leader.refuseEmptiedHistory();
            history = adopt(leader);
        }
        Plan plan = files.plan(history);
        if (mayBeAtWork(plan)) {
            history = leader.shutOutBackground();
            plan = files.plan(history);
        }
        plan.warnings().forEach(warning -> LOG.warn("{} - {}", leader.target(), warning));
        if (history != null && plan.steps().isEmpty()) {
            return history;
        }
        Executor executor = new Executor(leader, settings);
        // Before the history is created: whoever has to correct something first finds the database untouched.
        executor.prepare(plan);
        Path folder = settings.backup();
        if (folder != null && !plan.isCurrent()) {
            executor.backUp(folder, plan);
        }
        if (history == null) {
            history = leader.createHistory();
            if (!history.rows().isEmpty()) {
                // Only the state table was missing.
                executor.prepare(files.plan(history));
            }
        }
        return executor.execute(history);
    }

    /**
     * {@return whether a step is one that a worker in the background may be at just now: it was begun there, and then
     * something came that requires it, or a file that no longer says it may run there}
     */
    private static boolean mayBeAtWork(Plan plan) {
        for (Plan.Step step : plan.steps()) {
            HistoryRow earlier = step.earlier();
            if (earlier != null
                    && (earlier.state() == State.STARTED
                            || (earlier.state() == State.FAILED
                                    && step.migration().directives().background()))) {
                return true;
            }
        }
        return false;
    }

    /**
     * Applies what may run beside applications, as the holder of the lock for that.
     *
     * @return true, because there is nothing left to do
     */
    public boolean background(Leader leader) throws SQLException {
        HistorySnapshot history = leader.history();
        Plan plan = files.plan(history);
        if (plan.background().isEmpty()) {
            return true;
        }
        if (history == null && Adoption.announced(leader.work(), leader.table(), settings) != null) {
            LOG.warn(
                    "{} - nothing runs in the background, for the schema has another tool's history; it is taken over"
                            + " with the first migration that does not run in the background",
                    leader.target());
            return true;
        }
        leader.refuseEmptiedHistory();
        Executor executor = new Executor(leader, settings);
        executor.prepareBackground(plan);
        executor.executeInBackground(history == null ? leader.createHistory() : history);
        return true;
    }

    /** {@return our history with all that another tool has recorded; null when there is nothing of the kind} */
    private @Nullable HistorySnapshot adopt(Leader leader) throws SQLException {
        ScriptReader reader = new ScriptReader(leader.target(), leader.facts(), leader.table(), settings::placeholder);
        return Adoption.takeOver(leader, files, settings, reader::keptTexts);
    }
}
