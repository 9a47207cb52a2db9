package dev.gangway;

import dev.gangway.command.Commands;
import dev.gangway.command.MigrateOptions;
import dev.gangway.command.ResetOptions;
import dev.gangway.command.RestoreOptions;
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
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import org.jspecify.annotations.Nullable;

/**
 * What the driver does on the first connection, and what else there is to do with a schema, from code: for a job that
 * migrates before the application starts, for a test, for a tool. The command line is made of nothing else.
 *
 * <pre>{@code
 * Gangway gangway = Gangway.to("jdbc:gangway:postgresql://db:5432/app").user("app").password(secret).build();
 * gangway.migrate();
 * }</pre>
 *
 * <p>Settings are found as for a connection: in the URL, the properties, system properties, the environment,
 * {@code gangway.properties}. {@code gangway.mode} does not count, except that {@link #reset} refuses to work where it is
 * {@code validate} or {@code wait}.
 *
 * <p>Immutable and thread-safe. Each call opens connections of its own and closes them. All methods throw a
 * {@link GangwayException} for what is wrong with files, history, settings or privileges, and pgjdbc's own exception when
 * the server cannot be reached.
 */
public final class Gangway {
    private final Commands commands;

    private Gangway(Commands commands) {
        this.commands = commands;
    }

    /** {@return a builder} */
    public static Builder to(String url) {
        return new Builder(url);
    }

    /** Collects what {@link Gangway} needs. Not thread-safe. */
    public static final class Builder {
        private final String url;
        private final Properties properties = new Properties();
        private final List<MigrationListener> listeners = new ArrayList<>();
        private @Nullable ClassLoader classLoader;

        private Builder(String url) {
            this.url = url;
        }

        /** Sets the role; the URL's own, if it names one, wins. */
        public Builder user(String user) {
            return property("user", user);
        }

        /** Sets the password; the URL's own, if it has one, wins. */
        public Builder password(String password) {
            return property("password", password);
        }

        /** Sets a parameter of pgjdbc's, or a setting such as {@code gangway.locations}; the URL's own wins. */
        public Builder property(String name, String value) {
            properties.setProperty(name, value);
            return this;
        }

        /** Adds a listener, beside those that {@link java.util.ServiceLoader} finds. */
        public Builder listener(MigrationListener listener) {
            listeners.add(listener);
            return this;
        }

        /** Sets where {@code classpath:} locations and services are looked for; the thread's own by default. */
        public Builder classLoader(ClassLoader loader) {
            classLoader = loader;
            return this;
        }

        /**
         * {@return the commands for that target; nothing is connected yet}
         *
         * @throws SQLException GW004 when the URL or a setting is wrong
         */
        public Gangway build() throws SQLException {
            return new Gangway(Commands.of(url, properties, classLoader, listeners));
        }
    }

    /** Applies all that is pending, as the first connection would, and then what runs in the background as well. */
    public MigrateReport migrate() throws SQLException {
        return migrate(MigrateOptions.ALL);
    }

    /** Applies some of what is pending. */
    public MigrateReport migrate(MigrateOptions options) throws SQLException {
        return commands.migrate(options);
    }

    /** {@return how the schema stands} */
    public StatusReport status() throws SQLException {
        return commands.status();
    }

    /** {@return what {@link #migrate()} would do; changes nothing} */
    public PlanReport plan() throws SQLException {
        return plan(MigrateOptions.ALL);
    }

    /** {@return what {@link #migrate(MigrateOptions)} would do; changes nothing} */
    public PlanReport plan(MigrateOptions options) throws SQLException {
        return commands.plan(options);
    }

    /** {@return whether the schema is what the files say; runs the verify scripts of all applied migrations, read-only} */
    public ValidationReport validate() throws SQLException {
        return commands.validate();
    }

    /** {@return all rows of the history} */
    public HistoryReport history() throws SQLException {
        return commands.history();
    }

    /** Takes the last so many migrations back, by the text that the history holds. */
    public UndoReport undo(int count) throws SQLException {
        return commands.undo(count);
    }

    /** Takes all migrations back that are above this version, by the text that the history holds; {@code 0} for all. */
    public UndoReport undoTo(String version) throws SQLException {
        return commands.undoTo(version);
    }

    /** Says that a schema which was built otherwise holds what the migrations up to this version do. */
    public void baseline(String version) throws SQLException {
        commands.baseline(version);
    }

    /** Accepts changed files, clears failed migrations and drops what interrupted index builds left behind. */
    public RepairReport repair() throws SQLException {
        return commands.repair(false);
    }

    /** {@return what {@link #repair()} would do; changes nothing} */
    public RepairReport previewRepair() throws SQLException {
        return commands.repair(true);
    }

    /** Ends the sessions that migrate this schema just now. Only for sessions that hang: the lock itself never sticks. */
    public UnlockReport unlock() throws SQLException {
        return commands.unlock();
    }

    /** Drops everything in the history's schema, the history included. */
    public ResetReport reset(ResetOptions options) throws SQLException {
        return commands.reset(options);
    }

    /** {@return the file, in this folder, that holds the whole database} */
    public Path backup(Path folder) throws SQLException {
        return commands.backup(folder);
    }

    /** Brings the whole database back to what a backup holds, in one transaction; extensions stay as they are. */
    public void restore(Path file, RestoreOptions options) throws SQLException {
        commands.restore(file, options);
    }
}
