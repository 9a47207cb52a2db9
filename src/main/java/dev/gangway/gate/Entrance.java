package dev.gangway.gate;

import dev.gangway.config.Settings;
import dev.gangway.lock.Jitter;
import dev.gangway.pgjdbc.Endpoint;
import dev.gangway.pgjdbc.SqlStates;
import dev.gangway.pgjdbc.Target;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Opens the connections of an application that does not have its first one yet. When many processes start at once, the
 * server may be full of those that ask the same question, and none of them for long. So who is told that there is no
 * room just now asks again, after pauses of random length that grow, for a minute at most.
 *
 * <p>Later connections are none of our business: what pgjdbc says of them is what the application hears, at once.
 */
record Entrance(Settings settings, Target target) {
    private static final Logger LOG = LoggerFactory.getLogger(Entrance.class);

    /** If it takes longer, it is not other processes' questions that fill the server, and somebody should be told. */
    private static final Duration PATIENCE = Duration.ofMinutes(1);

    private static final Duration FIRST_PAUSE = Duration.ofMillis(100);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(2);
    private static final Duration BETWEEN_REPORTS = Duration.ofSeconds(10);

    /**
     * Opens a connection to a server of which nothing is known yet. Whether it can be reached at all is answered at once.
     */
    Connection open(Endpoint endpoint) throws SQLException {
        return open(endpoint, false);
    }

    /** Opens a connection to a server that was reached a moment ago: it may be on its way to another machine. */
    Connection openAgain(Endpoint endpoint) throws SQLException {
        return open(endpoint, true);
    }

    private Connection open(Endpoint endpoint, boolean known) throws SQLException {
        long began = 0;
        long lastReport = 0;
        Duration pause = FIRST_PAUSE;
        while (true) {
            try {
                return endpoint.connect();
            } catch (SQLException e) {
                boolean passes = known ? SqlStates.connectionLost(e) : SqlStates.takesNoConnectionNow(e);
                long now = System.nanoTime();
                began = began == 0 ? now : began;
                if (!passes
                        || now - began >= limit().toNanos()
                        || Thread.currentThread().isInterrupted()) {
                    throw e;
                }
                if (lastReport == 0 || now - lastReport >= BETWEEN_REPORTS.toNanos()) {
                    lastReport = now;
                    LOG.warn("{} - no connection can be had just now, trying again: {}", target, e.getMessage());
                }
                Jitter.pauseUpTo(pause);
                pause = pause.multipliedBy(2).compareTo(LONGEST_PAUSE) < 0 ? pause.multipliedBy(2) : LONGEST_PAUSE;
            }
        }
    }

    private Duration limit() {
        Duration wait = settings.waitTimeout();
        return wait.isZero() || wait.compareTo(PATIENCE) > 0 ? PATIENCE : wait;
    }
}
