package dev.gangway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gangway.testkit.Await;
import dev.gangway.testkit.LogCapture;
import dev.gangway.testkit.Sql;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.postgresql.PGConnection;

/** A migration that meets a lock which somebody else holds. */
class LockTimeoutIT {
    private Application app;

    @BeforeEach
    void createDatabase(@TempDir Path folder) throws SQLException {
        app = Application.in(folder);
    }

    @AfterEach
    void dropDatabase() throws SQLException {
        app.close();
    }

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @Test
    void itIsTriedAgainUntilTheLockIsReleased() throws Exception {
        app.execute("create table item(id int)");
        app.add("V1__item.sql", "create table before(); alter table item add column name text");
        try (Connection blocker = hold("item");
                LogCapture log = LogCapture.start()) {
            String who = "the lock is held by pid " + pid(blocker) + " (nightly report)";
            CompletableFuture<Void> start = startInBackground("gangway.lockTimeout=500ms");
            Await.until(
                    "the migration is tried again and the log says who holds it up",
                    PATIENCE,
                    () -> log.lines().stream()
                            .anyMatch(line -> line.startsWith("WARN ")
                                    && line.contains("V1__item.sql is rolled back and tried again (1 of 20)")
                                    && line.contains(who)));
            blocker.rollback();
            start.join();
        }
        assertThat(app.history()).containsExactly("V1__item.sql applied");
    }

    @Test
    void itGivesUpAfterItsRetriesAndNamesWhoHoldsTheLock() throws Exception {
        app.execute("create table item(id int)");
        app.add("V1__item.sql", "create table before();\nalter table item add column name text;");
        try (Connection blocker = hold("item")) {
            app.assertRefused("gangway.lockTimeout=400ms", "gangway.lockRetries=1")
                    .hasMessageContaining(app.place("V1__item.sql", 2, 1))
                    .hasMessageContaining("canceling statement due to lock timeout (SQLState 55P03)")
                    .hasMessageContaining("next:      the lock is held by pid " + pid(blocker)
                            + " (nightly report), idle in transaction, transaction open for")
                    .hasMessageContaining("s: lock table item\n             end that session, or connect again at a"
                            + " quieter time; 2 attempts were made (gangway.lockTimeout, gangway.lockRetries)");
        }
        assertThat(app.has("before")).isFalse();
        assertThat(app.history()).containsExactly("V1__item.sql failed");
    }

    @Test
    void aShortTimeoutIsEnoughToSeeWhoHoldsTheLock() throws Exception {
        app.execute("create table item(id int)");
        app.add("V1__item.sql", "-- gangway: lock-timeout=300ms\nalter table item add column name text;");
        try (Connection blocker = hold("item")) {
            app.assertRefused("gangway.lockRetries=0").hasMessageContaining("pid " + pid(blocker));
        }
    }

    @Test
    void aStatementOutsideATransactionIsTriedAgainToo() throws Exception {
        app.execute("create table item(id int)");
        app.execute("create table other()");
        app.add("V1__item.sql", """
                create index concurrently item_id on item(id);
                alter table other add column name text;
                """);
        try (Connection blocker = hold("other");
                LogCapture log = LogCapture.start()) {
            CompletableFuture<Void> start = startInBackground("gangway.lockTimeout=100ms");
            Await.until("the statement is tried again", PATIENCE, () -> log.lines().stream()
                    .anyMatch(line -> line.startsWith("WARN ") && line.contains("is tried again (1 of 20)")));
            blocker.rollback();
            start.join();
        }
        assertThat(app.history()).containsExactly("V1__item.sql applied");
    }

    @Test
    void theRolesOwnTimeoutsDoNotReachAMigration() throws Exception {
        app.execute("alter database " + app.database().name() + " set statement_timeout = '50ms'");
        app.add("V1__slow.sql", "select pg_sleep(0.2)").start();
        assertThat(app.history()).containsExactly("V1__slow.sql applied");
    }

    private Connection hold(String table) throws SQLException {
        Connection blocker = Sql.connect(app.database().jdbcUrl("ApplicationName=nightly%20report"));
        blocker.setAutoCommit(false);
        Sql.execute(blocker, "lock table " + table);
        return blocker;
    }

    private static int pid(Connection connection) throws SQLException {
        return connection.unwrap(PGConnection.class).getBackendPID();
    }

    private CompletableFuture<Void> startInBackground(String... settings) {
        return CompletableFuture.runAsync(() -> {
            try {
                app.start(settings);
            } catch (SQLException e) {
                throw new CompletionException(e);
            }
        });
    }
}
