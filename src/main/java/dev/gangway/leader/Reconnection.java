package dev.gangway.leader;

import dev.gangway.lock.Jitter;
import dev.gangway.pgjdbc.Target;
import java.sql.SQLException;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Decides, when the connection to a server was lost, whether to try another one, and pauses before it. Used by one thread.
 *
 * <p>Three things end it. A server that stays unreachable may do so for a time only, long enough for a standby to take over.
 * One that was never reached is tried a few times, for its address may be wrong. And connections that are had and lost again are counted, however long each lasted: a migration that brings its server
 * down every time must not do so for ever.
 */
public final class Reconnection {
    private static final Logger LOG = LoggerFactory.getLogger(Reconnection.class);

    private static final int ATTEMPTS = 8;
    private static final Duration STEP = Duration.ofMillis(500);

    private final Target target;
    private final Duration unreachable;
    private final Duration longestPause;

    private boolean known;
    private boolean reached = true;
    private int losses;
    private int inVain;
    private long since;

    /**
     * @param known        whether the server is known to be where it is looked for, because it has just been reached
     * @param unreachable  for how long a server may be out of reach; zero for ever
     * @param longestPause between two attempts
     */
    public Reconnection(Target target, boolean known, Duration unreachable, Duration longestPause) {
        this.target = target;
        this.known = known;
        this.unreachable = unreachable;
        this.longestPause = longestPause;
    }

    /** Says that the server has answered. */
    public void reached() {
        known = true;
        reached = true;
    }

    /** Forgives what happened long ago. */
    public void forgive() {
        losses = 0;
    }

    /**
     * Pauses before another attempt.
     *
     * @param what was lost, for the log
     * @throws SQLException the error itself, when there shall be none
     */
    public void pauseAfter(SQLException error, String what) throws SQLException {
        long now = System.nanoTime();
        if (reached) {
            reached = false;
            losses++;
            inVain = 0;
            since = now;
        }
        inVain++;
        boolean tooLong = !unreachable.isZero() && now - since >= unreachable.toNanos();
        boolean nowhere = !known && inVain > ATTEMPTS;
        if (losses > ATTEMPTS || nowhere || tooLong || Thread.currentThread().isInterrupted()) {
            throw error;
        }
        LOG.warn("{} - {}, beginning anew: {}", target, what, error.getMessage());
        Duration pause = STEP.multipliedBy(inVain);
        Jitter.pauseUpTo(pause.compareTo(longestPause) < 0 ? pause : longestPause);
    }
}
