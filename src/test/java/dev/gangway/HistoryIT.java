package dev.gangway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gangway.GangwayException.Code;
import dev.gangway.testkit.LogCapture;
import java.nio.file.Path;
import java.sql.SQLException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is recorded, and what happens when files and history differ. */
class HistoryIT {
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
    void aRowTellsWhatWasAppliedAndByWhom() throws SQLException {
        app.add("V1.2__Add_items.sql", "create table item()").start();
        assertThat(app.ask("select concat_ws('|', rank, version, description, kind, type, script, state, breaking,"
                        + " statements_done, installed_by = current_user, installed_on > now() - interval '1 minute',"
                        + " duration_ms >= 0, checksum is not null, error is null, undo_sql is null)"
                        + " from gangway_history"))
                .isEqualTo("1|1.2|Add items|versioned|schema|V1.2__Add_items.sql|applied|f|1|t|t|t|t|t|t");
    }

    @Test
    void theUndoTextIsStoredWithItsPlaceholdersReplaced() throws SQLException {
        app.add("V1__item.sql", "create table ${name}()");
        app.add("V1__item.undo.sql", "drop table ${name};\n");
        app.start("gangway.placeholders.name=item");
        assertThat(app.ask("select undo_sql from gangway_history")).isEqualTo("drop table item;\n");
    }

    @Test
    void aChangedFileIsRefused() throws SQLException {
        app.add("V1__item.sql", "create table item()").start();
        app.add("V1__item.sql", "create table item(id int)");
        app.add("V2__more.sql", "create table more()");
        assertThat(app.failure().code()).isEqualTo(Code.HISTORY_MISMATCH);
        String when = app.ask("select installed_on from gangway_history");
        app.assertRefused().hasMessage("""
                GW002 The migration files and the history of this database do not agree; nothing was changed.
                - V1__item.sql was changed after it had been applied on %s
                  file: %s
                  next: put the file back as it was and write the change as a new migration with a higher\
                 version, or accept it by repair""", when, app.file("V1__item.sql"));
        assertThat(app.has("more")).isFalse();
    }

    @Test
    void layoutAndCommentsMayChange() throws SQLException {
        app.add("V1__item.sql", "create table item(id int);\ncomment on table item is 'a  b';\n")
                .start();
        app.add("V1__item.sql", """
                -- Items.\r
                create table item (
                    id int -- the number
                );\r
                comment   on table item is 'a  b'
                """);
        app.add("V2__more.sql", "create table more()");
        app.start();
        assertThat(app.has("more")).isTrue();
    }

    @Test
    void aChangeInsideALiteralIsAChange() throws SQLException {
        app.add("V1__item.sql", "create table item(); comment on table item is 'a  b'")
                .start();
        app.add("V1__item.sql", "create table item(); comment on table item is 'a b'");
        app.assertRefused().hasMessageContaining("V1__item.sql was changed");
    }

    @Test
    void aRepeatableMigrationRunsAgainWhenItHasChanged() throws SQLException {
        app.add("R__view.sql", "create or replace view v as select 1 as n");
        app.add("V1__first.sql", "create table first()");
        app.start();
        assertThat(app.history()).containsExactly("V1__first.sql applied", "R__view.sql applied");
        app.start();
        assertThat(app.ask("select count(*) from gangway_history")).isEqualTo("2");

        app.add("R__view.sql", "create or replace view v as select 2 as n").start();
        assertThat(app.ask("select n from v")).isEqualTo("2");
        assertThat(app.history())
                .containsExactly("V1__first.sql applied", "R__view.sql superseded", "R__view.sql applied");
    }

    @Test
    void aRepeatableMigrationRunsAgainWhenItsPlaceholderHasAnotherValue() throws SQLException {
        app.add("R__view.sql", "create or replace view v as select ${n} as n");
        app.start("gangway.placeholders.n=1");
        app.start("gangway.placeholders.n=2");
        assertThat(app.ask("select n from v")).isEqualTo("2");
    }

    @Test
    void aFailedSecondRunOfARepeatableMigrationLeavesTheFirst() throws SQLException {
        app.add("R__view.sql", "create or replace view v as select 1 as n").start();
        app.add("R__view.sql", "create or replace view v as select nope as n");
        app.assertRefused().hasMessageContaining("nope");
        assertThat(app.history()).containsExactly("R__view.sql applied", "R__view.sql failed");
        app.add("R__view.sql", "create or replace view v as select 3 as n").start();
        assertThat(app.history()).containsExactly("R__view.sql superseded", "R__view.sql applied");
        assertThat(app.ask("select n from v")).isEqualTo("3");
    }

    @Test
    void aVersionThatComesLateIsAppliedWithAWarning() throws SQLException {
        app.add("V2__second.sql", "create table second()").start();
        app.add("V1__late.sql", "create table late()");
        try (LogCapture log = LogCapture.start()) {
            app.start();
            assertThat(log.lines())
                    .anyMatch(line -> line.startsWith("WARN ")
                            && line.contains("V1__late.sql is new but below version 2, which is applied already"));
        }
        assertThat(app.history()).containsExactly("V2__second.sql applied", "V1__late.sql applied");
    }

    @Test
    void aVersionThatComesLateCanBeRefused() throws SQLException {
        app.add("V2__second.sql", "create table second()").start();
        app.add("V1__late.sql", "create table late()");
        assertThat(app.failure("gangway.outOfOrder=fail").code()).isEqualTo(Code.HISTORY_MISMATCH);
        app.assertRefused("gangway.outOfOrder=fail")
                .hasMessageContaining("V1__late.sql is new but below version 2")
                .hasMessageContaining(app.file("V1__late.sql"))
                .hasMessageContaining("next: give it a version above 2, or allow it with gangway.outOfOrder=allow");
        assertThat(app.has("late")).isFalse();
    }

    @Test
    void aVersionThatComesLateCanBeLeftOut() throws SQLException {
        app.add("V2__second.sql", "create table second()").start();
        app.add("V1__late.sql", "create table late()");
        app.add("V3__third.sql", "create table third()");
        app.start("gangway.outOfOrder=ignore");
        assertThat(app.has("late")).isFalse();
        assertThat(app.has("third")).isTrue();
        app.start("gangway.outOfOrder=ignore");
    }

    @Test
    void aTargetLeavesOutWhatIsAboveIt() throws SQLException {
        app.add("V1__first.sql", "create table first()");
        app.add("V1.5__middle.sql", "create table middle()");
        app.add("V2__second.sql", "create table second()");
        app.start("gangway.target=1.5");
        assertThat(app.history()).containsExactly("V1__first.sql applied", "V1.5__middle.sql applied");
        app.start("gangway.target=1.5");
        app.start();
        assertThat(app.has("second")).isTrue();
        app.start("gangway.target=1");
    }
}
