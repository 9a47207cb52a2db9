package dev.gangway.lock;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gangway.testkit.TestDatabase;
import dev.gangway.testkit.TestServer;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What the server shows of the session that holds the lock. */
@Timeout(60)
class LeaderLockIT {
    private TestDatabase database;
    private Connection connection;
    private LeaderLock lock;

    @BeforeEach
    void acquire() throws SQLException {
        database = TestServer.newDatabase();
        connection = database.connect();
        lock = Objects.requireNonNull(
                LeaderLock.tryAcquire(connection, LockKey.of("public", "gangway_history"), "test"));
    }

    @AfterEach
    void close() throws SQLException {
        lock.close();
        connection.close();
        database.close();
    }

    @Test
    void itHoldsNothingButTheLock() throws SQLException {
        assertThat(heldLocks()).isEqualTo("advisory");
        assertThat(snapshot()).isNull();
    }

    @Test
    void askingWhetherItIsAloneLeavesNoLockOnACatalogBehind() throws SQLException {
        assertThat(lock.isAlone()).isFalse();

        assertThat(heldLocks()).isEqualTo("advisory");
    }

    @Test
    void askingWhetherItIsAloneLeavesNoSnapshotBehind() throws SQLException {
        lock.isAlone();

        assertThat(snapshot()).isNull();
    }

    @Test
    void tellingThatItLivesLeavesNoLockAndNoSnapshotBehind() throws SQLException {
        lock.keepAlive(lock.session());

        assertThat(heldLocks()).isEqualTo("advisory");
        assertThat(snapshot()).isNull();
    }

    /** Besides its virtual transaction, as which every session counts that is in a transaction. */
    private String heldLocks() throws SQLException {
        return database.ask("select string_agg(distinct coalesce(relation::regclass::text, locktype), ', ')"
                + " from pg_locks where locktype <> 'virtualxid' and pid = " + lock.session());
    }

    private String snapshot() throws SQLException {
        return database.ask("select backend_xmin from pg_stat_activity where pid = " + lock.session());
    }
}
