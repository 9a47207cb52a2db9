package dev.gangway.packs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gangway.testkit.Sql;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The pack {@code discord-rag-bot}: who may do what with which rows of which table, as who logs in as each role. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class DiscordRagBotAccessIT {
    /** Two users, ann and bob, and two guilds, g1 and g2. */
    private static final String ROWS = """
            insert into documents (content, guild_id, is_public, embedding) values
                ('public', null, true, '[1,0,0]'), ('public of g1', 'g1', true, '[1,1,0]'),
                ('g1', 'g1', false, '[0,1,0]'), ('g1 too', 'g1', false, '[0,1,1]'), ('g2', 'g2', false, '[0,0,1]'),
                ('of nobody', null, false, '[1,1,1]');
            insert into server_configs (guild_id) values ('g1'), ('g2');
            insert into query_history (user_id, guild_id, query_text) values
                ('ann', 'g1', 'a'), ('ann', 'g2', 'b'), ('bob', 'g1', 'c');
            insert into query_cache (guild_id, query_hash, query_text, response_text, expires_at)
                select g, repeat('a', 64), 'q', 'r', now() + interval '1 hour' from unnest(array['', 'g1', 'g2']) g;
            insert into rate_limits (user_id, guild_id, expires_at) values
                ('ann', 'g1', now() + interval '1 hour'), ('ann', 'g2', now() + interval '1 hour'),
                ('bob', 'g1', now() + interval '1 hour');
            insert into user_profiles (user_id) values ('ann'), ('bob');
            insert into feedback (query_id, user_id, rating) select id, user_id, 5 from query_history;
            delete from audit_logs;
            insert into audit_logs (event_type, user_id, guild_id) values ('x', 'ann', 'g1'), ('x', 'bob', 'g2')""";

    /**
     * Rows that each statement reaches, {@code -} where the server refuses it. Nobody but the service writes, and a context
     * that is missing or unknown opens nothing.
     */
    private static final String ACCESS = """
            role          | user    | guild | table          | select | insert | update | delete
            service       |         |       | documents      | 6      | 1      | 6      | 6
            service       |         |       | server_configs | 2      | 1      | 2      | 2
            service       |         |       | query_history  | 3      | 1      | 3      | 3
            service       |         |       | query_cache    | 3      | 1      | 3      | 3
            service       |         |       | rate_limits    | 3      | 1      | 3      | 3
            service       |         |       | user_profiles  | 2      | 1      | 2      | 2
            service       |         |       | feedback       | 3      | 1      | 3      | 3
            service       |         |       | audit_logs     | 2      | 1      | 2      | 2
            service       | ann     | g1    | documents      | 6      | 1      | 6      | 6
            service       | ann     | g1    | query_history  | 3      | 1      | 3      | 3
            authenticated |         |       | documents      | 2      | -      | -      | -
            authenticated |         |       | server_configs | 0      | -      | -      | -
            authenticated |         |       | query_history  | 0      | -      | -      | -
            authenticated |         |       | query_cache    | -      | -      | -      | -
            authenticated |         |       | rate_limits    | 0      | -      | -      | -
            authenticated |         |       | user_profiles  | 0      | -      | -      | -
            authenticated |         |       | feedback       | 0      | -      | -      | -
            authenticated |         |       | audit_logs     | -      | -      | -      | -
            authenticated | ann     |       | documents      | 2      | -      | -      | -
            authenticated | ann     |       | server_configs | 0      | -      | -      | -
            authenticated | ann     |       | query_history  | 2      | -      | -      | -
            authenticated | ann     |       | query_cache    | -      | -      | -      | -
            authenticated | ann     |       | rate_limits    | 2      | -      | -      | -
            authenticated | ann     |       | user_profiles  | 1      | -      | -      | -
            authenticated | ann     |       | feedback       | 2      | -      | -      | -
            authenticated | ann     |       | audit_logs     | -      | -      | -      | -
            authenticated | ann     | g1    | documents      | 4      | -      | -      | -
            authenticated | ann     | g1    | server_configs | 1      | -      | -      | -
            authenticated | ann     | g1    | query_history  | 2      | -      | -      | -
            authenticated | ann     | g1    | query_cache    | -      | -      | -      | -
            authenticated | ann     | g1    | rate_limits    | 2      | -      | -      | -
            authenticated | ann     | g1    | user_profiles  | 1      | -      | -      | -
            authenticated | ann     | g1    | feedback       | 2      | -      | -      | -
            authenticated | ann     | g1    | audit_logs     | -      | -      | -      | -
            authenticated | bob     | g2    | documents      | 3      | -      | -      | -
            authenticated | bob     | g2    | server_configs | 1      | -      | -      | -
            authenticated | bob     | g2    | query_history  | 1      | -      | -      | -
            authenticated | bob     | g2    | query_cache    | -      | -      | -      | -
            authenticated | bob     | g2    | rate_limits    | 1      | -      | -      | -
            authenticated | bob     | g2    | user_profiles  | 1      | -      | -      | -
            authenticated | bob     | g2    | feedback       | 1      | -      | -      | -
            authenticated | bob     | g2    | audit_logs     | -      | -      | -      | -
            authenticated |         | g1    | documents      | 4      | -      | -      | -
            authenticated |         | g1    | server_configs | 1      | -      | -      | -
            authenticated |         | g1    | query_history  | 0      | -      | -      | -
            authenticated |         | g1    | query_cache    | -      | -      | -      | -
            authenticated |         | g1    | rate_limits    | 0      | -      | -      | -
            authenticated |         | g1    | user_profiles  | 0      | -      | -      | -
            authenticated |         | g1    | feedback       | 0      | -      | -      | -
            authenticated |         | g1    | audit_logs     | -      | -      | -      | -
            authenticated | mallory | g3    | documents      | 2      | -      | -      | -
            authenticated | mallory | g3    | server_configs | 0      | -      | -      | -
            authenticated | mallory | g3    | query_history  | 0      | -      | -      | -
            authenticated | mallory | g3    | query_cache    | -      | -      | -      | -
            authenticated | mallory | g3    | rate_limits    | 0      | -      | -      | -
            authenticated | mallory | g3    | user_profiles  | 0      | -      | -      | -
            authenticated | mallory | g3    | feedback       | 0      | -      | -      | -
            authenticated | mallory | g3    | audit_logs     | -      | -      | -      | -
            anonymous     |         |       | documents      | 2      | -      | -      | -
            anonymous     |         |       | server_configs | -      | -      | -      | -
            anonymous     |         |       | query_history  | -      | -      | -      | -
            anonymous     |         |       | query_cache    | -      | -      | -      | -
            anonymous     |         |       | rate_limits    | -      | -      | -      | -
            anonymous     |         |       | user_profiles  | -      | -      | -      | -
            anonymous     |         |       | feedback       | -      | -      | -      | -
            anonymous     |         |       | audit_logs     | -      | -      | -      | -
            """;

    private DiscordRagBotPack pack;

    @BeforeAll
    void migrate() throws SQLException {
        pack = DiscordRagBotPack.migrated();
        pack.pack().execute(ROWS);
    }

    @AfterAll
    void close() throws SQLException {
        pack.pack().close();
    }

    static Stream<Arguments> access() {
        return ACCESS.lines().skip(1).flatMap(line -> {
            List<String> cells =
                    Arrays.stream(line.split("\\|")).map(String::trim).toList();
            return Stream.of("select", "insert", "update", "delete")
                    .map(statement -> Arguments.of(
                            cells.get(0),
                            cells.get(1),
                            cells.get(2),
                            statement,
                            cells.get(3),
                            cells.get(4
                                    + List.of("select", "insert", "update", "delete")
                                            .indexOf(statement))));
        });
    }

    @ParameterizedTest(name = "{0} for user [{1}] in guild [{2}]: {3} {4} reaches {5}")
    @MethodSource("access")
    void reachesExactly(String role, String user, String guild, String statement, String table, String expected)
            throws SQLException {
        try (Connection connection = pack.login(roleNamed(role))) {
            if (!user.isEmpty()) {
                Sql.execute(connection, "select set_user_context('%s')".formatted(user));
            }
            if (!guild.isEmpty()) {
                Sql.execute(connection, "select set_guild_context('%s')".formatted(guild));
            }
            // What is written is taken back, so that each case begins with the same rows.
            connection.setAutoCommit(false);

            assertThat(rowsReached(connection, sql(statement, table))).isEqualTo(expected);
        }
    }

    private String roleNamed(String role) {
        return switch (role) {
            case "service" -> pack.service();
            case "authenticated" -> pack.authenticated();
            default -> pack.anonymous();
        };
    }

    private static String rowsReached(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            if (!statement.execute(sql)) {
                return String.valueOf(statement.getUpdateCount());
            }
            int rows = 0;
            try (ResultSet result = statement.getResultSet()) {
                while (result.next()) {
                    rows++;
                }
            }
            return String.valueOf(rows);
        } catch (SQLException e) {
            assertThat(e.getSQLState()).isEqualTo("42501");
            return "-";
        } finally {
            connection.rollback();
        }
    }

    private static String sql(String statement, String table) {
        return switch (statement) {
            case "select" -> "select * from " + table;
            case "insert" -> "insert into " + table + " " + newRow(table);
            case "update" ->
                "update " + table + " set created_at = created_at".replace("created_at", someColumn(table));
            default -> "delete from " + table;
        };
    }

    private static String someColumn(String table) {
        return table.equals("rate_limits") ? "request_count" : "created_at";
    }

    private static String newRow(String table) {
        return switch (table) {
            case "documents" -> "(content, is_public) values ('x', true)";
            case "server_configs" -> "(guild_id) values ('g9')";
            case "query_history" -> "(user_id, query_text) values ('ann', 'x')";
            case "query_cache" ->
                "(query_hash, query_text, response_text, expires_at)"
                        + " values (repeat('b', 64), 'q', 'r', now() + interval '1 hour')";
            case "rate_limits" -> "(user_id, expires_at) values ('ann', now() + interval '1 hour')";
            case "user_profiles" -> "(user_id) values ('carl')";
            case "feedback" -> "(user_id, rating) values ('ann', 1)";
            default -> "(event_type) values ('x')";
        };
    }
}
