package dev.gangway.pgjdbc;

import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/** The moment for which the server still lists a session whose client has closed it. */
public final class Goodbye {
    private static final long MOMENT = Duration.ofSeconds(1).toNanos();
    private static final int LOOKS = 20;

    private Goodbye() {}

    /** Asks for sessions. */
    @FunctionalInterface
    public interface Question<T> {
        List<T> ask() throws SQLException;
    }

    /** {@return the sessions that are still there after a moment; none as soon as there is none} */
    public static <T> List<T> await(Question<T> question) throws SQLException {
        List<T> sessions = question.ask();
        long end = System.nanoTime() + MOMENT;
        while (!sessions.isEmpty()
                && System.nanoTime() < end
                && !Thread.currentThread().isInterrupted()) {
            LockSupport.parkNanos(MOMENT / LOOKS);
            sessions = question.ask();
        }
        return sessions;
    }
}
