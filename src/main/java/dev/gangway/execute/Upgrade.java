package dev.gangway.execute;

import dev.gangway.GangwayException;
import dev.gangway.GangwayException.Code;
import dev.gangway.config.Setting;
import dev.gangway.config.SettingSource;
import dev.gangway.config.Settings;
import dev.gangway.history.ForeignHistory;
import dev.gangway.history.HistorySnapshot;
import dev.gangway.leader.Leader;
import dev.gangway.plan.Files;
import dev.gangway.plan.Plan;
import java.nio.file.Path;
import java.sql.SQLException;
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
     * Applies what is pending, having created the history if there is none.
     *
     * @return the history afterwards
     */
    public HistorySnapshot run(Leader leader) throws SQLException {
        HistorySnapshot history = leader.history();
        if (history == null) {
            refuseForeignHistory(settings, leader);
        }
        Plan plan = files.plan(history);
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
     * Applies what may run beside applications, as the holder of the lock for that.
     *
     * @return true, because there is nothing left to do
     */
    public boolean background(Leader leader) throws SQLException {
        HistorySnapshot history = leader.history();
        Plan plan = files.plan(history);
        if (!plan.background().isEmpty()) {
            Executor executor = new Executor(leader, settings);
            executor.prepareBackground(plan);
            executor.executeInBackground(history == null ? leader.createHistory() : history);
        }
        return true;
    }

    /** Never begins on a schema that another tool has built, unless it is told to. */
    public static void refuseForeignHistory(Settings settings, Leader leader) throws SQLException {
        if (settings.source(Setting.ADOPT) != SettingSource.DEFAULT) {
            return;
        }
        String foreign = ForeignHistory.find(leader.work(), leader.schema());
        if (foreign != null) {
            throw new GangwayException.Permanent(Code.HISTORY_MISMATCH, """
                    The schema "%s" has no history of Gangway's, but the table %s: another tool has migrated it, and\
                     applying everything from the first migration on would be wrong.
                      database: unchanged; nothing was applied
                      next:     if these migrations have nothing to do with that tool's, set gangway.adopt=none;\
                     taking its history over comes with a later version""".formatted(leader.schema(), foreign));
        }
    }
}
