package dev.gangway.execute;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gangway.lock.LeaderLock;
import dev.gangway.lock.LockKey;
import dev.gangway.pgjdbc.Message;
import dev.gangway.pgjdbc.Target;
import dev.gangway.testkit.Await;
import dev.gangway.testkit.LogCapture;
import dev.gangway.testkit.Sql;
import dev.gangway.testkit.TestDatabase;
import dev.gangway.testkit.TestServer;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.postgresql.PGConnection;

/** What the log and a listener hear of a step while it runs; the step is held in its middle. */
@Timeout(60)
class WatchIT {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final Duration LOCK_TIMEOUT = Duration.ofMillis(200);
    private static final Duration REPORT = Duration.ofMillis(100);
    private static final Target TARGET = new Target("db:5432", "app", "owner");

    /** Holds whoever indexes row 150 of 300, until the test gives up its advisory lock. */
    private static final String ITEMS = """
            create extension vector;
            create table item(id int, filler text default repeat('x', 3000));
            alter table item alter filler set storage plain;
            insert into item select generate_series(1, 300);
            create function held(id int) returns vector immutable language plpgsql as $$ begin
              while id = 150 and not pg_try_advisory_xact_lock_shared(1) loop perform pg_sleep(0.01); end loop;
              return array[id, 1, 1]::vector;
            end $$;
            """;

    private TestDatabase database;
    private Connection lockConnection;
    private Connection work;
    private Connection holder;
    private LeaderLock lock;
    private final List<StepProgress> heard = new CopyOnWriteArrayList<>();

    @BeforeEach
    void open() throws SQLException {
        database = TestServer.newDatabase();
        database.execute(ITEMS);
        lockConnection = database.connect();
        work = database.connect();
        holder = database.connect();
        Sql.execute(holder, "select pg_advisory_lock(1)");
        lock = Objects.requireNonNull(
                LeaderLock.tryAcquire(lockConnection, LockKey.of("public", "gangway_history"), "test"));
    }

    @AfterEach
    void close() throws SQLException {
        lock.close();
        lockConnection.close();
        work.close();
        holder.close();
        database.close();
    }

    @Test
    void anIndexBuildIsReportedWithPhaseAndPerCent() throws Exception {
        try (LogCapture log = LogCapture.start();
                Watch watch = watch(heard::add)) {
            CompletableFuture<Void> build =
                    begin(watch, "create index on item using hnsw ((held(id)::vector(3)) vector_l2_ops)");
            Await.until("the log tells as much as the server's view", PATIENCE, () -> {
                String now = "INFO owner@db:5432/app - V7__index.sql has been running for \\d+ s: " + asTheViewHasIt();
                return log.lines().stream().anyMatch(line -> line.matches(now));
            });
            String progress = asTheViewHasIt();
            assertThat(progress).matches("building index, loading tuples, [1-9][0-9] %");
            assertThat(heard)
                    .allSatisfy(step -> assertThat(step.step()).isEqualTo("V7__index.sql"))
                    .anySatisfy(step -> assertThat(step.progress())
                            .hasToString(progress)
                            .extracting(Progress::unit)
                            .isEqualTo("blocks"));
            assertThat(database.ask("select count(*) from pg_locks where locktype = 'relation' and pid = "
                            + lockConnection.unwrap(PGConnection.class).getBackendPID()))
                    .as("locks that the leader's own transaction holds on catalogs")
                    .isEqualTo("0");
            release(build);
        }
    }

    @Test
    void aCopyIsReportedWithItsTuples() throws Exception {
        database.execute("create table loaded(id int check (held(id) is not null))");
        try (LogCapture log = LogCapture.start();
                Watch watch = watch(heard::add)) {
            CompletableFuture<Void> copy = begin(watch, "copy loaded from program 'seq 1 300'");
            Await.until("the log tells how far the copy is", PATIENCE, () -> log.lines().stream()
                    .anyMatch(line -> line.matches(
                            "INFO .* - V7__index.sql has been running for \\d+ s: copying, 149" + " tuples")));
            release(copy);
        }
    }

    @Test
    void aStatementThatTheServerDoesNotMeasureIsReportedAllTheSame() throws Exception {
        try (LogCapture log = LogCapture.start();
                Watch watch = watch(heard::add)) {
            CompletableFuture<Void> step = begin(watch, "select held(150)");
            Await.until("the log tells that it runs", PATIENCE, () -> log.lines().stream()
                    .anyMatch(line -> line.matches("INFO .* - V7__index.sql has been running for \\d+ s")));
            release(step);
        }
        assertThat(heard).isNotEmpty().extracting(StepProgress::progress).containsOnlyNulls();
    }

    @Test
    void aListenerThatThrowsDoesNotEndTheWatch() throws Exception {
        try (LogCapture log = LogCapture.start();
                Watch watch = watch(step -> {
                    heard.add(step);
                    throw new IllegalStateException("listener");
                })) {
            CompletableFuture<Void> step = begin(watch, "select held(150)");
            Await.until("it is called again", PATIENCE, () -> heard.size() > 2);
            release(step);
            watch.requireLeadership();
            assertThat(log.lines()).anyMatch(line -> line.endsWith("a listener to the progress of migrations failed"));
        }
    }

    /** The server's own view of a build that waits at the row which holds it. */
    private String asTheViewHasIt() throws SQLException {
        return String.valueOf(
                database.ask("select replace(phase, ': ', ', ') || ', ' || 100 * blocks_done / blocks_total"
                        + " || ' %' from pg_stat_progress_create_index where tuples_done = 149"));
    }

    private Watch watch(Consumer<StepProgress> listener) throws SQLException {
        int pid = work.unwrap(PGConnection.class).getBackendPID();
        return Watch.start(lock, work, pid, TARGET, LOCK_TIMEOUT, listener, REPORT);
    }

    private CompletableFuture<Void> begin(Watch watch, String sql) {
        watch.begin("V7__index.sql");
        return CompletableFuture.runAsync(() -> {
            try {
                Message.send(work, sql).orThrow();
            } catch (SQLException e) {
                throw new IllegalStateException(e);
            }
        });
    }

    private void release(CompletableFuture<Void> step) throws Exception {
        Sql.execute(holder, "select pg_advisory_unlock(1)");
        step.get();
    }
}
