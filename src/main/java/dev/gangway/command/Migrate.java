package dev.gangway.command;

import dev.gangway.GangwayException;
import dev.gangway.event.Events;
import dev.gangway.execute.Upgrade;
import dev.gangway.history.HistoryRow;
import dev.gangway.history.HistorySnapshot;
import dev.gangway.history.HistoryTable;
import dev.gangway.history.Precheck;
import dev.gangway.history.State;
import dev.gangway.internal.Durations;
import dev.gangway.leader.Leader;
import dev.gangway.leader.Leadership;
import dev.gangway.leader.Reconnection;
import dev.gangway.lock.Jitter;
import dev.gangway.migration.Kind;
import dev.gangway.migration.Version;
import dev.gangway.pgjdbc.SqlStates;
import dev.gangway.plan.Files;
import dev.gangway.plan.Plan;
import dev.gangway.plan.Rules;
import dev.gangway.report.MigrateReport;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Applies what is pending, or a part of it, whatever {@code gangway.mode} is: a job that migrates shares its settings
 * with the processes that wait for it.
 */
final class Migrate {
    private static final Logger LOG = LoggerFactory.getLogger(Migrate.class);

    private static final int ATTEMPTS = 8;
    private static final Duration PAUSE = Duration.ofMillis(500);

    private final Context context;
    private final MigrateOptions options;
    private final long began = System.nanoTime();

    Migrate(Context context, MigrateOptions options) {
        this.context = context;
        this.options = options;
    }

    MigrateReport run() throws SQLException {
        Events events = context.events();
        try {
            return run(events);
        } catch (SQLException e) {
            events.failed(String.valueOf(e.getMessage()));
            throw e;
        }
    }

    private MigrateReport run(Events events) throws SQLException {
        Files all = context.files();
        Files chosen = chosen(all, options);
        Precheck check = context.ask();
        Leadership leadership = context.leadership(check, events);
        List<Plan.Step> background = due(chosen.plan(check.history()).background());
        Upgrade upgrade = new Upgrade(context.settings(), chosen);
        List<@Nullable HistorySnapshot> before = new ArrayList<>();
        HistorySnapshot after = leadership.leadUnlessCurrent(chosen.fingerprint(), leader -> {
            before.add(leader.history());
            return before.size() == 1 ? upgrade.run(leader) : goOn(leader, all, upgrade, before.get(0));
        });
        boolean besides = !background.isEmpty() && background(all, leadership, background);
        if (after == null || besides) {
            after = Objects.requireNonNull(askWhereMigrated(leadership).history());
        }
        // What this process applied before it lost its connection in between is its work as well.
        HistorySnapshot known = before.isEmpty() ? check.history() : before.get(0);
        List<String> applied = applied(known, after);
        if (applied.isEmpty()) {
            LOG.info("{} - nothing is pending", context.target());
        }
        return new MigrateReport(
                context.target().toString(),
                applied,
                deferred(chosen(all, new MigrateOptions(options.target(), null, null)), after),
                highest(after),
                Durations.millisSince(began));
    }

    /** Begins anew after the connection was lost: of so many migrations those count that this process has applied already. */
    private HistorySnapshot goOn(Leader leader, Files all, Upgrade upgrade, @Nullable HistorySnapshot before)
            throws SQLException {
        HistorySnapshot now = leader.history();
        if (options.count() == null || now == null) {
            return upgrade.run(leader);
        }
        int left = options.count() - applied(before, now).size();
        if (left <= 0) {
            return now;
        }
        MigrateOptions rest = new MigrateOptions(options.target(), left, options.only());
        return new Upgrade(context.settings(), chosen(all, rest)).run(leader);
    }

    /** {@return the migrations under the rules that the options make of the settings'} */
    static Files chosen(Files all, MigrateOptions options) throws SQLException {
        Rules rules = all.rules();
        String target = options.target();
        if (target != null) {
            rules = rules.withTarget(target.equals("latest") ? null : Context.version(target, "The target"));
        }
        if (options.count() != null) {
            rules = rules.withCount(options.count());
        }
        if (options.only() != null) {
            Set<Version> only = new HashSet<>();
            for (String version : options.only()) {
                only.add(Context.version(version, "The version to apply on its own,"));
            }
            rules = rules.withOnly(only);
        }
        return Files.of(all.migrations(), rules);
    }

    private static List<Plan.Step> due(List<Plan.Step> steps) {
        return steps.stream().filter(step -> step.need() == Plan.Need.NOW).toList();
    }

    /** Carries out what runs beside applications, and waits for it; {@return false when another process is at it} */
    private boolean background(Files all, Leadership leadership, List<Plan.Step> steps) throws SQLException {
        Set<Version> versions = new HashSet<>();
        steps.forEach(step -> {
            if (step.migration().version() != null) {
                versions.add(step.migration().version());
            }
        });
        // A count, or single versions, were for the plan as it was before.
        boolean part = options.count() != null || options.only() != null;
        Files files = part ? Files.of(all.migrations(), all.rules().withOnly(versions)) : chosen(all, options);
        Upgrade upgrade = new Upgrade(context.settings(), files);
        Reconnection reconnection = leadership.reconnection();
        int timesFencedOut = 0;
        while (true) {
            try {
                if (leadership.leadBackground(upgrade::background, reconnection) == null) {
                    LOG.info("{} - another process carries out what runs in the background", context.target());
                    return false;
                }
                return true;
            } catch (SQLException e) {
                if (SqlStates.connectionLost(e) && !(e instanceof GangwayException)) {
                    reconnection.pauseAfter(e, "the connection of what runs in the background was lost");
                    continue;
                }
                // Another process has migrated meanwhile.
                if (!HistoryTable.isFencedOut(e) || ++timesFencedOut == ATTEMPTS) {
                    throw e;
                }
                Jitter.pauseUpTo(PAUSE);
            }
        }
    }

    private Precheck askWhereMigrated(Leadership leadership) throws SQLException {
        try (Connection connection = leadership.endpoint().connectForMigration("gangway migrate")) {
            return context.ask(connection);
        }
    }

    private static List<String> applied(@Nullable HistorySnapshot before, HistorySnapshot after) {
        Set<Long> earlier = new HashSet<>();
        if (before != null) {
            before.rows().stream().filter(row -> row.state().countsAsApplied()).forEach(row -> earlier.add(row.rank()));
        }
        return after.rows().stream()
                // Not what was taken over from another tool: it was applied long ago.
                .filter(row -> row.state() == State.APPLIED && !earlier.contains(row.rank()))
                .map(HistoryRow::script)
                .toList();
    }

    private static List<String> deferred(Files files, HistorySnapshot after) throws SQLException {
        return files.survey(after).plan().steps().stream()
                .filter(step -> step.need() != Plan.Need.NOW)
                .map(step -> step.migration().script())
                .toList();
    }

    /** {@return the highest applied version; null when there is none} */
    static @Nullable String highest(@Nullable HistorySnapshot history) {
        Version highest = null;
        for (HistoryRow row : history == null ? List.<HistoryRow>of() : history.rows()) {
            Version version = row.version();
            if (row.kind() == Kind.VERSIONED
                    && row.state().countsAsApplied()
                    && version != null
                    && (highest == null || version.compareTo(highest) > 0)) {
                highest = version;
            }
        }
        return highest == null ? null : highest.toString();
    }
}
