package dev.gangway.packs;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.SQLException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The pack {@code spring-ai}, as its location alone makes it. */
class SpringAiIT extends PackContract {

    @Override
    Pack open() throws SQLException {
        return Pack.inNewDatabase(packName());
    }

    @Override
    String packName() {
        return "spring-ai";
    }

    @Test
    void theColumnsAreThoseThatTheFrameworkWouldCreate() throws SQLException {
        pack().migrate();

        assertThat(pack().column("select attname || ' ' || format_type(atttypid, atttypmod) from pg_attribute"
                        + " where attrelid = 'vector_store'::regclass and attnum > 0 order by attnum"))
                .containsExactly("id uuid", "content text", "metadata json", "embedding vector(1536)");
    }

    @Test
    void itNeedsNoOtherExtensionThanPgvector() throws SQLException {
        pack().migrate();

        assertThat(pack().column("select extname from pg_extension where extname <> 'plpgsql'"))
                .containsExactly("vector");
    }

    @Test
    void aRowWithoutAnIdGetsOne() throws SQLException {
        pack().migrate();

        pack().execute("insert into vector_store (content) values ('a text')");

        assertThat(pack().ask("select id is not null from vector_store")).isEqualTo("t");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "spring_ai_vector_index | hnsw (embedding vector_cosine_ops)",
                "vector_store_metadata_index | gin (((metadata)::jsonb) jsonb_path_ops)",
            })
    void eachIndexIsThereAndValid(String index, String definition) throws SQLException {
        pack().migrate();

        assertThat(pack().ask("select pg_get_indexdef('%s'::regclass)".formatted(index)))
                .endsWith("USING " + definition);
        assertThat(pack().ask("select indisvalid from pg_index where indexrelid = '%s'::regclass".formatted(index)))
                .isEqualTo("t");
    }
}
