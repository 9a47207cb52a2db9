package dev.gangway.gate;

import dev.gangway.config.Settings;
import dev.gangway.config.Settings.Mode;
import dev.gangway.execute.Conditions;
import dev.gangway.history.Precheck;
import dev.gangway.pgjdbc.Target;
import dev.gangway.plan.Plan;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;

/**
 * Finds out whether a plan that holds nobody up has something to do all the same: a deferred migration whose condition
 * holds by now, or work beside the application. Costs one round trip, and only while something is deferred.
 */
record Dues(Settings settings, Target target) {

    /** {@return whether a deferred migration may be due before the connection is handed out} */
    boolean inForeground(Connection through, Precheck check, Plan plan) throws SQLException {
        return mayBeDue(through, check, Plan.deferred(plan.steps()));
    }

    /** {@return whether there may be something to do beside the application} */
    boolean inBackground(Connection through, Precheck check, Plan plan) throws SQLException {
        for (Plan.Step step : plan.background()) {
            if (step.need() == Plan.Need.NOW) {
                return mayMigrate(check);
            }
        }
        return mayBeDue(through, check, Plan.deferred(plan.background()));
    }

    private boolean mayBeDue(Connection through, Precheck check, List<Plan.Step> deferred) throws SQLException {
        return !deferred.isEmpty()
                && mayMigrate(check)
                && check.table().schema() != null
                && Conditions.mayBeDue(through, settings, target, check.facts(), check.table(), deferred);
    }

    private boolean mayMigrate(Precheck check) {
        return settings.mode() == Mode.MIGRATE && !check.facts().standby();
    }
}
