package dev.gangway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gangway.GangwayException.Code;
import dev.gangway.testkit.LogCapture;
import java.nio.file.Path;
import java.sql.SQLException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Migrations that cannot be one transaction: statement by statement, resumed where they failed. */
class NonTransactionalIT {
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
    void whereTheFirstStatementFailsNothingIsSaidToBeDone() throws SQLException {
        app.add("V1__item.sql", "create index concurrently item_id on item(id)");
        app.assertRefused()
                .hasMessageContaining(
                        "database:  none of its statements is done; this migration cannot be one transaction")
                .hasMessageEndingWith("next:      correct the file and connect again");
    }

    @Test
    void anIndexThatCouldNotBeFoundAgainIsRefused() throws SQLException {
        app.add("V1__item.sql", "create table item(id int)");
        app.add("V2__index.sql", "select 1;\ncreate index concurrently on item(id)");
        app.assertRefused()
                .hasMessageContaining(
                        app.place("V2__index.sql", 2, 1) + ": an index that is built concurrently needs a name")
                .hasMessageEndingWith("next: write CREATE INDEX CONCURRENTLY name ON item ... and connect again");
        assertThat(app.has("item")).isFalse();
    }

    @Test
    void aFailureLeavesWhatIsDoneAndTheCorrectedFileGoesOnThere() throws SQLException {
        app.add("V1__item.sql", """
                create table item(id int);
                create index concurrently item_id on item(id);

                insert into item select 1/0;
                create table after();
                """);
        app.assertRefused()
                .hasMessageContaining("GW001 Migration V1__item.sql failed at line 4, column 1")
                .hasMessageContaining("file:      " + app.place("V1__item.sql", 4, 1))
                .hasMessageContaining("statement: insert into item select 1/0")
                .hasMessageContaining("server:    ERROR: division by zero (SQLState 22012)")
                .hasMessageContaining(
                        "database:  the first 2 of 4 statements are done and stay; this migration cannot be"
                                + " one transaction (line 2: CREATE INDEX CONCURRENTLY")
                .hasMessageContaining("next:      correct the failed statement (not those before it) and connect again:"
                        + " it goes on there");
        assertThat(app.history()).containsExactly("V1__item.sql failed");
        assertThat(app.ask("select statements_done from gangway_history")).isEqualTo("2");
        String index = app.ask("select 'item_id'::regclass::oid");

        app.add("V1__item.sql", """
                create table item(id int);
                create index concurrently item_id on item(id);
                insert into item select 1/1;
                create table after();
                """);
        try (LogCapture log = LogCapture.start()) {
            app.start();
            assertThat(log.lines())
                    .anyMatch(line -> line.endsWith("V1__item.sql goes on; 2 of its 4 statements are done"));
        }
        assertThat(app.history()).containsExactly("V1__item.sql applied");
        assertThat(app.ask("select count(*) from item")).isEqualTo("1");
        assertThat(app.ask("select 'item_id'::regclass::oid")).isEqualTo(index);
        assertThat(app.has("after")).isTrue();
        app.start();
    }

    @Test
    void whatIsDoneMustNotBeChanged() throws SQLException {
        app.add(
                "V1__item.sql",
                "create table item(id int);\ncreate index concurrently item_id on item(id);\nselect 1/0");
        app.failure();
        app.add(
                "V1__item.sql",
                "create table item(id bigint);\ncreate index concurrently item_id on item(id);\nselect 1");
        assertThat(app.failure().code()).isEqualTo(Code.HISTORY_MISMATCH);
        app.assertRefused()
                .hasMessageContaining("GW002 V1__item.sql was begun on ")
                .hasMessageContaining("its first 2 statements are carried out")
                .hasMessageContaining("file: " + app.file("V1__item.sql"))
                .hasMessageContaining("next: put those statements back as they were");
        assertThat(app.history()).containsExactly("V1__item.sql failed");
    }

    @Test
    void theFailedStatementItselfMayBecomeAnythingElse() throws SQLException {
        app.add("V1__item.sql", "create table item(id int);\ncreate index concurrently item_id on item(nope);");
        app.assertRefused().hasMessageContaining(app.place("V1__item.sql", 2, 1));
        app.add("V1__item.sql", "create table item(id int);\ncreate index item_id on item(id);")
                .start();
        assertThat(app.history()).containsExactly("V1__item.sql applied");
        assertThat(app.has("item_id")).isTrue();
    }

    @Test
    void anInvalidIndexOfTheSameNameIsDroppedAndBuiltAgain() throws SQLException {
        app.execute("create table item(id int); insert into item values (1), (1)");
        assertThatThrownBy(() -> app.execute("create unique index concurrently item_id on item(id)"))
                .hasMessageContaining("could not create unique index");
        assertThat(isValid("item_id")).isEqualTo("f");
        app.execute("truncate item");

        app.add("V1__index.sql", "create unique index concurrently if not exists item_id on item(id)");
        try (LogCapture log = LogCapture.start()) {
            app.start();
            assertThat(log.lines())
                    .anyMatch(line -> line.startsWith("WARN ")
                            && line.contains("V1__index.sql: dropping the invalid index public.item_id"));
        }
        assertThat(isValid("item_id")).isEqualTo("t");
    }

    @Test
    void aUniqueIndexIsBuiltOnceTheDuplicatesAreGone() throws SQLException {
        app.execute("create table item(id int); insert into item values (1), (1)");
        app.add("V1__index.sql", "create unique index concurrently \"Item id\" on item(id)");
        app.assertRefused()
                .hasMessageContaining("could not create unique index \"Item id\" (SQLState 23505)")
                .hasMessageContaining("detail: Key (id)=(1) is duplicated.");
        assertThat(isValid("\"Item id\"")).isEqualTo("f");
        app.execute("delete from item");
        app.start();
        assertThat(isValid("\"Item id\"")).isEqualTo("t");
        assertThat(app.history()).containsExactly("V1__index.sql applied");
    }

    @Test
    void aValidIndexOfTheSameNameIsNotTouched() throws SQLException {
        app.execute("create table item(id int); create index item_id on item(id)");
        String index = app.ask("select 'item_id'::regclass::oid");
        app.add("V1__index.sql", "create index concurrently item_id on item(id)");
        app.assertRefused().hasMessageContaining("relation \"item_id\" already exists (SQLState 42P07)");
        app.add("V1__index.sql", "create index concurrently if not exists item_id on item(id)")
                .start();
        assertThat(app.ask("select 'item_id'::regclass::oid")).isEqualTo(index);
    }

    @Test
    void aScriptCanAskForNoTransaction() throws SQLException {
        app.add("V1__item.sql", """
                -- gangway: transaction=off
                create table seen(id bigint);
                insert into seen values (txid_current());
                insert into seen values (txid_current());
                vacuum seen;
                """).start();
        assertThat(app.ask("select count(distinct id) from seen")).isEqualTo("2");
        assertThat(app.history()).containsExactly("V1__item.sql applied");
    }

    @Test
    void aVerifyScriptThatFailsIsAskedAgain() throws SQLException {
        app.add("V1__item.sql", "create table item(id int); create index concurrently item_id on item(id)");
        app.add("V1__item.verify.sql", "select 'rows', 'item is filled', count(*) > 0 from item");
        app.assertRefused()
                .hasMessageContaining(app.place("V1__item.verify.sql", 1, 1))
                .hasMessageContaining("verification failed: rows / item is filled")
                .hasMessageContaining("the first 2 of 2 statements are done and stay");
        app.execute("insert into item values (1)");
        app.start();
        assertThat(app.history()).containsExactly("V1__item.sql applied");
    }

    @Test
    void rowsAfterCopyAreLoadedHereToo() throws SQLException {
        app.add("V1__item.sql", """
                create table item(id int);
                copy item from stdin;
                1
                2
                \\.
                create index concurrently item_id on item(id);
                """).start();
        assertThat(app.ask("select count(*) from item")).isEqualTo("2");
    }

    @Test
    void whatAScriptSetsHoldsForTheRestOfItAlsoWhenItIsResumed() throws SQLException {
        app.add("V1__item.sql", """
                set work_mem = '7MB';
                create table item(id int, memory text default current_setting('work_mem'));
                insert into item values (1);
                create index concurrently item_id on item(nope);
                insert into item values (2);
                """);
        app.failure();
        app.add("V1__item.sql", """
                set work_mem = '7MB';
                create table item(id int, memory text default current_setting('work_mem'));
                insert into item values (1);
                create index concurrently item_id on item(id);
                insert into item values (2);
                """);
        app.add("V2__next.sql", "insert into item values (3)").start();
        assertThat(app.column("select id || ' ' || memory from item order by id"))
                .containsExactly("1 7MB", "2 7MB", "3 " + app.ask("show work_mem"));
    }

    private String isValid(String index) throws SQLException {
        return String.valueOf(app.ask("select indisvalid from pg_index where indexrelid = '" + index + "'::regclass"));
    }
}
