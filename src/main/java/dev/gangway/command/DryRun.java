package dev.gangway.command;

import dev.gangway.event.Events;
import dev.gangway.execute.ExistingTable;
import dev.gangway.execute.ExistingTables;
import dev.gangway.execute.Rehearsal;
import dev.gangway.history.HistoryRow;
import dev.gangway.history.Precheck;
import dev.gangway.leader.Leadership;
import dev.gangway.migration.Directives;
import dev.gangway.migration.Migration;
import dev.gangway.pgjdbc.Connections;
import dev.gangway.plan.Files;
import dev.gangway.plan.Plan;
import dev.gangway.report.PlanReport;
import dev.gangway.sql.SqlStatement;
import dev.gangway.sql.TableLock;
import dev.gangway.sql.TableLocks;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Tells what {@code migrate} would do: each command as it would be sent, and the locks that it would take on tables that
 * exist. Changes nothing and waits for nobody.
 */
final class DryRun {
    private final Context context;
    private final MigrateOptions options;

    DryRun(Context context, MigrateOptions options) {
        this.context = context;
        this.options = options;
    }

    PlanReport run() throws SQLException {
        Files files = Migrate.chosen(context.files(), options);
        Precheck application = context.ask();
        Plan plan = files.plan(application.history());
        Leadership leadership = new Leadership(
                context.settings(),
                context.endpoint(),
                application.table(),
                application.facts(),
                Events.silent(context.target().toString()));
        Connection connection = leadership.endpoint().connectForMigration("gangway plan");
        try {
            Precheck check = context.ask(connection);
            Precheck asMigrator = new Precheck(
                    check.facts(), leadership.table(), check.current(), application.history(), check.stateIsEmpty());
            List<Rehearsal.Step> steps = new Rehearsal(
                            connection, asMigrator, leadership.key(), context.settings(), context.target())
                    .of(plan);
            List<PlanReport.Step> reported = new ArrayList<>();
            for (Rehearsal.Step step : steps) {
                reported.add(step(connection, step));
            }
            return new PlanReport(
                    context.target().toString(),
                    String.valueOf(leadership.table().schema()),
                    reported,
                    deferred(plan),
                    plan.warnings());
        } finally {
            Connections.close(connection);
        }
    }

    private static PlanReport.Step step(Connection connection, Rehearsal.Step rehearsed) throws SQLException {
        List<TableLock> locks = rehearsed.commands().stream()
                .map(Rehearsal.Command::statement)
                .filter(Objects::nonNull)
                .flatMap(statement -> locks(statement).tables().stream())
                .toList();
        ExistingTables tables = ExistingTables.find(connection, locks, rehearsed.searchPath());
        Migration migration = rehearsed.step().migration();
        Directives.Risk risk = migration.directives().risk();
        return new PlanReport.Step(
                migration.version() == null ? null : migration.version().toString(),
                migration.script(),
                rehearsed.background(),
                risk == null ? null : risk.name().toLowerCase(Locale.ROOT),
                rehearsed.condition(),
                rehearsed.commands().stream()
                        .map(command -> command(command, tables))
                        .toList());
    }

    private static PlanReport.Command command(Rehearsal.Command command, ExistingTables tables) {
        SqlStatement statement = command.statement();
        if (statement == null) {
            return new PlanReport.Command(command.sql(), true, null, List.of());
        }
        List<PlanReport.Lock> locks = new ArrayList<>();
        for (TableLock lock : locks(statement).tables()) {
            for (ExistingTable table : tables.of(lock)) {
                locks.add(new PlanReport.Lock(
                        table.schema() + "." + table.name(),
                        lock.mode().sql(),
                        lock.mode().blocks(),
                        table.rows(),
                        table.bytes(),
                        note(lock)));
            }
        }
        return new PlanReport.Command(command.sql(), false, statement.position().line(), locks);
    }

    private static TableLocks locks(SqlStatement statement) {
        return statement.tableLocks();
    }

    private static @Nullable String note(TableLock lock) {
        return switch (lock.work()) {
            case NONE -> null;
            case SCANS -> "reads the whole table under this lock: " + lock.why();
            case REWRITES -> "writes the whole table anew under this lock: " + lock.why();
        };
    }

    private static List<PlanReport.Deferred> deferred(Plan plan) {
        return Stream.concat(plan.steps().stream(), plan.background().stream())
                .filter(step -> step.need() != Plan.Need.NOW)
                .map(step -> new PlanReport.Deferred(
                        step.migration().version() == null
                                ? null
                                : step.migration().version().toString(),
                        step.migration().script(),
                        why(step)))
                .toList();
    }

    private static String why(Plan.Step step) {
        HistoryRow earlier = step.earlier();
        return step.need() == Plan.Need.HELD || earlier == null || earlier.error() == null
                ? "it requires one that is deferred"
                : earlier.error();
    }
}
