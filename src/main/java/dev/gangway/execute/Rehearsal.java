package dev.gangway.execute;

import dev.gangway.GangwayException;
import dev.gangway.config.Secrets;
import dev.gangway.config.Settings;
import dev.gangway.event.Events;
import dev.gangway.history.HistorySnapshot;
import dev.gangway.history.Precheck;
import dev.gangway.internal.Build;
import dev.gangway.lock.LockKey;
import dev.gangway.pgjdbc.Target;
import dev.gangway.plan.Plan;
import dev.gangway.sql.SqlStatement;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Goes through a plan with the very code that carries it out, taking down what would be sent instead of sending it. The
 * values of placeholders that are named like secrets are masked. Used once, by one thread.
 */
public final class Rehearsal {
    private final Connection work;
    private final Precheck check;
    private final LockKey key;
    private final Settings settings;
    private final Target target;
    private final ScriptReader reader;

    /**
     * A migration that would run.
     *
     * @param searchPath the search_path for its statements; null for the session's own
     * @param commands   in order
     */
    public record Step(
            Plan.Step step,
            boolean background,
            @Nullable String condition,
            @Nullable String searchPath,
            List<Command> commands) {}

    /** One command; {@code statement} is null for one of Gangway's own. */
    public record Command(String sql, @Nullable SqlStatement statement) {}

    /**
     * @param work   a connection as the role that migrates, which is only asked for the server's version
     * @param check  what that connection said
     * @param target the application's own
     */
    public Rehearsal(Connection work, Precheck check, LockKey key, Settings settings, Target target) {
        this.work = work;
        this.check = check;
        this.key = key;
        this.settings = settings;
        this.target = target;
        this.reader = new ScriptReader(target, check.facts(), check.table(), this::placeholder);
    }

    private @Nullable String placeholder(String name) {
        String value = settings.placeholder(name);
        return value != null && Secrets.isSecret(name) ? Secrets.MASK : value;
    }

    /**
     * {@return what would run now, in order}
     *
     * @throws GangwayException.Permanent as {@link Executor#prepare}, as far as that can be told without trying
     */
    public List<Step> of(Plan plan) throws SQLException {
        List<Step> steps = new ArrayList<>();
        HistorySnapshot before = check.history() == null ? HistorySnapshot.EMPTY : check.history();
        HistorySnapshot reached = play(due(plan.steps()), false, before, steps);
        play(due(plan.background()), true, reached, steps);
        return steps;
    }

    private static List<Plan.Step> due(List<Plan.Step> steps) {
        return steps.stream().filter(step -> step.need() == Plan.Need.NOW).toList();
    }

    private HistorySnapshot play(List<Plan.Step> due, boolean background, HistorySnapshot before, List<Step> steps)
            throws SQLException {
        if (due.isEmpty()) {
            return before;
        }
        List<Script> scripts = reader.read(due);
        Recorder recorder = new Recorder();
        Run run = new Run(
                work,
                false,
                check.table(),
                key,
                target,
                settings.lockTimeout(),
                settings.lockRetries(),
                new VectorIndexBuilds(target, settings.indexMemory(), false),
                Watch.asleep(work, target),
                Build.VERSION,
                List.of(),
                background,
                Events.silent(target.toString()),
                recorder);
        HistorySnapshot reached = settings.transaction() == Settings.TransactionMode.ALL && !background
                ? Transactions.together(run, scripts, before)
                : new Steps(run, scripts, background, before).run();
        for (Script script : scripts) {
            List<Command> commands = recorder.commands().stream()
                    .filter(command -> command.script().equals(script))
                    .map(command -> new Command(command.sql(), command.statement()))
                    .toList();
            steps.add(new Step(script.step(), background, script.condition(), script.searchPath(), commands));
        }
        return reached;
    }
}
