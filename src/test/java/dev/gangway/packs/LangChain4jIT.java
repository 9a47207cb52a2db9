package dev.gangway.packs;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.SQLException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The pack {@code langchain4j}, as its location alone makes it. */
class LangChain4jIT extends PackContract {

    @Override
    Pack open() throws SQLException {
        return Pack.inNewDatabase(packName());
    }

    @Override
    String packName() {
        return "langchain4j";
    }

    @Test
    void theColumnsAreThoseThatTheFrameworkWouldCreate() throws SQLException {
        pack().migrate();

        assertThat(pack().column("select attname || ' ' || format_type(atttypid, atttypmod) from pg_attribute"
                        + " where attrelid = 'embeddings'::regclass and attnum > 0 order by attnum"))
                .containsExactly("embedding_id uuid", "embedding vector(1536)", "text text", "metadata json");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "embeddings_hnsw_index | hnsw (embedding vector_cosine_ops)",
                "embeddings_text_fts_gin_index | gin (to_tsvector('simple'::regconfig, COALESCE(text, ''::text)))",
                "embeddings_metadata_index | btree (((metadata ->> 'file_name'::text)))",
            })
    void eachIndexIsThereAndValid(String index, String definition) throws SQLException {
        pack().migrate();

        assertThat(pack().ask("select pg_get_indexdef('%s'::regclass)".formatted(index)))
                .endsWith("USING " + definition);
        assertThat(pack().ask("select indisvalid from pg_index where indexrelid = '%s'::regclass".formatted(index)))
                .isEqualTo("t");
    }
}
