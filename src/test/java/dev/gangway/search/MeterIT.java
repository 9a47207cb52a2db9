package dev.gangway.search;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gangway.SearchMXBean;
import dev.gangway.config.JdbcUrl;
import dev.gangway.config.Settings;
import dev.gangway.config.SettingsReader;
import dev.gangway.pgjdbc.Endpoint;
import dev.gangway.testkit.Await;
import dev.gangway.testkit.LogCapture;
import dev.gangway.testkit.Sql;
import dev.gangway.testkit.TestDatabase;
import dev.gangway.testkit.TestServer;
import java.lang.management.ManagementFactory;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Duration;
import java.util.Properties;
import java.util.Set;
import javax.management.JMX;
import javax.management.MBeanServer;
import javax.management.MalformedObjectNameException;
import javax.management.ObjectName;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What becomes of measured searches in JMX and in a table. */
@Timeout(120)
class MeterIT {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final Duration NEVER = Duration.ofHours(1);
    private static final Duration SOON = Duration.ofMillis(10);
    private static final TableWriter.Pace QUICK = new TableWriter.Pace(100, 2, SOON, NEVER, SOON);

    private static final SearchQuery QUERY = new SearchQuery(
            "select id from item where note = 'it''s' order by e <=> ? limit 5",
            "<=>",
            "item",
            5,
            0,
            "00000000000000aa");
    private static final SearchQuery VAGUE =
            new SearchQuery("select \\ <-> ?\0", "<->", null, SearchQuery.UNKNOWN, 0, "00000000000000bb");

    private TestDatabase database;
    private @Nullable Meter meter;

    @BeforeEach
    void createDatabase() throws SQLException {
        database = TestServer.newDatabase();
    }

    @AfterEach
    void dropDatabase() throws SQLException {
        if (meter != null) {
            meter.close();
        }
        database.close();
    }

    @Test
    void theSuggestedTableIsFilledWithAllThatIsKnown() throws Exception {
        database.execute("create schema metrics; " + SearchTable.ddl("metrics.searches"));
        Meter meter = meter("Metrics.Searches", QUICK, "ApplicationName=shop");
        meter.searched(QUERY, 1_250_000, 4, 5, null);
        meter.searched(VAGUE, 500, SearchQuery.UNKNOWN, SearchQuery.UNKNOWN, new SQLException("no", "42883"));
        awaitWritten(2);

        String target = endpoint().target().toString();
        assertThat(all("metrics.searches", "execution_time_ms"))
                .isEqualTo("0.0005|similarity|||<->||00000000000000bb|select \\ <-> ?|true|42883|" + target + "|shop;"
                        + "1.25|similarity|4|5|<=>|item|00000000000000aa|" + QUERY.sql() + "|false||" + target
                        + "|shop");
        assertThat(database.ask("select bool_and(searched_at between now() - interval '1 minute' and now())"
                        + " from metrics.searches"))
                .isEqualTo("t");
    }

    @Test
    void ofAnotherTableTheColumnsAreFilledThatItHas() throws Exception {
        database.execute("""
                create table "My Log"(
                    id bigint generated always as identity,
                    execution_time_ms numeric(8, 2),
                    results_count int not null,
                    requested smallint not null default 7,
                    table_name varchar(10) not null,
                    created_at timestamptz not null,
                    other int)
                """);
        Meter meter = meter("\"My Log\"", QUICK);
        meter.searched(QUERY, 1_257_000, 4, 5, null);
        meter.searched(VAGUE, 2_000_000, SearchQuery.UNKNOWN, SearchQuery.UNKNOWN, null);
        awaitWritten(2);

        assertThat(
                        database.ask(
                                "select string_agg(concat_ws('|', execution_time_ms, results_count, requested, table_name,"
                                        + " other), ';' order by id) from \"My Log\" where created_at > now() - interval '1 minute'"))
                .isEqualTo("1.26|4|5|item;2.00|-1|7|");
    }

    @Test
    void aColumnThatNobodyCanFillIsNamedAndWhatDoesNotFitIntoTheQueueIsCounted() throws Exception {
        database.execute(
                "create table searches(model_id int not null, fingerprint text, rating int not null default 1)");
        try (LogCapture log = LogCapture.start()) {
            Meter meter = meter("searches", new TableWriter.Pace(3, 2, SOON, NEVER, SOON));
            meter.searched(QUERY, 1, 1, 1, null);
            Await.until("it is told", PATIENCE, () -> log.lines().stream().anyMatch(line -> line.startsWith("WARN")));
            for (int i = 0; i < 4; i++) {
                meter.searched(QUERY, 1, 1, 1, null);
            }

            assertThat(meter.statistics().getDropped()).isEqualTo(2);
            assertThat(log.lines())
                    .filteredOn(line -> line.contains("model_id"))
                    .singleElement()
                    .asString()
                    .contains(
                            "searches cannot be written to searches",
                            "of its columns model_id may not be null",
                            "CREATE TABLE \"searches\" (");

            database.execute("alter table searches alter model_id set default 0");
            awaitWritten(3);
        }
    }

    @Test
    void aMissingTableIsWaitedFor() throws Exception {
        try (LogCapture log = LogCapture.start()) {
            meter("searches", QUICK).searched(QUERY, 1, 1, 1, null);
            Await.until("it is told", PATIENCE, () -> log.lines().stream()
                    .anyMatch(line -> line.contains("there is no such table in the schemas of the search_path")));
            database.execute(SearchTable.ddl("searches"));
            awaitWritten(1);
        }
    }

    @Test
    void aLockedTableHoldsUpNoSearch() throws Exception {
        database.execute(SearchTable.ddl("searches"));
        Meter meter = meter("searches", new TableWriter.Pace(5, 2, SOON, NEVER, SOON));
        try (Connection other = database.connect()) {
            other.setAutoCommit(false);
            Sql.execute(other, "lock table searches");
            meter.searched(QUERY, 1, 1, 1, null);
            Await.until("the writer waits for the lock", PATIENCE, () -> "Lock".equals(session("wait_event_type")));
            for (int i = 0; i < 8; i++) {
                meter.searched(QUERY, 1, 1, 1, null);
            }
            assertThat(meter.statistics().getDropped()).isEqualTo(3);
            other.rollback();
        }
        awaitWritten(6);
        assertThat(database.ask("select count(*) from searches")).isEqualTo("6");
    }

    @Test
    void afterALostConnectionItGoesOn() throws Exception {
        database.execute(SearchTable.ddl("searches"));
        Meter meter = meter("searches", QUICK);
        meter.searched(QUERY, 1, 1, 1, null);
        awaitWritten(1);
        database.execute("select pg_terminate_backend(pid) from pg_stat_activity where " + ITS_SESSION);
        Await.until("its session is gone", PATIENCE, () -> session("pid") == null);

        meter.searched(QUERY, 1, 1, 1, null);
        Await.until("the batch is lost", PATIENCE, () -> meter.statistics().getDropped() == 1);
        meter.searched(QUERY, 1, 1, 1, null);

        awaitWritten(2);
        assertThat(database.ask("select count(*) from searches")).isEqualTo("2");
    }

    @Test
    void aPasswordThatTheApplicationGivesLaterIsUsed() throws Exception {
        database.execute(SearchTable.ddl("searches"));
        String role = database.createRole("new");
        database.execute("grant insert on searches to " + role);
        Meter meter = meter("searches", QUICK, "user=" + role, "password=old");
        meter.searched(QUERY, 1, 1, 1, null);

        meter.connectedThrough(
                Endpoint.of(database.server().as(role, "new").jdbcUrl(database.name()), new Properties()));

        awaitWritten(1);
    }

    @Test
    void aDatabaseThatIsReadOnlyByDefaultIsWrittenTo() throws Exception {
        database.execute(SearchTable.ddl("searches"));
        database.execute("alter database " + database.name() + " set default_transaction_read_only = on");

        meter("searches", QUICK, "readOnly=true").searched(QUERY, 1, 1, 1, null);

        awaitWritten(1);
    }

    @Test
    void closingWritesWhatWaitsAndLeavesNothingBehind() throws Exception {
        database.execute(SearchTable.ddl("searches"));
        Meter meter = meter("searches", new TableWriter.Pace(100, 50, NEVER, NEVER, NEVER));
        for (int i = 0; i < 80; i++) {
            meter.searched(QUERY, 1, 1, 1, null);
        }
        Await.until("it is in JMX", PATIENCE, () -> names().size() == 1);

        meter.close();

        assertThat(database.ask("select count(*) from searches")).isEqualTo("80");
        assertThat(names()).isEmpty();
        assertThat(hasThread()).isFalse();
        meter.searched(QUERY, 1, 1, 1, null);
        assertThat(hasThread()).isFalse();
        assertThat(meter.statistics().getDropped()).isEqualTo(1);
    }

    @Test
    void withoutSearchesThreadAndSessionEndAndComeBackWithTheNext() throws Exception {
        database.execute(SearchTable.ddl("searches"));
        Meter meter = meter("searches", new TableWriter.Pace(100, 50, SOON, SOON, SOON));
        for (int round = 1; round <= 3; round++) {
            meter.searched(QUERY, 1, 1, 1, null);
            awaitWritten(round);
            Await.until("its thread has ended", PATIENCE, () -> !hasThread());
            Await.until("its session is gone", PATIENCE, () -> session("pid") == null);
        }
    }

    @Test
    void aLimitThatIsNullIsNotTheOneOfTheSearchBefore() throws Exception {
        database.execute("create extension vector; create table searches (searched_at timestamptz, requested int)");
        String url = database.gangwayUrl("gangway.mode=off", "gangway.search=measure", "gangway.search.table=searches");
        try (Connection connection = DriverManager.getConnection(url);
                PreparedStatement search = connection.prepareStatement("select vector '[1]' <-> ?::vector limit ?")) {
            search.setString(1, "[1]");
            search.setInt(2, 5);
            search.executeQuery().close();
            search.setNull(2, Types.INTEGER);
            search.executeQuery().close();
            search.setObject(2, 6);
            search.executeQuery().close();
            search.setObject(2, null);
            search.executeQuery().close();
        }
        Await.until("all are written", PATIENCE, () -> "4".equals(database.ask("select count(*) from searches")));
        assertThat(database.ask(
                        "select string_agg(coalesce(requested::text, 'all'), ' ' order by requested) from searches"))
                .isEqualTo("5 6 all all");
    }

    @Test
    void jmxShowsTheSearches() throws Exception {
        Meter meter = meter(null, QUICK);
        assertThat(names()).isEmpty();
        meter.searched(QUERY, 2_000_000, 4, 5, null);
        meter.searched(VAGUE, 2_000_000, 1, SearchQuery.UNKNOWN, new SQLException("no"));
        Await.until("it is in JMX", PATIENCE, () -> names().size() == 1);

        SearchMXBean bean = JMX.newMXBeanProxy(
                ManagementFactory.getPlatformMBeanServer(), names().iterator().next(), SearchMXBean.class);

        assertThat(bean.getCount()).isEqualTo(2);
        assertThat(bean.getP99Micros()).isBetween(2_000L, 2_020L);
        assertThat(bean.getStatements())
                .anySatisfy(statement -> {
                    assertThat(statement.getFingerprint()).isEqualTo(QUERY.fingerprint());
                    assertThat(statement.getSql()).isEqualTo(QUERY.sql());
                    assertThat(statement.getK()).isEqualTo(5);
                    assertThat(statement.getP50Micros()).isBetween(2_000L, 2_020L);
                })
                .anySatisfy(statement -> {
                    assertThat(statement.getFailures()).isEqualTo(1);
                    assertThat(statement.getTable()).isNull();
                });
        bean.reset();
        assertThat(bean.getCount()).isZero();
    }

    private static final String ITS_SESSION =
            "application_name = '" + TableWriter.APPLICATION_NAME + "' and datname = current_database()";

    private @Nullable String session(String column) throws SQLException {
        return database.ask("select " + column + " from pg_stat_activity where " + ITS_SESSION);
    }

    /** All but the time, the rows joined by semicolons. */
    private @Nullable String all(String table, String order) throws SQLException {
        return database.ask("select string_agg(concat_ws('|', execution_time_ms, search_type,"
                + " coalesce(results_count::text, ''), coalesce(requested::text, ''), operator, coalesce(table_name, ''),"
                + " fingerprint, sql, failed::text, coalesce(sqlstate, ''), target, application), ';' order by " + order
                + ") from " + table);
    }

    private void awaitWritten(int searches) {
        Await.until(
                searches + " are written", PATIENCE, () -> meter.statistics().getWritten() == searches);
    }

    private Endpoint endpoint(String... parameters) throws SQLException {
        return Endpoint.of(database.jdbcUrl(parameters), new Properties());
    }

    private Meter meter(@Nullable String table, TableWriter.Pace pace, String... parameters) throws SQLException {
        Properties properties = new Properties();
        if (table != null) {
            properties.setProperty("gangway.search.table", table);
        }
        Settings settings = SettingsReader.read(JdbcUrl.parse(database.gangwayUrl()), properties, null);
        Meter made = Meter.of(endpoint(parameters), settings, null, pace);
        meter = made;
        return made;
    }

    private Set<ObjectName> names() throws SQLException, MalformedObjectNameException {
        MBeanServer server = ManagementFactory.getPlatformMBeanServer();
        return server.queryNames(
                new ObjectName("dev.gangway:type=Search,target="
                        + ObjectName.quote(endpoint().target().toString()) + ",*"),
                null);
    }

    private boolean hasThread() throws SQLException {
        String name = "gangway-search " + endpoint().target();
        return Thread.getAllStackTraces().keySet().stream()
                .anyMatch(thread -> thread.getName().equals(name));
    }
}
