package dev.gangway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.groups.Tuple.tuple;

import dev.gangway.report.RepairReport;
import dev.gangway.report.RepairReport.Kind;
import dev.gangway.report.RepairReport.Repair;
import dev.gangway.testkit.Await;
import dev.gangway.testkit.Sql;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Bringing the history back into agreement with the files. */
class RepairIT {
    private Application app;

    @BeforeEach
    void createDatabase(@TempDir Path folder) throws SQLException {
        app = Application.in(folder)
                .add("V1__item.sql", "create table item(\n  id int,\n  name text\n);\n")
                .add("V2__two.sql", "create table two()");
    }

    @AfterEach
    void dropDatabase() throws SQLException {
        app.close();
    }

    /** What a repair reports, having made sure that its preview changes nothing and says the same. */
    private List<Repair> repaired() throws SQLException {
        String before = contents();
        RepairReport preview = app.gangway().previewRepair();
        assertThat(contents()).isEqualTo(before);
        assertThat(preview.dryRun()).isTrue();
        RepairReport report = app.gangway().repair();
        assertThat(report.dryRun()).isFalse();
        assertThat(report.repairs()).isEqualTo(preview.repairs());
        return report.repairs();
    }

    private String contents() throws SQLException {
        return app.column("select h::text from gangway_history h order by rank")
                + (app.has("gangway_state") ? app.ask("select s::text from gangway_state s") : "")
                + app.column("select indexrelid::regclass::text from pg_index order by 1");
    }

    @Test
    void whereAllIsWellNothingIsRepaired() throws SQLException {
        assertThat(app.gangway().repair().repairs()).isEmpty();
        assertThat(app.has("gangway_history")).isFalse();
        app.gangway().migrate();
        assertThat(repaired()).isEmpty();
    }

    @Test
    void aChangedFileIsAcceptedAndItsDifferenceShown() throws SQLException {
        app.add("V2__two.undo.sql", "drop table two").gangway().migrate();
        String applied = app.ask("select installed_on::text from gangway_history where version = '1'");
        app.add("V1__item.sql", "create table item(\n  id bigint,\n  name text\n);\n");
        app.add("V1__item.undo.sql", "drop table item");
        app.failure();

        assertThat(repaired()).containsExactly(new Repair(Kind.ACCEPTED_CHANGE, "V1__item.sql", """
                        the file was changed after it had been applied; it has an undo script now; what the files say now\
                         counts as applied""", """
                        --- V1__item.sql (applied)
                        +++ V1__item.sql (now)
                        @@ -1,4 +1,4 @@
                         create table item(
                        -  id int,
                        +  id bigint,
                           name text
                         );
                        """));
        app.start("gangway.mode=validate");
        assertThat(app.ask("select installed_on::text from gangway_history where version = '1'"))
                .isEqualTo(applied);
        assertThat(repaired()).isEmpty();
        assertThat(app.gangway().undoTo("0").undone()).containsExactly("V2__two.sql", "V1__item.sql");
    }

    @Test
    void aRenamedFileIsAccepted() throws SQLException {
        app.gangway().migrate();
        app.remove("V2__two.sql").add("V2__second.sql", "create table two()");

        assertThat(repaired())
                .containsExactly(new Repair(
                        Kind.ACCEPTED_CHANGE,
                        "V2__second.sql",
                        "its name was V2__two.sql, \"two\"; what the files say now counts as applied",
                        null));
        assertThat(app.history()).containsExactly("V1__item.sql applied", "V2__second.sql applied");
    }

    @Test
    void aFailureIsClearedUnlessSomethingOfItStays() throws SQLException {
        app.add("V2__two.sql", "select nonsense");
        app.failure();
        assertThat(repaired())
                .containsExactly(new Repair(
                        Kind.CLEARED_FAILURE,
                        "V2__two.sql",
                        "it failed and nothing of it stayed; its row is removed, and the next migrate begins it anew",
                        null));
        assertThat(app.history()).containsExactly("V1__item.sql applied");

        app.add("V2__two.sql", "create table two(id int); create index concurrently two_id on two(nonsense)");
        app.failure();
        assertThat(repaired())
                .containsExactly(new Repair(
                        Kind.LEFT_UNFINISHED,
                        "V2__two.sql",
                        "1 of its statements are done and stay; the next migrate goes on behind them",
                        null));
        app.add("V2__two.sql", "create table two(id int); create index concurrently two_id on two(id)")
                .start();
        assertThat(app.history()).containsExactly("V1__item.sql applied", "V2__two.sql applied");
    }

    @Test
    void invalidIndexesOfOursAreDroppedAndNoOthers() throws SQLException {
        app.add("V3__index.sql", "create unique index concurrently ours on item(id)")
                .gangway()
                .migrate();
        app.execute("drop index ours; insert into item values (1, 'a'), (1, 'b'); create table other(id int);"
                + " insert into other values (1), (1)");
        for (String index : new String[] {"ours on item(id)", "theirs on other(id)", "item_ccnew on other(id)"}) {
            try {
                app.execute("create unique index concurrently " + index);
            } catch (SQLException duplicate) {
                assertThat(duplicate.getMessage()).contains("could not create unique index");
            }
        }

        assertThat(repaired())
                .extracting(Repair::kind, Repair::subject)
                .containsExactly(
                        tuple(Kind.DROPPED_INDEX, "\"public\".\"item_ccnew\""),
                        tuple(Kind.DROPPED_INDEX, "\"public\".\"ours\""));
        assertThat(app.column("select indexrelid::regclass::text from pg_index where not indisvalid"))
                .containsExactly("theirs");
    }

    @Test
    void anIndexThatIsBeingBuiltIsLeftAlone() throws Exception {
        app.add("V3__index.sql", "create index concurrently ours on item(id)")
                .gangway()
                .migrate();
        app.execute("drop index ours");
        try (var reader = app.database().connect();
                var builder = app.database().connect()) {
            reader.setAutoCommit(false);
            Sql.execute(reader, "insert into item values (1, 'a')");
            var building = CompletableFuture.runAsync(() -> {
                try {
                    Sql.execute(builder, "create index concurrently ours on item(id)");
                } catch (SQLException e) {
                    throw new IllegalStateException(e);
                }
            });
            Await.until("the index is there", Duration.ofSeconds(20), () -> "f"
                    .equals(Observed.in(app.database()).isValid("ours")));

            assertThat(app.gangway().repair().repairs()).isEmpty();
            reader.rollback();
            building.get(20, TimeUnit.SECONDS);
        }
        assertThat(Observed.in(app.database()).isValid("ours")).isEqualTo("t");
    }

    @Test
    void aHistoryThatWasEditedGetsItsFingerprintAnew() throws SQLException {
        app.gangway().migrate();
        app.execute("delete from gangway_history where version = '2'");
        assertThat(repaired()).extracting(Repair::kind).containsExactly(Kind.RECOMPUTED_FINGERPRINT);
        app.execute("drop table two");
        app.start();

        app.execute("delete from gangway_state");
        assertThat(repaired()).extracting(Repair::kind).containsExactly(Kind.RECOMPUTED_FINGERPRINT);
        app.execute("drop table gangway_state");
        assertThat(repaired()).extracting(Repair::kind).containsExactly(Kind.RECOMPUTED_FINGERPRINT);
        assertThat(repaired()).isEmpty();
        app.start("gangway.mode=validate");
    }
}
