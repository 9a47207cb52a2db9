package dev.gangway.execute;

import dev.gangway.lock.Jitter;
import dev.gangway.pgjdbc.SqlStates;
import java.sql.SQLException;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes one attempt after another at the same thing, as long as only a lock, a deadlock or the like stands in the way and
 * {@code gangway.lockRetries} allows; with pauses in between, which let through the traffic that has queued up.
 */
final class Attempts {
    private static final Logger LOG = LoggerFactory.getLogger(Attempts.class);

    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(5);

    private Attempts() {}

    /** One attempt. */
    interface Attempt<T> {
        /** @param earlier how many were made before */
        T make(int earlier) throws StepException, SQLException;
    }

    /** What a failure means that no further attempt can mend. */
    interface Report {
        SQLException of(StepException failed, int attempts);
    }

    /**
     * {@return what the attempt that succeeded gives}
     *
     * @param what it is, for the log
     * @throws SQLException what the report says; or the error itself, when the connection or the leadership was lost
     */
    static <T> T make(Run run, Script script, String what, Attempt<T> attempt, Report report) throws SQLException {
        for (int earlier = 0; ; earlier++) {
            run.watch().requireLeadership();
            run.watch().begin(what);
            try {
                return attempt.make(earlier);
            } catch (StepException e) {
                SQLException error = e.error();
                if (SqlStates.connectionLost(error) || e.fencedOut()) {
                    throw error;
                }
                new Conversation(run, script).rollback(error);
                run.watch().requireLeadership();
                if (run.indexBuilds().retriesSerially(e)) {
                    continue;
                }
                if (!SqlStates.worthRetrying(error) || earlier >= run.lockRetries()) {
                    throw report.of(e, earlier + 1);
                }
                LOG.warn(
                        "{} - {} is tried again ({} of {}): {}{}",
                        run.target(),
                        what,
                        earlier + 1,
                        run.lockRetries(),
                        error.getMessage(),
                        run.watch().heldBy());
                Jitter.pauseUpTo(LONGEST_PAUSE);
            } finally {
                run.watch().end();
            }
        }
    }
}
