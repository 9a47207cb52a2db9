package dev.gangway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.gangway.GangwayException.Code;
import dev.gangway.testkit.TcpProxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.sql.SQLNonTransientConnectionException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.postgresql.util.PSQLException;

/** A migration that fails: what is said, what is left, and how it goes on. */
class FailureIT {

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
    void allStatementsOfAMigrationShareOneTransaction() throws SQLException {
        app.add("V1__three.sql", """
                create table seen(id bigint);
                insert into seen values (txid_current());
                insert into seen values (txid_current());
                """).start();
        assertThat(app.ask("select count(*) || ' in ' || count(distinct id) from seen"))
                .isEqualTo("2 in 1");
    }

    @Test
    void aSyntaxErrorIsFoundBeforeItsMigrationChangesAnything() throws SQLException {
        app.add("V1__first.sql", "create table first()");
        app.add(
                "V2__second.sql",
                "\n".repeat(15) + "create table second();\n  create table third(id int,, name text);\n");
        app.assertRefused().hasMessage("""
                        GW001 Migration V2__second.sql failed at line 17, column 29
                          file:      %s
                          statement: create table third(id int,, name text)
                          server:    ERROR: syntax error at or near "," (SQLState 42601)
                          database:  this migration was rolled back as a whole; those before it stay applied, those\
                         after it were not begun
                          next:      correct the file and connect again""", app.place("V2__second.sql", 17, 29));
        assertThat(app.has("first")).isTrue();
        assertThat(app.has("second")).isFalse();
    }

    @Test
    void anErrorOfMeaningIsReportedWithItsColumn() {
        app.add("V1__first.sql", """
                create table first(id int);
                insert into first values (1);
                select id,
                       nope from first;
                """);
        app.assertRefused()
                .hasMessageContaining("V1__first.sql failed at line 4, column 8")
                .hasMessageContaining("file:      " + app.place("V1__first.sql", 4, 8))
                .hasMessageContaining("server:    ERROR: column \"nope\" does not exist (SQLState 42703)");
    }

    @Test
    void positionsCountCharactersHoweverManyBytesTheyHave() {
        app.add("V1__first.sql", "\uFEFF-- Grüße 🚢\r\ncreate table \"🚢ä\"();\r\nselect '🚢ü', nope;\r\n");
        app.assertRefused().hasMessageContaining(app.place("V1__first.sql", 3, 14));
    }

    @Test
    void positionsAreThoseOfTheFileEvenBehindALongerPlaceholder() {
        app.add("V1__first.sql", "create table first();\nselect '${x}', '${x}', nope;\n");
        app.assertRefused("gangway.placeholders.x=much longer than its name\nand on two lines")
                .hasMessageContaining(app.place("V1__first.sql", 2, 24));
    }

    @Test
    void anErrorAtRunTimeIsReportedWithItsStatement() throws SQLException {
        app.add("V1__first.sql", """
                create table first(id int);

                insert into first values (1);
                insert into first values (2);

                insert into first
                  select 1/0;
                create table second();
                """);
        app.assertRefused()
                .hasMessageContaining("V1__first.sql failed at line 6, column 1")
                .hasMessageContaining("file:      " + app.place("V1__first.sql", 6, 1))
                .hasMessageContaining("statement: insert into first select 1/0")
                .hasMessageContaining("server:    ERROR: division by zero (SQLState 22012)");
        assertThat(app.has("first")).isFalse();
    }

    @Test
    void anErrorIsLedBackToItsStatementWhateverTheServerAnswersToThoseBefore() {
        app.add("V1__many.sql", """
                create table item(id int);
                select;
                select id from item;
                insert into item values (1), (2) returning id;
                do $$ begin raise notice 'noticed'; end $$;
                show work_mem;
                explain select 1;
                create rule twice as on update to item do also (select 1; select 2);
                update item set id = 3;
                create rule never as on delete to item do instead nothing;
                delete from item;
                prepare p as values (1), (2);
                execute p;
                create procedure give(out n int) language sql begin atomic select 1; end;
                call give(null);
                declare c cursor for select * from item;
                fetch all from c;
                /* this one */ select 1 / (count(*) - count(*)) from item;
                select 2;
                """);
        app.assertRefused()
                .hasMessageContaining("file:      " + app.place("V1__many.sql", 18, 16))
                .hasMessageContaining("statement: select 1 / (count(*) - count(*)) from item");
    }

    @Test
    void anErrorInADoBlockIsReportedWithItsContext() {
        app.add("V1__block.sql", """
                select 1;
                do $$
                declare n int := 0;
                begin
                  perform 1 / n;
                end $$;
                """);
        app.assertRefused()
                .hasMessageContaining("file:      " + app.place("V1__block.sql", 2, 1))
                .hasMessageContaining("division by zero (SQLState 22012)")
                .hasMessageContaining("PL/pgSQL function inline_code_block line 4 at PERFORM");
    }

    @Test
    void anErrorAtCommitSaysThatItIsTheCommit() throws SQLException {
        app.add("V1__deferred.sql", """
                create table parent(id int primary key);
                create table child(parent int references parent deferrable initially deferred);
                insert into child values (7);
                """);
        app.assertRefused().hasMessage("""
                        GW001 Migration V1__deferred.sql failed
                          file:      %s
                          statement: COMMIT (Gangway's own, after those of the file)
                          server:    ERROR: insert or update on table "child" violates foreign key constraint\
                         "child_parent_fkey" (SQLState 23503)
                                     detail: Key (parent)=(7) is not present in table "parent".
                          database:  this migration was rolled back as a whole; those before it stay applied, those\
                         after it were not begun
                          next:      correct the file and connect again""", app.file("V1__deferred.sql"));
        assertThat(app.has("child")).isFalse();
    }

    @Test
    void anErrorAtCommitBelongsToItsMigrationAlone() throws SQLException {
        app.add("V1__first.sql", "create table first()");
        app.add("V2__deferred.sql", """
                create table parent(id int primary key);
                create table child(parent int references parent deferrable initially deferred);
                insert into child values (7);
                """);
        app.add("V3__third.sql", "create table third()");
        app.assertRefused().hasMessageStartingWith("GW001 Migration V2__deferred.sql failed\n");
        assertThat(app.history()).containsExactly("V1__first.sql applied", "V2__deferred.sql failed");
        assertThat(app.has("third")).isFalse();
    }

    @Test
    void theExceptionTellsProgramsWhatHappened() {
        app.add("V1__zero.sql", "select 1/0");
        GangwayException.Permanent failure = app.failure();
        assertThat(failure.code()).isEqualTo(Code.MIGRATION_FAILED);
        assertThat(failure.getSQLState()).isEqualTo("22012");
        assertThat((Object) failure).isInstanceOf(SQLNonTransientConnectionException.class);
        assertThat(failure.getCause()).isInstanceOf(PSQLException.class);
    }

    @Test
    void aFailedMigrationIsRecordedAndAppliedOnceTheFileIsCorrected() throws SQLException {
        app.add("V1__first.sql", "create table first()");
        app.add("V2__second.sql", "create table second(); select 1/0");
        app.add("V3__third.sql", "create table third()");
        app.failure();
        assertThat(app.history()).containsExactly("V1__first.sql applied", "V2__second.sql failed");
        assertThat(app.ask("select error from gangway_history where rank = 2")).contains("division by zero");
        assertThat(app.has("second")).isFalse();

        app.add("V2__second.sql", "create table second(); select 1/1").start();
        assertThat(app.history())
                .containsExactly("V1__first.sql applied", "V2__second.sql applied", "V3__third.sql applied");
        assertThat(app.ask("select error from gangway_history where rank = 2")).isNull();
        assertThat(app.has("third")).isTrue();
    }

    @Test
    void aFileMayBeRenamedAsLongAsItHasFailed() throws Exception {
        app.add("V1__frist.sql", "select 1/0");
        app.failure();
        Files.delete(Path.of(app.file("V1__frist.sql")));
        app.add("V1__first.sql", "-- gangway: type=data\nselect 1").start();
        assertThat(app.column("select concat_ws(' ', script, description, type, state) from gangway_history"))
                .containsExactly("V1__first.sql first data applied");
    }

    @Test
    void aMigrationThatFailsAgainStaysOneRow() throws SQLException {
        app.add("V1__first.sql", "select 1/0");
        app.failure();
        app.add("V1__first.sql", "select nope");
        app.failure();
        assertThat(app.history()).containsExactly("V1__first.sql failed");
        assertThat(app.ask("select error from gangway_history")).contains("nope");
    }

    @Test
    void aFailureIsRememberedForAWhile() throws SQLException {
        app.add("V1__zero.sql", "select 1/0");
        try (TcpProxy proxy = TcpProxy.to(app.database().server())) {
            String url = app.url(proxy.address(), "gangway.retryAfter=1h");
            GangwayException.Permanent first = Application.failureAt(url);
            assertThat(proxy.sql()).anyMatch(sql -> sql.contains("select 1/0"));
            proxy.reset();

            GangwayException.Permanent second =
                    catchThrowableOfType(GangwayException.Permanent.class, () -> Application.open(url));
            assertThat(proxy.connections()).isZero();
            assertThat((Object) second).isNotSameAs(first);
            // A copy, which keeps no class of the application in memory.
            assertThat((Object) second.getCause()).hasToString(first.toString());
            assertThat(second.getSQLState()).isEqualTo("22012");
            assertThat(second.getMessage())
                    .startsWith(first.getMessage())
                    .contains("(remembered; the next attempt is made at ");
        }
    }

    @Test
    void aTypingErrorInTheLastScriptStopsBeforeTheFirstRuns() throws SQLException {
        app.add("V1__first.sql", "create table first()");
        app.add("V2__second.sql", "create table second();\nselect 'never closed;\n");
        app.assertRefused()
                .hasMessageContaining(app.place("V2__second.sql", 2, 8))
                .hasMessageContaining("database: unchanged")
                .hasMessageContaining("next:     correct the file and connect again");
        assertThat(app.has("first")).isFalse();
    }

    @Test
    void aScriptThatEndsItsTransactionIsRefusedBeforeAnythingRuns() throws SQLException {
        app.add("V1__first.sql", "create table first()");
        app.add("V2__second.sql", "create table second();\n commit;\ncreate table third();\n");
        app.assertRefused()
                .hasMessageContaining("GW001 " + app.place("V2__second.sql", 2, 2))
                .hasMessageContaining("COMMIT does not belong in a migration; nothing was changed")
                .hasMessageContaining("next: remove it");
        assertThat(app.has("first")).isFalse();

        app.add("V2__second.sql", "begin;\ncreate table second();\nend;\n");
        app.assertRefused().hasMessageContaining("BEGIN does not belong in a migration");
    }
}
