package dev.gangway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gangway.command.MigrateOptions;
import dev.gangway.report.UndoReport;
import dev.gangway.testkit.Await;
import dev.gangway.testkit.LogCapture;
import dev.gangway.testkit.Sql;
import dev.gangway.testkit.TcpProxy;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Arrays;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Taking migrations back by what the history holds. */
@Timeout(60)
class UndoIT {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private Application app;

    @BeforeEach
    void createDatabase(@TempDir Path folder) throws SQLException {
        app = Application.in(folder)
                .add("V1__one.sql", "create table one(id int)")
                .add("V1__one.undo.sql", "drop table one")
                .add("V2__two.sql", "create table two(id int)")
                .add("V2__two.undo.sql", "drop table two")
                .add("V3__three.sql", "create table three(id int)")
                .add("V3__three.undo.sql", "drop table ${third}")
                .add("R__view.sql", "create or replace view seen as select 1 as x");
    }

    @AfterEach
    void dropDatabase() throws SQLException {
        app.close();
    }

    private Gangway gangway(String... settings) throws SQLException {
        String[] all = Arrays.copyOf(settings, settings.length + 1);
        all[settings.length] = "gangway.placeholders.third=three";
        return app.gangway(all);
    }

    @Test
    void theLastOnesAreTakenBackNewestFirst() throws SQLException {
        gangway().migrate(MigrateOptions.next(2));
        gangway().migrate();
        UndoReport report = gangway().undo(2);

        assertThat(report.undone()).containsExactly("V3__three.sql", "V2__two.sql");
        assertThat(report.version()).isEqualTo("1");
        assertThat(app.history())
                .containsExactly(
                        "V1__one.sql applied", "V2__two.sql undone", "V3__three.sql undone", "R__view.sql applied");
        assertThat(app.has("two")).isFalse();
        assertThat(app.has("one")).isTrue();

        assertThat(gangway().migrate().applied()).containsExactly("V2__two.sql", "V3__three.sql");
        assertThat(gangway().undo(9).undone()).containsExactly("V3__three.sql", "V2__two.sql", "V1__one.sql");
        assertThat(gangway().undo(1).undone()).isEmpty();
        assertThat(gangway().migrate().applied()).hasSize(3);
        app.start("gangway.mode=validate", "gangway.placeholders.third=three");
    }

    @Test
    void aBinaryThatLacksTheFilesTakesThemBackToo() throws SQLException {
        gangway().migrate();
        app.remove("V2__two.sql")
                .remove("V2__two.undo.sql")
                .remove("V3__three.sql")
                .remove("V3__three.undo.sql");

        assertThat(app.gangway().undoTo("1").undone()).containsExactly("V3__three.sql", "V2__two.sql");
        assertThat(app.has("three")).isFalse();
        app.start("gangway.mode=validate", "gangway.onNewerSchema=fail");
    }

    @Test
    void zeroTakesEverythingBack() throws SQLException {
        gangway().migrate();

        UndoReport report = gangway().undoTo("0");

        assertThat(report.undone()).hasSize(3);
        assertThat(report.version()).isNull();
        assertThat(gangway().undoTo("0").undone()).isEmpty();
    }

    @Test
    void aVersionThatIsNotAppliedIsRefused() throws SQLException {
        gangway().migrate(MigrateOptions.next(2));

        assertThatThrownBy(() -> gangway().undoTo("3")).hasMessage("""
                GW004 Version 3 is not applied, so there is nothing to go back to.
                  database: unchanged; nothing was undone
                  next:     choose one of those that are: 1, 2; or 0 to undo them all""");
        assertThatThrownBy(() -> gangway().undoTo("x"))
                .hasMessageStartingWith("GW004 The version to go back to, \"x\" is no version.");
    }

    @Test
    void withoutItsTextNothingIsUndoneUntilRepairHasStoredIt() throws SQLException {
        app.remove("V2__two.undo.sql");
        gangway().migrate();

        assertThatThrownBy(() -> gangway().undoTo("1")).hasMessage("""
                GW001 This cannot be undone; nothing was changed.
                  - the history has no undo script of V2__two.sql
                    next: write V2__two.undo.sql beside it and run repair, which stores it; or take that migration back\
                 by a new one""");
        assertThat(app.has("three")).isTrue();
    }

    @Test
    void whatOthersRequireIsNotTakenFromThem() throws SQLException {
        app.add("V4__four.sql", "-- gangway: requires=3\ncreate table four()")
                .add("V4__four.undo.sql", "drop table four");
        app.add("V5__five.sql", "create table five()").add("V5__five.undo.sql", "drop table five");
        gangway().migrate(MigrateOptions.only(Set.of("3", "4")));
        app.execute("update gangway_history set rank = 10 where version = '3'");

        assertThatThrownBy(() -> gangway().undo(1))
                .hasMessageContaining("V4__four.sql requires version 3 and would stay applied");
        assertThat(gangway().undo(2).undone()).containsExactly("V3__three.sql", "V4__four.sql");
    }

    @Test
    void everythingIsCheckedBeforeTheFirstOneRuns() throws SQLException {
        app.add("V1__one.undo.sql", "select 'open");
        gangway().migrate();
        assertThatThrownBy(() -> gangway().undoTo("0"))
                .hasMessageStartingWith("GW001 undo of V1__one.sql (history):1:8: ")
                .hasMessageContaining("nothing was undone");
        app.execute("update gangway_history set undo_sql = 'drop table one; commit' where version = '1'");
        assertThatThrownBy(() -> gangway().undoTo("0"))
                .hasMessageContaining("undo of V1__one.sql (history):1:17: COMMIT does not belong");
        app.execute(
                "update gangway_history set undo_sql = 'drop table one; drop index concurrently x' where version = '1'");
        assertThatThrownBy(() -> gangway().undoTo("0"))
                .hasMessageContaining("undo of V1__one.sql (history):1:17: this cannot run in a transaction");
        assertThat(app.history()).hasSize(4).allMatch(row -> row.endsWith(" applied"));
        assertThat(app.has("three")).isTrue();
    }

    @Test
    void anUnfinishedMigrationIsFinishedFirst() throws SQLException {
        app.add("V4__four.sql", "insert into one values (1); create index concurrently x on one(nonsense)");
        app.failure("gangway.placeholders.third=three");

        assertThatThrownBy(() -> gangway().undo(1))
                .hasMessageContaining("V4__four.sql was begun without a transaction and is not finished; 1 of its");
    }

    @Test
    void aFailedUndoLeavesItsMigrationApplied() throws SQLException {
        app.add("V2__two.undo.sql", "insert into one values (1);\ndrop table nothing_there");
        gangway().migrate();

        assertThatThrownBy(() -> gangway().undoTo("1")).hasMessage("""
                GW001 The undo of V2__two.sql failed at line 2, column 1
                  file:      undo of V2__two.sql (history):2:1
                  statement: drop table nothing_there
                  server:    ERROR: table "nothing_there" does not exist (SQLState 42P01)
                  database:  this undo was rolled back as a whole, and the migration stays applied; what was undone before\
                 it stays undone, what comes after it was not begun
                  next:      clear away what stands in its way, or correct the undo script and run repair, which stores its\
                 text; then undo again""");
        assertThat(app.history()).contains("V2__two.sql applied", "V3__three.sql undone");
        assertThat(app.ask("select count(*) from one")).isEqualTo("0");
    }

    @Test
    void statementsOutsideOfATransactionAreRepeatedAfterACut() throws Exception {
        app.add("V4__four.sql", "create index one_id on one(id)")
                .add("V4__four.undo.sql", "drop index concurrently one_id; insert into one values (4)");
        gangway().migrate();
        try (TcpProxy proxy = TcpProxy.to(app.database().server())) {
            Gangway throughProxy = Gangway.to(app.url(proxy.address())).build();
            TcpProxy.Pause pause = proxy.holdBack("BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE");
            CompletableFuture<UndoReport> undoing = inBackground(() -> throughProxy.undo(1));
            Await.until("the record is on its way", PATIENCE, pause::isHolding);
            assertThat(app.has("one_id")).isFalse();
            assertThat(app.history()).contains("V4__four.sql applied");
            proxy.cutAll();
            pause.end();

            assertThat(undoing.get(30, TimeUnit.SECONDS).undone()).containsExactly("V4__four.sql");
        }
        assertThat(app.history()).contains("V3__three.sql applied", "V4__four.sql undone");
        assertThat(app.ask("select count(*) from one")).isEqualTo("1");
    }

    @Test
    void aCutAfterTheCommitDoesNotTakeBackOneMore() throws Exception {
        gangway().migrate();
        try (TcpProxy proxy = TcpProxy.to(app.database().server())) {
            app.execute("update gangway_history set undo_sql = '" + Hold.HERE + " drop table two' where version = '2'");
            Hold hold = Hold.on(app.database());
            Gangway throughProxy = Gangway.to(app.url(proxy.address())).build();
            CompletableFuture<UndoReport> undoing = inBackground(() -> throughProxy.undo(2));
            hold.awaitHeld();
            assertThat(app.history()).contains("V3__three.sql undone", "V2__two.sql applied");
            proxy.cutAll();
            hold.release();

            assertThat(undoing.get(30, TimeUnit.SECONDS).undone()).containsExactly("V3__three.sql", "V2__two.sql");
        }
        assertThat(app.history()).contains("V1__one.sql applied", "V2__two.sql undone", "V3__three.sql undone");
    }

    @Test
    void aMigrationWaitsForAnUndoThatIsUnderWay() throws Exception {
        app.add("V3__three.undo.sql", Hold.HERE + " drop table three");
        gangway().migrate();
        app.add("V4__four.sql", "create table four()");
        Hold hold = Hold.on(app.database());
        CompletableFuture<UndoReport> undoing = inBackground(() -> gangway().undo(1));
        hold.awaitHeld();
        CompletableFuture<?> migrating = inBackground(() -> gangway().migrate());
        Await.until(
                "the migration waits",
                PATIENCE,
                () -> Observed.in(app.database()).advisoryLocks() == 1
                        && "1"
                                .equals(app.ask("select count(*) from pg_stat_activity where application_name like"
                                        + " 'gangway leader%' and state = 'idle' and datname = current_database()")));
        hold.release();

        assertThat(undoing.get(30, TimeUnit.SECONDS).undone()).containsExactly("V3__three.sql");
        migrating.get(30, TimeUnit.SECONDS);
        assertThat(app.history())
                .containsExactly(
                        "V1__one.sql applied",
                        "V2__two.sql applied",
                        "V3__three.sql undone",
                        "R__view.sql applied",
                        "V3__three.sql applied",
                        "V4__four.sql applied");
    }

    @Test
    void aLockIsWaitedForInShortAttempts() throws Exception {
        gangway().migrate();
        try (LogCapture log = LogCapture.start();
                Connection reader = app.database().connect()) {
            reader.setAutoCommit(false);
            Sql.ask(reader, "select count(*) from three");
            CompletableFuture<UndoReport> undoing =
                    inBackground(() -> gangway("gangway.lockTimeout=100ms").undo(1));
            Await.until("it is tried again", PATIENCE, () -> log.lines().stream()
                    .anyMatch(line -> line.contains("undo of V3__three.sql is tried again (1 of 20)")));
            reader.rollback();

            assertThat(undoing.get(30, TimeUnit.SECONDS).undone()).hasSize(1);
        }
    }

    @Test
    void whatIsRequiredToUndoIsToldWhenALockNeverComesFree() throws Exception {
        gangway().migrate();
        try (Connection reader = app.database().connect()) {
            reader.setAutoCommit(false);
            Sql.ask(reader, "select count(*) from three");
            assertThatThrownBy(() -> gangway("gangway.lockTimeout=50ms", "gangway.lockRetries=0")
                            .undo(1))
                    .hasMessageStartingWith("GW001 The undo of V3__three.sql failed")
                    .hasMessageContaining("1 attempt was made");
        }
    }

    private static <T> CompletableFuture<T> inBackground(Callable<T> work) {
        return CompletableFuture.supplyAsync(() -> {
            try {
                return work.call();
            } catch (Exception e) {
                throw new CompletionException(e);
            }
        });
    }
}
