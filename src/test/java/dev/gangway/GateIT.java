package dev.gangway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.gangway.testkit.Await;
import dev.gangway.testkit.MigrationFolder;
import dev.gangway.testkit.Sql;
import dev.gangway.testkit.TcpProxy;
import dev.gangway.testkit.TestDatabase;
import dev.gangway.testkit.TestServer;
import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Many threads of one process at one gate. */
class GateIT {
    private static final Duration SOON = Duration.ofSeconds(20);

    @TempDir
    Path folder;

    private TestDatabase database;

    @BeforeEach
    void open() throws Exception {
        database = TestServer.newDatabase();
        database.execute("create table ran (version int)");
    }

    @AfterEach
    void close() throws Exception {
        database.close();
    }

    @Test
    void oneThreadMigratesForAllThatConnectAtOnce() throws Exception {
        MigrationFolder.in(folder).add("V1__a.sql", "insert into ran values (1); select pg_sleep(0.3);");
        try (TcpProxy proxy = TcpProxy.to(TestServer.address())) {
            String url = proxy.address().gangwayUrl(database.name(), "gangway.locations=filesystem:" + folder);

            inParallel(16, () -> connect(url).close());

            assertThat(database.ask("select count(*) from ran")).isEqualTo("1");
            assertThat(proxy.sql().stream().filter(sql -> sql.contains("pg_try_advisory_xact_lock")))
                    .as("attempts to become the leader")
                    .hasSize(1);
        }
    }

    /** As where the driver lies in a servlet container's own folder, and two of its applications use one database. */
    @Test
    void whoJoinsTheAttemptOfAnApplicationWithOtherFilesGetsItsOwnAppliedToo() throws Exception {
        MigrationFolder.in(folder.resolve("one/db/migration"))
                .add("V1__a.sql", "insert into ran values (1);\n" + Hold.HERE);
        MigrationFolder.in(folder.resolve("two/db/migration")).add("V2__b.sql", "insert into ran values (2);");
        Hold hold = Hold.on(database);
        String url = database.gangwayUrl();
        try (URLClassLoader one = loaderOf("one");
                URLClassLoader two = loaderOf("two")) {
            List<Thread> threads = new CopyOnWriteArrayList<>();
            List<Future<?>> connecting = new ArrayList<>();
            ExecutorService pool = Executors.newFixedThreadPool(2);
            try {
                for (ClassLoader loader : List.of(one, two)) {
                    connecting.add(pool.submit(() -> {
                        threads.add(Thread.currentThread());
                        Thread.currentThread().setContextClassLoader(loader);
                        connect(url).close();
                        return null;
                    }));
                    hold.awaitHeld();
                }
                Await.until(
                        "the other one waits",
                        SOON,
                        () -> threads.size() == 2 && threads.get(1).getState() == Thread.State.WAITING);
                hold.release();
                for (Future<?> connected : connecting) {
                    connected.get(20, TimeUnit.SECONDS);
                }
            } finally {
                pool.shutdownNow();
            }
        }
        assertThat(database.ask("select string_agg(version::text, ' ' order by version) from ran"))
                .isEqualTo("1 2");
    }

    private URLClassLoader loaderOf(String application) throws IOException {
        return new URLClassLoader(
                new URL[] {folder.resolve(application).toUri().toURL()},
                getClass().getClassLoader());
    }

    @Test
    void anInterruptedCallerGivesUpAndTheMigrationGoesOn() throws Exception {
        MigrationFolder.in(folder)
                .add(
                        "V1__a.sql",
                        "insert into ran values (1); select pg_advisory_lock(4711); insert into ran values (2);");
        try (Connection blocker = Sql.connect(database.jdbcUrl())) {
            Sql.execute(blocker, "select pg_advisory_lock(4711)");
            AtomicReference<Throwable> thrown = new AtomicReference<>();
            AtomicBoolean flag = new AtomicBoolean();
            Thread caller = new Thread(() -> {
                thrown.set(catchThrowable(() -> connect(url("gangway.lockTimeout=0"))));
                flag.set(Thread.currentThread().isInterrupted());
            });
            caller.start();
            awaitMigrationBlocked();

            caller.interrupt();
            caller.join(SOON.toMillis());

            assertThat(thrown.get()).isInstanceOf(SQLException.class).hasMessageContaining("Interrupted");
            assertThat(((SQLException) thrown.get()).getSQLState()).isEqualTo("57014");
            assertThat(flag).as("the interrupt flag").isTrue();
            Sql.execute(blocker, "select pg_advisory_unlock(4711)");
        }

        connect(url("gangway.lockTimeout=0")).close();

        assertThat(database.ask("select count(*) from ran")).isEqualTo("2");
    }

    @Test
    void whoeverConnectsAfterAnInterruptJoinsTheMigrationThatIsUnderWay() throws Exception {
        MigrationFolder.in(folder).add("V1__a.sql", "insert into ran values (1); select pg_advisory_lock(4712);");
        try (Connection blocker = Sql.connect(database.jdbcUrl())) {
            Sql.execute(blocker, "select pg_advisory_lock(4712)");
            Thread first = new Thread(() -> assertThatThrownBy(() -> connect(url("gangway.lockTimeout=0")))
                    .hasMessageContaining("Interrupted"));
            first.start();
            awaitMigrationBlocked();
            first.interrupt();
            first.join(SOON.toMillis());

            AtomicReference<Connection> second = new AtomicReference<>();
            Thread later = new Thread(() -> {
                try {
                    second.set(connect(url("gangway.lockTimeout=0")));
                } catch (SQLException e) {
                    throw new IllegalStateException(e);
                }
            });
            later.start();
            Sql.execute(blocker, "select pg_advisory_unlock(4712)");
            later.join(SOON.toMillis());

            assertThat((Object) second.get()).isNotNull();
            second.get().close();
            assertThat(database.ask("select count(*) from ran")).isEqualTo("1");
        }
    }

    @Test
    void aServerThatCannotBeReachedIsNotRememberedAsAFailedMigration() throws Exception {
        MigrationFolder.in(folder).add("V1__a.sql", "insert into ran values (1);");
        TcpProxy proxy = TcpProxy.to(TestServer.address());
        String url = proxy.address().gangwayUrl(database.name(), "gangway.locations=filesystem:" + folder);
        String same = url;
        proxy.close();

        Throwable first = catchThrowable(() -> connect(same));
        Throwable second = catchThrowable(() -> connect(same));

        assertThat(first).isInstanceOf(SQLException.class).isNotInstanceOf(GangwayException.class);
        assertThat(second).isInstanceOf(SQLException.class).hasMessageNotContaining("remembered");
        assertThat(((SQLException) first).getSQLState()).startsWith("08");
    }

    @Test
    void aCorrectedPasswordOfTheRoleThatMigratesIsUsedWithoutARestart() throws Exception {
        MigrationFolder.in(folder).add("V1__a.sql", "create table made (id int);");
        String role = database.createRole("right");
        database.execute("grant create on schema public to " + role);
        Properties info = new Properties();
        info.setProperty("gangway.migrationUser", role);

        info.setProperty("gangway.migrationPassword", "wrong");
        assertThatThrownBy(() -> new GangwayDriver().connect(url(), info)).hasMessageContaining(role);
        info.setProperty("gangway.migrationPassword", "right");
        new GangwayDriver().connect(url(), info).close();

        assertThat(database.ask("select to_regclass('made')")).isEqualTo("made");
    }

    @Test
    void theCallersPropertiesAreNeverChanged() throws Exception {
        MigrationFolder.in(folder).add("V1__a.sql", "insert into ran values (1);");
        Properties info = new Properties();
        info.setProperty("gangway.locations", "filesystem:" + folder);
        info.setProperty("ApplicationName", "unchanged");
        Properties before = (Properties) info.clone();

        new GangwayDriver().connect(database.gangwayUrl(), info).close();

        assertThat(info).isEqualTo(before);
    }

    private void awaitMigrationBlocked() {
        Await.until("the migration waits for the advisory lock", SOON, () -> "1"
                .equals(database.ask("select count(*) from pg_locks where locktype = 'advisory' and not granted"
                        + " and database = (select oid from pg_database where datname = current_database())")));
    }

    private String url(String... more) {
        List<String> parameters = new ArrayList<>(List.of(more));
        parameters.add("gangway.locations=filesystem:" + folder);
        return database.gangwayUrl(parameters.toArray(String[]::new));
    }

    private static Connection connect(String url) throws SQLException {
        return new GangwayDriver().connect(url, new Properties());
    }

    private interface Action {
        void run() throws Exception;
    }

    private static void inParallel(int threads, Action action) throws Exception {
        ExecutorService executor = Executors.newFixedThreadPool(threads);
        CountDownLatch start = new CountDownLatch(1);
        try {
            List<Future<?>> futures = new ArrayList<>();
            for (int i = 0; i < threads; i++) {
                futures.add(executor.submit(() -> {
                    start.await();
                    action.run();
                    return null;
                }));
            }
            start.countDown();
            for (Future<?> future : futures) {
                future.get();
            }
        } finally {
            executor.shutdownNow();
        }
    }
}
