package dev.gangway.command;

import dev.gangway.MigrationListener;
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
import java.util.List;
import java.util.Properties;
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
        throw new UnsupportedOperationException();
    }

    public void restore(Path file, boolean evenIfConnected) throws SQLException {
        throw new UnsupportedOperationException();
    }
}
