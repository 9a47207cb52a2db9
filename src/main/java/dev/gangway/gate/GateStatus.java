package dev.gangway.gate;

import dev.gangway.GateMXBean;
import dev.gangway.MigrationListener;
import dev.gangway.history.HistorySnapshot;
import dev.gangway.internal.Build;
import dev.gangway.migration.Version;
import dev.gangway.plan.Files;
import dev.gangway.plan.Plan;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * How a gate stands. Hears from the gate itself what it finds out, and as a listener what its migrations do. Thread-safe;
 * each attribute is read on its own.
 *
 * <p>Knows no gate, so that whoever keeps it keeps nothing else.
 */
final class GateStatus implements GateMXBean, MigrationListener {
    private volatile State state = State.CHECKING;
    private volatile @Nullable String version;
    private volatile List<String> deferred = List.of();
    private volatile @Nullable String lastError;
    private volatile long migrationMillis;
    private volatile long checkMillis;
    private volatile @Nullable String background;
    private final AtomicInteger pending = new AtomicInteger();
    private final AtomicLong applied = new AtomicLong();

    void checking() {
        state = State.CHECKING;
    }

    /**
     * The database was asked, which took so long.
     *
     * @param history null when there is none, or it was found to be exactly what the files say
     */
    void checked(Files files, @Nullable HistorySnapshot history, Plan plan, long nanos) {
        checkMillis = nanos / 1_000_000;
        int due = 0;
        for (Plan.Step step : plan.steps()) {
            if (step.need() == Plan.Need.NOW) {
                due++;
            }
        }
        pending.set(due);
        if (history != null) {
            version = text(history.version());
        } else if (due == 0) {
            version = text(files.version());
        }
        if (due < plan.steps().size()) {
            deferred = plan.deferredScripts();
        } else {
            deferred = List.of();
        }
    }

    void current() {
        lastError = null;
        state = State.CURRENT;
    }

    void refused(String message) {
        lastError = message;
        state = State.FAILED;
    }

    private static @Nullable String text(@Nullable Version version) {
        return version == null ? null : version.toString();
    }

    @Override
    public void started(Started event) {
        pending.set(event.pending());
        state = State.MIGRATING;
    }

    @Override
    public void stepStarted(Step event) {
        if (event.background()) {
            background = event.script();
        }
    }

    @Override
    public void stepDone(StepDone event) {
        applied.incrementAndGet();
        if (event.step().background()) {
            background = null;
        } else {
            pending.updateAndGet(count -> Math.max(0, count - 1));
        }
    }

    @Override
    public void failed(Failed event) {
        // What runs in the background fails beside connections that pass.
        if (state == State.CURRENT) {
            background = null;
            lastError = event.message();
        } else {
            refused(event.message());
        }
    }

    @Override
    public void waiting(Waiting event) {
        state = State.WAITING;
    }

    @Override
    public void done(Done event) {
        migrationMillis = event.elapsed().toMillis();
    }

    @Override
    public State getState() {
        return state;
    }

    @Override
    public @Nullable String getSchemaVersion() {
        return version;
    }

    @Override
    public int getPendingCount() {
        return pending.get();
    }

    @Override
    public List<String> getDeferred() {
        return deferred;
    }

    @Override
    public int getDeferredCount() {
        return deferred.size();
    }

    @Override
    public @Nullable String getLastError() {
        return lastError;
    }

    @Override
    public long getMigrationsApplied() {
        return applied.get();
    }

    @Override
    public long getLastMigrationMillis() {
        return migrationMillis;
    }

    @Override
    public long getLastCheckMillis() {
        return checkMillis;
    }

    @Override
    public @Nullable String getBackgroundRunning() {
        return background;
    }

    @Override
    public String getGangwayVersion() {
        return Build.VERSION;
    }
}
