package dev.gangway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gangway.command.ResetOptions;
import dev.gangway.history.HistoryTable;
import dev.gangway.report.UndoReport;
import dev.gangway.testkit.Await;
import dev.gangway.testkit.Sql;
import dev.gangway.testkit.TcpProxy;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A leader that has lost its lock and does not know it, while another one leads. */
@Timeout(60)
class SplitBrainIT {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private Application app;

    @BeforeEach
    void createDatabase(@TempDir Path folder) throws SQLException {
        app = Application.in(folder);
    }

    @AfterEach
    void dropDatabase() throws SQLException {
        app.close();
    }

    @Test
    void itsTransactionsChangeNothing() throws Exception {
        app.add("V1__log.sql", "create table log(entry text, id serial)");
        app.add("V2__two.sql", "insert into log(entry) values ('2')");
        app.add("V3__three.sql", "insert into log(entry) values ('3')");
        assertTheOtherDoesTheWork("BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE");
        assertThat(app.ask("select string_agg(entry, ' ' order by id) from log"))
                .isEqualTo("2 3");
    }

    @Test
    void itsStatementsOutsideOfATransactionChangeNothing() throws Exception {
        addBuildThatIsNotNeeded("create table item(id int)");
        assertTheOtherDoesTheWork("SELECT pg_catalog.set_config('application_name'");
        assertThat(app.has("item_id")).isFalse();
    }

    @Test
    void aStatementThatIsOnItsWayWhenAnotherTakesOverNeverArrives() throws Exception {
        addBuildThatIsNotNeeded("create table item(id int)");
        assertTheOtherDoesTheWork("create index concurrently");
        assertThat(app.has("item_id")).isFalse();
    }

    @Test
    void aStepBehindAnotherOneThatHasForgottenItsSettingsNeverArrives() throws Exception {
        addBuildThatIsNotNeeded("-- gangway: transaction=off\ncreate table item(id int)");
        // The record that the second one begins, right behind the end of the first.
        assertTheOtherDoesTheWork(sql -> sql.startsWith("BEGIN") && sql.contains("V2__index.sql"));
        assertThat(app.has("item_id")).isFalse();
    }

    @Test
    void anUndoThatBeginsAnewAlsoTakesBackWhatAnotherProcessHasAppliedAgain() throws Exception {
        app.add("V1__one.sql", "create table one()");
        app.add("V2__two.sql", "create table two()").add("V2__two.undo.sql", "drop table two");
        app.add("V3__on_two.sql", "create view on_two as select * from two")
                .add("V3__on_two.undo.sql", "drop view on_two");
        app.start();
        try (TcpProxy proxy = TcpProxy.to(app.database().server())) {
            TcpProxy.Pause pause = proxy.holdBack(sql -> sql.contains("drop table two"));
            Gangway undoing = Gangway.to(app.url(proxy.address())).build();
            CompletableFuture<UndoReport> undo = CompletableFuture.supplyAsync(() -> {
                try {
                    return undoing.undoTo("1");
                } catch (SQLException e) {
                    throw new CompletionException(e);
                }
            });
            Await.until("the second undo is stopped", PATIENCE, pause::isHolding);
            Observed.in(app.database()).endLeader();
            app.start();
            assertThat(app.has("on_two")).isTrue();
            pause.end();
            assertThat(undo.get(30, TimeUnit.SECONDS).version()).isEqualTo("1");
        }
        assertThat(app.history())
                .containsExactly(
                        "V1__one.sql applied", "V2__two.sql undone", "V3__on_two.sql undone", "V3__on_two.sql undone");
    }

    @Test
    void whatAnotherProcessTakesBackBeforeTheConnectionIsHandedOutIsAppliedAgain() throws Exception {
        app.add("V1__log.sql", "create table log(entry text)").add("V1__log.undo.sql", "drop table log");
        try (TcpProxy proxy = TcpProxy.to(app.database().server())) {
            TcpProxy.Pause pause = proxy.holdBack(sql -> sql.contains("pg_is_in_recovery")
                    && proxy.sql().stream().anyMatch(sent -> sent.contains("V1__log.sql") && sent.contains("COMMIT")));
            CompletableFuture<Connection> first = ThisProcess.connecting(app.url(proxy.address()));
            Await.until("it is about to make sure", PATIENCE, pause::isHolding);
            app.gangway().undo(1);
            pause.end();
            first.get(30, TimeUnit.SECONDS).close();
        }
        assertThat(app.has("log")).isTrue();
        assertThat(app.history()).containsExactly("V1__log.sql undone", "V1__log.sql applied");
    }

    @Test
    void theTablesOfTheHistoryMayBeCreatedByTwoAtTheSameMoment() throws Exception {
        app.add("V1__log.sql", "create table log(entry text, id serial); insert into log(entry) values ('1')");
        try (Connection other = app.database().connect()) {
            other.setAutoCommit(false);
            HistoryTable table = new HistoryTable("public", "gangway_history", "gangway_state");
            for (String command : table.createSql(false, null, 4711)) {
                Sql.execute(other, command);
            }
            CompletableFuture<Connection> first = ThisProcess.connecting(app.url());
            awaitLockWait();
            other.commit();
            first.get(30, TimeUnit.SECONDS).close();
        }
        assertThat(app.history()).containsExactly("V1__log.sql applied");
        assertThat(app.ask("select string_agg(entry, ' ') from log")).isEqualTo("1");
    }

    @Test
    void aHistoryThatIsCreatedAnewHasOtherEpochs() throws Exception {
        app.add("V1__log.sql", "create table log(entry text)").start();
        String before = app.ask("select epoch from gangway_state");
        app.gangway().reset(new ResetOptions(true, true));
        app.start();
        assertThat(app.ask("select epoch from gangway_state")).isNotEqualTo(before);
    }

    @Test
    void eachRecordHasALaterTimeStampAlsoWhenTheClockOfTheServerWentBack() throws Exception {
        app.add("V1__t.sql", "-- gangway: transaction=off\ncreate table t(); select 1 / 0")
                .failure();
        app.execute("update gangway_history set installed_on = now() + interval '1 day'");
        String future = app.ask("select installed_on from gangway_history");
        app.add("V1__t.sql", "-- gangway: transaction=off\ncreate table t(); select 1")
                .start();
        assertThat(app.ask("select installed_on > '" + future + "' from gangway_history"))
                .isEqualTo("t");
    }

    /** Who builds the index once more, after another process has built and dropped it, leaves it behind. */
    private void addBuildThatIsNotNeeded(String before) {
        app.add("V1__item.sql", before);
        app.add("V2__index.sql", "create index concurrently item_id on item(id)");
        app.add("V3__not_needed.sql", "drop index item_id");
    }

    private void assertTheOtherDoesTheWork(String beginning) throws Exception {
        assertTheOtherDoesTheWork(sql -> sql.startsWith(beginning));
    }

    private void awaitLockWait() {
        Await.until("it waits for a lock", PATIENCE, () -> !"0"
                .equals(app.ask("select count(*) from pg_stat_activity where wait_event_type = 'Lock'"
                        + " and datname = current_database()")));
    }

    /** Stops a leader before it sends that, has another process lead and finish, and lets the first one go on. */
    private void assertTheOtherDoesTheWork(Predicate<String> message) throws Exception {
        try (TcpProxy proxy = TcpProxy.to(app.database().server())) {
            TcpProxy.Pause pause = proxy.holdBack(message);
            CompletableFuture<Connection> stopped = ThisProcess.connecting(app.url(proxy.address()));
            Await.until("the first leader is stopped", PATIENCE, pause::isHolding);
            Observed.in(app.database()).endLeader();

            app.start();
            assertThat(app.history()).hasSize(3).allMatch(row -> row.endsWith(" applied"));
            String state = app.ask("select s::text from gangway_state s");

            pause.end();
            stopped.get(30, TimeUnit.SECONDS).close();
            assertThat(app.ask("select s::text from gangway_state s")).isEqualTo(state);
            assertThat(app.history()).hasSize(3).allMatch(row -> row.endsWith(" applied"));
        }
    }

    @Test
    void itIsStoppedByTheFenceWhenItWaitedForARowTheWholeTime() throws Exception {
        app.add("V1__log.sql", "create table log(entry text, id serial); insert into log(entry) values ('1')")
                .start();
        app.add("V2__two.sql", "insert into log(entry) values ('2')");
        try (Connection row = app.database().connect()) {
            row.setAutoCommit(false);
            Sql.execute(row, "select * from gangway_state for update");
            CompletableFuture<Connection> first = ThisProcess.connecting(app.url("gangway.lockTimeout=0"));
            Observed observed = Observed.in(app.database());
            awaitLockWait();
            observed.terminate(observed.leader());
            CompletableFuture<Connection> second =
                    ThisProcess.connecting(app.url("gangway.lockTimeout=0", "ApplicationName=b"));
            Await.until("another leads", PATIENCE, () -> observed.leader() != 0);
            row.rollback();
            first.get(30, TimeUnit.SECONDS).close();
            second.get(30, TimeUnit.SECONDS).close();
        }
        assertThat(app.ask("select string_agg(entry, ' ' order by id) from log"))
                .isEqualTo("1 2");
        assertThat(app.history()).containsExactly("V1__log.sql applied", "V2__two.sql applied");
    }
}
