package dev.gangway.gate;

import dev.gangway.GangwayException;
import dev.gangway.GangwayException.Code;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.jspecify.annotations.Nullable;

/**
 * A failure that is remembered, so that a pool which asks again every second does not run a failing migration every
 * second.
 *
 * @param code     of the failure
 * @param mayPass  whether the same call may succeed later without any change
 * @param original what went wrong; it holds on to no class of the application's
 * @param at       {@link System#nanoTime()} when it did
 */
record Refusal(Code code, boolean mayPass, SQLException original, long at) {

    /** Remembers a failure from then on; {@code at} is the {@link System#nanoTime()}. */
    static Refusal of(GangwayException cause, long at) {
        return new Refusal(
                cause.code(),
                cause instanceof GangwayException.Transient,
                Remembered.copyOf(cause.asSqlException()),
                at);
    }

    /** @param now {@link System#nanoTime()} */
    boolean isFresh(Duration retryAfter, long now) {
        return now - at < retryAfter.toNanos();
    }

    /** {@return a new exception for another caller: one that is thrown twice collects the callers' additions} */
    SQLException again(Duration retryAfter, long now) {
        Duration left = retryAfter.minusNanos(now - at);
        String message = withoutCode(original) + "\n  (remembered; the next attempt is made at "
                + Instant.now().plus(left).truncatedTo(ChronoUnit.SECONDS) + ")";
        return mayPass
                ? new GangwayException.Transient(code, message, original)
                : new GangwayException.Permanent(code, message, original);
    }

    /** {@return a new exception for a caller that waited for the same attempt} */
    static SQLException copy(GangwayException cause) {
        SQLException original = cause.asSqlException();
        return cause instanceof GangwayException.Transient
                ? new GangwayException.Transient(cause.code(), withoutCode(original), original)
                : new GangwayException.Permanent(cause.code(), withoutCode(original), original);
    }

    private static String withoutCode(SQLException original) {
        String message = String.valueOf(original.getMessage());
        return message.substring(message.indexOf(' ') + 1);
    }

    /**
     * What an exception and its causes say. An exception itself holds, out of sight, the classes of all methods that were
     * on the stack, and may be of a class of the application's: where the driver is not the application's own, it would
     * keep an application in memory that was undeployed after a failure.
     */
    @SuppressWarnings("OverrideThrowableToString") // it passes for the original, whose name stands there
    private static final class Remembered extends SQLException {
        private static final long serialVersionUID = 1L;
        private static final int MOST_CAUSES = 32;

        private final String text;

        private Remembered(Throwable original, @Nullable String state, @Nullable Remembered cause) {
            super(original.getMessage(), state, cause);
            this.text = original.toString();
            super.setStackTrace(original.getStackTrace());
        }

        static Remembered copyOf(Throwable original) {
            return copyOf(original, MOST_CAUSES);
        }

        /** Whose exceptions these are may have made them each other's cause. */
        private static Remembered copyOf(Throwable original, int causes) {
            Throwable cause = original.getCause();
            String state = original instanceof SQLException sql ? sql.getSQLState() : null;
            return new Remembered(original, state, cause == null || causes == 0 ? null : copyOf(cause, causes - 1));
        }

        @Override
        @SuppressWarnings("UnsynchronizedOverridesSynchronized") // nothing is written
        public Throwable fillInStackTrace() {
            return this;
        }

        /** As the original says, with its class. */
        @Override
        @SuppressWarnings("OverrideThrowableToString")
        public String toString() {
            return text;
        }
    }
}
