package dev.gangway.leader;

import dev.gangway.GangwayException;
import dev.gangway.GangwayException.Code;
import dev.gangway.config.Settings;
import dev.gangway.event.Events;
import dev.gangway.internal.Durations;
import dev.gangway.lock.FlywayLock;
import dev.gangway.lock.Jitter;
import dev.gangway.lock.LockKey;
import dev.gangway.lock.Workers;
import dev.gangway.pgjdbc.Target;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLTransientException;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How a process waits: in pauses of random length that grow with the time already waited, telling every ten seconds what
 * for, and no longer than {@code gangway.waitTimeout}. Used by one thread.
 */
public final class Waiting {
    private static final Logger LOG = LoggerFactory.getLogger(Waiting.class);

    private static final long SHORTEST = Duration.ofMillis(50).toNanos();
    /** In the first minute, so that nobody is late by more when a migration of ordinary length is over. */
    private static final long LONGEST_AT_FIRST = Duration.ofSeconds(2).toNanos();
    /** Later, because each question of a process that waits for long costs the server a new session. */
    private static final long LONGEST = Duration.ofSeconds(10).toNanos();

    private static final Duration BETWEEN_REPORTS = Duration.ofSeconds(10);
    private static final int THOROUGH_EVERY = 5;

    private final Settings settings;
    private final Target target;
    private final LockKey key;
    private final long began;
    private final Events events;

    private long lastReport;
    private int pauses;
    private boolean flywaySeen;
    private boolean told;
    private String lastSeen = "nobody was seen to migrate";

    /**
     * @param began  {@link System#nanoTime()} from which the time-out counts
     * @param events tells listeners what is waited for
     */
    public Waiting(Settings settings, Target target, LockKey key, long began, Events events) {
        this.settings = settings;
        this.target = target;
        this.key = key;
        this.began = began;
        this.events = events;
        this.lastReport = System.nanoTime();
    }

    boolean hasWaited() {
        return pauses > 0;
    }

    int pauses() {
        return pauses;
    }

    /** {@return whether to ask for more than whether it is over, which is not needed each time} */
    public boolean isTimeForAThoroughLook() {
        return pauses % THOROUGH_EVERY == 1;
    }

    /** Tells listeners, once, that the wait has begun, long before it is worth a line in the log. */
    public void begin(String what) {
        if (!told) {
            told = true;
            events.waiting(what, elapsed());
        }
    }

    /** Looks who leads and what it is doing, when it is time to tell. */
    public void tellWhoLeads(Connection connection) throws SQLException {
        if (isTimeToTell()) {
            String leader = Workers.describe(connection, key);
            if (!leader.isEmpty()) {
                lastSeen = leader;
            }
            tell("waiting for another process to migrate: " + lastSeen);
        }
    }

    /** As {@link #tellWhoLeads}, when it is Flyway; tells at once when that begins, because one would not think of it. */
    void tellOfFlyway(Connection connection, FlywayLock flyway) throws SQLException {
        if (!flywaySeen) {
            flywaySeen = true;
            lastReport = System.nanoTime() - BETWEEN_REPORTS.toNanos();
        }
        if (isTimeToTell()) {
            lastSeen = "Flyway, " + Workers.describe(connection, flyway.key());
            tell("Flyway is migrating this schema; waiting until it is done: " + lastSeen);
        }
    }

    /** Tells that the server takes no connection just now, when it is time to tell. */
    void tellNoConnection(SQLException why) {
        lastSeen = "the server took no more connections: " + why.getMessage();
        begin("waiting until the server takes another connection");
        tell("waiting until the server takes another connection: " + why.getMessage());
    }

    /** Tells in the log what this process waits for, at most every ten seconds. */
    public void tell(String what) {
        if (isTimeToTell()) {
            lastReport = System.nanoTime();
            LOG.info("{} - {} ({} s so far)", target, what, Durations.millisSince(began) / 1000);
            events.waiting(what, elapsed());
        }
    }

    private Duration elapsed() {
        return Duration.ofNanos(System.nanoTime() - began);
    }

    private boolean isTimeToTell() {
        return System.nanoTime() - lastReport >= BETWEEN_REPORTS.toNanos();
    }

    /**
     * Pauses.
     *
     * @param onTimeout what it means when the time is up
     * @throws SQLException when the time is up, or the thread is interrupted: no later pause would be one, and whoever
     *     waits would ask the server without end
     */
    public void pause(Code onTimeout) throws SQLException {
        long waited = System.nanoTime() - began;
        if (!settings.waitTimeout().isZero() && waited >= settings.waitTimeout().toNanos()) {
            throw timedOut(onTimeout);
        }
        pauses++;
        Jitter.pauseUpTo(Duration.ofNanos(longestPause(waited)));
        if (Thread.currentThread().isInterrupted()) {
            throw new SQLTransientException("Interrupted while waiting: " + lastSeen, "57014");
        }
    }

    /** {@return the upper limit of the next pause, which grows with the time already waited; in nanoseconds} */
    static long longestPause(long waited) {
        long atFirst = Math.min(waited / 4, LONGEST_AT_FIRST);
        long later = Math.min(waited / 30, LONGEST);
        return Math.max(SHORTEST, Math.max(atFirst, later));
    }

    private GangwayException.Transient timedOut(Code code) {
        String waited = "after waiting for " + settings.waitTimeout().toSeconds() + " s (gangway.waitTimeout)";
        if (code == Code.READ_ONLY_SERVER) {
            return new GangwayException.Transient(code, """
                    Migrations are still pending on %s %s, and this server is a standby, on which nothing can be applied.
                      next: migrate the primary (a process whose URL leads there does it on its first connection), and\
                     see that this standby follows it""".formatted(target.hosts(), waited));
        }
        return new GangwayException.Transient(code, """
                The schema is still not current %s.
                  last seen: %s
                  next: look at that session in pg_stat_activity; if it hangs, end it with\
                 SELECT pg_terminate_backend(pid), and the next process takes over""".formatted(waited, lastSeen));
    }
}
