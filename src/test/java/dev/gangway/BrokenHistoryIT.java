package dev.gangway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.gangway.testkit.ServerAddress;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** A history that somebody has edited, or may not read. */
class BrokenHistoryIT {
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
    void aRowThatCannotBeReadIsNamed() throws SQLException {
        app.add("V1__item.sql", "create table item()").start();
        app.add("V2__next.sql", "create table next()");
        app.execute("update gangway_history set state = 'weird'");
        app.assertRefused()
                .hasMessageStartingWith("GW002 ")
                .hasMessageContaining("rank 1")
                .hasMessageContaining("weird")
                .hasMessageContaining("next:");
        app.execute("update gangway_history set state = 'applied', version = 'one'");
        app.assertRefused().hasMessageStartingWith("GW002 ").hasMessageContaining("one");
        app.execute("update gangway_history set version = '1', kind = 'odd'");
        app.assertRefused().hasMessageStartingWith("GW002 ").hasMessageContaining("odd");
        app.execute("update gangway_history set kind = 'versioned'");
        app.start();
        assertThat(app.history()).containsExactly("V1__item.sql applied", "V2__next.sql applied");
    }

    private static final String COPY_OF_ROW =
            "insert into gangway_history select %s, version, description, kind, type, script,"
                    + " checksum, state, breaking, statements_done, rows_changed, requires, undo_sql, script_text, error,"
                    + " installed_by, installed_on, duration_ms, gangway_version from gangway_history where rank = 1";

    private static final String TRIGGER = "create function t() returns trigger language plpgsql as 'begin %s end';"
            + " create trigger t %s for each row execute function t()";

    /** What was done to the tables, and a part of what is said to it. */
    static Stream<Arguments> refused() {
        return Stream.of(
                arguments(
                        "alter table gangway_history alter description drop not null;"
                                + " update gangway_history set description = null",
                        "rank 1"),
                arguments(
                        "alter table gangway_history alter script drop not null; update gangway_history set script = null",
                        "rank 1"),
                arguments(
                        "alter table gangway_history alter state drop not null; update gangway_history set state = null",
                        "rank 1"),
                arguments(
                        "alter table gangway_history alter installed_on drop not null;"
                                + " update gangway_history set installed_on = null",
                        "rank 1"),
                arguments(
                        "alter table gangway_history drop constraint gangway_history_pkey;"
                                + " alter table gangway_history alter rank drop not null;"
                                + " update gangway_history set rank = null where rank = 1",
                        "rank null"),
                arguments(
                        "alter table gangway_history drop constraint gangway_history_pkey",
                        "unique index over the rank"),
                arguments("update gangway_history set checksum = 'garbage'", "was changed after it had been applied"),
                arguments("update gangway_history set requires = 'x,y'", "rank 1"),
                arguments(
                        "update gangway_history set state = 'started', statements_done = 99 where rank = 1",
                        "99 statements"),
                arguments("update gangway_history set state = 'APPLIED '", "rank 1"),
                arguments("alter table gangway_history drop column rows_changed", "rows_changed"),
                arguments("alter table gangway_history drop column undo_sql", "undo_sql"),
                arguments("alter table gangway_history drop column script_text", "script_text"),
                arguments("alter table gangway_history drop column gangway_version", "gangway_version"),
                arguments("alter table gangway_history rename column script to file", "script"),
                arguments("alter table gangway_history alter rank type text", "bigint"),
                arguments("alter table gangway_history alter breaking type text", "boolean"),
                arguments(
                        "alter table gangway_history rename to h; create view gangway_history as select * from h",
                        "no longer a table"),
                arguments(
                        "alter table gangway_history rename to h;"
                                + " create materialized view gangway_history as select * from h",
                        "no longer a table"),
                arguments(
                        "alter table gangway_history rename to h; create sequence gangway_history",
                        "not as Gangway has made them"),
                arguments(
                        "alter table gangway_state rename to s; create view gangway_state as select * from s",
                        "not as Gangway"),
                arguments("alter table gangway_state drop column step_began", "step_began"),
                arguments("alter table gangway_state drop column epoch", "epoch"),
                arguments("alter table gangway_state alter epoch type text", "epoch"),
                arguments(
                        "alter table gangway_state alter epoch drop not null; update gangway_state set epoch = null",
                        "NULL"),
                arguments(
                        "alter table gangway_state alter fingerprint drop not null;"
                                + " update gangway_state set fingerprint = null, history_rows = 7",
                        "NULL"),
                arguments(
                        "alter table gangway_state drop constraint gangway_state_pkey;"
                                + " insert into gangway_state select * from gangway_state",
                        "two rows"),
                arguments("create rule r as on insert to gangway_history do instead nothing", "has rules"),
                arguments("create rule r as on insert to gangway_history do also select 1", "has rules"),
                arguments("create rule r as on update to gangway_state do instead nothing", "has rules"),
                arguments(TRIGGER.formatted("return null;", "before insert on gangway_history"), "rows written: 0"),
                arguments(
                        TRIGGER.formatted("new.state = ''failed''; return new;", "before insert on gangway_history"),
                        "rows written: 1"),
                arguments(TRIGGER.formatted("raise exception ''no'';", "before insert on gangway_history"), "no"),
                arguments("alter table gangway_history rename to h", "is missing"),
                arguments("drop table gangway_history", "is missing"),
                arguments("truncate gangway_history", "is empty"));
    }

    @ParameterizedTest
    @MethodSource
    void refused(String edit, String problem) throws SQLException {
        app.add("V1__one.sql", "create table one()")
                .add("V2__two.sql", "create table two()")
                .start();
        app.execute(edit);
        app.add("V3__three.sql", "create table three()");
        app.assertRefused().hasMessageContaining(problem).hasMessageContaining("next:");
        assertThat(app.has("three")).isFalse();
    }

    static Stream<String> harmless() {
        return Stream.of(
                "update gangway_history set checksum = null",
                "update gangway_history set rank = -5 where rank = 1",
                "update gangway_history set rank = 100 where rank = 1",
                "alter table gangway_history add column extra int default 1 not null",
                "drop index gangway_history_applied; " + COPY_OF_ROW.formatted("3"),
                "update gangway_history set statements_done = -1, rows_changed = -1",
                "update gangway_state set fingerprint = 'garbage'",
                "update gangway_state set epoch = -1",
                "update gangway_state set history_rows = 77",
                "drop table gangway_state",
                "alter table gangway_history enable row level security",
                TRIGGER.formatted("perform 1; return new;", "after insert on gangway_history"));
    }

    @ParameterizedTest
    @MethodSource
    void harmless(String edit) throws SQLException {
        app.add("V1__one.sql", "create table one()")
                .add("V2__two.sql", "create table two()")
                .start();
        app.execute(edit);
        app.add("V3__three.sql", "create table three()").start();
        app.gangway().repair();
        app.start("gangway.mode=validate");
        assertThat(app.ask("select count(*) from gangway_history where script = 'V3__three.sql' and state = 'applied'"))
                .isEqualTo("1");
    }

    @Test
    void whatOnlyTheHistoryForgotIsNotAppliedInACircle() throws SQLException {
        app.add("V1__one.sql", "create table if not exists one()").start();
        app.execute(TRIGGER.formatted(
                "delete from gangway_history where version = ''1''; return null;", "after insert on gangway_history"));
        app.add("V2__two.sql", "create table two()");
        app.assertRefused()
                .hasMessageStartingWith("GW002 ")
                .hasMessageContaining("something else writes to that table")
                .hasMessageContaining("next:");
    }

    @Test
    void rowLevelSecurityThatHidesTheHistoryIsNotTakenForAnEmptyOne() throws SQLException {
        String role = app.database().createRole("secret");
        app.execute("grant create, usage on schema public to " + role);
        ServerAddress asRole = app.database().server().as(role, "secret");
        app.add("V1__one.sql", "create table if not exists one()");
        Application.startAt(app.url(asRole));
        app.execute(
                "alter table gangway_history enable row level security; alter table gangway_history force row level security");
        app.add("V2__two.sql", "create table two()");
        assertThatThrownBy(() -> Application.startAt(app.url(asRole)))
                .hasMessageContaining("row level security hides its rows from this role")
                .hasMessageContaining("next:");
        assertThat(app.has("two")).isFalse();
    }

    @Test
    void aRankBehindWhichThereIsNoOtherIsRefused() throws SQLException {
        app.add("V1__one.sql", "create table one()").start();
        app.execute("update gangway_history set rank = 9223372036854775807");
        app.add("V2__two.sql", "create table two()");
        app.assertRefused().hasMessageContaining("rank 9223372036854775807").hasMessageContaining("next:");
        assertThat(app.has("two")).isFalse();
    }

    @Test
    void theStateIsMadeAnewWhenItsRowWasDeleted() throws SQLException {
        app.add("V1__item.sql", "create table item()").start();
        app.execute("delete from gangway_state");
        app.start();
        app.add("V2__next.sql", "create table next()").start();
        app.start("gangway.mode=validate");
        assertThat(app.history()).containsExactly("V1__item.sql applied", "V2__next.sql applied");
        app.execute("drop table gangway_state");
        app.add("V3__last.sql", "create table last()").start();
        assertThat(app.history())
                .containsExactly("V1__item.sql applied", "V2__next.sql applied", "V3__last.sql applied");
    }

    @Test
    void modeOffNeedsNoHistoryAndNoRightToReadIt() throws SQLException {
        app.add("V1__item.sql", "create table item()").start();
        String role = app.database().createRole("secret");
        ServerAddress asRole = app.database().server().as(role, "secret");
        assertThatThrownBy(() -> Application.startAt(app.url(asRole))).hasMessageContaining("may not read");
        Application.startAt(app.url(asRole, "gangway.mode=off"));
        app.execute("update gangway_history set state = 'weird'");
        app.start("gangway.mode=off");
    }
}
