package dev.gangway.packs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gangway.testkit.Sql;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the searches of the pack {@code cartrita} return. */
class CartritaHybridIT {
    /** The question: near to row 1, and ever less so to the rows after it. */
    private static final String QUESTION = "(select array_agg(cos(g)) from generate_series(1, 1536) g)::vector(1536)";

    private Pack pack;

    /** Forty rows of 1536 dimensions. The last ones have the words most often; what is near has them never. */
    @BeforeEach
    void fill() throws SQLException {
        pack = Pack.migrated("cartrita");
        pack.execute("insert into embeddings (model_id, source_type, source_id, content, embedding, metadata)"
                + " select 3, case when n % 2 = 0 then 'document' else 'message' end, n,"
                + " 'row' || repeat(' artificial intelligence', greatest(0, n - 20)),"
                + " (select array_agg(cos(g + n * 0.05)) from generate_series(1, 1536) g)::vector,"
                + " jsonb_build_object('n', n) from generate_series(1, 40) n");
    }

    @AfterEach
    void close() throws SQLException {
        pack.close();
    }

    private List<String> search(String arguments) throws SQLException {
        return pack.column("select source_id from hybrid_search('artificial intelligence', " + QUESTION + arguments);
    }

    @Test
    void theCallOfTheGuideWorksAsItStands() throws SQLException {
        String question = String.valueOf(pack.ask("select " + QUESTION));

        List<String> found = pack.column("SELECT source_id FROM hybrid_search('artificial intelligence', '" + question
                + "'::vector(1536), 0.7, 0.3, 0.8, 10)");

        // Of cos(0.05 n) what is at least 0.8: 12 rows are near enough.
        assertThat(found).containsExactly("1", "2", "3", "4", "5", "6", "7", "8", "9", "10");
    }

    @ParameterizedTest
    @ValueSource(strings = {"repeat('-', 40) || ' intelligence'", "repeat('- ', 40)", "repeat('(((\" or -', 100000)"})
    void anyTextCanBeSearchedFor(String text) throws SQLException {
        assertThat(pack.ask("select count(*) from hybrid_search(" + text + ", " + QUESTION + ")"))
                .isEqualTo("10");
    }

    @Test
    void withTheVectorAloneItIsTheOrderOfSimilarity() throws SQLException {
        assertThat(search(", 1, 0, null, 40)"))
                .isEqualTo(pack.column("select source_id from similarity_search(" + QUESTION + ", null, 40)"))
                .isEqualTo(pack.column("select source_id from embeddings order by embedding <=> " + QUESTION));
        assertThat(search(", 5, 0, 0.8, 7)"))
                .isEqualTo(pack.column("select source_id from similarity_search(" + QUESTION + ", 0.8, 7)"));
    }

    @Test
    void withTheTextAloneItIsTheOrderOfTheText() throws SQLException {
        assertThat(search(", 0, 1, null, 40)"))
                .hasSize(20)
                .isEqualTo(pack.column("select source_id from embeddings,"
                        + " websearch_to_tsquery('english', 'artificial intelligence') q where content_tsv @@ q"
                        + " order by ts_rank(content_tsv, q) desc, id"));
    }

    @Test
    void betweenThemARowMovesOneWayOnly() throws SQLException {
        int nearest = 1;
        int wordiest = Integer.MAX_VALUE;
        for (int i = 0; i <= 10; i++) {
            List<String> order = search(", %s, %s, null, 40)".formatted(1 - i / 10.0, i / 10.0));
            int near = order.contains("1") ? order.indexOf("1") + 1 : Integer.MAX_VALUE;
            int wordy = order.indexOf("40") + 1;

            assertThat(near)
                    .as("where the nearest is at a text weight of " + i / 10.0)
                    .isGreaterThanOrEqualTo(nearest);
            assertThat(wordy).as("where the wordiest is").isLessThanOrEqualTo(wordiest);
            nearest = near;
            wordiest = wordy;
        }
        assertThat(nearest).isEqualTo(Integer.MAX_VALUE);
        assertThat(wordiest).isLessThan(5);
    }

    @Test
    void onlyTheRatioOfTheWeightsCounts() throws SQLException {
        assertThat(search(", 7, 3)")).isEqualTo(search(", 0.7, 0.3)"));
    }

    @Test
    void theScoreIsTheWeightedMean() throws SQLException {
        assertThat(pack.ask("select bool_and(abs(score - (0.7 * greatest(0, similarity) + 0.3 * text_rank)) < 1e-9)"
                        + " || ' ' || max(text_rank) || ' ' || count(*)"
                        + " from hybrid_search('artificial intelligence', " + QUESTION + ", match_count => 40)"))
                .isEqualTo("true 1 40");
    }

    @Test
    void belowTheThresholdARowIsFoundByItsWordsOnly() throws SQLException {
        List<String> found = search(", 0.5, 0.5, 0.99, 40)");

        assertThat(found).contains("1", "2", "40").doesNotContain("10", "15", "20");
        assertThat(pack.ask(
                        "select bool_and(similarity >= 0.99 or abs(score - 0.5 * text_rank) < 1e-9) from hybrid_search("
                                + "'artificial intelligence', " + QUESTION + ", 0.5, 0.5, 0.99, 40)"))
                .isEqualTo("t");
    }

    @Test
    void sourceTypeAndMetadataNarrowBothSides() throws SQLException {
        assertThat(search(", match_count => 40, source_types => '{document}')"))
                .hasSize(20)
                .allMatch(id -> Integer.parseInt(id) % 2 == 0);
        assertThat(search(", metadata_filter => '{\"n\": 33}')")).containsExactly("33");
        assertThat(search(", source_types => '{}')")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"null", "''", "'  '", "'the of and'", "'zebra'"})
    void withoutWordsThatMatchItIsTheOrderOfSimilarity(String text) throws SQLException {
        assertThat(pack.column("select source_id from hybrid_search(" + text + ", " + QUESTION + ")"))
                .isEqualTo(pack.column("select source_id from similarity_search(" + QUESTION + ")"));
    }

    @Test
    void howManyIsBounded() throws SQLException {
        assertThat(search(", match_count => null)")).hasSize(10);
        assertThat(search(", match_count => 0)")).isEmpty();
        assertThat(search(", match_count => 2000000000)")).hasSize(40);
        assertThat(pack.column("select id from similarity_search(" + QUESTION + ", match_count => 0)"))
                .isEmpty();
        assertThat(pack.column("select id from similarity_search(" + QUESTION + ", match_count => null)"))
                .hasSize(10);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "hybrid_search('a', null)                              | query_embedding must not be null",
                "hybrid_search('a', '[1,2,3]')                         | no embedding model has 3 dimensions",
                "hybrid_search('a', QUESTION, -1, 1)                   | must be finite and not negative",
                "hybrid_search('a', QUESTION, 0, 0)                    | must be finite and not negative",
                "hybrid_search('a', QUESTION, 'nan', 1)                | must be finite and not negative",
                "hybrid_search('a', QUESTION, 'infinity', 1)           | must be finite and not negative",
                "hybrid_search('a', QUESTION, null, 1)                 | must not be null",
                "hybrid_search('a', QUESTION, match_count => -1)       | match_count must not be negative",
                "hybrid_search('a', QUESTION, model => 'gpt')          | there is no embedding model \"gpt\"",
                "hybrid_search_with('none', 'a', QUESTION)             | there is no retrieval configuration \"none\"",
                "similarity_search(null)                               | query_embedding must not be null",
                "similarity_search(QUESTION, match_count => -1)        | match_count must not be negative",
                "similarity_search(array_fill(0, '{1536}')::vector)    | query_embedding is zero",
                "similarity_search(QUESTION, model => 'all-mpnet-base-v2') | have 768 dimensions, not 1536",
            })
    void whatMakesNoSenseIsOneClearError(String call, String message) {
        assertThatThrownBy(() -> pack.ask("select * from " + call.replace("QUESTION", QUESTION)))
                .isInstanceOf(SQLException.class)
                .hasMessageContaining(message);
    }

    @Test
    void aSearchIsWithinOneModel() throws SQLException {
        pack.execute("insert into embedding_models (name, provider, dimensions) values ('ada', 'openai', 1536);"
                + " insert into embeddings (model_id, source_type, source_id, content, embedding)"
                + " select 101, source_type, source_id || 'a', content, embedding from embeddings");

        assertThat(search(", match_count => 80)")).hasSize(40).noneMatch(id -> id.endsWith("a"));
        assertThat(search(", match_count => 80, model => 'ada')")).hasSize(40).allMatch(id -> id.endsWith("a"));
        pack.execute("update embedding_models set is_default = false");
        assertThatThrownBy(() -> search(")")).hasMessageContaining("none of them is the default");
    }

    @Test
    void aQuestionInWordsFindsAPictureByACommonModel() throws SQLException {
        pack.execute(
                "insert into embeddings (model_id, source_type, source_id, content_hash, embedding) select 5, 'image',"
                        + " n || '.jpg', sha256(n::text::bytea), (select array_agg(sin(g * n)) from generate_series(1, 512) g)::vector"
                        + " from generate_series(1, 20) n");

        assertThat(
                        pack.column(
                                "select source_type || ' ' || source_id from hybrid_search('a beach at night',"
                                        + " (select array_agg(sin(g * 7) + 0.1) from generate_series(1, 512) g)::vector, match_count => 1)"))
                .containsExactly("image 7.jpg");
    }

    @Test
    void aConfigurationIsHybridSearchWithItsValues() throws SQLException {
        pack.execute(
                "insert into retrieval_configurations (name, vector_weight, text_weight, similarity_threshold,"
                        + " match_count, source_types, model) values ('mine', 0.4, 0.6, 0.5, 7, '{message}', 'text-embedding-3-small')");

        assertThat(pack.column("select source_id from hybrid_search_with('mine', 'artificial intelligence', " + QUESTION
                        + ")"))
                .hasSize(7)
                .isEqualTo(search(", 0.4, 0.6, 0.5, 7, '{message}')"));
    }

    @Test
    void theMonitoringQueryOfTheGuideTellsEverySearch() throws SQLException {
        search(")");
        search(")");
        pack.ask("select count(*) from similarity_search(" + QUESTION + ")");

        assertThat(pack.column("select (search_type, avg_time_ms > 0, query_count) from ("
                        + "SELECT search_type, AVG(execution_time_ms) as avg_time_ms, COUNT(*) as query_count"
                        + " FROM search_performance_metrics WHERE created_at > NOW() - INTERVAL '1 hour'"
                        + " GROUP BY search_type) guide order by 1"))
                .containsExactly("(hybrid,t,2)", "(similarity,t,1)");
        pack.execute("update search_settings set metrics_sample_rate = 0");
        search(")");
        assertThat(pack.ask("select count(*) from search_performance_metrics")).isEqualTo("3");
    }

    @Test
    void aSearchGoesOnWhereNothingCanBeRecorded() throws SQLException {
        String reader = pack.database().createRole("secret");
        pack.execute("grant select on embeddings, embedding_models to " + reader);
        try (Connection connection = pack.bareAs(reader)) {
            assertThat(Sql.ask(connection, "select count(*) from similarity_search(" + QUESTION + ")"))
                    .isEqualTo("10");
        }
        try (Connection connection = pack.database().connect()) {
            Sql.execute(connection, "set default_transaction_read_only = on");
            assertThat(Sql.ask(connection, "select count(*) from hybrid_search('row', " + QUESTION + ")"))
                    .isEqualTo("10");
        }
        assertThat(pack.ask("select count(*) from search_performance_metrics")).isEqualTo("0");
    }

    @Test
    void oldMetricsArePruned() throws SQLException {
        pack.execute("insert into search_performance_metrics (search_type, execution_time_ms, model_id, requested,"
                + " results_count, created_at) select 'hybrid', 1, 1, 10, 10, now() - n * interval '10 days'"
                + " from generate_series(0, 5) n");

        assertThat(pack.ask("select prune_search_metrics('25 days')")).isEqualTo("3");
        assertThatThrownBy(() -> pack.ask("select prune_search_metrics('-1 day')"))
                .hasMessageContaining("older_than");
    }
}
