package dev.gangway.gate;

import dev.gangway.GangwayException;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/**
 * A failure that is remembered, so that a pool which asks again every second does not run a failing migration every
 * second.
 *
 * @param cause what went wrong
 * @param at    {@link System#nanoTime()} when it did
 */
record Refusal(GangwayException cause, long at) {

    /** @param now {@link System#nanoTime()} */
    boolean isFresh(Duration retryAfter, long now) {
        return now - at < retryAfter.toNanos();
    }

    /** {@return a new exception for another caller: one that is thrown twice collects the callers' additions} */
    SQLException again(Duration retryAfter, long now) {
        Duration left = retryAfter.minusNanos(now - at);
        SQLException original = cause.asSqlException();
        String message = withoutCode(original) + "\n  (remembered; the next attempt is made at "
                + Instant.now().plus(left).truncatedTo(ChronoUnit.SECONDS) + ")";
        return cause instanceof GangwayException.Transient
                ? new GangwayException.Transient(cause.code(), message, original)
                : new GangwayException.Permanent(cause.code(), message, original);
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
}
