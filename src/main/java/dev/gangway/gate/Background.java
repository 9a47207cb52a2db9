package dev.gangway.gate;

import dev.gangway.GangwayException;
import dev.gangway.config.Settings;
import dev.gangway.event.Events;
import dev.gangway.execute.Upgrade;
import dev.gangway.history.HistoryTable;
import dev.gangway.history.ServerFacts;
import dev.gangway.leader.Leader;
import dev.gangway.leader.Leadership;
import dev.gangway.leader.Reconnection;
import dev.gangway.lock.Jitter;
import dev.gangway.pgjdbc.Connections;
import dev.gangway.pgjdbc.Endpoint;
import dev.gangway.pgjdbc.SqlStates;
import dev.gangway.pgjdbc.Target;
import dev.gangway.plan.Files;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Carries out, on a daemon thread of its own, what may run beside the application. One process of the fleet does it, under
 * a lock of its own, so that nobody who migrates has to wait for it; the others look now and then whether that process
 * still lives, and take over when it does not.
 */
final class Background {
    private static final Logger LOG = LoggerFactory.getLogger(Background.class);

    private static final Duration FORGIVEN_AFTER = Duration.ofMinutes(10);
    /** Nobody waits for it, so that a server may be away for as long as it needs. */
    private static final Duration FOR_EVER = Duration.ZERO;

    /** After another process has moved the history on. */
    private static final Duration SHORT_PAUSE = Duration.ofMillis(500);
    /** While another process is at it. */
    private static final Duration BETWEEN_LOOKS = Duration.ofMinutes(1);
    /** A statement ends at once, for its connection is cut; a migration in Java when it next looks up. */
    private static final Duration LONGEST_FAREWELL = Duration.ofSeconds(5);

    private final Settings settings;
    private final Target target;
    private final Files files;
    private final Leadership leadership;
    private final Thread thread;
    private final Events events;
    private final Runnable atEnd;

    private volatile boolean stopped;
    private volatile @Nullable Connection work;

    /**
     * @param table  with its schema
     * @param events tells listeners what happens
     * @param atEnd  called on the thread when there is nothing more to do; from then on nobody should keep this object,
     *     which knows the application's classes
     */
    Background(
            Settings settings,
            Endpoint endpoint,
            HistoryTable table,
            Files files,
            ServerFacts facts,
            Events events,
            Runnable atEnd)
            throws SQLException {
        this.events = events;
        this.atEnd = atEnd;
        this.settings = settings;
        this.target = endpoint.target();
        this.files = files;
        this.leadership = new Leadership(settings, endpoint, table, facts, events);
        this.thread = new Thread(this::run, "gangway-background " + target);
        this.thread.setDaemon(true);
    }

    void start() {
        thread.start();
    }

    /** Ends the work as the death of the process would: whoever starts next goes on where it stands. */
    void stop() {
        stopped = true;
        Connections.abort(work);
        thread.interrupt();
    }

    /**
     * Returns when the thread has ended, or after some seconds. A container looks for threads that are still there as soon
     * as the application has been stopped, and unloads its classes, of which the thread may need one more.
     */
    void awaitEnd() {
        if (thread == Thread.currentThread()) {
            return;
        }
        try {
            thread.join(LONGEST_FAREWELL.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void run() {
        try {
            work();
        } finally {
            atEnd.run();
        }
    }

    private void work() {
        Reconnection reconnection = new Reconnection(target, true, FOR_EVER, BETWEEN_LOOKS);
        long lastFailure = System.nanoTime();
        boolean told = false;
        while (!stopped) {
            try {
                if (leadership.leadBackground(this::apply, reconnection) != null) {
                    return;
                }
                if (!told) {
                    LOG.info("{} - another process carries out what runs in the background", target);
                    told = true;
                }
                Jitter.pauseUpTo(BETWEEN_LOOKS);
            } catch (SQLException | RuntimeException e) {
                // What happens once a day is no reason to give up after some days.
                if (System.nanoTime() - lastFailure > FORGIVEN_AFTER.toNanos()) {
                    reconnection.forgive();
                }
                lastFailure = System.nanoTime();
                if (!goesOnAfter(e, reconnection)) {
                    giveUp(e);
                    return;
                }
            }
        }
    }

    /** {@return whether it begins anew, after a pause} */
    private boolean goesOnAfter(Exception e, Reconnection reconnection) {
        if (stopped || !(e instanceof SQLException sql)) {
            return false;
        }
        if (HistoryTable.isFencedOut(sql)) {
            LOG.debug("{} - another process has migrated meanwhile, going on", target);
            Jitter.pauseUpTo(SHORT_PAUSE);
            return true;
        }
        boolean passes =
                e instanceof GangwayException ? e instanceof GangwayException.Transient : SqlStates.connectionLost(sql);
        if (!passes) {
            return false;
        }
        try {
            reconnection.pauseAfter(sql, "the connection of what runs in the background was lost");
            return true;
        } catch (SQLException again) {
            return false;
        }
    }

    private void giveUp(Exception e) {
        if (stopped) {
            LOG.debug("{} - what ran in the background was stopped", target, e);
        } else {
            LOG.error(
                    "{} - what runs in the background has failed; the application goes on without it, and the next process"
                            + " that starts tries again: {}",
                    target,
                    e.getMessage(),
                    e);
            events.failed(String.valueOf(e.getMessage()));
        }
    }

    /** {@return true, because there is nothing left to do} */
    private boolean apply(Leader leader) throws SQLException {
        work = leader.work();
        try {
            // Stopped while it was on its way here, when there was no connection yet that could be ended.
            if (stopped) {
                return true;
            }
            return new Upgrade(settings, files).background(leader);
        } finally {
            work = null;
        }
    }
}
