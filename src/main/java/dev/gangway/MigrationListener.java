package dev.gangway;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Hears what happens to a schema. Found through {@link java.util.ServiceLoader} on the class path, for connections and for
 * {@link Gangway} alike, or given to {@link Gangway.Builder#listener}; then its class needs no public constructor.
 *
 * <p>Called one call at a time for one target, on whatever thread has something to tell, and at the same time for different
 * targets; an object is made for each attempt to migrate. While it runs, the migration waits. What it throws is logged and
 * changes nothing. It is refused a connection to the same target through Gangway, for which it would wait itself.
 *
 * <p>Nobody is told anything, or even looked for, when a first connection finds nothing pending.
 *
 * <p>The targets of events are those that stand at the beginning of log lines, {@code user@host:port/database}.
 */
public interface MigrationListener {

    /**
     * This process begins to apply what is pending, but for what runs in the background, of which only the migrations
     * themselves are told. Told again when it begins anew after the connection was lost.
     */
    default void started(Started event) {}

    /**
     * A migration begins; not told again when it is tried again because of a lock. Of several small ones that travel in one
     * message, each is told when the message was answered.
     */
    default void stepStarted(Step event) {}

    /** A migration that takes long has come further; told about once a second. */
    default void progress(Progress event) {}

    /** A migration is applied. */
    default void stepDone(StepDone event) {}

    /** A migration has failed, or the schema cannot be made ready for another reason. */
    default void failed(Failed event) {}

    /** This process waits for another one; told when the wait begins, and then about every ten seconds. */
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
     * @param unit  {@code blocks}, {@code tuples}, {@code rows}, {@code bytes} or {@code sessions}; empty when nothing is
     *     counted
     */
    record Progress(
            Step step, String phase, long done, @Nullable Long total, String unit, Duration elapsed) {}

    /** @param elapsed how long it took; of several that travelled in one message, how long that took */
    record StepDone(Step step, Duration elapsed) {}

    /**
     * @param step    the migration that failed; null when it was none
     * @param message the whole message of the exception that the application gets
     */
    record Failed(String target, @Nullable Step step, String message) {}

    /** @param what who leads and what it does, or what else is waited for */
    record Waiting(String target, String what, Duration elapsed) {}

    /** @param applied how many migrations were applied */
    record Done(String target, int applied, Duration elapsed) {}
}
