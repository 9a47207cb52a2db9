package dev.gangway;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Hears what happens to a schema. Found through {@link java.util.ServiceLoader} for connections, or given to
 * {@link Gangway.Builder#listener}; its class then needs no public constructor.
 *
 * <p>Called on Gangway's own threads, one call at a time for one target, and on different threads for different ones. What
 * a listener throws is logged and changes nothing; while it runs, the migration waits. The targets of events are those
 * that stand at the beginning of log lines, {@code user@host:port/database}.
 */
public interface MigrationListener {

    /** This process begins to apply what is pending. */
    default void started(Started event) {}

    /** A migration begins; of several small ones that travel in one message, each is told when the message was answered. */
    default void stepStarted(Step event) {}

    /** A migration that takes long has come further; told about once a second. */
    default void progress(Progress event) {}

    /** A migration is applied. */
    default void stepDone(StepDone event) {}

    /** A migration has failed. */
    default void failed(Failed event) {}

    /** This process waits for another one; told about every ten seconds. */
    default void waiting(Waiting event) {}

    /** This process has applied all that was pending, but for what is deferred or runs in the background. */
    default void done(Done event) {}

    /** @param pending how many migrations are about to be applied */
    record Started(String target, int pending) {}

    /**
     * @param version    null for a repeatable migration
     * @param background whether it runs beside the application
     */
    record Step(String target, @Nullable String version, String script, boolean background) {}

    /**
     * @param phase such as {@code building index: loading tuples}, or {@code batches}
     * @param done  of {@code total}, in {@code unit}
     * @param total null when it is not known
     * @param unit  {@code blocks}, {@code tuples}, {@code rows}, {@code bytes} or {@code statements}
     */
    record Progress(
            Step step, String phase, long done, @Nullable Long total, String unit, Duration elapsed) {}

    /** @param elapsed how long it took, as far as this process knows */
    record StepDone(Step step, Duration elapsed) {}

    /** @param message the whole message of the exception that the application gets */
    record Failed(String target, @Nullable Step step, String message) {}

    /** @param what who leads and what it does, or what else is waited for */
    record Waiting(String target, String what, Duration elapsed) {}

    /** @param applied how many migrations were applied */
    record Done(String target, int applied, Duration elapsed) {}
}
