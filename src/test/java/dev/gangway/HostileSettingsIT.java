package dev.gangway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gangway.gate.Gates;
import dev.gangway.testkit.Await;
import dev.gangway.testkit.LocalPostgres;
import dev.gangway.testkit.MigrationFolder;
import dev.gangway.testkit.PgDump;
import dev.gangway.testkit.Providers;
import dev.gangway.testkit.Torture;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Properties;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What an application's URL, or its role, database or server, sets for its own good must not change what the migrations
 * make of the database: the dump is the same as without.
 */
@Timeout(180)
class HostileSettingsIT {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    /** Settings that get on with each other, of which a default run sets a whole line at once. */
    private static final List<List<String>> OF_THE_DATABASE = List.of(
            List.of(
                    "statement_timeout = '200ms'",
                    "lock_timeout = '1ms'",
                    "idle_in_transaction_session_timeout = '1ms'",
                    "idle_session_timeout = '1s'",
                    "default_transaction_isolation = 'serializable'",
                    "default_transaction_deferrable = on",
                    "client_min_messages = 'error'"),
            List.of(
                    "default_transaction_read_only = on",
                    "default_transaction_isolation = 'repeatable read'",
                    "standard_conforming_strings = off",
                    "backslash_quote = off",
                    "escape_string_warning = on",
                    "client_min_messages = 'debug5'",
                    "log_statement = 'all'",
                    "array_nulls = off"),
            List.of(
                    "search_path = 'public', 'pg_catalog'",
                    "session_replication_role = 'replica'",
                    "row_security = off",
                    "check_function_bodies = off",
                    "quote_all_identifiers = on",
                    "client_encoding = 'LATIN1'",
                    "DateStyle = 'SQL, DMY'",
                    "TimeZone = 'Asia/Kolkata'",
                    "IntervalStyle = 'sql_standard'",
                    "bytea_output = 'escape'",
                    "extra_float_digits = -15",
                    "xmlbinary = 'hex'"),
            List.of(
                    "jit = on",
                    "jit_above_cost = 0",
                    "plan_cache_mode = 'force_generic_plan'",
                    "max_parallel_workers_per_gather = 0",
                    "max_parallel_maintenance_workers = 0",
                    "force_parallel_mode = on",
                    "enable_indexscan = off",
                    "work_mem = '64kB'",
                    "maintenance_work_mem = '1MB'",
                    "default_tablespace = 'nowhere'",
                    "temp_tablespaces = 'nowhere'",
                    "synchronous_commit = off",
                    "transform_null_equals = on",
                    "from_collapse_limit = 1",
                    "track_activities = off",
                    "compute_query_id = on"));

    private static final List<List<String>> OF_THE_URL = List.of(
            List.of(
                    "socketTimeout=1",
                    "connectTimeout=1",
                    "loginTimeout=2",
                    "cancelSignalTimeout=1",
                    "queryTimeout=1",
                    "defaultRowFetchSize=1",
                    "autosave=always",
                    "cleanupSavepoints=true",
                    "binaryTransfer=false",
                    "assumeMinServerVersion=15",
                    "reWriteBatchedInserts=true",
                    "logUnclosedConnections=true"),
            List.of(
                    "readOnly=true",
                    "readOnlyMode=always",
                    "preferQueryMode=simple",
                    "targetServerType=primary",
                    "prepareThreshold=-1",
                    "preparedStatementCacheQueries=0",
                    "ApplicationName=gangway work 00000000 V1",
                    "stringtype=unspecified",
                    "tcpKeepAlive=false",
                    "unknownLength=1"),
            List.of(
                    "preferQueryMode=extendedForPrepared",
                    "escapeSyntaxCallMode=call",
                    "adaptiveFetch=true",
                    "maxResultBuffer=10k",
                    "databaseMetadataCacheFields=0",
                    "disableColumnSanitiser=true",
                    "options=-c statement_timeout=200 -c lock_timeout=1 -c default_transaction_read_only=on",
                    "hideUnprivilegedObjects=true",
                    "quoteReturningIdentifiers=false"),
            List.of(
                    "preferQueryMode=extendedCacheEverything",
                    "receiveBufferSize=1024",
                    "sendBufferSize=1024",
                    "sslmode=disable",
                    "gssEncMode=disable",
                    "options=-c search_path=public,pg_catalog -c standard_conforming_strings=off -c DateStyle=German"));

    private static LocalPostgres server;
    private static String expected;

    private final String database;
    private final Providers providers;
    private final MigrationFolder folder;

    HostileSettingsIT(@TempDir Path directory) throws SQLException {
        database = server.createDatabase("app");
        folder = plan(directory);
        providers = Providers.in(directory.resolve("services"), JavaMigration.class, Doubles.class);
    }

    @BeforeAll
    static void learnWhatIsExpected(@TempDir Path directory) throws SQLException {
        server = LocalPostgres.start();
        HostileSettingsIT plain = new HostileSettingsIT(directory);
        plain.applyAll();
        expected = plain.dump();
        plain.forget();
        assertThat(expected).contains("beside", "item_name", "checked", "CREATE VIEW public.named", "vector(3)");
    }

    @AfterEach
    void forget() {
        Gates.clear();
        providers.close();
    }

    @AfterAll
    static void stopServer() {
        server.close();
    }

    /** A migration in Java that an application's settings reach last. */
    public static final class Doubles implements JavaMigration {
        @Override
        public String version() {
            return "5";
        }

        @Override
        public String description() {
            return "doubles";
        }

        @Override
        public @Nullable String undoSql() {
            return "update item set id = id / 2";
        }

        @Override
        public void migrate(Connection connection) throws SQLException {
            try (PreparedStatement update = connection.prepareStatement("update item set id = id * ?")) {
                update.setInt(1, 2);
                update.executeUpdate();
            }
        }
    }

    /** One of each kind; each takes longer than the shortest time-outs. */
    private static MigrationFolder plan(Path directory) {
        return MigrationFolder.in(directory.resolve("migrations"))
                .add("V1__item.sql", """
                        create extension if not exists vector schema public;
                        create table item(id int, name text, state text, on_day date, value float8, raw bytea,
                          meaning vector(3));
                        insert into item values (1, 'a\\b', null, '2026-02-03', 0.1, '\\x00ff', '[1,2,3]');
                        create function halved(int) returns int language sql begin atomic select $1 / 2; end;
                        select pg_sleep(coalesce(current_setting('test.sleep', true), '0.3')::float8);
                        """)
                .add("V2__copy.sql", "copy item(id, name) from stdin;\n2\ttwö\n3\tthree\n4\tfour\n\\.\n")
                .add("V3__index.sql", "create index concurrently item_name on item(name);")
                .add("V4__batch.sql", """
                        -- gangway: repeat=until-no-rows
                        update item set state = 'done' where id in (select id from item where state is null limit 2);
                        """)
                .add("V6__checked.sql", "create table checked(id int primary key, at timestamptz);")
                .add("V6__checked.verify.sql", "select 'item', 'done', count(*) = 4 from item where state = 'done';")
                .add("V7__gone.sql", "create table gone();")
                .add("V7__gone.undo.sql", "drop table gone;")
                .add("V8__beside.sql", """
                        -- gangway: run=background
                        create index concurrently beside on item using hnsw (meaning vector_l2_ops);
                        """)
                .add("V8__beside.undo.sql", "drop index beside;")
                .add("R__named.sql", "create or replace view named as select id, name from item;");
    }

    static Stream<List<String>> ofTheDatabase() {
        return lines(OF_THE_DATABASE);
    }

    static Stream<List<String>> ofTheUrl() {
        return lines(OF_THE_URL);
    }

    private static Stream<List<String>> lines(List<List<String>> all) {
        return Torture.full()
                ? Stream.concat(all.stream(), all.stream().flatMap(List::stream).map(List::of))
                : all.stream();
    }

    @ParameterizedTest
    @MethodSource("ofTheDatabase")
    void whatTheDatabaseHasSetChangesNothing(List<String> settings) throws SQLException {
        for (String setting : settings) {
            server.address().execute("postgres", "alter database " + database + " set " + setting);
        }
        applyAll();
        assertThat(dump()).isEqualTo(expected);
    }

    @ParameterizedTest
    @MethodSource("ofTheUrl")
    void whatTheUrlHasSetChangesNothing(List<String> settings) throws SQLException {
        if (settings.contains("socketTimeout=1")) {
            server.address().execute("postgres", "alter database " + database + " set test.sleep = '1.5'");
        }
        applyAll(settings.toArray(new String[0]));
        assertThat(dump()).isEqualTo(expected);
    }

    @Test
    void aScriptMaySetAnotherTimeZone() throws SQLException {
        start();
        folder.add("V9__dates.sql", """
                -- gangway: repeat=until-no-rows
                set timezone = 'Asia/Kolkata';
                update item set state = 'dated' where id = (select min(id) from item where state <> 'dated');
                """);
        folder.add("V10__dates.sql", """
                set timezone = 'America/New_York';
                create index concurrently item_state on item(state);
                set intervalstyle = 'iso_8601';
                create table dated as select '2026-02-01'::date as day;
                """);
        start();
        assertThat(history()).contains("9:applied", "10:applied");
        assertThat(ask("select bool_and(state = 'dated') from item")).isEqualTo("t");
    }

    @ParameterizedTest
    @ValueSource(strings = {"''", "'\"$user\"'", "'nowhere'"})
    void withoutASchemaItIsRefusedAndNothingIsChanged(String path) throws SQLException {
        server.address().execute("postgres", "alter database " + database + " set search_path = " + path);
        String before = dumpAsItIs();
        assertThat((Throwable) Application.failureAt(url()))
                .hasMessageStartingWith("GW004 ")
                .hasMessageContaining("gangway.schema");
        assertThat(dumpAsItIs()).isEqualTo(before);
    }

    @Test
    void theFirstSchemaOfAnUnusualPathIsTheOne() throws SQLException {
        server.address().execute(database, "create schema \"we \"\"ird, one\"; create schema pg2");
        server.address()
                .execute(
                        "postgres",
                        "alter database " + database + " set search_path = nowhere, \"we \"\"ird, one\", public");
        applyAll();
        assertThat(ask(
                        "select string_agg(distinct schemaname, '') from pg_tables where tablename in ('item', 'checked',"
                                + " 'gone', 'gangway_history')"))
                .isEqualTo("we \"ird, one");
    }

    /** Starts a process, waits for its background, takes the last migration back and applies it again. */
    private void applyAll(String... settings) throws SQLException {
        start(settings);
        Await.until("the background is done", PATIENCE, () -> history().endsWith("8:applied"));
        Gangway gangway = Gangway.to(url(settings)).build();
        assertThat(gangway.undoTo("6").undone()).hasSize(2);
        assertThat(ask("select to_regclass('gone')")).isNull();
        assertThat(gangway.migrate().applied()).hasSize(2);
        assertThat(gangway.validate().valid()).isTrue();
        assertThat(gangway.status().current()).isTrue();
    }

    private void start(String... settings) throws SQLException {
        Gates.clear();
        Objects.requireNonNull(new GangwayDriver().connect(url(settings), new Properties()))
                .close();
    }

    private String url(String... settings) {
        List<String> all = new ArrayList<>(List.of("gangway.locations=" + folder.location(), "gangway.retryAfter=0s"));
        for (String setting : settings) {
            int equals = setting.indexOf('=') + 1;
            all.add(setting.substring(0, equals)
                    + URLEncoder.encode(setting.substring(equals), StandardCharsets.UTF_8));
        }
        return server.address().gangwayUrl(database, all.toArray(new String[0]));
    }

    private String history() throws SQLException {
        return new Observed(server.address(), database).history();
    }

    private @Nullable String ask(String query) throws SQLException {
        return server.address().ask(database, query);
    }

    private String dumpAsItIs() {
        return PgDump.of(server, database, "--exclude-table-data=gangway_*");
    }

    /** Everything but when it was applied, and how long it took. */
    private String dump() throws SQLException {
        server.address().execute("postgres", "alter database " + database + " reset all");
        return dumpAsItIs()
                + ask("select string_agg((to_jsonb(h) - 'installed_on' - 'duration_ms')::text, E'\\n' order by rank)"
                        + " from gangway_history h")
                + ask("select (to_jsonb(s) - 'step_began' - 'epoch')::text from gangway_state s");
    }
}
