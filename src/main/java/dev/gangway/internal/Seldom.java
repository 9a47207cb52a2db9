package dev.gangway.internal;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

/** Keeps what may happen very often from being logged more than once in a while. Thread-safe. */
public final class Seldom {
    private final long pause;
    private final AtomicLong next = new AtomicLong(System.nanoTime());

    public Seldom(Duration pause) {
        this.pause = pause.toNanos();
    }

    /** {@return whether it is time again; then the pause begins anew} */
    public boolean isDue() {
        long now = System.nanoTime();
        long due = next.get();
        return now - due >= 0 && next.compareAndSet(due, now + pause);
    }
}
