package dev.gangway;

import dev.gangway.testkit.Await;
import dev.gangway.testkit.ServerAddress;
import dev.gangway.testkit.TestDatabase;
import java.sql.SQLException;
import java.time.Duration;

/**
 * What a database shows of the migrations that have run, or are running, in it; asked past the driver under test.
 * Thread-safe.
 */
record Observed(ServerAddress server, String database) {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    static Observed in(TestDatabase database) {
        return new Observed(database.server(), database.name());
    }

    /** The history in the order of rank, one migration like {@code 2:applied}, with a blank between two. */
    String history() throws SQLException {
        return ask("select string_agg(version || ':' || state, ' ' order by rank) from gangway_history");
    }

    /** What the migrations have written into their table {@code log}, in the order of writing. */
    String log() throws SQLException {
        return ask("select string_agg(entry, ' ' order by id) from log");
    }

    /** How many sessions hold an advisory lock on this database. */
    int advisoryLocks() throws SQLException {
        return Integer.parseInt(ask("select count(*) from pg_locks l join pg_database d on d.oid = l.database"
                + " where l.locktype = 'advisory' and d.datname = current_database()"));
    }

    /** The process id of the session that holds the leader lock; 0 for none. */
    int leader() throws SQLException {
        return Integer.parseInt(ask("select coalesce(max(l.pid), 0) from pg_locks l join pg_database d on d.oid ="
                + " l.database where l.locktype = 'advisory' and l.granted and d.datname = current_database()"));
    }

    /** How many sessions wait inside an open transaction. */
    int idleInTransaction() throws SQLException {
        return Integer.parseInt(ask("select count(*) from pg_stat_activity where datname = current_database()"
                + " and state like 'idle in transaction%'"));
    }

    /** How far {@code CREATE INDEX CONCURRENTLY} has come, in the server's words; empty when none runs. */
    String indexBuild() throws SQLException {
        return ask("select coalesce(max(phase), '') from pg_stat_progress_create_index"
                + " where datname = current_database()");
    }

    /** {@code t} or {@code f}, or {@code missing}. */
    String isValid(String index) throws SQLException {
        return ask("select coalesce(max(indisvalid::int::text), 'missing') from pg_index where indexrelid = to_regclass('"
                        + index + "')")
                .replace("1", "t")
                .replace("0", "f");
    }

    /** Ends a session as an administrator does. */
    void terminate(int pid) throws SQLException {
        ask("select pg_terminate_backend(" + pid + ")");
    }

    /** Ends the session that holds the leader lock, if there is one; returns when it is gone. Its process learns of it later. */
    void endLeader() throws SQLException {
        int leader = leader();
        if (leader != 0) {
            terminate(leader);
            Await.until("the lock is free", PATIENCE, () -> leader() != leader);
        }
    }

    private String ask(String query) throws SQLException {
        return String.valueOf(server.ask(database, query));
    }
}
