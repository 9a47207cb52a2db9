package dev.gangway.packs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gangway.GangwayDriver;
import dev.gangway.report.ValidationReport;
import dev.gangway.report.ValidationReport.Check;
import dev.gangway.testkit.LocalPostgres;
import dev.gangway.testkit.Sql;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The pack {@code discord-rag-bot} in operation: validation, monitoring, audit trail, and the owner of the tables. */
class DiscordRagBotOperationIT {
    private DiscordRagBotPack pack;

    @BeforeEach
    void migrate() throws SQLException {
        pack = DiscordRagBotPack.migrated();
    }

    @AfterEach
    void close() throws SQLException {
        pack.pack().close();
    }

    @Test
    void validateTellsAtLeastAsManyChecksOfEachCategoryAsTheGuide() throws SQLException {
        ValidationReport report = pack.pack().gangway().validate();

        Map<String, Long> checks =
                report.checks().stream().collect(Collectors.groupingBy(Check::category, Collectors.counting()));
        Map.of(
                        "Constraints",
                        1,
                        "Data Types",
                        2,
                        "Extensions",
                        3,
                        "Functions",
                        8,
                        "Indexes",
                        8,
                        "RLS",
                        9,
                        "Tables",
                        8,
                        "Triggers",
                        1)
                .forEach((category, least) ->
                        assertThat(checks.get(category)).as(category).isGreaterThanOrEqualTo(least));
        assertThat(report.valid()).isTrue();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "alter table feedback disable row level security              | RLS       | feedback has row level security",
                "drop policy query_history_anonymous_nothing on query_history | RLS       | each table has its policies",
                "grant select on feedback to %3$s                             | RLS       | visitors may only read, and only documents",
                "grant truncate on documents to %3$s                          | RLS       | visitors may only read, and only documents",
                "grant execute on function set_user_context to %3$s           | RLS       | visitors cannot choose a context",
                "alter role %2$s bypassrls                                    | RLS       | neither users nor visitors pass the policies by",
                "grant execute on function clean_expired_cache to %2$s        | Functions | clean_expired_cache",
                "alter function match_documents security definer              | Functions | match_documents",
                "drop index idx_documents_embedding                           | Indexes   | idx_documents_embedding",
                "alter table documents disable trigger documents_updated_at   | Triggers  | documents_updated_at",
                "drop view monitor_top_users                                  | Views     | monitor_top_users",
            })
    void validateFindsWhatIsWrong(String damage, String category, String check) throws SQLException {
        pack.pack().execute(damage.formatted(pack.service(), pack.authenticated(), pack.anonymous()));

        assertThat(pack.pack().gangway().validate().checks())
                .filteredOn(row -> !row.passed())
                .extracting(row -> row.category() + ": " + row.name())
                .containsExactly(category + ": " + check);
    }

    @Test
    void theViewsTellWhatTheGuidesQueriesTell() throws SQLException {
        pack.pack().execute("""
                insert into query_history (user_id, query_text, response_time_ms, cache_hit, error, created_at) values
                    ('ann', 'a', 100, true, null, now()), ('ann', 'b', 300, false, 'x', now()),
                    ('bob', 'c', 200, false, null, now()), ('carl', 'd', 900, true, null, now() - interval '2 days');
                insert into query_cache (query_hash, query_text, response_text, hit_count, expires_at)
                select md5(i::text) || md5(i::text), 'q', 'r', i % 2, now() + interval '1 day' from generate_series(1, 5) i""");
        try (Connection service = pack.loginAsService()) {
            assertThat(Sql.ask(service, "select active_users || ' ' || queries from monitor_active_users"))
                    .isEqualTo("2 3");
            assertThat(Rows.column(service, "select user_id || ' ' || query_count from monitor_top_users"))
                    .containsExactly("ann 2", "bob 1", "carl 1");
            assertThat(Sql.ask(
                            service,
                            "select round(avg_response_time_ms) || ' ' || p95_response_time_ms || ' ' || errors"
                                    + " from monitor_response_time"))
                    .isEqualTo("200 290 1");
            assertThat(Sql.ask(
                            service,
                            "select concat_ws(' ', entries, entries_hit, cache_hit_rate, round(query_hit_rate)) from"
                                    + " monitor_cache_hit_rate"))
                    .isEqualTo("5 3 60 33");
            assertThat(Rows.column(service, "select tablename from monitor_table_sizes where bytes > 0"))
                    .contains("documents", "query_history", "query_cache", "audit_logs");
            assertThat(Rows.column(service, "select indexname from monitor_index_usage"))
                    .contains("idx_documents_embedding", "idx_query_history_user");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"monitor_top_users", "monitor_cache_hit_rate", "monitored_queries('-infinity')"})
    void onlyTheServiceMayMonitor(String what) throws SQLException {
        for (String role : new String[] {pack.authenticated(), pack.anonymous()}) {
            try (Connection connection = pack.login(role)) {
                assertThatThrownBy(() -> Sql.execute(connection, "select * from " + what))
                        .hasMessageContaining("permission denied");
            }
        }
    }

    @Test
    void theViewsWorkForTheServiceWhereAnOrdinaryRoleOwnsThem() throws SQLException {
        String owner = ownerUnderTheForceOfHisPolicies();
        try (Connection service = pack.loginAsService()) {
            Sql.execute(service, "set search_path = store");
            Sql.execute(service, "insert into query_history (user_id, query_text) values ('ann', 'a')");

            assertThat(Sql.ask(service, "select active_users from monitor_active_users"))
                    .isEqualTo("1");
        }
        assertThat(owner).isNotEmpty();
    }

    @Test
    void withoutPgStatStatementsTheFunctionSaysSo() throws SQLException {
        assertThat(pack.pack().ask("select note from query_performance()"))
                .startsWith("pg_stat_statements is not installed");

        pack.pack().execute("create extension pg_stat_statements");

        assertThat(pack.pack().ask("select note from query_performance()"))
                .satisfiesAnyOf(note -> assertThat(note).isNull(), note -> assertThat(note)
                        .contains("shared_preload_libraries"));
    }

    @Test
    void whereTheServerLoadsPgStatStatementsTheSlowestStatementsComeFirst() throws SQLException {
        try (LocalPostgres server = LocalPostgres.start(Map.of("shared_preload_libraries", "pg_stat_statements"));
                // By the location alone: the roles of Supabase's names are created on the way.
                Connection connection = Objects.requireNonNull(new GangwayDriver()
                        .connect(
                                server.address()
                                        .gangwayUrl("postgres", "gangway.locations=pack:" + DiscordRagBotPack.NAME),
                                new Properties()))) {
            Sql.execute(connection, "create extension pg_stat_statements");
            Sql.execute(connection, "select count(*) from documents where content = 'x'");

            assertThat(Rows.column(connection, "select query from query_performance('%count(%) from documents%')"))
                    .contains("select count(*) from documents where content = $1");
            assertThat(Sql.ask(connection, "select bool_and(calls > 0 and note is null) from query_performance()"))
                    .isEqualTo("t");
        }
    }

    @Test
    void anOwnerUnderForceSeesNothingOfWhatUsersHaveSaidAndIsToldWhenHeCleans() throws SQLException {
        String owner = ownerUnderTheForceOfHisPolicies();
        pack.pack()
                .execute("insert into store.query_history (user_id, query_text) values ('ann', 'a');"
                        + " insert into store.user_profiles (user_id) values ('ann')");
        try (Connection connection = pack.login(owner)) {
            Sql.execute(connection, "set search_path = store");

            assertThat(Rows.column(connection, "select * from query_history")).isEmpty();
            assertThat(Rows.column(connection, "select * from user_profiles")).isEmpty();
            assertThatThrownBy(() -> Sql.execute(connection, "select clean_query_history()"))
                    .hasMessageContaining(owner + " sees nothing of query_history")
                    .hasMessageContaining("SET ROLE");
            assertThatThrownBy(() -> Sql.execute(connection, "select clean_audit_logs()"))
                    .hasMessageContaining("sees nothing of audit_logs");
        }
    }

    @Test
    void whatAnOwnerUnderForceDoesToDocumentsIsWrittenDownWhereHeCannotReadIt() throws SQLException {
        String owner = ownerUnderTheForceOfHisPolicies();
        try (Connection connection = pack.login(owner)) {
            Sql.execute(connection, "set search_path = store");
            Sql.execute(connection, "insert into documents (content) values ('a')");

            assertThat(Rows.column(connection, "select * from audit_logs")).isEmpty();
        }
        assertThat(pack.pack().ask("select database_role from store.audit_logs"))
                .isEqualTo(owner);
    }

    @Test
    void aBulkOfDocumentsIsOneEntryForEachGuild() throws SQLException {
        try (Connection service = pack.loginAsService()) {
            Sql.execute(service, "select set_user_context('ann')");
            Sql.execute(
                    service,
                    "insert into documents (content, guild_id, is_public)"
                            + " select i, 'g' || i % 2, i = 1 from generate_series(1, 500) i");
            Sql.execute(service, "update documents set is_public = true where id <= 3");
            Sql.execute(service, "update documents set guild_id = 'g9' where id = 4");
            Sql.execute(service, "delete from documents where guild_id = 'g1'");
            Sql.execute(service, "delete from documents where id = -1");
        }
        assertThat(pack.pack().column("""
                select concat_ws(' ', event_type, guild_id, user_id, details - 'ids', jsonb_array_length(details -> 'ids'))
                from audit_logs order by id, guild_id"""))
                .containsExactlyInAnyOrder(
                        "insert g0 ann {\"public\": 0, \"documents\": 250} 100",
                        "insert g1 ann {\"public\": 1, \"documents\": 250} 100",
                        "update g1 ann {\"documents\": 2, \"made_public\": 1, \"made_private\": 0, \"from_other_guilds\": 0} 2",
                        "update g0 ann {\"documents\": 1, \"made_public\": 1, \"made_private\": 0, \"from_other_guilds\": 0} 1",
                        "update g9 ann {\"documents\": 1, \"made_public\": 0, \"made_private\": 0, \"from_other_guilds\": 1} 1",
                        "delete g1 ann {\"public\": 2, \"documents\": 250} 100");
    }

    @Test
    void whatLangChainWritesToMetadataFillsTheColumns() throws SQLException {
        pack.pack()
                .execute(
                        "insert into documents (content, metadata) values"
                                + " ('a', '{\"guild_id\": \"g1\", \"title\": \"A\", \"source\": \"a.md\", \"is_public\": true}')");
        String columns = "select concat_ws(' ', guild_id, title, source, is_public) from documents";
        assertThat(pack.pack().ask(columns)).isEqualTo("g1 A a.md t");

        pack.pack()
                .execute("update documents set metadata = metadata || '{\"guild_id\": \"g2\", \"is_public\": false}'");
        assertThat(pack.pack().ask(columns)).isEqualTo("g2 A a.md f");

        pack.pack().execute("update documents set is_public = true, guild_id = 'g3'");
        pack.pack().execute("update documents set metadata = metadata || '{\"page\": 2}'");
        assertThat(pack.pack().ask(columns)).isEqualTo("g3 A a.md t");
    }

    @Test
    void aChangeMovesUpdatedAt() throws SQLException {
        pack.pack()
                .execute("insert into documents (content, updated_at) values ('a', '2020-01-01');"
                        + " insert into server_configs (guild_id, updated_at) values ('g1', '2020-01-01');"
                        + " insert into user_profiles (user_id, updated_at) values ('ann', '2020-01-01')");

        pack.pack()
                .execute("update documents set content = 'b'; update server_configs set is_enabled = false;"
                        + " update user_profiles set username = 'Ann'");

        for (String table : new String[] {"documents", "server_configs", "user_profiles"}) {
            assertThat(pack.pack().ask("select updated_at > now() - interval '1 hour' from " + table))
                    .isEqualTo("t");
        }
    }

    private String ownerUnderTheForceOfHisPolicies() throws SQLException {
        String owner = pack.pack().database().createRole("secret");
        pack.pack().execute("create schema store authorization " + owner);
        pack.pack()
                .connectAs(owner, "gangway.schema=store", "gangway.placeholders.forceRowSecurity=true")
                .close();
        return owner;
    }
}
