package dev.gangway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gangway.gate.Gates;
import dev.gangway.testkit.Await;
import dev.gangway.testkit.LocalPostgres;
import dev.gangway.testkit.LocalReplica;
import dev.gangway.testkit.MigrationFolder;
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
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The primary is lost, and its standby takes over, with or without what was committed last. The process that was
 * migrating goes on there by itself, and there each migration is applied once.
 */
@Timeout(180)
class FailoverIT {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private LocalPostgres primary;
    private LocalReplica standby;
    private String database;

    @TempDir
    Path directory;

    private MigrationFolder folder;

    /** What the old primary is in the middle of. */
    enum Middle {
        TRANSACTION("insert into log(entry) values ('m3');\n" + Hold.HERE),
        INDEX("create index concurrently item_id on item(id);"),
        BATCHES(Hold.AFTER_A_BATCH),
        BACKGROUND("-- gangway: run=background\ncreate index concurrently item_id on item(id);");

        private final String script;

        Middle(String script) {
            this.script = script;
        }

        /** Whether a transaction that has written holds it up, rather than a row. */
        private boolean isBuild() {
            return this == INDEX || this == BACKGROUND;
        }
    }

    /** How the old primary is lost. */
    enum End {
        CRASHES,
        /** It lives on, and its clients cannot reach it. */
        CUT_OFF
    }

    static Stream<Arguments> failovers() {
        if (!Torture.full()) {
            return Stream.of(
                    Arguments.of(Middle.TRANSACTION, true, "any", End.CUT_OFF),
                    Arguments.of(Middle.INDEX, false, "primary", End.CRASHES),
                    Arguments.of(Middle.BATCHES, true, "primary", End.CRASHES));
        }
        return Stream.of(Middle.values())
                .flatMap(middle -> Stream.of(true, false).flatMap(lost -> Stream.of("any", "primary")
                        .flatMap(type -> Stream.of(End.values()).map(end -> Arguments.of(middle, lost, type, end)))));
    }

    @BeforeEach
    void startServers() throws SQLException {
        primary = LocalPostgres.start();
        standby = LocalPostgres.replicaOf(primary);
        database = primary.createDatabase("app");
        folder = MigrationFolder.in(directory).add("V1__log.sql", Hold.LOG_AND_ITEMS);
    }

    @AfterEach
    void stopServers() {
        Gates.clear();
        standby.close();
        primary.close();
    }

    @ParameterizedTest
    @MethodSource("failovers")
    void theProcessGoesOnWhereTheStandbyHasTakenOver(Middle middle, boolean lost, String type, End end)
            throws Exception {
        try (TcpProxy proxy = TcpProxy.to(primary.address())) {
            String url = url(proxy.address().port(), "targetServerType=" + type);
            Application.startAt(url);
            Hold held = Hold.on(primary.address(), database);
            standby.waitUntilReplayed();
            if (lost) {
                standby.stopReceiving();
            }
            addTheRest(middle);
            Gates.clear();

            try (Connection writer = primary.address().connect(database)) {
                writer.setAutoCommit(false);
                Sql.execute(writer, "insert into item values (4)");
                CompletableFuture<Connection> migrating = ThisProcess.connecting(url);
                awaitTheMiddle(middle, held);
                if (!lost) {
                    standby.waitUntilReplayed();
                }
                lose(proxy, end);
                standby.promote();
                new Hold(standby.address(), database).release();
                migrating.get(60, TimeUnit.SECONDS).close();
            }
            assertThat(onTheNewOne().history())
                    .startsWith("1:applied 2:applied ")
                    .contains("4:applied");
            Await.until(
                    "all is applied", PATIENCE, () -> onTheNewOne().history().contains("3:applied"));
            assertEachOnce(middle);
            if (end == End.CUT_OFF) {
                Observed old = new Observed(primary.address(), database);
                Await.until(
                        "nobody works on the old one",
                        PATIENCE,
                        () -> held.held() == 0
                                && old.advisoryLocks() == 0
                                && old.indexBuild().isEmpty());
                assertThat(old.history()).startsWith("1:applied 2:applied").doesNotContain("3:applied");
            }
        }
    }

    private void addTheRest(Middle middle) {
        folder.add("V2__two.sql", "insert into log(entry) values ('m2');")
                .add("V3__middle.sql", middle.script)
                .add("V4__last.sql", "insert into log(entry) values ('m4');");
    }

    private void awaitTheMiddle(Middle middle, Hold held) {
        if (middle.isBuild()) {
            Observed observed = new Observed(primary.address(), database);
            Await.until("the build waits", PATIENCE, () -> observed.indexBuild().startsWith("waiting for writers"));
        } else {
            held.awaitHeld();
        }
    }

    private void lose(TcpProxy proxy, End end) {
        if (end == End.CRASHES) {
            primary.stopImmediately();
        } else {
            proxy.close();
        }
    }

    private void assertEachOnce(Middle middle) throws SQLException {
        assertThat(onTheNewOne().history().split(" "))
                .containsExactlyInAnyOrder("1:applied", "2:applied", "3:applied", "4:applied");
        assertThat(onTheNewOne().log()).isEqualTo(middle == Middle.TRANSACTION ? "m1 m2 m3 m4" : "m1 m2 m4");
        if (middle.isBuild()) {
            assertThat(onTheNewOne().isValid("item_id")).isEqualTo("t");
        }
        if (middle == Middle.BATCHES) {
            assertThat(standby.address().ask(database, "select bool_and(done) from item"))
                    .isEqualTo("t");
        }
        Await.until("no lock is left", PATIENCE, () -> onTheNewOne().advisoryLocks() == 0);
        assertThat(onTheNewOne().idleInTransaction()).isZero();
    }

    @Test
    void aProcessThatRunsChecksEachHostOfItsUrlBeforeItHandsOutAConnectionThere() throws Exception {
        String url = url(primary.port());
        Application.startAt(url);
        standby.stopReceiving();
        folder.add("V2__two.sql", "insert into log(entry) values ('m2');");
        Application.startAt(url);
        assertThat(standby.address().ask(database, "select count(*) from gangway_history"))
                .isEqualTo("1");

        primary.stopImmediately();
        standby.promote();
        Application.open(url).close();
        assertThat(onTheNewOne().history()).isEqualTo("1:applied 2:applied");
        assertThat(onTheNewOne().log()).isEqualTo("m1 m2");
    }

    @Test
    void aProcessThatRechecksFollowsANameThatMovesToAServerWithoutTheLastMigration() throws Exception {
        try (TcpProxy name = TcpProxy.to(primary.address())) {
            String url = name.address()
                    .gangwayUrl(database, "gangway.recheck=always", "gangway.locations=" + folder.location());
            Application.startAt(url);
            standby.stopReceiving();
            folder.add("V2__two.sql", "insert into log(entry) values ('m2');");
            Application.startAt(url);

            standby.promote();
            name.moveTo(standby.address());
            name.cutAll();
            Application.open(url).close();
            assertThat(onTheNewOne().history()).isEqualTo("1:applied 2:applied");
        }
    }

    @Test
    void aLeaderWhoseSecondConnectionLeadsToAnotherServerDoesNothingThere() throws Exception {
        try (TcpProxy name = TcpProxy.to(primary.address())) {
            standby.promote();
            TcpProxy.Pause pause = name.holdBack("BEGIN ISOLATION LEVEL READ COMMITTED; SET LOCAL search_path");
            CompletableFuture<Connection> migrating = ThisProcess.connecting(
                    name.address().gangwayUrl(database, "gangway.locations=" + folder.location()));
            Await.until("it tries to lead", PATIENCE, pause::isHolding);
            name.moveTo(standby.address());
            pause.end();
            migrating.get(60, TimeUnit.SECONDS).close();

            assertThat(onTheNewOne().history()).isEqualTo("1:applied");
            assertThat(primary.address().ask(database, "select to_regclass('log')"))
                    .isNull();
        }
    }

    private Observed onTheNewOne() {
        return new Observed(standby.address(), database);
    }

    private String url(int port, String... more) {
        return "jdbc:gangway:postgresql://127.0.0.1:%d,127.0.0.1:%d/%s?user=postgres&gangway.locations=%s%s"
                .formatted(
                        port,
                        standby.address().port(),
                        database,
                        folder.location(),
                        more.length == 0 ? "" : "&" + String.join("&", more));
    }
}
