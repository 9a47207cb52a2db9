package dev.gangway.gate;

import dev.gangway.GangwayException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Who may make the attempt to reach something, who waits for it, and what is remembered of how it ended: nothing but the
 * concurrency of a gate, and all of it.
 *
 * <ol>
 *   <li>At most one attempt, with its {@link Flight}, is under way at any time. Whoever comes meanwhile {@linkplain #join joins} it.
 *   <li>What was reached is there before the flight has ended, so that nobody who finds no flight makes an attempt in vain.
 *   <li>A failure of ours reaches all who waited for that flight, and for a while those who come later; any other one only
 *       the thread that met it, for it says nothing about another thread's connection.
 *   <li>A flight that has ended changes nothing any more, however late its thread is.
 * </ol>
 *
 * <p>Thread-safe. Whoever waits may be interrupted, and leaves without a trace.
 *
 * @param <T> what is reached
 */
final class SingleFlight<T> {
    private final Duration retryAfter;
    private final Clock clock;

    private volatile @Nullable T reached;

    private final ReentrantLock guard = new ReentrantLock();
    // All guarded.
    private @Nullable Flight<T> present;
    private @Nullable Refusal refusal;

    /** A source of {@link System#nanoTime()}. */
    interface Clock {
        long nanoTime();
    }

    /** No method reference, for the sake of the first connection. */
    private static final class SystemClock implements Clock {
        @Override
        public long nanoTime() {
            return System.nanoTime();
        }
    }

    /** @param retryAfter how long a failure of ours is remembered */
    SingleFlight(Duration retryAfter) {
        this(retryAfter, new SystemClock());
    }

    SingleFlight(Duration retryAfter, Clock clock) {
        this.retryAfter = retryAfter;
        this.clock = clock;
    }

    /** {@return what was reached last; null when nothing was yet. Costs one volatile read} */
    @Nullable
    T reached() {
        return reached;
    }

    /** @throws SQLException when the last attempt has failed not long ago, and none has succeeded since */
    void throwIfRefused() throws SQLException {
        guard.lock();
        try {
            if (refusal != null) {
                long now = clock.nanoTime();
                if (refusal.isFresh(retryAfter, now)) {
                    throw refusal.again(retryAfter, now);
                }
                refusal = null;
            }
        } finally {
            guard.unlock();
        }
    }

    /**
     * {@return the flight that is under way, to be waited for; or the given one when there was none, and then the caller
     * makes the attempt, and {@link #arrive} or {@link #land} must follow whatever happens}
     */
    Flight<T> join(Flight<T> own) {
        guard.lock();
        try {
            if (present == null) {
                present = own;
            }
            return present;
        } finally {
            guard.unlock();
        }
    }

    /** The attempt has succeeded. */
    void arrive(Flight<T> flight, T value) {
        guard.lock();
        try {
            if (present == flight) {
                reached = value;
                refusal = null;
                present = null;
            }
        } finally {
            guard.unlock();
        }
        flight.succeed(value);
    }

    /** The attempt led nowhere, or nobody waits for what it has led to. */
    void land(Flight<T> flight, @Nullable Throwable why) {
        guard.lock();
        try {
            if (present == flight) {
                present = null;
                if (why instanceof GangwayException ours) {
                    refusal = Refusal.of(ours, clock.nanoTime());
                }
            }
        } finally {
            guard.unlock();
            flight.fail(
                    why instanceof SQLException sql
                            ? sql
                            : new SQLException("The attempt to get the schema ready ended; trying again", why));
        }
    }
}
