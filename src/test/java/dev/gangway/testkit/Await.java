package dev.gangway.testkit;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** Waiting for a condition instead of for a time. */
public final class Await {

    private static final long POLL_NANOS = TimeUnit.MILLISECONDS.toNanos(5);

    private Await() {}

    /** A condition that may throw: an exception counts as "not yet". */
    @FunctionalInterface
    public interface BooleanSupplierThrowing {
        boolean getAsBoolean() throws Exception;
    }

    /**
     * Returns as soon as the condition holds; asks every few milliseconds.
     *
     * @param what the condition in words, for the failure: "the index is valid"
     * @throws AssertionError when it does not hold in time, or the thread is interrupted (the flag stays set); its
     *     cause is what the condition threw last
     */
    public static void until(String what, Duration atMost, BooleanSupplierThrowing condition) {
        long deadline = System.nanoTime() + atMost.toNanos();
        while (true) {
            Exception thrown = null;
            try {
                if (condition.getAsBoolean()) {
                    return;
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw failure("Interrupted while waiting until " + what, e);
            } catch (Exception e) {
                thrown = e;
            }
            if (System.nanoTime() - deadline > 0) {
                throw failure("Waited " + atMost.toMillis() + " ms in vain until " + what, thrown);
            }
            LockSupport.parkNanos(POLL_NANOS);
            if (Thread.currentThread().isInterrupted()) {
                throw failure("Interrupted while waiting until " + what, thrown);
            }
        }
    }

    private static AssertionError failure(String message, @Nullable Exception cause) {
        return new AssertionError(message, cause);
    }
}
