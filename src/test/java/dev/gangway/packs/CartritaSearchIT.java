package dev.gangway.packs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gangway.testkit.Sql;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The searches of the pack {@code cartrita} over many rows. */
class CartritaSearchIT extends SearchContract {
    private static final String ONE_IN_TWO_HUNDRED =
            "select id from cartrita.similarity_search(?::vector, source_types => '{conversation}')";
    private static final String ONE_IN_TWO_HUNDRED_EXACTLY =
            "select id from cartrita.embeddings where model_id = 1 and source_type = 'conversation'"
                    + " order by embedding::vector(384) <=> ?::vector(384), id limit 10";

    @Override
    SearchScenario scenario() {
        return CartritaSearch.scenario();
    }

    @Test
    void aRareSourceTypeIsSearchedExactlyByItsKey() throws SQLException {
        try (Connection connection = database().connect()) {
            assertThat(Searches.plans(connection, asked(ONE_IN_TWO_HUNDRED))).contains("embeddings_source_unique");
            assertThat(Searches.recall(connection, questions(), ONE_IN_TWO_HUNDRED, ONE_IN_TWO_HUNDRED_EXACTLY))
                    .isEqualTo(1.0);
        }
    }

    @Test
    void aRareSourceTypeIsFoundThroughTheVectorIndexAsWell() throws SQLException {
        try (Connection connection = database().connect()) {
            // As if the planner had misjudged it: the other way would have to sort.
            Sql.execute(connection, "set enable_sort = off");

            assertThat(Searches.plans(connection, asked(ONE_IN_TWO_HUNDRED)))
                    .contains("Index Scan using embeddings_vector_1");
            assertThat(Searches.keys(connection, ONE_IN_TWO_HUNDRED, questions().get(0)))
                    .hasSize(10);
            assertThat(Searches.recall(
                            connection, questions().subList(0, 20), ONE_IN_TWO_HUNDRED, ONE_IN_TWO_HUNDRED_EXACTLY))
                    .isGreaterThanOrEqualTo(0.9);
        }
    }

    @Test
    void aSearchOfManyReturnsAsMany() throws SQLException {
        try (Connection connection = database().connect()) {
            assertThat(Searches.keys(
                            connection,
                            "select id from cartrita.similarity_search(?::vector, match_count => 500)",
                            questions().get(0)))
                    .hasSize(500)
                    .doesNotHaveDuplicates();
        }
    }

    @Test
    void theCallersSettingsAreAsBefore() throws SQLException {
        String settings = "select string_agg(current_setting(name), ' ') from unnest(array['hnsw.ef_search',"
                + " 'hnsw.iterative_scan', 'ivfflat.probes', 'ivfflat.iterative_scan',"
                + " 'cpu_operator_cost']) name";
        try (Connection connection = database().connect()) {
            Sql.execute(
                    connection,
                    "select '[1]'::public.vector; set hnsw.ef_search = 77; set ivfflat.probes = 3;"
                            + " set ivfflat.iterative_scan = relaxed_order; begin; set local hnsw.iterative_scan = relaxed_order");
            String before = Sql.ask(connection, settings);

            Searches.keys(connection, scenario().similarity(), questions().get(0));
            Searches.keys(connection, scenario().hybrid(), questions().get(0));

            assertThat(before).isEqualTo("77 relaxed_order 3 relaxed_order 0.0025");
            assertThat(Sql.ask(connection, settings)).isEqualTo(before);
        }
    }

    @Test
    void anIvfflatIndexFindsNineInTenOfTheTrulyNearest() throws SQLException {
        try (Connection connection = database().connect()) {
            Sql.execute(
                    connection,
                    "begin; update cartrita.search_settings set ivfflat_min_rows = 10000;"
                            + " select cartrita.rebuild_vector_indexes(); analyze cartrita.embeddings");
            assertThat(Searches.plans(connection, asked(scenario().similarity())))
                    .contains("Index Scan using embeddings_vector_1");

            List<String> found = Searches.keys(
                    connection, scenario().similarity(), questions().get(0));
            int hits = 0;
            for (String question : questions()) {
                List<String> nearest = Searches.keys(connection, scenario().similarity(), question);
                Sql.execute(
                        connection,
                        "savepoint exact; set local enable_indexscan = off; set local enable_bitmapscan = off");
                List<String> exact = Searches.keys(connection, scenario().exact(), question);
                Sql.execute(connection, "rollback to exact");
                hits += (int) exact.stream().filter(nearest::contains).count();
            }

            assertThat(found).hasSize(10);
            assertThat(hits).isGreaterThanOrEqualTo(questions().size() * 9);
            Sql.execute(connection, "rollback");
        }
    }
}
