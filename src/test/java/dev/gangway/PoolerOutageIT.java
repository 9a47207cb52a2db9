package dev.gangway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gangway.gate.Gates;
import dev.gangway.testkit.Await;
import dev.gangway.testkit.PgBouncer;
import dev.gangway.testkit.Providers;
import dev.gangway.testkit.Sql;
import dev.gangway.testkit.TcpProxy;
import dev.gangway.testkit.Torture;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A PgBouncer that is killed, and started again, while a process is at work through it. The process goes on by itself;
 * the server may hear of the death of a pooler's clients late, or not at all before a statement has come to its end.
 */
@Timeout(120)
class PoolerOutageIT {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @TempDir
    Path directory;

    private Application app;
    private Hold hold;

    /** What the process is in the middle of. */
    enum Middle {
        TRANSACTION("insert into log(entry) values ('m2');\n" + Hold.HERE),
        INDEX("create index concurrently item_id on item(id);"),
        BATCHES(Hold.AFTER_A_BATCH),
        BACKGROUND("-- gangway: run=background\n" + Hold.AFTER_A_BATCH),
        JAVA(""),
        WAITING("insert into log(entry) values ('m2');\n" + Hold.HERE);

        private final String script;

        Middle(String script) {
            this.script = script;
        }
    }

    /** Is held as a script is. */
    public static final class Held implements JavaMigration {
        @Override
        public String version() {
            return "2";
        }

        @Override
        public String description() {
            return "held";
        }

        @Override
        public void migrate(Connection connection) throws SQLException {
            Sql.execute(connection, "insert into log(entry) values ('m2')");
            Sql.execute(connection, Hold.HERE);
        }
    }

    static Stream<Arguments> outages() {
        Stream<Arguments> all = Stream.of("session", "transaction")
                .flatMap(mode -> Stream.of(Middle.values()).map(middle -> Arguments.of(mode, middle)));
        return Torture.full()
                ? all
                : Stream.of(
                        Arguments.of("session", Middle.TRANSACTION),
                        Arguments.of("session", Middle.BACKGROUND),
                        Arguments.of("session", Middle.WAITING),
                        Arguments.of("transaction", Middle.INDEX),
                        Arguments.of("transaction", Middle.BATCHES),
                        Arguments.of("transaction", Middle.JAVA));
    }

    @BeforeEach
    void createDatabase() throws SQLException {
        app = Application.in(directory.resolve("migrations"));
        app.add("V1__log.sql", Hold.LOG_AND_ITEMS);
        app.start();
        hold = Hold.on(app.database());
    }

    @AfterEach
    void dropDatabase() throws SQLException {
        Gates.clear();
        app.close();
    }

    @ParameterizedTest
    @MethodSource("outages")
    void theProcessGoesOnByItselfAndLeavesNothingLocked(String mode, Middle middle) throws Exception {
        if (middle != Middle.JAVA) {
            app.add("V2__middle.sql", middle.script);
        }
        app.add("V3__last.sql", "insert into log(entry) values ('m3');");
        try (PgBouncer pooler = PgBouncer.inFrontOf(app.database().server(), mode, 5);
                TcpProxy proxy = TcpProxy.to(pooler.address());
                Connection writer = app.database().connect();
                Providers providers = providers(middle)) {
            Gates.clear();
            writer.setAutoCommit(false);
            Sql.execute(writer, "insert into item values (4)");
            CompletableFuture<Connection> other =
                    middle == Middle.WAITING ? leading() : CompletableFuture.completedFuture(null);
            CompletableFuture<Connection> migrating =
                    connecting(app.url(proxy.address(), "prepareThreshold=0"), providers.loader());
            awaitTheMiddle(middle, proxy);

            pooler.kill();
            pooler.restart();
            hold.release();
            writer.commit();
            migrating.get(60, TimeUnit.SECONDS).close();
            if (other.get(60, TimeUnit.SECONDS) != null) {
                other.get().close();
            }
            assertEachOnce(middle);
        }
    }

    private CompletableFuture<Connection> leading() {
        CompletableFuture<Connection> other = ThisProcess.connecting(app.url());
        hold.awaitHeld();
        return other;
    }

    private static CompletableFuture<Connection> connecting(String url, ClassLoader loader) {
        return CompletableFuture.supplyAsync(() -> {
            Thread.currentThread().setContextClassLoader(loader);
            try {
                return Application.open(url);
            } catch (SQLException e) {
                throw new IllegalStateException(e);
            }
        });
    }

    private Providers providers(Middle middle) {
        return middle == Middle.JAVA
                ? Providers.in(directory.resolve("services"), JavaMigration.class, Held.class)
                : Providers.in(directory.resolve("services"), JavaMigration.class);
    }

    private void awaitTheMiddle(Middle middle, TcpProxy proxy) {
        if (middle == Middle.INDEX) {
            Observed observed = Observed.in(app.database());
            Await.until("the build waits", PATIENCE, () -> observed.indexBuild().startsWith("waiting for writers"));
        } else if (middle == Middle.WAITING) {
            Await.until(
                    "it waits",
                    PATIENCE,
                    () -> proxy.sql().stream()
                                    .filter(sql -> sql.contains("pg_try_advisory_xact_lock"))
                                    .count()
                            > 5);
        } else {
            hold.awaitHeld();
        }
    }

    private void assertEachOnce(Middle middle) throws SQLException {
        Observed observed = Observed.in(app.database());
        Await.until("all is applied", PATIENCE, () -> !observed.history().contains("started"));
        assertThat(observed.history().split(" ")).containsExactlyInAnyOrder("1:applied", "2:applied", "3:applied");
        boolean logs = middle == Middle.TRANSACTION || middle == Middle.JAVA || middle == Middle.WAITING;
        assertThat(observed.log()).isEqualTo(logs ? "m1 m2 m3" : "m1 m3");
        if (middle == Middle.INDEX) {
            assertThat(observed.isValid("item_id")).isEqualTo("t");
        }
        if (middle == Middle.BATCHES || middle == Middle.BACKGROUND) {
            assertThat(app.ask("select bool_and(done) from item")).isEqualTo("t");
        }
        Await.until(
                "nothing is left on the server",
                PATIENCE,
                () -> observed.advisoryLocks() == 0 && observed.idleInTransaction() == 0);
    }

    @ParameterizedTest
    @ValueSource(strings = {"session", "transaction"})
    void anUndoIsDoneOnceWhenThePoolerIsKilledInItsMiddle(String mode) throws Exception {
        app.add("V2__two.sql", "create table two();");
        app.add("V2__two.undo.sql", "drop table two;\ninsert into log(entry) values ('undone');\n" + Hold.HERE);
        app.add("V3__three.sql", "create table three();");
        app.add("V3__three.undo.sql", "drop table three;");
        app.start();
        try (PgBouncer pooler = PgBouncer.inFrontOf(app.database().server(), mode, 5)) {
            Gangway gangway =
                    Gangway.to(app.url(pooler.address(), "prepareThreshold=0")).build();
            CompletableFuture<Integer> undoing = CompletableFuture.supplyAsync(() -> {
                try {
                    return gangway.undo(2).undone().size();
                } catch (SQLException e) {
                    throw new IllegalStateException(e);
                }
            });
            hold.awaitHeld();
            pooler.kill();
            pooler.restart();
            hold.release();

            assertThat(undoing.get(60, TimeUnit.SECONDS)).isEqualTo(2);
            assertThat(Observed.in(app.database()).history()).isEqualTo("1:applied 2:undone 3:undone");
            assertThat(Observed.in(app.database()).log()).isEqualTo("m1 undone");
            Await.until(
                    "nothing is left on the server",
                    PATIENCE,
                    () -> Observed.in(app.database()).advisoryLocks() == 0);
        }
    }
}
