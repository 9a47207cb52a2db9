package dev.gangway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gangway.testkit.Await;
import dev.gangway.testkit.FleetOfClassLoaders;
import dev.gangway.testkit.LogCapture;
import dev.gangway.testkit.Providers;
import dev.gangway.testkit.Sql;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What listeners hear. */
@Timeout(120)
class EventsIT {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @TempDir
    Path folder;

    private Application app;
    private Providers providers;

    @BeforeEach
    void createDatabase() throws SQLException {
        app = Application.in(folder.resolve("migrations"));
        providers = Providers.in(folder.resolve("classes"), MigrationListener.class, Hears.class);
        Hears.EVENTS.clear();
        Hears.WHOLE.clear();
    }

    @AfterEach
    void dropDatabase() throws SQLException {
        providers.close();
        app.close();
    }

    /** Writes down in a few words what it hears. */
    public static final class Hears implements MigrationListener {
        static final List<String> EVENTS = new CopyOnWriteArrayList<>();
        static final List<Record> WHOLE = new CopyOnWriteArrayList<>();

        @Override
        public void started(Started event) {
            hear(event, "started " + event.pending());
        }

        @Override
        public void stepStarted(Step event) {
            hear(event, "begins " + event.script());
        }

        @Override
        public void progress(Progress event) {
            hear(event, "progress of " + event.step().script() + ": " + event.phase());
        }

        @Override
        public void stepDone(StepDone event) {
            hear(event, "done " + event.step().script());
        }

        @Override
        public void failed(Failed event) {
            Step step = event.step();
            hear(event, "failed" + (step == null ? "" : " " + step.script()));
        }

        @Override
        public void waiting(Waiting event) {
            hear(event, event.what());
        }

        @Override
        public void done(Done event) {
            hear(event, "done " + event.applied());
        }

        private static void hear(Record event, String words) {
            EVENTS.add(words);
            WHOLE.add(event);
        }
    }

    @Test
    void eachMigrationIsToldInOrder() throws Exception {
        app.add("V1__item.sql", "create table item(id int)");
        app.add("V2__more.sql", "insert into item values (1)");
        app.add("V3__index.sql", "create index concurrently item_id on item(id)");
        app.add("R__view.sql", "create view items as select * from item");

        app.start();
        app.start();

        assertThat(Hears.EVENTS)
                .containsExactly(
                        "started 4",
                        "begins V1__item.sql",
                        "done V1__item.sql",
                        "begins V2__more.sql",
                        "done V2__more.sql",
                        "begins V3__index.sql",
                        "done V3__index.sql",
                        "begins R__view.sql",
                        "done R__view.sql",
                        "done 4");
        String target = app.database().server().user() + "@"
                + app.database().server().host() + ":"
                + app.database().server().port() + "/" + app.database().name();
        assertThat(Hears.WHOLE).element(1).isEqualTo(new MigrationListener.Step(target, "1", "V1__item.sql", false));
        assertThat(Hears.WHOLE).element(7).isEqualTo(new MigrationListener.Step(target, null, "R__view.sql", false));
        assertThat(((MigrationListener.StepDone) Hears.WHOLE.get(6)).elapsed()).isPositive();
        assertThat(((MigrationListener.Done) Hears.WHOLE.get(9)).elapsed()).isPositive();
    }

    @Test
    void aFailedMigrationIsToldWithTheMessageOfTheException() throws Exception {
        app.add("V1__item.sql", "create table item(id int)");
        app.add("V2__wrong.sql", "insert into nowhere values (1)");
        app.add("V3__never.sql", "select 1");

        GangwayException.Permanent failure = app.failure();

        assertThat(Hears.EVENTS)
                .containsExactly(
                        "started 3",
                        "begins V1__item.sql",
                        "done V1__item.sql",
                        "begins V2__wrong.sql",
                        "failed V2__wrong.sql");
        assertThat(((MigrationListener.Failed) Hears.WHOLE.get(4)).message()).isEqualTo(failure.getMessage());
    }

    @Test
    void aFailureBeforeAnythingWasBegunIsToldWithoutAMigration() throws Exception {
        app.add("V1__item.sql", "create table item(id int)").start();
        Hears.EVENTS.clear();
        app.add("V1__item.sql", "create table item(id bigint)");

        GangwayException.Permanent failure = app.failure();

        assertThat(Hears.EVENTS).containsExactly("failed");
        assertThat(Hears.WHOLE).last().isInstanceOfSatisfying(MigrationListener.Failed.class, event -> assertThat(
                        event.message())
                .isEqualTo(failure.getMessage()));
    }

    @Test
    void aMigrationThatIsTriedAgainIsToldOnce() throws Exception {
        app.execute("create table item(id int)");
        app.add("V1__item.sql", "alter table item add column name text");
        try (Connection blocker = Sql.connect(app.database().jdbcUrl())) {
            blocker.setAutoCommit(false);
            Sql.execute(blocker, "lock table item");
            app.failure("gangway.lockTimeout=100ms", "gangway.lockRetries=2");
        }

        assertThat(Hears.EVENTS).containsExactly("started 1", "begins V1__item.sql", "failed V1__item.sql");
    }

    @Test
    void whoWaitsForAnotherProcessHearsThatAndNothingElse() throws Exception {
        app.add("V1__held.sql", Hold.HERE);
        Hold hold = Hold.on(app.database());
        try (FleetOfClassLoaders other = FleetOfClassLoaders.of(1)) {
            CompletableFuture<Void> leads = CompletableFuture.runAsync(() -> {
                try {
                    other.members().get(0).connect(app.url(), new Properties()).close();
                } catch (SQLException e) {
                    throw new CompletionException(e);
                }
            });
            hold.awaitHeld();
            CompletableFuture<Void> waits = startInBackground();

            Await.until("the wait is told", PATIENCE, () -> !Hears.EVENTS.isEmpty());
            hold.release();

            waits.join();
            leads.join();
        }
        assertThat(Hears.EVENTS).hasSize(1).first().asString().startsWith("waiting for another process to migrate");
    }

    @Test
    void whoMayNotMigrateHearsThatItWaits() throws Exception {
        app.add("V1__item.sql", "create table item(id int)");
        CompletableFuture<Void> waits = startInBackground("gangway.mode=wait");
        Await.until("the wait is told", PATIENCE, () -> !Hears.EVENTS.isEmpty());
        try (FleetOfClassLoaders other = FleetOfClassLoaders.of(1)) {
            other.members().get(0).connect(app.url(), new Properties()).close();
        }

        waits.join();

        assertThat(Hears.EVENTS).containsExactly("waiting for another process to migrate");
    }

    @Test
    void whatIsDeferredIsNotToldAndWhatRunsInTheBackgroundIsToldAsSuch() throws Exception {
        app.add("V1__item.sql", "create table item(id int)");
        app.add("V2__later.sql", "-- gangway: when=exists (select from item)\nselect 1");
        app.add("V3__beside.sql", "-- gangway: run=background\ncreate index concurrently item_id on item(id)");

        app.connect().close();

        Await.until("the index is built", PATIENCE, () -> Hears.EVENTS.contains("done V3__beside.sql"));
        assertThat(Hears.EVENTS)
                .containsExactly(
                        "started 2",
                        "begins V1__item.sql",
                        "done V1__item.sql",
                        "done 1",
                        "begins V3__beside.sql",
                        "done V3__beside.sql");
        assertThat(((MigrationListener.Step) Hears.WHOLE.get(4)).background()).isTrue();
    }

    @Test
    void progressIsToldOfAMigrationThatTakesLong() throws Exception {
        app.execute("create table item(id int)");
        app.add("V1__index.sql", "create index concurrently item_id on item(id)");
        try (Connection writer = Sql.connect(app.database().jdbcUrl());
                Connection next = Sql.connect(app.database().jdbcUrl())) {
            writer.setAutoCommit(false);
            next.setAutoCommit(false);
            Sql.execute(writer, "insert into item values (1)");
            CompletableFuture<Void> migrates = startInBackground();
            awaitProgress("waiting for writers before build");
            Sql.execute(next, "insert into item values (2)");
            writer.commit();
            awaitProgress("waiting for writers before validation");
            next.commit();
            migrates.join();
        }

        assertThat(Hears.EVENTS)
                .startsWith("started 1", "begins V1__index.sql")
                .endsWith("done V1__index.sql", "done 1");
    }

    private static void awaitProgress(String phase) throws Exception {
        Await.until("progress is told: " + phase, PATIENCE, () -> Hears.EVENTS.stream()
                .anyMatch(event -> event.equals("progress of V1__index.sql: " + phase)));
    }

    @Test
    void aListenerThatIsGivenInCodeHearsOfACommandBesideThatOfTheClassPath() throws Exception {
        app.add("V1__item.sql", "create table item(id int)");
        app.add("V2__wrong.sql", "insert into nowhere values (1)");
        List<String> given = new CopyOnWriteArrayList<>();
        Gangway gangway = Gangway.to(app.url())
                .listener(new MigrationListener() {
                    @Override
                    public void stepDone(StepDone event) {
                        given.add(event.step().script());
                    }
                })
                .build();

        assertThatThrownBy(gangway::migrate).isInstanceOf(GangwayException.Permanent.class);

        assertThat(given).containsExactly("V1__item.sql");
        assertThat(Hears.EVENTS)
                .containsExactly(
                        "started 2",
                        "begins V1__item.sql",
                        "done V1__item.sql",
                        "begins V2__wrong.sql",
                        "failed V2__wrong.sql");
    }

    /** Hears nothing well. */
    public static final class Throws implements MigrationListener {
        public Throws() {}

        @Override
        public void started(Started event) {
            throw new IllegalStateException("started");
        }

        @Override
        public void stepStarted(Step event) {
            throw new NoClassDefFoundError("stepStarted");
        }

        @Override
        public void stepDone(StepDone event) {
            throw new AssertionError("stepDone");
        }

        @Override
        public void done(Done event) {
            throw new StackOverflowError();
        }
    }

    @Test
    void aListenerThatThrowsChangesNothing() throws Exception {
        providers.and(
                MigrationListener.class, List.of("com.acme.Missing", Throws.class.getName(), Hears.class.getName()));
        app.add("V1__item.sql", "create table item(id int)");
        try (LogCapture log = LogCapture.start()) {
            app.start();

            assertThat(log.lines())
                    .anyMatch(line -> line.startsWith("WARN ")
                            && line.contains(" - a listener cannot be loaded and is left out: ")
                            && line.contains("com.acme.Missing not found"))
                    .filteredOn(line -> line.startsWith("WARN ")
                            && line.contains(" - the listener " + Throws.class.getName())
                            && line.contains("has failed; it is passed over"))
                    .hasSize(4);
        }
        assertThat(app.history()).containsExactly("V1__item.sql applied");
        assertThat(Hears.EVENTS).containsExactly("started 1", "begins V1__item.sql", "done V1__item.sql", "done 1");
    }

    /** Wants what it could only have after it has returned. */
    public static final class AsksForAConnection implements MigrationListener {
        static volatile String url = "";
        static volatile String refused = "";

        @Override
        public void stepDone(StepDone event) {
            try {
                Application.open(url).close();
            } catch (SQLException e) {
                refused = String.valueOf(e.getMessage());
            }
        }
    }

    @Test
    void aListenerThatAsksForAConnectionToItsTargetIsRefused() throws Exception {
        providers.and(MigrationListener.class, List.of(AsksForAConnection.class.getName()));
        app.add("V1__item.sql", "create table item(id int)");
        AsksForAConnection.url = app.url();

        app.start();

        assertThat(AsksForAConnection.refused).contains("and a listener connect later");
        assertThat(app.history()).containsExactly("V1__item.sql applied");
    }

    private CompletableFuture<Void> startInBackground(String... settings) {
        ClassLoader loader = providers.loader();
        return CompletableFuture.runAsync(() -> {
            Thread.currentThread().setContextClassLoader(loader);
            try {
                app.start(settings);
            } catch (SQLException e) {
                throw new CompletionException(e);
            } finally {
                Thread.currentThread().setContextClassLoader(null);
            }
        });
    }
}
