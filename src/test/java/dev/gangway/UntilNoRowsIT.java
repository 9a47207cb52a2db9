package dev.gangway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gangway.testkit.Await;
import dev.gangway.testkit.ChildJvm;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Migrations that are one batch, repeated until it changes no row. */
@Timeout(180)
class UntilNoRowsIT {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    /** Takes the next rows, and counts for each how often it was taken. */
    private static final String BATCH = """
            -- gangway: repeat=until-no-rows
            update item set touched = touched + 1, done = true
            where id in (select id from item where not done order by id limit %d);
            """;

    private Application app;

    @BeforeEach
    void open(@TempDir Path folder) throws SQLException {
        app = Application.in(folder);
    }

    @AfterEach
    void close() throws SQLException {
        app.close();
    }

    private void items(int rows) {
        app.add("V1__item.sql", """
                create table item(id int primary key, touched int not null default 0, done boolean not null default false);
                insert into item(id) select generate_series(1, %d);
                create index on item(id) where not done;
                """.formatted(rows));
    }

    @Test
    void theBatchIsRepeatedAndItsRowsAreCounted() throws Exception {
        items(25);
        app.add("V2__fill.sql", BATCH.formatted(10)).add("V3__after.sql", "create table after_it();");

        app.start();

        assertThat(app.history())
                .containsExactly("V1__item.sql applied", "V2__fill.sql applied", "V3__after.sql applied");
        assertThat(app.ask("select statements_done || ' ' || rows_changed from gangway_history where version = '2'"))
                .isEqualTo("3 25");
        assertThat(app.ask("select count(*) from item where touched = 1")).isEqualTo("25");
    }

    @Test
    void rowsOfSeveralStatementsAndBehindWithAreCounted() throws Exception {
        items(4);
        app.add("V2__move.sql", """
                -- gangway: repeat=until-no-rows
                with next as (delete from item where id in (select id from item limit 3) returning id)
                insert into moved select id from next;
                """).add("V1.1__moved.sql", "create table moved(id int);");

        app.start();

        assertThat(app.ask("select statements_done || ' ' || rows_changed from gangway_history where version = '2'"))
                .isEqualTo("2 4");
    }

    @Test
    void aBatchThatFailsKeepsThoseBeforeItAndTheNextStartGoesOn() throws Exception {
        items(25);
        app.add("V2__fill.sql", BATCH.formatted(10));
        app.add("V1.1__trap.sql", """
                create function trap() returns trigger language plpgsql as $$
                begin if new.id = 15 then raise 'not this one'; end if; return new; end $$;
                create trigger trap before update on item for each row execute function trap();
                """);

        app.assertRefused()
                .hasMessageContaining("GW001 Migration V2__fill.sql failed at line 2")
                .hasMessageContaining("1 batches with 10 rows are done and stay; the one that failed was rolled back")
                .hasMessageContaining("goes on with the next batch");
        assertThat(app.ask("select state || ' ' || rows_changed from gangway_history where version = '2'"))
                .isEqualTo("failed 10");

        app.execute("drop trigger trap on item");
        app.start();

        assertThat(app.ask("select state || ' ' || rows_changed from gangway_history where version = '2'"))
                .isEqualTo("applied 25");
        assertThat(app.ask("select max(touched) from item")).isEqualTo("1");
    }

    @Test
    void theVerifyScriptRunsWhenNothingIsLeft() throws Exception {
        items(5);
        app.add("V2__fill.sql", BATCH.formatted(2))
                .add("V2__fill.verify.sql", "select 'item', 'all done', false, 'never content';");

        app.assertRefused().hasMessageContaining("verification failed: item / all done: never content");
        assertThat(app.ask("select state || ' ' || rows_changed from gangway_history where version = '2'"))
                .isEqualTo("failed 5");

        app.add("V2__fill.verify.sql", "select 'item', 'all done', not exists (select from item where not done);");
        app.start();

        assertThat(app.ask("select state || ' ' || rows_changed from gangway_history where version = '2'"))
                .isEqualTo("applied 5");
    }

    @Test
    void whatCanNeverEndIsRefusedBeforeAnythingRuns() throws Exception {
        app.add("V1__endless.sql", "-- gangway: repeat=until-no-rows\nselect 1;");

        app.assertRefused()
                .hasMessageContaining("GW001")
                .hasMessageContaining("there has to be an INSERT, UPDATE, DELETE or MERGE in it");
    }

    @Test
    void aBatchThatCannotBeATransactionIsRefused() throws Exception {
        app.add("V1__odd.sql", "-- gangway: repeat=until-no-rows\ndelete from t;\nvacuum t;");

        app.assertRefused().hasMessageContaining("a batch is one transaction, to which line 3 does not belong");
    }

    @Test
    void gangwayTransactionAllRefusesIt() throws Exception {
        items(1);
        app.add("V2__fill.sql", BATCH.formatted(2));

        app.assertRefused("gangway.transaction=all")
                .hasMessageContaining("GW004")
                .hasMessageContaining("repeat=until-no-rows");
    }

    @Test
    void processesThatAreKilledThreeTimesChangeEachRowOnce() throws Exception {
        int rows = 200_000;
        items(rows);
        app.start();
        app.add("V2__fill.sql", BATCH.formatted(1_000));
        for (int kill = 1; kill <= 3; kill++) {
            long enough = ThreadLocalRandom.current().nextLong((kill - 1) * 50_000L + 1, kill * 50_000L);
            try (ChildJvm child = ChildJvm.start(ConnectMain.class, app.url())) {
                Await.until("enough rows are changed", PATIENCE, () -> changed() >= enough);
                child.kill9();
            }
        }

        app.start();

        assertThat(app.ask("select count(*) from item where touched = 1")).isEqualTo(String.valueOf(rows));
        assertThat(app.ask("select state || ' ' || statements_done || ' ' || rows_changed from gangway_history"
                        + " where version = '2'"))
                .isEqualTo("applied 200 " + rows);
    }

    private long changed() throws SQLException {
        String changed = app.ask("select rows_changed from gangway_history where version = '2'");
        return changed == null ? 0 : Long.parseLong(changed);
    }
}
