package dev.gangway.execute;

import dev.gangway.GangwayException;
import dev.gangway.backup.Backup;
import dev.gangway.config.Settings;
import dev.gangway.event.Events;
import dev.gangway.history.HistoryRow;
import dev.gangway.history.HistorySnapshot;
import dev.gangway.history.ServerFacts;
import dev.gangway.internal.Build;
import dev.gangway.internal.Durations;
import dev.gangway.leader.Leader;
import dev.gangway.lock.Workers;
import dev.gangway.pgjdbc.Message;
import dev.gangway.pgjdbc.Quote;
import dev.gangway.pgjdbc.Target;
import dev.gangway.plan.Plan;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.postgresql.PGConnection;
import org.postgresql.core.BaseConnection;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Carries out a plan for the leader. Reads every script first, asks whether it can run at all, then takes one step after
 * another. Used once, by one thread.
 */
public final class Executor {
    private static final Logger LOG = LoggerFactory.getLogger(Executor.class);

    private final Leader leader;
    private final Connection work;
    private final ServerFacts facts;
    private final Settings settings;
    private final Target target;
    private final boolean pooled;

    private List<Script> scripts = List.of();

    public Executor(Leader leader, Settings settings) throws SQLException {
        this.leader = leader;
        this.work = leader.work();
        this.facts = leader.facts();
        this.settings = settings;
        this.target = leader.target();
        // A pooler tells its clients a process id of its own.
        this.pooled = work.unwrap(PGConnection.class).getBackendPID() != facts.backendPid();
    }

    /**
     * Reads what the plan says is pending and finds out whether it can run, without changing anything.
     *
     * @throws GangwayException.Permanent GW001, GW002, GW004 or GW007: something must be changed first
     */
    public void prepare(Plan plan) throws SQLException {
        ScriptReader reader = new ScriptReader(target, facts, leader.table(), settings::placeholder);
        List<Script> read = reader.read(plan.steps());
        check(Stream.concat(read.stream(), reader.read(plan.background()).stream())
                .toList());
        if (settings.transaction() == Settings.TransactionMode.ALL) {
            ScriptRules.refuseForOneTransaction(read);
        }
        scripts = read;
    }

    /**
     * Backs the database up, under the leader's lock; a plan must not be begun when this fails.
     *
     * @param folder where the backup goes, named after the first migration that is due
     */
    public void backUp(Path folder, Plan plan) throws SQLException {
        String first = plan.steps().stream()
                .filter(step -> step.need() == Plan.Need.NOW)
                .map(step -> step.migration().version() == null
                        ? "repeatable"
                        : "V" + step.migration().version())
                .findFirst()
                .orElse("nothing");
        try (Watch watch =
                Watch.start(leader.lock(), work, Run.backendPid(work, pooled), target, settings.lockTimeout())) {
            watch.begin("the backup before " + first);
            Backup.take(leader.endpoint(), folder, "before-" + first);
            watch.requireLeadership();
        }
    }

    /** As {@link #prepare}, for the steps of the plan that run in the background of applications. */
    public void prepareBackground(Plan plan) throws SQLException {
        List<Script> read =
                new ScriptReader(target, facts, leader.table(), settings::placeholder).read(plan.background());
        check(read);
        scripts = read;
    }

    private void check(List<Script> read) throws SQLException {
        new Preflight(work, target, facts).check(read);
        if (pooled) {
            ScriptRules.refuseBehindPooler(read);
        }
    }

    /**
     * Applies what was prepared.
     *
     * @param before the history that the plan was made from
     * @return the history afterwards
     * @throws GangwayException.Permanent GW001: a migration failed
     * @throws SQLException when the connection or the leadership was lost; what was committed stays, and whoever leads
     *     next finds out how far it went
     */
    public HistorySnapshot execute(HistorySnapshot before) throws SQLException {
        return execute(before, false);
    }

    /** As {@link #execute}, while other processes may migrate the schema. */
    public HistorySnapshot executeInBackground(HistorySnapshot before) throws SQLException {
        return execute(before, true);
    }

    private HistorySnapshot execute(HistorySnapshot before, boolean shared) throws SQLException {
        if (scripts.isEmpty()) {
            return before;
        }
        LOG.info("{} - applying {}{}", target, summary(scripts), shared ? " in the background" : "");
        if (!shared) {
            leader.events().started(scripts.size());
        }
        long begin = System.nanoTime();
        HistorySnapshot reached = inRun(
                shared,
                run -> settings.transaction() == Settings.TransactionMode.ALL && !shared
                        ? Transactions.together(run, scripts, before)
                        : new Steps(run, scripts, shared, before).run());
        int applied = tell(reached, Durations.millisSince(begin));
        if (!shared) {
            leader.events().done(applied, Duration.ofNanos(System.nanoTime() - begin));
        }
        return reached;
    }

    /**
     * Reads what takes migrations back and finds out whether it can run, without changing anything.
     *
     * @param undo the applied rows, in the order in which they are taken back, with the text that does it
     * @throws GangwayException.Permanent GW001 or GW004: it cannot
     */
    public void prepareUndo(Map<HistoryRow, String> undo) throws SQLException {
        ScriptReader reader = new ScriptReader(target, facts, leader.table(), settings::placeholder);
        List<Script> read = new ArrayList<>();
        for (Map.Entry<HistoryRow, String> entry : undo.entrySet()) {
            Script script = reader.undo(entry.getKey(), entry.getValue());
            UndoStep.refuseMixed(script);
            read.add(script);
        }
        if (pooled) {
            ScriptRules.refuseBehindPooler(read);
        }
        scripts = read;
    }

    /**
     * Takes back what was prepared, each migration in a fenced transaction of its own.
     *
     * @return the history afterwards
     * @throws GangwayException.Permanent GW001: an undo script failed; those before it stay undone
     */
    public HistorySnapshot undo(HistorySnapshot before) throws SQLException {
        return inRun(false, run -> {
            HistorySnapshot reached = before;
            for (Script script : scripts) {
                reached = new UndoStep(run, script, reached).run();
            }
            return reached;
        });
    }

    /** What is done with what a run is made of. */
    private interface Work {
        HistorySnapshot in(Run run) throws SQLException;
    }

    private HistorySnapshot inRun(boolean shared, Work todo) throws SQLException {
        List<String> sessionSettings = prepareSession();
        try (Watch watch = Watch.start(
                leader.lock(),
                work,
                Run.backendPid(work, pooled),
                target,
                shortestLockTimeout(scripts),
                step -> tellProgress(leader.events(), step))) {
            return todo.in(new Run(
                    work,
                    pooled,
                    leader.table(),
                    leader.key(),
                    target,
                    settings.lockTimeout(),
                    settings.lockRetries(),
                    new VectorIndexBuilds(target, settings.indexMemory(), pooled),
                    watch,
                    Build.VERSION,
                    sessionSettings,
                    shared,
                    leader.events(),
                    null));
        }
    }

    /** Tells listeners how far the server has come with a step, as far as it says. */
    private static void tellProgress(Events events, StepProgress step) {
        Progress progress = step.progress();
        if (progress != null) {
            events.progress(
                    progress.phase(),
                    progress.done(),
                    progress.total() == 0 ? null : progress.total(),
                    progress.unit(),
                    step.running());
        }
    }

    /** Tells in the log what came of it; {@return how many were applied} */
    private int tell(HistorySnapshot reached, long millis) {
        int applied = 0;
        for (Script script : scripts) {
            if (reached.hasApplied(script.migration())) {
                applied++;
            } else {
                LOG.info(
                        "{} - {} is deferred: {}",
                        target,
                        script.migration().script(),
                        script.condition() == null
                                ? "it requires a migration that is"
                                : "when=" + script.migration().directives().when() + " does not hold yet");
            }
        }
        LOG.info("{} - applied {} in {} ms", target, applied == 1 ? "1 migration" : applied + " migrations", millis);
        return applied;
    }

    private static String summary(List<Script> scripts) {
        String first = scripts.get(0).migration().script();
        return scripts.size() == 1
                ? "1 pending migration (" + first + ")"
                : "%d pending migrations (%s to %s)"
                        .formatted(
                                scripts.size(),
                                first,
                                scripts.get(scripts.size() - 1).migration().script());
    }

    private Duration shortestLockTimeout(List<Script> scripts) {
        return Stream.concat(
                        Stream.of(settings.lockTimeout()),
                        scripts.stream()
                                .map(script -> script.migration().directives().lockTimeout())
                                .filter(Objects::nonNull))
                .filter(timeout -> !timeout.isZero())
                .min(Comparator.naturalOrder())
                .orElse(Duration.ZERO);
    }

    /** Sets what the work session needs for statements that no transaction's settings reach; {@return the commands} */
    private List<String> prepareSession() throws SQLException {
        List<String> commands = new ArrayList<>();
        // RESET ALL takes the name away, for pgjdbc sets it only when the session is open, and a pooler's own session
        // was opened without one; and without it the next leader would not see that there is a session of ours.
        commands.add("SET application_name = " + Quote.literal(Workers.workName(leader.key(), "")));
        if (pooled) {
            return commands;
        }
        // So that the server notices within a second that this process is dead, even in the middle of a statement.
        // Not every server has it, or has it on every system; without it the next leader just waits longer.
        String checkInterval = "SET client_connection_check_interval = '1s'";
        if (Message.send(work, checkInterval).error() == null) {
            commands.add(checkInterval);
        }
        if (!work.unwrap(BaseConnection.class).getStandardConformingStrings()) {
            String standardStrings = "SET standard_conforming_strings = on";
            Message.send(work, standardStrings).orThrow();
            commands.add(standardStrings);
        }
        // What runs outside of a transaction block cannot say READ WRITE. Servers before 14 do not tell what it is.
        if (!"off".equals(work.unwrap(PGConnection.class).getParameterStatus("default_transaction_read_only"))) {
            String readWrite = "SET default_transaction_read_only = off";
            Message.send(work, readWrite).orThrow();
            commands.add(readWrite);
        }
        return commands;
    }
}
