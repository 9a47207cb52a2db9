package dev.gangway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.gangway.gate.Gates;
import dev.gangway.testkit.Await;
import dev.gangway.testkit.ChildJvm;
import dev.gangway.testkit.LocalPostgres;
import dev.gangway.testkit.LogCapture;
import dev.gangway.testkit.MigrationFolder;
import dev.gangway.testkit.ServerAddress;
import dev.gangway.testkit.Sql;
import dev.gangway.testkit.Torture;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** More processes than the server has room for, and roles that may have few connections. */
@Timeout(300)
class FullServerIT {
    private static final Logger LOG = LoggerFactory.getLogger(FullServerIT.class);

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int PROCESSES = Torture.full() ? 200 : 80;
    private static final int ROOM = PROCESSES / 2;
    private static final int GENERATIONS = 3;

    private static LocalPostgres server;

    private final String database;
    private final String role;
    private final MigrationFolder folder;

    FullServerIT(@TempDir Path directory) throws SQLException {
        database = server.createDatabase("app");
        role = database + "_role";
        server.address().execute("postgres", "create role " + role + " login");
        server.address().execute("postgres", "alter database " + database + " owner to " + role);
        server.address().execute(database, "grant all on schema public to public");
        folder = MigrationFolder.in(directory)
                .add("V1__log.sql", "create table log(id serial, entry text); insert into log(entry) values ('m1');")
                .add("V2__held.sql", "insert into log(entry) values ('m2');\n" + Hold.HERE)
                .add("V3__last.sql", "insert into log(entry) values ('m3');");
    }

    @BeforeAll
    static void startServer() {
        server = LocalPostgres.start(Map.of("max_connections", Integer.toString(ROOM)));
    }

    @AfterAll
    static void stopServer() {
        server.close();
    }

    @AfterEach
    void forget() {
        Gates.clear();
    }

    @Test
    void twiceAsManyProcessesAsTheServerHasRoomForAllGetThroughAndWaitWithoutAConnection() throws Exception {
        Hold hold = hold();
        try (Fleet fleet = Torture.full() ? new Processes() : new Threads();
                Connection watcher = server.address().connect(database)) {
            fleet.start();
            int work = hold.awaitHeld();
            Await.until("all have found something pending", PATIENCE.multipliedBy(3), fleet::allWait);
            int most = 0;
            for (int generation = 0; generation < GENERATIONS; generation++) {
                Set<String> open = waiting(watcher, work);
                most = Math.max(most, open.size());
                Await.until(
                        "the sessions of those who wait are closed",
                        PATIENCE,
                        () -> Collections.disjoint(open, waiting(watcher, work)));
            }
            assertThat(hold.held()).isEqualTo(work);
            hold.release();
            fleet.awaitEnd();
            LOG.warn("at most {} of {} waiting processes were seen with a session", most, PROCESSES);
        }
        assertEachOnce();
    }

    /** The sessions of all who have not got the lock, each by its process id and its beginning. */
    private static Set<String> waiting(Connection watcher, int work) throws SQLException {
        Set<String> sessions = new HashSet<>();
        try (Statement statement = watcher.createStatement();
                ResultSet rows = statement.executeQuery("select pid || ' ' || backend_start from pg_stat_activity"
                        + " where datname = current_database() and usename <> 'postgres' and pid <> " + work
                        + " and pid not in (select pid from pg_locks where locktype = 'advisory' and granted)")) {
            while (rows.next()) {
                sessions.add(rows.getString(1));
            }
        }
        return sessions;
    }

    /** Processes, or what is as good as that. */
    private interface Fleet extends AutoCloseable {
        void start();

        boolean allWait();

        /** Fails when one of them has failed. */
        void awaitEnd() throws Exception;

        @Override
        void close();
    }

    /** Each with a gate of its own, as each process has: that is what knows whether its target is ready. */
    private final class Threads implements Fleet {
        private final List<CompletableFuture<Connection>> all = new ArrayList<>();
        private final LogCapture log = LogCapture.start();

        @Override
        public void start() {
            for (int i = 0; i < PROCESSES; i++) {
                all.add(ThisProcess.connecting(url("ApplicationName=process-" + i))
                        .thenApply(FullServerIT::closed));
            }
        }

        @Override
        public boolean allWait() {
            assertThat(all).noneMatch(CompletableFuture::isDone);
            return log.lines().stream()
                            .filter(line -> line.contains("pending migrations ("))
                            .filter(line -> !line.contains("applying"))
                            .count()
                    >= PROCESSES;
        }

        @Override
        public void awaitEnd() throws Exception {
            for (CompletableFuture<Connection> one : all) {
                one.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
            }
        }

        @Override
        public void close() {
            log.close();
        }
    }

    private static Connection closed(Connection connection) {
        try {
            connection.close();
            return connection;
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private final class Processes implements Fleet {
        private final List<ChildJvm> all = new ArrayList<>();

        @Override
        public void start() {
            for (int i = 0; i < PROCESSES; i++) {
                all.add(ChildJvm.start(List.of("-Xmx32m", "-Xss256k"), Once.class, url()));
            }
        }

        @Override
        public boolean allWait() {
            return all.stream()
                    .allMatch(one -> one.errorLines().stream().anyMatch(line -> line.contains("pending migrations (")));
        }

        @Override
        public void awaitEnd() {
            for (ChildJvm one : all) {
                assertThat(one.exitCode(PATIENCE))
                        .as(one.errorLines().toString())
                        .isZero();
            }
        }

        @Override
        public void close() {
            all.forEach(ChildJvm::close);
        }
    }

    /** A process that gets its connection, and closes it. */
    public static final class Once {
        private Once() {}

        /** @param args the URL */
        public static void main(String[] args) throws SQLException {
            new GangwayDriver().connect(args[0], new Properties()).close();
        }
    }

    @Test
    void whoFindsNoRoomForItsFirstConnectionGetsItAsSoonAsThereIsRoom() throws Exception {
        hold().release();
        Application.startAt(url());
        limit(1);
        Gates.clear();
        try (LogCapture log = LogCapture.start()) {
            CompletableFuture<Connection> waiting;
            try (Connection other = connectAsRole()) {
                waiting = ThisProcess.connecting(url());
                Await.until("it finds no room", PATIENCE, () -> log.lines().stream()
                        .anyMatch(line -> line.contains("no connection can be had just now")));
                assertThat(waiting).isNotDone();
                assertThat(other.isClosed()).isFalse();
            }
            waiting.get(30, TimeUnit.SECONDS).close();
        }
    }

    @Test
    void whoFindsNoRoomWithinTheWaitTimeoutHearsWhatPgjdbcSays() throws Exception {
        hold().release();
        Application.startAt(url());
        limit(1);
        try (Connection other = connectAsRole()) {
            SQLException refusal = catchThrowableOfType(
                    SQLException.class, () -> Application.startAt(url("gangway.waitTimeout=500ms")));
            assertThat(refusal.getSQLState()).isEqualTo("53300");
            assertThat((Throwable) refusal).hasMessageContaining("too many connections for role");
            assertThat(other.isClosed()).isFalse();
        }
    }

    @Test
    void aRoleThatMayHaveTwoConnectionsMigratesAndGetsItsOwn() throws Exception {
        hold().release();
        limit(2);
        Application.startAt(url());
        assertEachOnce();
    }

    @Test
    void aRoleThatMayHaveOneConnectionIsToldThatMigratingTakesTwo() throws Exception {
        hold().release();
        limit(1);
        GangwayException.Permanent refusal = Application.failureAt(url());
        assertThat((Throwable) refusal)
                .hasMessageStartingWith("GW007 ")
                .hasMessageContaining("one connection at a time, and migrating takes two")
                .hasMessageContaining("ALTER ROLE");
        assertThat(server.address().ask(database, "select to_regclass('gangway_history')"))
                .isNull();
        assertThat(new Observed(server.address(), database).advisoryLocks()).isZero();
    }

    @Test
    void aLeaderWhoFindsNoRoomForItsSecondConnectionKeepsTheLockUntilThereIs() throws Exception {
        hold().release();
        limit(2);
        Observed observed = new Observed(server.address(), database);
        CompletableFuture<Connection> migrating;
        try (LogCapture log = LogCapture.start()) {
            try (Connection other = connectAsRole()) {
                migrating = ThisProcess.connecting(url());
                Await.until("it leads", PATIENCE, () -> observed.advisoryLocks() == 1);
                int leader = observed.leader();
                Sql.ask(other, "select 1");
                assertThat(observed.leader()).isEqualTo(leader);
            }
            migrating.get(30, TimeUnit.SECONDS).close();
            assertThat(log.lines()).noneMatch(line -> line.contains("beginning anew"));
        }
        assertEachOnce();
    }

    private void assertEachOnce() throws SQLException {
        Observed observed = new Observed(server.address(), database);
        assertThat(observed.history()).isEqualTo("1:applied 2:applied 3:applied");
        assertThat(observed.log()).isEqualTo("m1 m2 m3");
        Await.until("no lock is left", PATIENCE, () -> observed.advisoryLocks() == 0);
    }

    /** Without a row that holds it, the migration runs through. */
    private Hold hold() throws SQLException {
        Hold hold = Hold.on(server.address(), database);
        server.address().execute(database, "grant all on hold to public");
        return hold;
    }

    private void limit(int connections) throws SQLException {
        server.address().execute("postgres", "alter role " + role + " connection limit " + connections);
    }

    private ServerAddress asRole() {
        return new ServerAddress("127.0.0.1", server.port(), List.of("user=" + role));
    }

    private Connection connectAsRole() throws SQLException {
        return asRole().connect(database);
    }

    private String url(String... more) {
        List<String> all = new ArrayList<>(List.of(more));
        all.add("gangway.locations=" + folder.location());
        all.add("gangway.retryAfter=0s");
        return asRole().gangwayUrl(database, all.toArray(new String[0]));
    }
}
