package dev.gangway.packs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gangway.testkit.Sql;
import java.sql.Connection;
import java.sql.SQLException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The pack {@code discord-rag-bot}: what the searches do with each argument. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class DiscordRagBotSearchArgumentsIT {
    private DiscordRagBotPack pack;

    @BeforeAll
    void migrate() throws SQLException {
        pack = DiscordRagBotPack.migrated();
        pack.pack().execute("""
                insert into documents (content, title, guild_id, tags, metadata, is_public, embedding) values
                    ('raids are on thursday', 'a', 'g1', '{raid}', '{"page": 1}', false, '[1,0,0]'),
                    ('raids need potions', 'b', 'g2', '{raid,potion}', '{"page": 2}', false, '[1,1,0]'),
                    ('recipes of crepes', 'c', 'g2', '{}', '{"page": 2}', true, '[0,1,0]'),
                    ('as near as b', 'd', 'g1', '{}', '{}', true, '[2,2,0]'),
                    ('points nowhere', 'zero', 'g1', '{}', '{}', true, '[0,0,0]'),
                    ('raids without embedding', 'none', 'g1', '{}', '{}', true, null)""");
    }

    @AfterAll
    void close() throws SQLException {
        pack.pack().close();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "match_documents('[1,0,0]')                                          | a b d c",
                "match_documents('[1,0,0]', 3)                                       | a b d",
                "match_documents('[1,0,0]', 0)                                       | ''",
                "match_documents('[1,0,0]', null)                                    | a b d c",
                "match_documents('[1,0,0]', 2000000000)                              | a b d c",
                "match_documents('[1,0,0]', 10, null)                                | a b d c",
                "match_documents('[1,0,0]', 10, '{\"page\": 2}')                     | b c",
                "match_documents('[1,0,0]', filter => '{\"page\": 9}')               | ''",
                "match_documents('[1,0,0]', match_threshold => 0.5)                  | a b d",
                "match_documents('[1,0,0]', match_threshold => 1.1)                  | ''",
                "match_documents('[1,0,0]', filter_guild_id => 'g1')                 | a d",
                "match_documents('[1,0,0]', filter_tags => '{raid}')                 | a b",
                "match_documents('[1,0,0]', filter_tags => '{}')                     | a b d c",
                "match_documents('[1,0,0]', filter_guild_id => 'g2', filter_tags => '{raid}', filter => '{\"page\": 2}') | b",
                "match_documents(query_embedding => '[1,0,0]', filter => '{}', match_count => 1) | a",
                "match_documents(query_embedding => '[0,1,0]', match_threshold => 0.9, match_count => 5) | c",
                "hybrid_search('raids', '[1,0,0]', 2)                                | a b",
                "hybrid_search('', '[1,0,0]', 2)                                     | a b",
                "hybrid_search('the of and', '[1,0,0]', 2)                           | a b",
                "hybrid_search(null, '[1,0,0]', 2)                                   | a b",
                "hybrid_search('raids', null)                                        | a b none",
                "hybrid_search('\"need potions\" -thursday', null)                   | b",
                "hybrid_search('potions', '[0,1,0]', 1, 0, 1)                        | c",
                "hybrid_search('potions', '[0,1,0]', 1, 1, 0)                        | b",
                "hybrid_search('potions', '[0,1,0]', 1, null, null, null, null)      | b",
                "hybrid_search('raids', '[1,0,0]', 0)                                | ''",
                "hybrid_search('raids', '[1,0,0]', filter_guild_id => 'g2')          | b c",
                "hybrid_search('raids', '[1,0,0]', filter => '{\"page\": 1}')        | a",
                "hybrid_search(concat(repeat('-', 40), ' raids'), null)              | a b none",
                "hybrid_search(repeat('- ', 40), '[1,0,0]', 2)                       | a b",
                "hybrid_search('it''s a ) ( & ! <-> : raids', null) | a b none",
            })
    void findsByTitle(String call, String titles) throws SQLException {
        assertThat(pack.pack().ask("select coalesce(string_agg(title, ' '), '') from " + call))
                .isEqualTo(titles);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "match_documents(null)                            | 22004 | query_embedding is null",
                "match_documents('[1,0]')                         | 22000 | has 2 dimensions, documents have 3",
                "match_documents('[0,0,0]')                       | 22000 | points nowhere",
                "match_documents('[1,0,0]', -1)                   | 22023 | match_count is -1",
                "hybrid_search(null, null)                        | 22004 | Neither an embedding nor a word",
                "hybrid_search('the', null)                       | 22004 | Neither an embedding nor a word",
                "hybrid_search('raid', '[1,0]')                   | 22000 | has 2 dimensions",
                "hybrid_search('raid', '[0,0,0]')                 | 22000 | points nowhere",
                "hybrid_search('raid', '[1,0,0]', -1)             | 22023 | match_count -1",
                "hybrid_search('raid', '[1,0,0]', 1, -1)          | 22023 | full_text_weight -1",
                "hybrid_search('raid', '[1,0,0]', 1, 0, 0)        | 22023 | one weight has to be above 0",
                "hybrid_search('raid', '[1,0,0]', 1, 1, 1, -1)    | 22023 | rrf_k -1",
            })
    void refusesWithOneClearError(String call, String state, String message) {
        assertThatThrownBy(() -> pack.pack().ask("select * from " + call))
                .isInstanceOfSatisfying(
                        SQLException.class, e -> assertThat(e.getSQLState()).isEqualTo(state))
                .hasMessageContaining(message);
    }

    @Test
    void theCallersSettingsAreWhatTheyWereAfterASearch() throws SQLException {
        try (Connection connection = pack.pack().database().connect()) {
            Sql.execute(
                    connection,
                    "select '[1]'::vector; set hnsw.ef_search = 77; set hnsw.iterative_scan = relaxed_order");

            Sql.execute(connection, "select * from match_documents('[1,0,0]'), hybrid_search('raids', '[1,0,0]')");

            assertThat(Sql.ask(connection, "show hnsw.ef_search")).isEqualTo("77");
            assertThat(Sql.ask(connection, "show hnsw.iterative_scan")).isEqualTo("relaxed_order");
            connection.setAutoCommit(false);
            Sql.execute(connection, "select * from match_documents('[1,0,0]'), hybrid_search('raids', '[1,0,0]')");
            assertThat(Sql.ask(connection, "show hnsw.ef_search")).isEqualTo("77");
        }
    }

    @Test
    void aSimilarityIsOneMinusTheCosineDistance() throws SQLException {
        assertThat(pack.pack()
                        .ask("select round(similarity::numeric, 4) from match_documents('[1,0,0]') where title = 'b'"))
                .isEqualTo("0.7071");
    }

    @Test
    void theSearchesWorkWhateverTheSearchPathIs() throws SQLException {
        try (Connection connection = pack.pack().database().connect()) {
            Sql.execute(connection, "set search_path = ''");

            assertThat(Sql.ask(connection, "select title from public.match_documents('[1,0,0]'::public.vector, 1)"))
                    .isEqualTo("a");
            assertThat(Sql.ask(
                            connection, "select title from public.hybrid_search('raids', '[1,0,0]'::public.vector, 1)"))
                    .isEqualTo("a");
        }
    }
}
