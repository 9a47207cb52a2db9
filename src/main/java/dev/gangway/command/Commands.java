package dev.gangway.command;

import dev.gangway.GangwayException;
import dev.gangway.GangwayException.Code;
import dev.gangway.MigrationListener;
import dev.gangway.backup.Backup;
import dev.gangway.backup.Restore;
import dev.gangway.backup.Restore.Consent;
import dev.gangway.leader.Leadership;
import dev.gangway.pgjdbc.Endpoint;
import dev.gangway.report.HistoryReport;
import dev.gangway.report.MigrateReport;
import dev.gangway.report.PlanReport;
import dev.gangway.report.RepairReport;
import dev.gangway.report.ResetReport;
import dev.gangway.report.StatusReport;
import dev.gangway.report.UndoReport;
import dev.gangway.report.UnlockReport;
import dev.gangway.report.ValidationReport;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.EnumSet;
import java.util.List;
import java.util.Properties;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The commands for one target, one class for each. Immutable and thread-safe. */
@SuppressWarnings({"DoNotCallSuggester", "UnusedVariable"})
public final class Commands {
    private final Context context;

    private Commands(Context context) {
        this.context = context;
    }

    /**
     * {@return the commands for that target}
     *
     * @param url        {@code jdbc:gangway:postgresql:…}, or pgjdbc's own form of it
     * @param properties read, never changed
     * @param loader     where {@code classpath:} locations are looked for; null for the thread's context class loader
     * @throws SQLException GW004 when the URL or a setting is wrong
     */
    public static Commands of(
            String url, Properties properties, @Nullable ClassLoader loader, List<MigrationListener> listeners)
            throws SQLException {
        return new Commands(Context.of(url, properties, loader, listeners));
    }

    public MigrateReport migrate(MigrateOptions options) throws SQLException {
        return new Migrate(context, options).run();
    }

    public StatusReport status() throws SQLException {
        return new Status(context).run();
    }

    public PlanReport plan(MigrateOptions options) throws SQLException {
        return new DryRun(context, options).run();
    }

    public ValidationReport validate() throws SQLException {
        return new Validate(context).run();
    }

    public HistoryReport history() throws SQLException {
        return new History(context).run();
    }

    public UndoReport undo(int count) throws SQLException {
        return Undo.last(context, count).run();
    }

    public UndoReport undoTo(String version) throws SQLException {
        return Undo.above(context, version).run();
    }

    public void baseline(String version) throws SQLException {
        new Baseline(context, version).run();
    }

    public RepairReport repair(boolean dryRun) throws SQLException {
        return new Repair(context, dryRun).run();
    }

    public UnlockReport unlock() throws SQLException {
        return new Unlock(context).run();
    }

    public ResetReport reset(ResetOptions options) throws SQLException {
        return new Reset(context, options).run();
    }

    public Path backup(Path folder) throws SQLException {
        return Backup.take(migrating(), folder, "on-request").file();
    }

    public void restore(Path file, RestoreOptions options) throws SQLException {
        if (!options.confirmed()) {
            throw new GangwayException.Permanent(Code.SETTING_WRONG, """
                    A restore replaces everything in the database by what the backup holds, so it has to be confirmed.
                      database: unchanged
                      next:     confirm it: --yes on the command line, RestoreOptions in code""");
        }
        Set<Consent> consents = EnumSet.noneOf(Consent.class);
        if (options.evenIfConnected()) {
            consents.add(Consent.OTHERS_CONNECTED);
        }
        if (options.dropNewerTables()) {
            consents.add(Consent.DROP_NEWER_TABLES);
        }
        Restore.from(migrating(), file, consents);
    }

    private Endpoint migrating() throws SQLException {
        return Leadership.endpointOf(context.settings(), context.endpoint());
    }
}
