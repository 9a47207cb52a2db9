package dev.gangway.packs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.sql.SQLException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The functions of {@code sheratan-store} that write and search, with every argument that an application may give. */
class SheratanSearchFunctionsIT {
    private Pack pack;

    private void migrate(int dimension) throws SQLException {
        pack = SheratanStoreIT.store("gangway.placeholders.vectorDimension=" + dimension);
        pack.migrate();
        pack.execute("""
                insert into documents (title, content, source)
                values ('Awning', 'text', 'awning.md'), ('Pump', 'text', 'pump.md')""");
    }

    @AfterEach
    void close() throws SQLException {
        pack.close();
    }

    @ParameterizedTest
    @ValueSource(ints = {384, 768, 1536})
    void eachDimensionIsStoredIndexedAndFound(int dimension) throws SQLException {
        migrate(dimension);
        pack.execute("""
                select store_chunk(1 + i %% 2, i, 'note ' || i || case i when 7 then ' hail' else '' end,
                    (select array_agg(sin(i * n)) from generate_series(1, %d) n)::vector)
                from generate_series(1, 60) i""".formatted(dimension));
        pack.migrate();
        assertThat(pack.history()).contains("7 applied");

        String seventh = "(select embedding from document_chunks where chunk_index = 7)";
        assertThat(pack.column("select chunk_index from search_chunks(" + seventh + ", 3)"))
                .hasSize(3)
                .startsWith("7");
        assertThat(pack.column("select chunk_index from hybrid_search_chunks('hail', " + seventh + ", 3)"))
                .hasSize(3)
                .startsWith("7");
        assertThat(pack.ask("select dimensions || ' ' || embedded || ' ' || missing from chunk_dimensions()"))
                .isEqualTo(dimension + " 60 0");
        assertThat(pack.ask("select log_search('hail', 3, 1, 2.5, '{\"user\": 1}')"))
                .isEqualTo("1");
        assertThat(pack.ask("select query || ' ' || results_count || ' ' || duration_ms from search_logs"))
                .isEqualTo("hail 3 2.5");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "search_chunks(null) | there is no embedding to search for",
                "search_chunks('[1,2]') | no embeddings of 2 dimensions are stored here",
                "search_chunks('[1,2]') | There are those of 3.",
                "search_chunks('[0,0,0]') | the embedding to search for is zero",
                "search_chunks('[1,2,3]', -1) | match_count is -1",
                "hybrid_search_chunks(null, null) | there is nothing to search for",
                "hybrid_search_chunks('the of', null) | there is nothing to search for",
                "hybrid_search_chunks('hail', '[1,2,3]', -1) | match_count is -1",
                "hybrid_search_chunks('hail', '[1,2,3]', 1, -1, 1) | vector_weight is -1",
                "hybrid_search_chunks('hail', '[1,2,3]', 1, 0, 0) | one must be above 0",
                "hybrid_search_chunks('hail', '[1,2,3]', rrf_k => 0) | rrf_k must be at least 1",
                "store_chunk(1, 0, 'x', '[1,2]') | no embeddings of 2 dimensions are stored here",
                "store_embedding(1, 'x', null) | there is no embedding to store",
            })
    void whatMakesNoSenseIsOneClearError(String call, String message) throws SQLException {
        migrate(3);

        assertThatThrownBy(() -> pack.ask("select " + call)).hasMessageContaining(message);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "search_chunks('[1,2,3]', null) | 10",
                "search_chunks('[1,2,3]', 0) | 0",
                "search_chunks('[1,2,3]', 2147483647) | 20",
                "search_chunks('[1,2,3]', 20, in_source => 'pump.md') | 10",
                "search_chunks('[1,2,3]', 20, in_source => 'none') | 0",
                "search_chunks('[1,2,3]', 20, in_document => 1) | 10",
                "search_chunks('[1,2,3]', 20, having_metadata => '{\"n\": 3}') | 1",
                "search_chunks('[1,2,3]', 20, min_score => 2) | 0",
                "hybrid_search_chunks('', '[1,2,3]', null) | 10",
                "hybrid_search_chunks(null, '[1,2,3]', 5) | 5",
                "hybrid_search_chunks('the of', '[1,2,3]', 5) | 5",
                "hybrid_search_chunks('note', null, 5) | 5",
                "hybrid_search_chunks('\"note 3\"', null, 5) | 1",
                "hybrid_search_chunks('note -3', null, 50) | 19",
                "hybrid_search_chunks('note', '[1,2,3]', 0) | 0",
                "hybrid_search_chunks('note', '[1,2,3]', 2147483647) | 20",
                "hybrid_search_chunks('note', '[1,2,3]', 50, null, null, null) | 20",
                "hybrid_search_chunks('note', '[1,2,3]', 50, in_source => 'pump.md') | 10",
                "hybrid_search_chunks('note', '[1,2,3]', 50, having_metadata => '{\"n\": 3}') | 1",
                "hybrid_search_chunks('note', '[1,2,3]', 50, in_document => 1) | 10",
            })
    void eachArgumentDoesWhatItSays(String call, int rows) throws SQLException {
        migrate(3);
        pack.execute("""
                select store_chunk(1 + i % 2, i, 'note ' || i, array[i, 1, 2]::vector, 'part', jsonb_build_object('n', i))
                from generate_series(1, 20) i;
                select store_chunk(1, 99, 'not embedded')""");

        assertThat(pack.ask("select count(*) from " + call)).isEqualTo(String.valueOf(rows));
    }

    @Test
    void equallyNearChunksComeInTheOrderOfTheirIds() throws SQLException {
        migrate(3);
        pack.execute("select store_chunk(1, i, 'same', '[1,2,3]') from generate_series(1, 5) i");

        assertThat(pack.column("select chunk_id from search_chunks('[1,2,3]')")).isSorted();
        assertThat(pack.column("select score from search_chunks('[1,2,3]')")).containsOnly("1");
    }

    @Test
    void aChunkIsStoredAgainInItsPlaceAndKeepsItsEmbeddingAsLongAsItsText() throws SQLException {
        migrate(3);
        String id = pack.ask("select store_chunk(1, 0, 'text', '[1,2,3]', 'heading')");

        assertThat(pack.ask("select store_chunk(1, 0, 'text', heading => 'heading', metadata => '{\"a\": 1}')"))
                .isEqualTo(id);
        assertThat(pack.ask("select embedding::text || metadata from document_chunks"))
                .isEqualTo("[1,2,3]{\"a\": 1}");
        pack.ask("select store_chunk(1, 0, 'other', heading => 'heading')");
        assertThat(pack.ask("select embedding from document_chunks")).isNull();
    }

    @Test
    void anEmbeddingOfAnOlderTextIsNotStored() throws SQLException {
        migrate(3);
        pack.execute("select store_chunk(1, 0, 'old')");
        String hash = pack.ask("select chunk_text_hash(heading, content) from document_chunks");
        pack.execute("select store_chunk(1, 0, 'new')");

        assertThat(pack.ask("select store_embedding(1, '" + hash + "', '[1,2,3]')"))
                .isEqualTo("f");
        assertThat(pack.ask("select store_embedding(1, chunk_text_hash(null, 'new'), '[1,2,3]')"))
                .isEqualTo("t");
        assertThat(pack.ask("select store_embedding(2, chunk_text_hash(null, 'new'), '[1,2,3]')"))
                .isEqualTo("f");
    }

    @Test
    void theTimeOfAnUpdateIsKept() throws SQLException {
        migrate(3);
        pack.execute("update documents set updated_at = 'epoch', title = title where id = 1;"
                + " update documents set content = 'new' where id = 1");

        assertThat(pack.ask("select updated_at > now() - interval '1 hour' from documents where id = 1"))
                .isEqualTo("t");
    }
}
