package dev.gangway.execute;

import dev.gangway.lock.Blocker;
import dev.gangway.lock.LeaderLock;
import dev.gangway.lock.Pulse;
import dev.gangway.pgjdbc.SqlStates;
import dev.gangway.pgjdbc.Target;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Stays awake while the steps of a plan run: keeps the leader lock alive, finds out who holds up a statement and how far
 * the server has come with it, tells in the log what takes long, and stops the work when the leadership is lost.
 *
 * <p>Short steps cost nothing: the lock's connection is used only when a step has been running for a second (less, when
 * the lock timeout is very short), or nothing has been said on it for five.
 *
 * <p>Thread-safe. Its own daemon thread is the only user of the lock's connection until {@link #close()} returns.
 */
public final class Watch implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Watch.class);

    private static final long LONGEST_TICK = Duration.ofSeconds(1).toNanos();
    private static final int TICKS_PER_LOCK_TIMEOUT = 4;
    private static final long KEEP_ALIVE = Duration.ofSeconds(5).toNanos();
    private static final Duration REPORT = Duration.ofSeconds(10);

    private final @Nullable LeaderLock lock;
    private final Connection work;
    private final int workPid;
    private final Target target;
    private final long tick;
    private final long report;
    private final Consumer<StepProgress> listener;
    private final int serverVersion;
    private final Ticker ticker;

    private final ReentrantLock guard = new ReentrantLock();
    // All guarded.
    private @Nullable String doing;
    private long since;
    private long lastReport;
    private List<Blocker> blockers = List.of();
    private @Nullable SQLException lost;

    /** Used by the ticker's thread only. */
    private long lastContact;

    /** Starts to watch, and tells the log only. */
    public static Watch start(LeaderLock lock, Connection work, int workPid, Target target, Duration lockTimeout)
            throws SQLException {
        return start(lock, work, workPid, target, lockTimeout, step -> {});
    }

    /**
     * Starts to watch.
     *
     * @param workPid     the process id of the work connection's session; 0 when a pooler hides it
     * @param lockTimeout the shortest that any step has; who holds a lock can only be seen before it is over
     * @param listener    hears about each second of a step that has been running for a second how far it is, on the
     *     watch's thread, which it must not keep; what it throws goes to the log
     */
    public static Watch start(
            LeaderLock lock,
            Connection work,
            int workPid,
            Target target,
            Duration lockTimeout,
            Consumer<StepProgress> listener)
            throws SQLException {
        return start(lock, work, workPid, target, lockTimeout, listener, REPORT);
    }

    /** @param report how often the log tells of a step that takes long */
    static Watch start(
            LeaderLock lock,
            Connection work,
            int workPid,
            Target target,
            Duration lockTimeout,
            Consumer<StepProgress> listener,
            Duration report)
            throws SQLException {
        Watch watch = new Watch(lock, work, workPid, target, lockTimeout, listener, report);
        watch.lastContact = System.nanoTime();
        watch.ticker.start();
        return watch;
    }

    /** {@return a watch over steps that nobody takes, with no thread of its own} */
    static Watch asleep(Connection work, Target target) throws SQLException {
        return new Watch(null, work, 0, target, Duration.ZERO, step -> {}, REPORT);
    }

    private Watch(
            @Nullable LeaderLock lock,
            Connection work,
            int workPid,
            Target target,
            Duration lockTimeout,
            Consumer<StepProgress> listener,
            Duration report)
            throws SQLException {
        this.lock = lock;
        this.work = work;
        this.workPid = workPid;
        this.target = target;
        this.listener = listener;
        this.report = report.toNanos();
        // Known since the connection was opened; no round trip.
        this.serverVersion = work.getMetaData().getDatabaseMajorVersion();
        this.tick = lockTimeout.isZero()
                ? LONGEST_TICK
                : Math.min(
                        LONGEST_TICK,
                        lockTimeout.dividedBy(TICKS_PER_LOCK_TIMEOUT).toNanos());
        this.ticker = new Ticker("gangway-watch " + target, tick, this::look);
    }

    /** Says that the work connection now is at this, for the log. */
    void begin(String what) {
        guard.lock();
        try {
            doing = what;
            since = System.nanoTime();
            lastReport = since;
            blockers = List.of();
        } finally {
            guard.unlock();
        }
    }

    /** Says that the work connection rests. */
    void end() {
        guard.lock();
        try {
            doing = null;
        } finally {
            guard.unlock();
        }
    }

    /** {@return who was last seen holding a lock that the present step waits for, to go behind a message; or nothing} */
    String heldBy() {
        guard.lock();
        try {
            return blockers.isEmpty()
                    ? ""
                    : "; the lock is held by "
                            + blockers.stream().map(Blocker::toString).collect(Collectors.joining("; "));
        } finally {
            guard.unlock();
        }
    }

    /** Fails when this process is known to have lost the leadership, so that no further step is begun in vain. */
    void requireLeadership() throws SQLException {
        guard.lock();
        try {
            if (lost != null) {
                throw new SQLTransientConnectionException(
                        "the connection that holds the leader lock was lost", "08006", lost);
            }
        } finally {
            guard.unlock();
        }
    }

    /** Stops watching; returns when the lock's connection is free again. */
    @Override
    public void close() {
        ticker.close();
    }

    /** {@return whether there is still something to watch over} */
    private boolean look() {
        long now = System.nanoTime();
        boolean isLong = stepIsLong(now);
        if (!isLong && now - lastContact < KEEP_ALIVE) {
            return true;
        }
        try {
            String question = isLong && workPid != 0 ? ProgressQuestion.sql(workPid, serverVersion) : null;
            Pulse pulse = Objects.requireNonNull(lock).keepAlive(workPid, question);
            report(pulse.blockers(), ProgressQuestion.read(pulse.answer()), now);
            lastContact = now;
            return true;
        } catch (SQLException e) {
            giveUp(e);
            return false;
        }
    }

    private boolean stepIsLong(long now) {
        guard.lock();
        try {
            return doing != null && now - since >= tick;
        } finally {
            guard.unlock();
        }
    }

    private void report(List<Blocker> seen, @Nullable Progress progress, long now) {
        String step;
        Duration running;
        boolean toLog;
        guard.lock();
        try {
            // Kept until the next step: when the wait has ended in a time-out, nobody can be asked any more.
            if (!seen.isEmpty()) {
                blockers = seen;
            }
            // The step may have changed while the server was asked.
            if (doing == null || now - since < tick) {
                return;
            }
            step = doing;
            running = Duration.ofNanos(now - since);
            toLog = now - lastReport >= report;
            if (toLog) {
                lastReport = now;
            }
        } finally {
            guard.unlock();
        }
        tell(new StepProgress(step, running, progress));
        if (!toLog) {
            return;
        }
        String how = ProgressQuestion.behind(progress);
        if (seen.isEmpty()) {
            LOG.info("{} - {} has been running for {} s{}", target, step, running.toSeconds(), how);
        } else {
            LOG.warn(
                    "{} - {} has been waiting for a lock for up to {} s, held by {}{}",
                    target,
                    step,
                    running.toSeconds(),
                    seen,
                    how);
        }
    }

    private void tell(StepProgress progress) {
        try {
            listener.accept(progress);
        } catch (RuntimeException e) {
            // Whoever only looks on must not cost us the leadership.
            LOG.warn("{} - a listener to the progress of migrations failed", target, e);
        }
    }

    private void giveUp(SQLException why) {
        boolean busy;
        guard.lock();
        try {
            lost = why;
            busy = doing != null;
        } finally {
            guard.unlock();
        }
        LOG.warn("{} - the leader lock was lost: {}", target, why.getMessage());
        if (busy) {
            try {
                work.unwrap(PGConnection.class).cancelQuery();
            } catch (SQLException e) {
                LOG.debug("{} - the statement could not be cancelled ({})", target, SqlStates.connectionLost(e), e);
            }
        }
    }
}
