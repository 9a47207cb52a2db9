package dev.gangway.execute;

import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;

/**
 * A daemon thread that does the same thing again and again, with the same pause before each time, until it is closed.
 * Thread-safe.
 */
final class Ticker implements AutoCloseable {
    private final long pause;
    private final BooleanSupplier action;
    private final Thread thread;

    private final ReentrantLock guard = new ReentrantLock();
    private final Condition closing = guard.newCondition();
    /** Guarded. */
    private boolean closed;

    /**
     * @param pause  in nanoseconds
     * @param action gives whether to go on
     */
    Ticker(String threadName, long pause, BooleanSupplier action) {
        this.pause = pause;
        this.action = action;
        this.thread = new Thread(this::run, threadName);
        this.thread.setDaemon(true);
    }

    void start() {
        thread.start();
    }

    private void run() {
        while (awaitNext() && action.getAsBoolean()) {
            // All is done in the condition.
        }
    }

    private boolean awaitNext() {
        guard.lock();
        try {
            long left = pause;
            while (!closed && left > 0) {
                left = closing.awaitNanos(left);
            }
            return !closed;
        } catch (InterruptedException e) {
            // Nobody but us knows this thread; whoever ends it ends the ticking.
            return false;
        } finally {
            guard.unlock();
        }
    }

    /** Returns when the action is not running any more, and never will again. An interrupt does not hurry it. */
    @Override
    public void close() {
        guard.lock();
        try {
            closed = true;
            closing.signalAll();
        } finally {
            guard.unlock();
        }
        boolean interrupted = false;
        while (thread.isAlive()) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
