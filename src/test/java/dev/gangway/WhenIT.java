package dev.gangway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gangway.gate.Gates;
import dev.gangway.report.ValidationReport;
import dev.gangway.testkit.TcpProxy;
import dev.gangway.testkit.TestServer;
import java.nio.file.Path;
import java.sql.SQLException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Migrations that wait for a condition ({@code when}). */
class WhenIT {
    private static final String WHEN_FILLED = "-- gangway: when=(select count(*) from chunks) >= ${least}\n";

    private Application app;

    @BeforeEach
    void open(@TempDir Path folder) throws SQLException {
        app = Application.in(folder)
                .add("V1__chunks.sql", "create table chunks(id int);")
                .add("V2__index.sql", WHEN_FILLED + "create index chunks_id on chunks(id);")
                .add("V3__more.sql", "create table more();");
    }

    @AfterEach
    void close() throws SQLException {
        app.close();
    }

    private void start(String... more) throws SQLException {
        String[] settings = new String[more.length + 1];
        settings[0] = "gangway.placeholders.least=3";
        System.arraycopy(more, 0, settings, 1, more.length);
        app.start(settings);
    }

    @ParameterizedTest
    @ValueSource(strings = {"each", "all"})
    void aMigrationWhoseConditionDoesNotHoldIsDeferredAndHoldsNobodyBack(String transaction) throws Exception {
        start("gangway.transaction=" + transaction);

        assertThat(app.history())
                .containsExactly("V1__chunks.sql applied", "V2__index.sql deferred", "V3__more.sql applied");
        assertThat(app.has("chunks_id")).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"each", "all"})
    void itIsAppliedByTheFirstProcessThatStartsWhenItHolds(String transaction) throws Exception {
        start("gangway.transaction=" + transaction);
        app.execute("insert into chunks select generate_series(1, 3)");

        start("gangway.transaction=" + transaction);

        assertThat(app.history())
                .containsExactly("V1__chunks.sql applied", "V3__more.sql applied", "V2__index.sql applied");
        assertThat(app.has("chunks_id")).isTrue();
        assertThat(app.ask("select history_rows from gangway_state")).isEqualTo("3");
    }

    @Test
    void aConditionThatHoldsFromTheBeginningChangesNothing() throws Exception {
        app.add("V1__chunks.sql", "create table chunks(id int); insert into chunks select generate_series(1, 3);");

        start();

        assertThat(app.history())
                .containsExactly("V1__chunks.sql applied", "V2__index.sql applied", "V3__more.sql applied");
    }

    @Test
    void whatRequiresADeferredMigrationWaitsWithIt() throws Exception {
        app.add("V4__needs.sql", "-- gangway: requires=2\ncreate table needs();")
                .add("V5__needs_too.sql", "-- gangway: requires=4\ncreate table needs_too();")
                .add("V6__free.sql", "create table free();");
        start();
        assertThat(app.has("needs")).isFalse();
        assertThat(app.has("needs_too")).isFalse();
        assertThat(app.has("free")).isTrue();

        app.execute("insert into chunks select generate_series(1, 3)");
        start();

        assertThat(app.history())
                .containsExactly(
                        "V1__chunks.sql applied",
                        "V3__more.sql applied",
                        "V6__free.sql applied",
                        "V2__index.sql applied",
                        "V4__needs.sql applied",
                        "V5__needs_too.sql applied");
    }

    @ParameterizedTest
    @ValueSource(strings = {"fail", "ignore"})
    void whatWaitsForADeferredMigrationIsNotOutOfOrder(String outOfOrder) throws Exception {
        String setting = "gangway.outOfOrder=" + outOfOrder;
        app.remove("V2__index.sql")
                .add("V101__t.sql", "create table seen(id int);")
                .add("V102__when.sql", "-- gangway: when=exists(select from seen)\ncreate table deferred();")
                .add("V103__held.sql", "-- gangway: requires=102\ncreate table held();")
                .add("V104__later.sql", "create table later();");
        app.start(setting);
        app.start(setting);
        assertThat(app.has("later")).isTrue();
        assertThat(app.has("held")).isFalse();

        app.execute("insert into seen values (1)");
        // What it requires has been applied, and the process died before its turn.
        app.add("V103__held.sql", "-- gangway: requires=102\nselect 1/0;");
        app.failure(setting);
        app.execute("delete from gangway_history where state = 'failed'; update gangway_state set history_rows ="
                + " (select count(*) from gangway_history)");
        app.add("V103__held.sql", "-- gangway: requires=102\ncreate table held();");
        app.start(setting);

        assertThat(app.has("held")).isTrue();
    }

    @Test
    void aConditionIsAskedAgainInOneRoundTripAndOnlyWhileSomethingIsDeferred() throws Exception {
        start();
        try (TcpProxy proxy = TcpProxy.to(TestServer.address())) {
            String url = app.url(proxy.address(), "gangway.placeholders.least=3");
            int whileDeferred = roundTrips(proxy, url);
            app.execute("insert into chunks select generate_series(1, 3)");
            Application.startAt(url);
            int afterwards = roundTrips(proxy, url);

            assertThat(whileDeferred - afterwards).isEqualTo(1);
        }
    }

    private static int roundTrips(TcpProxy proxy, String url) throws SQLException {
        Gates.clear();
        proxy.reset();
        Application.open(url).close();
        assertThat(proxy.connections()).isEqualTo(1);
        return proxy.roundTrips();
    }

    @Test
    void nothingButTheConditionIsAskedOnTheConnectionThatIsHandedOut() throws Exception {
        app.add(
                "V2__index.sql",
                "-- gangway: when=set_config('search_path', 'pg_catalog', false) is null\ncreate table never();");
        app.start();

        Gates.clear();
        try (var connection = app.connect();
                var statement = connection.createStatement();
                var row = statement.executeQuery("show search_path")) {
            row.next();
            assertThat(row.getString(1)).isEqualTo("\"$user\", public");
            assertThat(connection.getAutoCommit()).isTrue();
        }
    }

    @Test
    void aConditionThatIsNullDoesNotHold() throws Exception {
        app.add("V2__index.sql", "-- gangway: when=null::boolean -- not yet\ncreate table never();");

        app.start();

        assertThat(app.has("never")).isFalse();
    }

    @Test
    void aConditionThatTheServerCannotEvaluateStopsTheMigrationWithItsReason() throws Exception {
        app.add("V2__index.sql", "-- gangway: when=(select count(*) from missing) > 1\ncreate table never();");

        app.assertRefused()
                .hasMessageContaining("GW001 Migration V2__index.sql failed")
                .hasMessageContaining(
                        "the condition when=(select count(*) from missing) > 1 cannot be evaluated: ERROR: relation"
                                + " \"missing\" does not exist")
                .hasMessageContaining("next:");
        assertThat(app.has("more")).isFalse();
    }

    @Test
    void aConditionThatIsNoExpressionIsRefusedBeforeAnythingRuns() throws Exception {
        app.add("V2__index.sql", "-- gangway: when=true) is true; drop table chunks; select (true\nselect 1;");

        app.assertRefused()
                .hasMessageContaining("GW001")
                .hasMessageContaining("V2__index.sql")
                .hasMessageContaining("it is one SQL expression that gives true or false");
        assertThat(app.has("chunks")).isFalse();
    }

    @Test
    void whenTheApplicationsRoleMayNotAskTheLeaderDoes() throws Exception {
        start();
        app.execute("insert into chunks select generate_series(1, 3)");
        app.execute("create role reader_" + app.database().name() + " login password 'x'");
        app.execute("grant select on gangway_history, gangway_state to reader_"
                + app.database().name());
        String migrator = app.database().server().user();
        Gates.clear();
        try {
            Application.open(app.url("gangway.placeholders.least=3", "gangway.migrationUser=" + migrator)
                            .replace(
                                    "user=" + migrator,
                                    "user=reader_" + app.database().name()))
                    .close();

            assertThat(app.has("chunks_id")).isTrue();
        } finally {
            app.execute("drop owned by reader_" + app.database().name());
            app.execute("drop role reader_" + app.database().name());
        }
    }

    @Test
    void aDeferredMigrationIsNotPendingForValidate() throws Exception {
        start();

        ValidationReport report = app.gangway("gangway.placeholders.least=3").validate();

        assertThat(report.pending()).isEmpty();
        assertThat(report.valid()).isTrue();
    }

    @Test
    void modesThatApplyNothingLetADeferredMigrationPass() throws Exception {
        start();
        app.execute("insert into chunks select generate_series(1, 3)");

        start("gangway.mode=validate");
        start("gangway.mode=wait");

        assertThat(app.has("chunks_id")).isFalse();
    }
}
