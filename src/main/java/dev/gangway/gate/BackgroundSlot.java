package dev.gangway.gate;

import dev.gangway.config.Settings;
import dev.gangway.event.Events;
import dev.gangway.history.Precheck;
import dev.gangway.pgjdbc.Endpoint;
import dev.gangway.plan.Files;
import java.sql.SQLException;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The place of a gate for the one {@link Background} that may be at work at any time. It is free again when that has
 * ended; none begins once the slot is closed. Thread-safe.
 */
final class BackgroundSlot {
    private final ReentrantLock guard = new ReentrantLock();
    // Both guarded.
    private @Nullable Background occupant;
    private boolean closed;

    /** {@return what {@link #start} may let begin; nothing runs yet} */
    Background prepare(Settings settings, Endpoint endpoint, Files files, Precheck check, Events events)
            throws SQLException {
        return new Background(settings, endpoint, check.table(), files, check.facts(), events, this::vacate);
    }

    /** Lets it begin, unless another one is at work already or the slot is closed. */
    void start(Background prepared) {
        guard.lock();
        try {
            if (!closed && occupant == null) {
                prepared.start();
                // Not before: a thread that cannot be had would occupy the slot for ever.
                occupant = prepared;
            }
        } finally {
            guard.unlock();
        }
    }

    private void vacate() {
        guard.lock();
        try {
            occupant = null;
        } finally {
            guard.unlock();
        }
    }

    /** Closes the slot; {@return what has been told to end and may need a moment for it; null for nothing} */
    @Nullable
    Background close() {
        guard.lock();
        try {
            closed = true;
            if (occupant != null) {
                occupant.stop();
            }
            return occupant;
        } finally {
            guard.unlock();
        }
    }
}
