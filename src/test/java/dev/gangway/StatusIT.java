package dev.gangway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gangway.command.MigrateOptions;
import dev.gangway.report.HistoryEntry;
import dev.gangway.report.MigrationInfo;
import dev.gangway.report.StatusReport;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What status and history tell. */
class StatusIT {
    private Application app;

    @BeforeEach
    void createDatabase(@TempDir Path folder) throws SQLException {
        app = Application.in(folder)
                .add("V1__one.sql", "create table one()")
                .add("V2__two.sql", "create table two()")
                .add("V3__three.sql", "create table three()")
                .add("R__view.sql", "create or replace view seen as select 1 as x");
    }

    @AfterEach
    void dropDatabase() throws SQLException {
        app.close();
    }

    private List<String> shown(String... settings) throws SQLException {
        return app.gangway(settings).status().migrations().stream()
                .map(info -> info.script() + " " + info.status().text())
                .toList();
    }

    @Test
    void withoutAHistoryEverythingIsPending() throws SQLException {
        StatusReport status = app.gangway().status();

        assertThat(shown())
                .containsExactly(
                        "V1__one.sql pending", "V2__two.sql pending", "V3__three.sql pending", "R__view.sql pending");
        assertThat(status.version()).isNull();
        assertThat(status.schema()).isEqualTo("public");
        assertThat(status.current()).isFalse();
        assertThat(app.gangway().history().entries()).isEmpty();
        assertThat(app.has("gangway_history")).isFalse();
    }

    @Test
    void appliedOnesStandInTheirOrderBeforePendingOnes() throws SQLException {
        app.gangway().migrate(MigrateOptions.next(2));
        app.add("V1.5__late.sql", "create table late()");

        assertThat(shown())
                .containsExactly(
                        "V1__one.sql applied",
                        "V2__two.sql applied",
                        "V1.5__late.sql pending",
                        "V3__three.sql pending",
                        "R__view.sql pending");
        assertThat(shown("gangway.outOfOrder=ignore")).contains("V1.5__late.sql ignored");
        assertThat(shown("gangway.outOfOrder=fail")).contains("V1.5__late.sql pending");
        assertThat(shown("gangway.target=2")).contains("V3__three.sql ignored");
        MigrationInfo first = app.gangway().status().migrations().get(0);
        assertThat(first.installedOn()).isBetween(Instant.now().minus(Duration.ofMinutes(5)), Instant.now());
    }

    @Test
    void aChangedFileANewerSchemaAndARepeatableOneThatChangedAreTold() throws SQLException {
        app.add("V4__four.sql", "-- gangway: breaking=true\ncreate table four()")
                .gangway()
                .migrate();
        app.remove("V4__four.sql")
                .add("V1__one.sql", "create table one(id int)")
                .add("R__view.sql", "create or replace view seen as select 2 as x");
        StatusReport status = app.gangway().status();

        assertThat(shown())
                .containsExactly(
                        "V1__one.sql changed",
                        "V2__two.sql applied",
                        "V3__three.sql applied",
                        "V4__four.sql newer",
                        "R__view.sql pending");
        assertThat(status.warnings()).anyMatch(warning -> warning.startsWith("GW005 The schema is newer"));
        assertThat(status.version()).isEqualTo("4");
    }

    @Test
    void aFailedOneShowsWhyAndHowFarItCame() throws SQLException {
        app.add("V3__three.sql", "select nonsense");
        app.failure();
        assertThat(app.gangway().status().migrations())
                .anySatisfy(info -> {
                    assertThat(info.status().text()).isEqualTo("failed");
                    assertThat(info.note()).contains("GW001").contains("nonsense");
                })
                .hasSize(4);
        app.add("V3__three.sql", "create table three(id int); create index concurrently x on three(nonsense)");
        app.failure();
        assertThat(app.gangway().status().migrations())
                .anySatisfy(info -> assertThat(info.note()).startsWith("1 of its statements are done; GW001"));
    }

    @Test
    void aRoleThatMayOnlyReadSeesIt() throws SQLException {
        app.gangway().migrate();
        String role = app.database().createRole("Zq7");
        app.execute("grant select on gangway_history, gangway_state to " + role);
        Gangway reader =
                Gangway.to(app.url(app.database().server().as(role, "Zq7"))).build();

        assertThat(reader.status().current()).isTrue();
        assertThat(reader.history().entries()).hasSize(4);
    }

    @Test
    void theHistoryHasEveryRowWithAllColumns() throws SQLException {
        app.add("V2__two.undo.sql", "drop table two").gangway().migrate();
        app.add("R__view.sql", "create or replace view seen as select 2 as x, 3 as y");
        app.gangway().migrate();
        List<HistoryEntry> entries = app.gangway().history().entries();

        assertThat(entries)
                .extracting(HistoryEntry::state)
                .containsExactly("applied", "applied", "applied", "superseded", "applied");
        assertThat(entries).extracting(HistoryEntry::undoable).containsExactly(false, true, false, false, false);
        HistoryEntry two = entries.get(1);
        assertThat(two.rank()).isEqualTo(2);
        assertThat(two.version()).isEqualTo("2");
        assertThat(two.description()).isEqualTo("two");
        assertThat(two.kind()).isEqualTo("versioned");
        assertThat(two.type()).isEqualTo("schema");
        assertThat(two.installedBy()).isEqualTo(app.database().server().user());
        assertThat(two.installedOn()).isBetween(Instant.now().minus(Duration.ofMinutes(5)), Instant.now());
        assertThat(two.durationMillis()).isNotNegative();
        assertThat(two.gangwayVersion()).isNotEmpty();
        assertThat(app.gangway().history().table()).isEqualTo("\"public\".\"gangway_history\"");
        assertThat(shown()).hasSize(4);
    }
}
