package dev.gangway.packs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gangway.testkit.Sql;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The searches of {@code woo-ai-assistant}: filters, bounds, and what a caller may get wrong. */
class WooAiAssistantSearchIT extends SearchContract {
    private static final String ANY = "(select embedding from woo_ai_knowledge_base where content_id = 17 limit 1)";

    @Override
    SearchScenario scenario() {
        return WooAiAssistantSearch.scenario();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "set enable_bitmapscan = off; set enable_sort = off", "set enable_indexscan = off"})
    void aTypeOfOneChunkInTwoHundredGivesAllThatAreWantedWhateverThePlan(String planner) throws SQLException {
        try (Connection connection = database().connect()) {
            Sql.execute(connection, "select 1; " + planner);
            for (String question : questions().subList(0, 10)) {
                List<String> found = Searches.keys(
                        connection,
                        "select id from woo_ai_search_knowledge_base(?::halfvec, array['faq'], 10)",
                        question);
                assertThat(found).hasSize(10).allMatch(id -> Integer.parseInt(id) % 200 == 1);
            }
        }
    }

    @Test
    void theVectorIndexAloneFindsTheNearestOfARareType() throws SQLException {
        try (Connection connection = database().connect()) {
            Sql.execute(connection, "set enable_bitmapscan = off; set enable_sort = off; set enable_seqscan = off");

            assertThat(Searches.recall(
                            connection,
                            questions().subList(0, 20),
                            "select id from woo_ai_search_knowledge_base(?::halfvec, array['faq'], 10)",
                            "select id from woo_ai_knowledge_base where content_type = 'faq'"
                                    + " order by embedding <=> ?::halfvec limit 10"))
                    .isGreaterThanOrEqualTo(0.9);
        }
    }

    @Test
    void whereTheIndexGivesUpEarlyTheRestIsFoundAllTheSame() throws SQLException {
        try (Connection connection = database().connect()) {
            Sql.execute(connection, "set enable_bitmapscan = off; set enable_sort = off; set enable_seqscan = off");
            Sql.execute(connection, "select '[1]'::vector; set hnsw.max_scan_tuples = 1");

            assertThat(Searches.keys(
                            connection,
                            "select content_type from woo_ai_search_knowledge_base(?::halfvec, array['faq'], 50)",
                            questions().get(0)))
                    .hasSize(50)
                    .containsOnly("faq");
        }
    }

    @Test
    void aHybridSearchKeepsToTheContentTypesOnBothSides() throws SQLException {
        try (Connection connection = database().connect()) {
            assertThat(Searches.keys(
                            connection,
                            "select content_type from woo_ai_hybrid_search_knowledge_base('warranty', ?::halfvec, array['faq'], 20)",
                            questions().get(0)))
                    .hasSize(20)
                    .containsOnly("faq");
        }
    }

    @Test
    void wordsBringAChunkUpThatTheEmbeddingAloneDoesNotFind() throws SQLException {
        String hybrid =
                "select chunk_text from woo_ai_hybrid_search_knowledge_base('\"number 12321\"', ?::halfvec, null, 5)";
        String plain = "select chunk_text from woo_ai_search_knowledge_base(?::halfvec, null, 5)";
        try (Connection connection = database().connect()) {
            String question = questions().get(0);
            assertThat(Searches.keys(connection, plain, question)).noneMatch(text -> text.contains("12321"));
            assertThat(Searches.keys(connection, hybrid, question)).anyMatch(text -> text.contains("12321"));
        }
    }

    @Test
    void aWeightOfZeroLeavesOnlyTheOtherSidesOrder() throws SQLException {
        try (Connection connection = database().connect()) {
            String question = questions().get(0);
            assertThat(Searches.keys(
                            connection,
                            "select id from woo_ai_hybrid_search_knowledge_base('helmet', ?::halfvec, full_text_weight => 0)",
                            question))
                    .isEqualTo(Searches.keys(
                            connection, "select id from woo_ai_search_knowledge_base(?::halfvec)", question));
        }
    }

    @Test
    void theCallersSettingsAreAsBefore() throws SQLException {
        try (Connection connection = database().connect()) {
            Sql.execute(
                    connection,
                    "select '[1]'::vector; set hnsw.ef_search = 77; set hnsw.iterative_scan = relaxed_order");
            connection.setAutoCommit(false);
            Sql.execute(connection, "select * from woo_ai_hybrid_search_knowledge_base('bike', " + ANY + ")");

            assertThat(Sql.ask(connection, "show hnsw.ef_search")).isEqualTo("77");
            assertThat(Sql.ask(connection, "show hnsw.iterative_scan")).isEqualTo("relaxed_order");
            connection.commit();
            assertThat(Sql.ask(connection, "show hnsw.ef_search")).isEqualTo("77");
        }
    }

    @ParameterizedTest
    @CsvSource({"null, 10", "0, 0", "1, 1", "1000, 1000", "2147483647, 1000"})
    void anyNumberOfMatchesMakesSense(String wanted, int found) throws SQLException {
        try (Connection connection = database().connect()) {
            assertThat(Sql.ask(
                            connection,
                            "select count(*) from woo_ai_search_knowledge_base(%s, null, %s)".formatted(ANY, wanted)))
                    .isEqualTo(String.valueOf(found));
            assertThat(Sql.ask(
                            connection,
                            "select count(*) from woo_ai_hybrid_search_knowledge_base('bike', %s, null, %s)"
                                    .formatted(ANY, wanted)))
                    .isEqualTo(String.valueOf(found));
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "search_knowledge_base(null)|22004|query_embedding is null",
                "search_knowledge_base('[1,2]')|22000|expected 384 dimensions, not 2",
                "search_knowledge_base((array_fill(0, array[384])::vector(384)))|22023|length zero",
                "search_knowledge_base('[1]', null, -1)|22023|match_count is -1",
                "hybrid_search_knowledge_base(null, null)|22004|neither query_text nor query_embedding",
                "hybrid_search_knowledge_base('a', null, null, -1)|22023|cannot be negative",
                "hybrid_search_knowledge_base('a', null, semantic_weight => -1)|22023|cannot be negative",
                "hybrid_search_knowledge_base('a', '[1,2,3]')|22000|expected 384 dimensions, not 3",
                "hybrid_search_knowledge_base('a', null, full_text_weight => 'NaN')|22023|not a number",
            })
    void whatCannotBeAskedIsOneClearError(String call, String state, String message) throws SQLException {
        try (Connection connection = database().connect()) {
            assertThatThrownBy(() -> Sql.execute(connection, "select * from woo_ai_" + call))
                    .hasMessageContaining(message)
                    .extracting(e -> ((SQLException) e).getSQLState())
                    .isEqualTo(state);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "'', true, 10",
        "'the and of', true, 10",
        "'the and of', false, 0",
        "'helmet', false, 10",
        "'))) & | ! <->', true, 10",
    })
    void aSideWithNothingToAskForIsLeftOut(String text, boolean withEmbedding, int found) throws SQLException {
        try (Connection connection = database().connect()) {
            assertThat(Sql.ask(
                            connection,
                            "select count(*) from woo_ai_hybrid_search_knowledge_base('%s', %s)"
                                    .formatted(text, withEmbedding ? ANY : "null")))
                    .isEqualTo(String.valueOf(found));
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "repeat('-', 40) || ' helmet'",
                "repeat('- ', 40)",
                "repeat('-(', 40)",
                "repeat('(((\" or -', 100000)",
                "(select string_agg('word' || i, ' ') from generate_series(1, 300000) i)"
            })
    void anyTextCanBeSearchedFor(String text) throws SQLException {
        try (Connection connection = database().connect()) {
            assertThat(Sql.ask(
                            connection,
                            "select count(*) from woo_ai_hybrid_search_knowledge_base(%s, %s)".formatted(text, ANY)))
                    .isEqualTo("10");
        }
    }

    @Test
    void nullsForWeightsAndConstantMeanTheirDefaults() throws SQLException {
        try (Connection connection = database().connect()) {
            assertThat(Sql.ask(
                            connection,
                            "select string_agg(id || ' ' || score, ',') from woo_ai_hybrid_search_knowledge_base('helmet', "
                                    + ANY + ", null, null, null, null, null)"))
                    .isEqualTo(Sql.ask(
                            connection,
                            "select string_agg(id || ' ' || score, ',') from woo_ai_hybrid_search_knowledge_base('helmet', "
                                    + ANY + ")"));
        }
    }

    @Test
    void theSimilaritySearchDoesNotReadAllChunks() throws SQLException {
        try (Connection connection = database().connect()) {
            assertThat(Searches.plans(connection, asked(scenario().similarity())))
                    .doesNotContain("Seq Scan on woo_ai_knowledge_base");
        }
    }

    @Test
    void noContentTypeIsNoResultAndAnUnknownOneToo() throws SQLException {
        try (Connection connection = database().connect()) {
            for (String types : List.of("'{}'", "'{wiki}'")) {
                assertThat(Sql.ask(
                                connection,
                                "select count(*) from woo_ai_search_knowledge_base(" + ANY + ", " + types + ")"))
                        .isEqualTo("0");
            }
        }
    }
}
