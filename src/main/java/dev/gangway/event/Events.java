package dev.gangway.event;

import dev.gangway.MigrationListener;
import dev.gangway.MigrationListener.Done;
import dev.gangway.MigrationListener.Failed;
import dev.gangway.MigrationListener.Progress;
import dev.gangway.MigrationListener.Started;
import dev.gangway.MigrationListener.Step;
import dev.gangway.MigrationListener.StepDone;
import dev.gangway.MigrationListener.Waiting;
import dev.gangway.internal.ForeignCode;
import dev.gangway.internal.Services;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells all listeners of one target what happens, one event at a time. What a listener throws goes to the log. Thread-safe.
 *
 * <p>Made only when there is something to tell: a first connection that finds nothing pending never comes here.
 */
public final class Events {
    private static final Logger LOG = LoggerFactory.getLogger(Events.class);

    private final String target;
    private final List<MigrationListener> listeners;

    private final ReentrantLock oneAtATime = new ReentrantLock();
    /** The migration that was begun and is neither done nor failed. */
    private final AtomicReference<@Nullable Step> present = new AtomicReference<>();
    /** What is to be told by a thread that has been started for that; null for nothing. */
    private final AtomicReference<@Nullable Progress> latest = new AtomicReference<>();

    private Events(String target, List<MigrationListener> listeners) {
        this.target = target;
        this.listeners = List.copyOf(listeners);
    }

    /**
     * {@return events for the given listeners and those that are declared as services}
     *
     * @param target what log lines begin with
     * @param loader where services are looked for first; null for the driver's own class loader
     */
    public static Events of(String target, List<MigrationListener> given, @Nullable ClassLoader loader) {
        List<MigrationListener> listeners = new ArrayList<>(given);
        listeners.addAll(Services.load(
                MigrationListener.class,
                loader,
                e -> LOG.warn("{} - a listener cannot be loaded and is left out: {}", target, e.getMessage(), e)));
        return new Events(target, listeners);
    }

    /** {@return events that nobody hears} */
    public static Events silent(String target) {
        return new Events(target, List.of());
    }

    /** Tells that this process begins to apply what is pending. */
    public void started(int pending) {
        begin(null);
        tell(listener -> listener.started(new Started(target, pending)));
    }

    /** Tells that a migration begins, unless that was told already: it may be tried again. */
    public void stepStarted(@Nullable String version, String script, boolean background) {
        Step step = new Step(target, version, script, background);
        if (!step.equals(begin(step))) {
            tell(listener -> listener.stepStarted(step));
        }
    }

    /**
     * Tells how far the migration that was begun last has come; nothing when there is none. Returns at once: who watches
     * over a migration keeps the leadership alive as well, and must not wait for a listener. When listeners are slow, they
     * hear the latest only.
     */
    public void progress(String phase, long done, @Nullable Long total, String unit, Duration elapsed) {
        Step step = present.get();
        if (step == null || latest.getAndSet(new Progress(step, phase, done, total, unit, elapsed)) != null) {
            return;
        }
        Thread thread = new Thread(this::tellLatest, "gangway-progress " + target);
        thread.setDaemon(true);
        thread.start();
    }

    private void tellLatest() {
        oneAtATime.lock();
        try {
            Progress progress = latest.getAndSet(null);
            if (progress != null && progress.step().equals(present.get())) {
                tell(listener -> listener.progress(progress));
            }
        } finally {
            oneAtATime.unlock();
        }
    }

    /** Tells that the migration that was begun last is applied. */
    public void stepDone(Duration elapsed) {
        Step step = begin(null);
        if (step != null) {
            tell(listener -> listener.stepDone(new StepDone(step, elapsed)));
        }
    }

    /** Tells that the migration that was begun last has failed, or that getting ready failed for another reason. */
    public void failed(String message) {
        Step step = begin(null);
        tell(listener -> listener.failed(new Failed(target, step, message)));
    }

    /** Tells that this process waits. */
    public void waiting(String what, Duration elapsed) {
        tell(listener -> listener.waiting(new Waiting(target, what, elapsed)));
    }

    /** Tells that this process has applied so many migrations, and nothing is pending any more. */
    public void done(int applied, Duration elapsed) {
        tell(listener -> listener.done(new Done(target, applied, elapsed)));
    }

    private @Nullable Step begin(@Nullable Step step) {
        return present.getAndSet(step);
    }

    private void tell(Consumer<MigrationListener> event) {
        oneAtATime.lock();
        ForeignCode call = ForeignCode.enter(target);
        try {
            for (MigrationListener listener : listeners) {
                tell(listener, event);
            }
        } finally {
            call.close();
            oneAtATime.unlock();
        }
    }

    private void tell(MigrationListener listener, Consumer<MigrationListener> event) {
        try {
            event.accept(listener);
        } catch (Exception | LinkageError | AssertionError | StackOverflowError e) {
            LOG.warn("{} - the listener {} has failed; it is passed over: {}", target, listener, e.toString(), e);
        }
    }
}
