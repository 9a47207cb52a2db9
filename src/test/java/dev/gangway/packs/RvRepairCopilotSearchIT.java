package dev.gangway.packs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gangway.testkit.Sql;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The searches of {@code rv-repair-copilot} over many chunks. */
class RvRepairCopilotSearchIT extends SearchContract {

    @Override
    SearchScenario scenario() {
        return RvRepairCopilotSearch.scenario();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"brand\": \"Airstream\"}",
                "{\"contentType\": \"image\"}",
                "{\"component\": \"Furnace\", \"year\": {\"$gte\": 2000, \"$lt\": 2010}}",
                "{\"toolsRequired\": {\"$in\": [\"tool 3\"]}}",
                "{\"$or\": [{\"brand\": \"Airstream\"}, {\"oemPartNumbers\": \"P-17\"}]}",
                "{\"$not\": {\"brand\": {\"$in\": [\"Winnebago\", \"Jayco\", \"Forest River\"]}}}",
                "{\"category\": {\"$ne\": \"heating\"}}",
            })
    void aFilterThatFewChunksFitStillFindsTenAndTheNearestOfThem(String filter) throws SQLException {
        try (Connection connection = database().connect()) {
            String condition = Sql.ask(connection, "select chunk_filter('" + filter + "')");

            double recall = Searches.recall(
                    connection,
                    questions().subList(0, 20),
                    "select id from search_repair_chunks(?::vector, 10, '" + filter + "')",
                    "select id from repair_chunks c where " + condition + " order by embedding <=> ?::vector limit 10");

            assertThat(recall).isGreaterThanOrEqualTo(0.9);
        }
    }

    @Test
    void whatTheVectorIndexFindsOutOfOrderComesInTheOrderOfDistance() throws SQLException {
        try (Connection connection = database().connect()) {
            Sql.execute(connection, "set enable_bitmapscan = off; set enable_seqscan = off");
            for (String question : questions().subList(0, 20)) {
                List<Double> distances = Searches.keys(
                                connection,
                                "select distance from search_repair_chunks(?::vector, 10, '{\"brand\": \"Airstream\"}')",
                                question)
                        .stream()
                        .map(Double::valueOf)
                        .toList();
                assertThat(distances).hasSize(10).isSorted();
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"on", "off"})
    void theVectorIndexAloneFindsTenOfOneInTwoHundredWhereverTheCallersSettingsStand(String bitmaps)
            throws SQLException {
        try (Connection connection = database().connect()) {
            // Without bitmaps and sorts no index but the vector's can serve.
            Sql.execute(
                    connection,
                    "set enable_bitmapscan = off; set enable_sort = off; set hnsw.ef_search = 17; set jit = "
                            + bitmaps);
            String search = asked("select id from search_repair_chunks(?, 10, '{\"brand\": \"Airstream\"}')");

            assertThat(Rows.column(connection, search)).hasSize(10);
            assertThat(Searches.plans(connection, search)).contains("Index Scan using idx_repair_chunks_embedding");
            assertThat(Sql.ask(connection, "show hnsw.ef_search")).isEqualTo("17");
        }
    }

    @Test
    void theHybridSearchWithAFilterFindsTenToo() throws SQLException {
        try (Connection connection = database().connect()) {
            assertThat(Rows.column(
                            connection,
                            asked("select metadata ->> 'brand' from hybrid_search_repair_chunks('voltage', ?, 10,"
                                    + " '{\"brand\": \"Airstream\"}')")))
                    .hasSize(10)
                    .containsOnly("Airstream");
        }
    }

    @Test
    void theCrossModalSearchFindsAsManyPicturesAsTextsByTheIndexOfPictures() throws SQLException {
        try (Connection connection = database().connect()) {
            String search = "select content_type from cross_modal_search_repair_chunks(?, '{image,text}', 5)";
            assertThat(Rows.column(connection, asked(search)))
                    .containsExactly(
                            "image", "image", "image", "image", "image", "text", "text", "text", "text", "text");

            Sql.execute(connection, "set enable_bitmapscan = off; set enable_sort = off");
            assertThat(Searches.plans(connection, asked(search)))
                    .contains("Index Scan using idx_repair_chunks_image_embedding")
                    .contains("Index Scan using idx_repair_chunks_embedding");
        }
    }

    @Test
    void aRareWordIsFoundByTheHybridSearchThoughItsChunkIsFarAway() throws SQLException {
        try (Connection connection = database().connect()) {
            List<String> found = Rows.column(
                    connection,
                    asked("select content from hybrid_search_repair_chunks('\"Error code E1234\"', ?, 10)"));

            assertThat(found).filteredOn(content -> content.endsWith("E1234")).hasSize(5);
        }
    }

    @Test
    void asManyAreFoundAsAskedForAlsoBeyondWhatTheIndexLooksAtInOneGo() throws SQLException {
        try (Connection connection = database().connect()) {
            assertThat(Sql.ask(connection, asked("select count(*) from search_repair_chunks(?, 1500)")))
                    .isEqualTo("1500");
            assertThat(Sql.ask(connection, asked("select count(*) from search_repair_chunks(?, 2147483647)")))
                    .isEqualTo("20000");
        }
    }
}
