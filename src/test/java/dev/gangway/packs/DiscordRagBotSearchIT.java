package dev.gangway.packs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gangway.testkit.Sql;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The searches of the pack {@code discord-rag-bot} at 20,000 documents, of which 100 belong to the guild {@code small}. */
class DiscordRagBotSearchIT extends SearchContract {
    private static final String SEARCH = "select id from match_documents(?::vector, 10)";
    private static final String HYBRID = "select id from hybrid_search('raid friday', ?::vector, 10)";
    private static final String MAY_READ = "(guild_id = 'small' or is_public)";

    @Override
    SearchScenario scenario() {
        return DiscordRagBotSearch.scenario();
    }

    @Test
    void aMemberOfASmallGuildGetsTenThatHeMayReadByThePlannersOwnChoice() throws SQLException {
        try (Connection member = memberOfTheSmallGuild()) {
            for (String question : questions()) {
                assertThat(Searches.keys(member, SEARCH, question)).hasSize(10);
            }
            assertThat(Searches.plans(member, asked(SEARCH))).contains("idx_documents_guild_id");
            assertThat(recallOfWhatAMemberMayRead(member)).isGreaterThanOrEqualTo(0.95);
        }
    }

    @Test
    void aMemberOfASmallGuildGetsTenThatHeMayReadFromTheVectorIndex() throws SQLException {
        try (Connection member = memberOfTheSmallGuild()) {
            // Other plans than a scan of the vector index need a sort.
            Sql.execute(member, "set enable_sort = off; set enable_bitmapscan = off; set enable_seqscan = off");
            for (String question : questions()) {
                assertThat(Searches.keys(member, SEARCH, question)).hasSize(10);
            }
            assertThat(Searches.plans(member, asked(SEARCH)))
                    .containsPattern("Index Scan using idx_documents_embedding\\b");
            assertThat(recallOfWhatAMemberMayRead(member)).isGreaterThanOrEqualTo(0.9);
        }
    }

    @Test
    void theFilterByAGuildFindsItsNearestForTheBackendToo() throws SQLException {
        String search = "select id from match_documents(?::vector, 10, filter_guild_id => 'small')";
        String exact = "select id from documents where guild_id = 'small' order by embedding <=> ?::vector limit 10";
        try (Connection connection = database().connect()) {
            assertThat(Searches.recall(connection, questions(), search, exact)).isGreaterThanOrEqualTo(0.95);
        }
    }

    @Test
    void theFilterByAGuildReturnsTenFromTheVectorIndexToo() throws SQLException {
        String search = "select id from match_documents(?::vector, 10, filter_guild_id => 'small')";
        try (Connection connection = database().connect()) {
            Sql.execute(connection, "set enable_sort = off; set enable_bitmapscan = off; set enable_seqscan = off");

            assertThat(Searches.plans(connection, asked(search)))
                    .containsPattern("Index Scan using idx_documents_embedding\\b");
            for (String question : questions()) {
                assertThat(Searches.keys(connection, search, question)).hasSize(10);
            }
        }
    }

    @Test
    void aMemberFindsNothingOfOtherGuildsByEitherSearch() throws SQLException {
        try (Connection member = memberOfTheSmallGuild();
                Connection superuser = database().connect()) {
            for (String search : List.of(SEARCH, HYBRID)) {
                List<String> found = Searches.keys(member, search, questions().get(1));
                assertThat(found).hasSize(10);
                assertThat(Sql.ask(
                                superuser,
                                "select count(*) from documents where id in (%s) and %s"
                                        .formatted(String.join(",", found), MAY_READ)))
                        .isEqualTo("10");
            }
        }
    }

    @Test
    void aVisitorFindsPublicDocumentsOnly() throws SQLException {
        try (Connection visitor = database().connect();
                Connection superuser = database().connect()) {
            Sql.execute(visitor, "set role anon");
            for (String search : List.of(SEARCH, HYBRID)) {
                List<String> found = Searches.keys(visitor, search, questions().get(2));
                assertThat(found).hasSize(10);
                assertThat(Sql.ask(
                                superuser,
                                "select count(*) from documents where id in (%s) and is_public"
                                        .formatted(String.join(",", found))))
                        .isEqualTo("10");
            }
        }
    }

    @Test
    void theTextSearchOfTheHybridSearchUsesItsIndexForTheBackend() throws SQLException {
        try (Connection service = database().connect()) {
            Sql.execute(service, "set role service_role");

            assertThat(Searches.plans(service, asked("select id from hybrid_search('topic7', ?::vector)")))
                    .contains("idx_documents_content_tsv")
                    .containsPattern("Index Scan using idx_documents_embedding\\b");
        }
    }

    private static final String OF_THE_MEMBER =
            "select id from documents where " + MAY_READ + " order by embedding <=> ?::vector limit 10";

    private double recallOfWhatAMemberMayRead(Connection member) throws SQLException {
        return Searches.recall(member, questions(), SEARCH, OF_THE_MEMBER);
    }

    private Connection memberOfTheSmallGuild() throws SQLException {
        Connection connection = database().connect();
        Sql.execute(connection, "set role authenticated; select set_guild_context('small')");
        return connection;
    }
}
