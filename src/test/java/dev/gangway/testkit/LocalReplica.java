package dev.gangway.testkit;

import java.sql.SQLException;
import java.time.Duration;

/** A streaming standby that {@link LocalPostgres#replicaOf} has started. Queries may run on many threads. */
public final class LocalReplica implements AutoCloseable {

    private final LocalPostgres primary;
    private final LocalPostgres server;

    LocalReplica(LocalPostgres primary, LocalPostgres server) {
        this.primary = primary;
        this.server = server;
    }

    /** Where it is, as the superuser. */
    public ServerAddress address() {
        return server.address();
    }

    /** Holds back what the primary does from now on, until {@link #resumeReplay}. */
    public void pauseReplay() throws SQLException {
        address().execute("postgres", "select pg_wal_replay_pause()");
        Await.until("replay is paused", Duration.ofSeconds(10), () -> "paused"
                .equals(address().ask("postgres", "select pg_get_wal_replay_pause_state()")));
    }

    /** Lets the standby follow again. */
    public void resumeReplay() throws SQLException {
        address().execute("postgres", "select pg_wal_replay_resume()");
    }

    /** Receives nothing more from its primary, for good: what that commits from now on is lost when this one takes over. */
    public void stopReceiving() throws SQLException {
        waitUntilReplayed();
        address().execute("postgres", "alter system set primary_conninfo = ''");
        address().execute("postgres", "select pg_reload_conf()");
        Await.until("nothing is received any more", Duration.ofSeconds(10), () -> "0"
                .equals(address().ask("postgres", "select count(*) from pg_stat_wal_receiver")));
    }

    /** Returns when the standby shows everything that the primary had committed at the time of the call. */
    public void waitUntilReplayed() throws SQLException {
        String written = primary.address().ask("postgres", "select pg_current_wal_flush_lsn()");
        String replayed = "select pg_last_wal_replay_lsn() >= '" + written + "'";
        Await.until("the standby has replayed " + written, Duration.ofSeconds(30), () -> "t"
                .equals(address().ask("postgres", replayed)));
    }

    /** Makes it a primary of its own. */
    public void promote() throws SQLException {
        address().execute("postgres", "select pg_promote(true, 30)");
    }

    /** Stops the standby and removes its data. */
    @Override
    public void close() {
        server.close();
    }
}
