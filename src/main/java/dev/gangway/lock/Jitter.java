package dev.gangway.lock;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.LockSupport;

/**
 * Pauses of random length, so that many processes that wait for the same thing do not ask all at once ("full jitter").
 */
public final class Jitter {
    private Jitter() {}

    /** Pauses for a random time between nothing and the limit. An interrupt ends the pause and stays set. */
    public static void pauseUpTo(Duration limit) {
        pause(Duration.ofNanos(ThreadLocalRandom.current().nextLong(Math.max(1, limit.toNanos()))));
    }

    /** Pauses for exactly that time, where nobody else does the same. An interrupt ends the pause and stays set. */
    public static void pause(Duration time) {
        long end = System.nanoTime() + time.toNanos();
        long left = end - System.nanoTime();
        while (left > 0 && !Thread.currentThread().isInterrupted()) {
            LockSupport.parkNanos(left);
            left = end - System.nanoTime();
        }
    }
}
