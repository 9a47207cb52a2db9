package dev.gangway.packs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gangway.testkit.Sql;
import java.sql.Connection;
import java.sql.SQLException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The pack {@code discord-rag-bot}: for whom a session works, and who may say so. */
class DiscordRagBotContextIT {
    private static final String CONTEXT =
            "select coalesce(context_user_id(), '-') || ' ' || coalesce(context_guild_id(), '-')";

    private DiscordRagBotPack pack;

    @BeforeEach
    void migrate() throws SQLException {
        pack = DiscordRagBotPack.migrated();
        pack.pack().execute("""
                insert into documents (content, guild_id) values ('g1', 'g1'), ('g2', 'g2');
                insert into query_history (user_id, query_text) values ('ann', 'a'), ('bob', 'b')""");
    }

    @AfterEach
    void close() throws SQLException {
        pack.pack().close();
    }

    @Test
    void theContextHoldsForLaterStatementsOutsideOfATransaction() throws SQLException {
        try (Connection connection = pack.loginAsAuthenticated()) {
            Sql.execute(connection, "select set_user_context('ann')");
            Sql.execute(connection, "select set_guild_context('g1')");

            assertThat(Sql.ask(connection, CONTEXT)).isEqualTo("ann g1");
            assertThat(Rows.column(connection, "select query_text from query_history"))
                    .containsExactly("a");
            assertThat(Rows.column(connection, "select content from documents")).containsExactly("g1");
        }
    }

    @Test
    void aClearedConnectionThatGoesBackToItsPoolShowsTheNextUserNothing() throws SQLException {
        try (Connection pooled = pack.loginAsAuthenticated()) {
            Sql.execute(pooled, "select set_user_context('ann')");
            Sql.execute(pooled, "select set_guild_context('g1')");

            Sql.execute(pooled, "select clear_context()");

            assertThat(Sql.ask(pooled, CONTEXT)).isEqualTo("- -");
            assertThat(Rows.column(pooled, "select * from query_history")).isEmpty();
            assertThat(Rows.column(pooled, "select * from documents")).isEmpty();
        }
    }

    @Test
    void anotherUserDoesNotInheritTheGuild() throws SQLException {
        try (Connection pooled = pack.loginAsAuthenticated()) {
            Sql.execute(pooled, "select set_user_context('ann')");
            Sql.execute(pooled, "select set_guild_context('g1')");

            Sql.execute(pooled, "select set_user_context('bob')");

            assertThat(Sql.ask(pooled, CONTEXT)).isEqualTo("bob -");
        }
    }

    @Test
    void aContextThatWasSetInATransactionThatFailedIsGone() throws SQLException {
        try (Connection connection = pack.loginAsAuthenticated()) {
            connection.setAutoCommit(false);
            Sql.execute(connection, "select set_user_context('ann')");
            connection.rollback();

            assertThat(Sql.ask(connection, CONTEXT)).isEqualTo("- -");
        }
    }

    @Test
    void sessionsDoNotSeeEachOthersContext() throws SQLException {
        try (Connection ann = pack.loginAsAuthenticated();
                Connection bob = pack.loginAsAuthenticated()) {
            Sql.execute(ann, "select set_user_context('ann')");
            Sql.execute(bob, "select set_user_context('bob')");

            assertThat(Rows.column(ann, "select query_text from query_history")).containsExactly("a");
            assertThat(Rows.column(bob, "select query_text from query_history")).containsExactly("b");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "select set_user_context('ann')",
                "select set_guild_context('g1')",
                "select clear_context()",
                "select context_user_id()",
                "select context_guild_id()",
                "select clean_expired_cache()",
                "select update_user_profile('ann')",
                "truncate documents"
            })
    void visitorsMayNotExecute(String statement) throws SQLException {
        try (Connection connection = pack.loginAsAnonymous()) {
            assertThatThrownBy(() -> Sql.execute(connection, statement))
                    .isInstanceOfSatisfying(
                            SQLException.class, e -> assertThat(e.getSQLState()).isEqualTo("42501"));
        }
    }

    @Test
    void aVisitorWhoSetsTheSettingsHimselfGainsNothing() throws SQLException {
        try (Connection connection = pack.loginAsAnonymous()) {
            Sql.execute(connection, "set app.current_user_id = 'ann'; set app.current_guild_id = 'g1'");

            assertThat(Rows.column(connection, "select content from documents")).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"set_user_context(null)", "set_user_context('')", "set_guild_context(null)"})
    void nobodyIsNoContext(String call) throws SQLException {
        try (Connection connection = pack.loginAsAuthenticated()) {
            assertThatThrownBy(() -> Sql.execute(connection, "select " + call))
                    .hasMessageContaining("is missing")
                    .hasMessageContaining("clear_context()");
        }
    }

    @Test
    void theTokenSaysWhoTheUserIs() throws SQLException {
        try (Connection connection = withToken("{\"role\": \"authenticated\", \"sub\": \"ann\"}")) {
            assertThat(Rows.column(connection, "select query_text from query_history"))
                    .containsExactly("a");
        }
    }

    @Test
    void whoHasATokenCannotPassForAnother() throws SQLException {
        try (Connection connection = withToken("{\"role\": \"authenticated\", \"sub\": \"ann\"}")) {
            Sql.execute(connection, "select set_user_context('ann')");
            assertThatThrownBy(() -> Sql.execute(connection, "select set_user_context('bob')"))
                    .hasMessageContaining("The token says who the user is");
            Sql.execute(connection, "set app.current_user_id = 'bob'");

            assertThat(Rows.column(connection, "select query_text from query_history"))
                    .containsExactly("a");
        }
    }

    @Test
    void aTokenWithoutAUserIsNobodysWhateverTheContextSays() throws SQLException {
        try (Connection connection = withToken("{\"role\": \"authenticated\"}")) {
            assertThatThrownBy(() -> Sql.execute(connection, "select set_user_context('bob')"))
                    .hasMessageContaining("The token says who the user is");
            Sql.execute(connection, "set app.current_user_id = 'bob'");

            assertThat(Sql.ask(connection, CONTEXT)).isEqualTo("- -");
        }
    }

    @Test
    void aTokenOpensOnlyTheGuildsThatItLists() throws SQLException {
        try (Connection connection = withToken("{\"sub\": \"ann\", \"app_metadata\": {\"guild_ids\": [\"g1\", 7]}}")) {
            Sql.execute(connection, "select set_guild_context('g1')");
            assertThat(Rows.column(connection, "select content from documents")).containsExactly("g1");
            assertThatThrownBy(() -> Sql.execute(connection, "select set_guild_context('g2')"))
                    .hasMessageContaining("The token does not list this guild")
                    .hasMessageContaining("app_metadata.guild_ids");
            // As another request may have left it behind in a session of the pool.
            Sql.execute(connection, "set app.current_guild_id = 'g2'");

            assertThat(Rows.column(connection, "select content from documents")).isEmpty();
        }
    }

    @Test
    void aRequestNamesItsGuildByAHeaderThatCountsWithATokenOnly() throws SQLException {
        try (Connection connection = withToken("{\"sub\": \"ann\", \"app_metadata\": {\"guild_ids\": [\"g1\"]}}")) {
            Sql.execute(connection, "set request.headers = '{\"x-guild-id\": \"g1\"}'");
            assertThat(Sql.ask(connection, CONTEXT)).isEqualTo("ann g1");

            Sql.execute(connection, "set request.headers = '{\"x-guild-id\": \"g2\"}'");
            assertThat(Sql.ask(connection, CONTEXT)).isEqualTo("ann -");

            Sql.execute(connection, "set request.jwt.claims = ''");
            assertThat(Sql.ask(connection, CONTEXT)).isEqualTo("- -");
        }
    }

    @Test
    void theTokenOfAnOlderPostgrestCountsToo() throws SQLException {
        try (Connection connection = pack.loginAsAuthenticated()) {
            Sql.execute(connection, """
                    set "request.jwt.claim.role" = 'authenticated';
                    set "request.jwt.claim.sub" = 'ann';
                    set "request.jwt.claim.app_metadata" = '{"guild_ids": ["g1"]}'""");
            assertThatThrownBy(() -> Sql.execute(connection, "select set_user_context('bob')"))
                    .hasMessageContaining("The token says who the user is");
            Sql.execute(connection, "select set_guild_context('g1')");

            assertThat(Sql.ask(connection, CONTEXT)).isEqualTo("ann g1");
        }
    }

    @Test
    void theBackendWithTheServiceTokenMaySayForWhomItWorks() throws SQLException {
        try (Connection connection = pack.loginAsService()) {
            Sql.execute(connection, "set request.jwt.claims = '{\"role\": \"%s\"}'".formatted(pack.service()));
            Sql.execute(connection, "select set_user_context('ann')");

            assertThat(Sql.ask(connection, CONTEXT)).isEqualTo("ann -");
        }
    }

    @Test
    void theContextIsAskedOnceForAStatementNotForEachRow() throws SQLException {
        pack.pack()
                .execute("insert into query_history (user_id, query_text) select 'u' || i, 'x' from generate_series(1,"
                        + " 500) i; analyze query_history");
        try (Connection connection = pack.loginAsAuthenticated()) {
            Sql.execute(connection, "select set_user_context('ann')");

            assertThat(Rows.column(connection, "explain (costs off) select * from query_history"))
                    .anyMatch(line -> line.contains("InitPlan 1"))
                    .noneMatch(line -> line.contains("Filter: (user_id = context_user_id())"));
        }
    }

    private Connection withToken(String claims) throws SQLException {
        Connection connection = pack.loginAsAuthenticated();
        Sql.execute(connection, "set request.jwt.claims = '" + claims + "'");
        return connection;
    }
}
