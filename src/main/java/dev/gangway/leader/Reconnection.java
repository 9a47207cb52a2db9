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
 * <p>Two things end it. A server that stays unreachable may do so for a time only, long enough for a standby to take over.
 * And connections that are had and lost again are counted, however long each lasted: a migration that brings its server
 * down every time must not do so for ever.
 */
public final class Reconnection {
    private static final Logger LOG = LoggerFactory.getLogger(Reconnection.class);

    private static final int LOSSES = 8;
    private static final Duration STEP = Duration.ofMillis(500);

    private final Target target;
    private final Duration unreachable;
    private final Duration longestPause;

    private boolean reached = true;
    private int losses;
    private int inVain;
    private long since;

    /**
     * @param unreachable  for how long a server may be out of reach; zero for ever
     * @param longestPause between two attempts
     */
    public Reconnection(Target target, Duration unreachable, Duration longestPause) {
        this.target = target;
        this.unreachable = unreachable;
        this.longestPause = longestPause;
    }

    /** Says that the server has answered. */
    public void reached() {
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
        if (losses > LOSSES || tooLong || Thread.currentThread().isInterrupted()) {
            throw error;
        }
        LOG.warn("{} - {}, beginning anew: {}", target, what, error.getMessage());
        Duration pause = STEP.multipliedBy(inVain);
        Jitter.pauseUpTo(pause.compareTo(longestPause) < 0 ? pause : longestPause);
    }
}
