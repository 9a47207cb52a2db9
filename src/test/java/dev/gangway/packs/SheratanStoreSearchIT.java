package dev.gangway.packs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gangway.testkit.Sql;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The searches of {@code sheratan-store} at 20,000 chunks. */
class SheratanStoreSearchIT extends SearchContract {

    @Override
    SearchScenario scenario() {
        return SheratanStoreSearch.scenario();
    }

    @Test
    void theIndexHasOneListForEachThousandRows() throws SQLException {
        assertThat(database().ask("select reloptions from pg_class where relname = 'idx_chunks_embedding'"))
                .isEqualTo("{lists=20}");
        assertThat(database().ask("select fits from vector_index_lists()")).isEqualTo("t");
    }

    /** Half a per cent of the rows, which no index knows of: the scan of the vector index goes on until it has ten. */
    @Test
    void aRareFilterStillFindsTenAndTheNearestOnes() throws SQLException {
        String filtered = "select chunk_id from search_chunks(?::vector, 10, having_metadata => '{\"rare\": true}')";
        String exact = "select id from document_chunks where metadata @> '{\"rare\": true}'"
                + " order by embedding <=> ?::vector, id limit 10";
        try (Connection connection = database().connect()) {
            for (String question : questions()) {
                assertThat(Searches.keys(connection, filtered, question)).hasSize(10);
            }
            assertThat(Searches.recall(connection, questions(), filtered, exact))
                    .isGreaterThanOrEqualTo(0.95);
        }
    }

    @Test
    void theVectorIndexItselfReturnsTenThroughARareFilter() throws SQLException {
        try (Connection connection = database().connect()) {
            Sql.execute(connection, "set enable_bitmapscan = off; set enable_sort = off");
            for (String question : questions()) {
                List<String> found = Searches.keys(
                        connection,
                        "select score from search_chunks(?::vector, 10, having_metadata => '{\"rare\": true}')",
                        question);
                assertThat(found).hasSize(10);
                assertThat(found.stream().map(Double::valueOf).toList())
                        .isSortedAccordingTo((a, b) -> Double.compare(b, a));
            }
        }
    }

    @Test
    void aSearchWithinOneSourceOrOneDocumentFindsAllThatItHas() throws SQLException {
        try (Connection connection = database().connect()) {
            String question = questions().get(0);
            assertThat(Searches.keys(
                            connection,
                            "select distinct source from search_chunks(?::vector, 200, in_source => 'manuals/7.md')",
                            question))
                    .containsExactly("manuals/7.md");
            assertThat(Searches.keys(
                            connection,
                            "select chunk_id from search_chunks(?::vector, 1000, in_document => (select min(id) from documents))",
                            question))
                    .hasSize(200);
        }
    }

    @Test
    void theSettingsOfTheCallerStayAsTheyWere() throws SQLException {
        try (Connection connection = database().connect()) {
            Sql.execute(connection, "select '[1]'::vector; set ivfflat.probes = 3; set ivfflat.iterative_scan = off");
            connection.setAutoCommit(false);
            Searches.keys(connection, scenario().similarity(), questions().get(0));
            Searches.keys(connection, scenario().hybrid(), questions().get(0));

            assertThat(Sql.ask(connection, "select current_setting('ivfflat.probes')"))
                    .isEqualTo("3");
            assertThat(Sql.ask(connection, "select current_setting('ivfflat.iterative_scan')"))
                    .isEqualTo("off");
            assertThat(Sql.ask(connection, "select current_setting('enable_seqscan')"))
                    .isEqualTo("on");
            connection.commit();
            assertThat(Sql.ask(connection, "select current_setting('ivfflat.probes')"))
                    .isEqualTo("3");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"repeat('-', 40) || ' awning'", "repeat('- ', 40)", "repeat('(((\" or -', 100000)"})
    void anyTextCanBeSearchedFor(String text) throws SQLException {
        assertThat(database()
                        .ask("select count(*) from hybrid_search_chunks(" + text
                                + ", (select embedding from document_chunks order by id limit 1), 5)"))
                .isEqualTo("5");
    }

    @Test
    void theHybridSearchPutsWhatHasTheWordsAndTheMeaningFirst() throws SQLException {
        String embedding =
                "(select embedding from document_chunks where content like '%hailstorm%' order by id limit 1)";
        assertThat(database()
                        .ask("select content from hybrid_search_chunks('awning hailstorm', " + embedding
                                + ", 5) limit 1"))
                .contains("hailstorm");
    }

    @Test
    void aWordThatEveryChunkHasDoesNotMakeTheHybridSearchReadThemAll() throws SQLException {
        try (Connection connection = database().connect()) {
            String plans = Searches.plans(
                    connection, asked("select chunk_id from hybrid_search_chunks('device', ?::vector, 10)"));

            assertThat(plans).contains("idx_chunks_embedding").doesNotContainPattern("WindowAgg.*rows=20000 loops");
        }
    }
}
