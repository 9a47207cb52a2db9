package dev.gangway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gangway.gate.Gates;
import dev.gangway.testkit.Await;
import dev.gangway.testkit.ChildJvm;
import dev.gangway.testkit.LogCapture;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Migrations that run beside the application ({@code run=background}). */
@Timeout(180)
class BackgroundIT {
    private static final Duration PATIENCE = Duration.ofSeconds(90);

    private static final String INDEX =
            "-- gangway: run=background\ncreate index concurrently chunk_embedding on chunk using hnsw (embedding"
                    + " vector_cosine_ops);";

    private Application app;

    @BeforeEach
    void open(@TempDir Path folder) throws SQLException {
        app = Application.in(folder);
    }

    @AfterEach
    void close() throws SQLException {
        Gates.clear();
        app.close();
    }

    private void chunks(int rows, int dimensions) {
        app.add("V1__chunk.sql", """
                create extension if not exists vector;
                create table chunk(id int primary key, embedding vector(%2$d));
                insert into chunk select i, (select array_agg(random()) from generate_series(1, %2$d) where i > 0)
                from generate_series(1, %1$d) i;
                """.formatted(rows, dimensions));
    }

    private void awaitState(String version, String state) {
        Await.until(
                version + " is " + state,
                PATIENCE,
                () -> state.equals(app.ask("select state from gangway_history where version = '" + version + "'")));
    }

    /** Makes what waits for a snapshot older than its own, as every concurrent index build does, wait. */
    private Connection snapshot() throws SQLException {
        Connection connection = app.database().connect();
        connection.setAutoCommit(false);
        try (var statement = connection.createStatement()) {
            statement.execute("set transaction isolation level repeatable read");
            statement.execute("select 1 from chunk limit 1");
        }
        return connection;
    }

    @Test
    void theConnectionIsHandedOutWhileTheIndexIsBeingBuilt() throws Exception {
        chunks(100, 3);
        app.start();
        app.add("V2__index.sql", INDEX);
        try (Connection snapshot = snapshot()) {
            app.start();
            awaitState("2", "started");
            Await.until("the build has begun", PATIENCE, () -> app.has("chunk_embedding"));
            assertThat(app.ask("select indisvalid from pg_index where indexrelid = 'chunk_embedding'::regclass"))
                    .isEqualTo("f");
            snapshot.rollback();
        }
        awaitState("2", "applied");
        assertThat(app.ask("select indisvalid from pg_index where indexrelid = 'chunk_embedding'::regclass"))
                .isEqualTo("t");
    }

    @Test
    void anotherProcessMigratesMeanwhileAndTheBuildIsRecordedAllTheSame() throws Exception {
        chunks(100, 3);
        app.start();
        app.add("V2__index.sql", INDEX);
        try (ChildJvm child = ChildJvm.start(ConnectMain.class, app.url());
                Connection snapshot = snapshot()) {
            awaitState("2", "started");
            app.add("V3__more.sql", "create table more();");

            app.start();

            assertThat(app.ask("select state from gangway_history where version = '3'"))
                    .isEqualTo("applied");
            assertThat(app.ask("select state from gangway_history where version = '2'"))
                    .isEqualTo("started");
            snapshot.rollback();
            awaitState("2", "applied");
            child.kill9();
        }
        app.start();
        assertThat(app.ask("select count(*) || ' ' || count(*) filter (where state = 'applied') from gangway_history"))
                .isEqualTo("3 3");
    }

    @Test
    void theNextStartFinishesWhatAKilledProcessLeft() throws Exception {
        chunks(100, 3);
        app.start();
        app.add("V2__index.sql", INDEX);
        try (Connection snapshot = snapshot()) {
            try (ChildJvm child = ChildJvm.start(ConnectMain.class, app.url())) {
                awaitState("2", "started");
                Await.until("the build has begun", PATIENCE, () -> app.has("chunk_embedding"));
                child.kill9();
            }
            snapshot.rollback();
        }

        app.start();

        awaitState("2", "applied");
        assertThat(app.ask("select indisvalid from pg_index where indexrelid = 'chunk_embedding'::regclass"))
                .isEqualTo("t");
    }

    @Test
    void aFailureIsLoudStopsNoConnectionAndIsTriedAgainByTheNextStart() throws Exception {
        app.add("V1__t.sql", "create table t(id int); insert into t values (1), (1);");
        app.add("V2__unique.sql", "-- gangway: run=background\ncreate unique index concurrently t_id on t(id);");
        try (LogCapture log = LogCapture.start()) {
            app.start();
            awaitState("2", "failed");
            Await.until("the failure is told", PATIENCE, () -> log.lines().stream()
                    .anyMatch(line -> line.contains("ERROR")
                            && line.contains("what runs in the background has failed")
                            && line.contains("V2__unique.sql")));
        }
        app.connect().close();

        app.execute("delete from t where ctid = (select max(ctid) from t)");
        app.start();

        awaitState("2", "applied");
    }

    @Test
    void onlyOneProcessOfTheFleetDoesIt() throws Exception {
        chunks(100, 3);
        app.start();
        app.add("V2__index.sql", INDEX);
        try (Connection snapshot = snapshot();
                ChildJvm first = ChildJvm.start(ConnectMain.class, app.url())) {
            awaitState("2", "started");
            try (LogCapture log = LogCapture.start()) {
                app.start();
                Await.until("the second process sees the first one", PATIENCE, () -> log.lines().stream()
                        .anyMatch(line -> line.contains("another process carries out what runs in the background")));
            }
            snapshot.rollback();
            awaitState("2", "applied");
            first.kill9();
        }
    }

    @Test
    void aBackfillRunsInTheBackgroundToo() throws Exception {
        app.add(
                        "V1__t.sql",
                        "create table t(id int, done boolean default false); insert into t select"
                                + " generate_series(1, 500);")
                .add(
                        "V2__fill.sql",
                        "-- gangway: run=background\n-- gangway: repeat=until-no-rows\nupdate t set done = true where id"
                                + " in (select id from t where not done limit 100);")
                .add("V3__after.sql", "create table after_it();");

        app.start();

        awaitState("2", "applied");
        assertThat(app.ask("select statements_done || ' ' || rows_changed from gangway_history where version = '2'"))
                .isEqualTo("5 500");
        assertThat(app.ask("select state from gangway_history where version = '3'"))
                .isEqualTo("applied");
    }

    @Test
    void whatAForegroundMigrationRequiresIsNotLeftToTheBackground() throws Exception {
        app.add("V1__t.sql", "create table t(id int);")
                .add("V2__index.sql", "-- gangway: run=background\ncreate index concurrently t_id on t(id);")
                .add("V3__needs.sql", "-- gangway: requires=2\ncomment on index t_id is 'there';");

        app.start();

        assertThat(app.history())
                .containsExactly("V1__t.sql applied", "V2__index.sql applied", "V3__needs.sql applied");
    }

    @Test
    void whatAnotherProcessBuildsIsWaitedForWhenSomethingRequiresItNow() throws Exception {
        chunks(100, 3);
        app.start();
        app.add("V2__index.sql", INDEX);
        try (ChildJvm child = ChildJvm.start(ConnectMain.class, app.url());
                Connection snapshot = snapshot();
                LogCapture log = LogCapture.start()) {
            awaitState("2", "started");
            Await.until("the build has begun", PATIENCE, () -> app.has("chunk_embedding"));
            String built = app.ask("select 'chunk_embedding'::regclass::oid");
            app.add("V3__needs.sql", "-- gangway: requires=2\ncomment on index chunk_embedding is 'there';");

            CompletableFuture<Void> start = CompletableFuture.runAsync(() -> {
                try {
                    app.start();
                } catch (SQLException e) {
                    throw new CompletionException(e);
                }
            });
            Await.until(
                    "this process waits",
                    PATIENCE,
                    () -> start.isDone()
                            || log.lines().stream()
                                    .anyMatch(line -> line.contains("to finish in the background what is required now")
                                            || line.contains("dropping the invalid index")));
            snapshot.rollback();
            start.join();

            assertThat(log.lines()).noneMatch(line -> line.contains("dropping the invalid index"));
            assertThat(app.ask("select indexrelid from pg_index where indisvalid and indexrelid ="
                            + " 'chunk_embedding'::regclass"))
                    .isEqualTo(built);
            assertThat(app.history())
                    .containsExactly("V1__chunk.sql applied", "V2__index.sql applied", "V3__needs.sql applied");
            child.kill9();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"fail", "ignore"})
    void whatRunsInTheBackgroundIsNotOutOfOrder(String outOfOrder) throws Exception {
        app.add("V1__t.sql", "create table t(id int);")
                .add("V2__index.sql", "-- gangway: run=background\ncreate index concurrently t_id on t(id);")
                .add("V3__more.sql", "create table more();");

        app.start("gangway.outOfOrder=" + outOfOrder);

        awaitState("2", "applied");
    }

    @Test
    void aDeferredBackgroundMigrationBeginsWhenItsConditionHolds() throws Exception {
        chunks(1, 3);
        app.add("V2__index.sql", "-- gangway: when=(select count(*) from chunk) > 5\n" + INDEX);
        app.start();
        awaitState("2", "deferred");

        app.execute("insert into chunk select i, '[1,2,3]' from generate_series(2, 10) i");
        app.start();

        awaitState("2", "applied");
    }

    @Test
    void whatNeedsATransactionIsRefused() throws Exception {
        app.add("V1__t.sql", "-- gangway: run=background\ncreate table t();").add("V2__u.sql", "create table u();");

        app.assertRefused()
                .hasMessageContaining("GW001")
                .hasMessageContaining("the directive run=background does not fit: it is for what needs no transaction");
    }

    @Test
    void aBackgroundMigrationAloneCreatesTheHistory() throws Exception {
        app.execute("create table t(id int)");
        app.add("V1__index.sql", "-- gangway: run=background\ncreate index concurrently t_id on t(id);");

        app.start();

        Await.until("the history is there", PATIENCE, () -> app.has("gangway_history"));
        awaitState("1", "applied");
    }
}
