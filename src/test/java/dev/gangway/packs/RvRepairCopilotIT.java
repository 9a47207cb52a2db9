package dev.gangway.packs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.sql.SQLException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The pack {@code rv-repair-copilot}: repair manuals in chunks, in three schema versions. */
class RvRepairCopilotIT extends PackContract {

    @Override
    Pack open() throws SQLException {
        return Pack.inNewDatabase(packName());
    }

    @Override
    String packName() {
        return "rv-repair-copilot";
    }

    @ParameterizedTest
    @CsvSource({"1.0.0, 20", "1.1.0, 28", "1.2.0, 34"})
    void eachVersionIsReachedByItsTargetWithItsFieldsAndAnIndexForEach(String version, String fields)
            throws SQLException {
        pack().migrate("gangway.target=" + version);

        assertThat(pack().ask("select version || ' ' || status from current_schema_version"))
                .isEqualTo(version + " production ready");
        assertThat(pack().ask("select count(*) from metadata_fields")).isEqualTo(fields);
        assertThat(pack().column("select field || ': ' || problem from schema_problems"))
                .isEmpty();
        assertThat(pack().ask("select count(*) from index_maintenance where not valid"))
                .isEqualTo("0");
    }

    @ParameterizedTest
    @CsvSource({"1.1.0, 1.0.0, 20", "1.2.0, 1.1.0, 28", "1.2.0, 1.0.0, 20"})
    void goingBackToAVersionKeepsTheChunksAndGivesItsFieldsAlone(String from, String to, String fields)
            throws SQLException {
        pack().migrate("gangway.target=" + from);
        for (String version : pack().versions()) {
            if (pack().history().contains(version + " applied")) {
                pack().addRows(version);
            }
        }
        String chunks = pack().ask("select count(*) from repair_chunks");

        pack().gangway().undoTo(to);

        assertThat(pack().ask("select count(*) from repair_chunks")).isEqualTo(chunks);
        assertThat(pack().ask("select count(*) from metadata_fields")).isEqualTo(fields);
        assertThat(pack().ask("select version from current_schema_version")).isEqualTo(to);
        assertThat(pack().column("select field || ': ' || problem from schema_problems"))
                .isEmpty();
        assertThat(pack().column("select key from repair_chunks c, jsonb_object_keys(chunk_metadata(c)) key"
                        + " except select name from metadata_fields"))
                .isEmpty();
        assertThat(pack().ask("select count(*) from search_repair_chunks((select embedding from repair_chunks"
                        + " where embedding is not null limit 1), 5, '{\"brand\": \"Lippert\"}')"))
                .isEqualTo("5");
    }

    @Test
    void allFourTypesOfMigrationsAreUsed() throws SQLException {
        pack().migrate();

        assertThat(pack().column("select distinct type from gangway_history order by type"))
                .containsExactly("data", "index", "metadata", "schema");
        assertThat(pack().column("select distinct type from gangway_history where script like '%_indexes.sql'"))
                .containsExactlyInAnyOrder("index", "metadata");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "year | 1979 | repair_chunks_year_range",
                "year | 2031 | repair_chunks_year_range",
                "confidence | 1.01 | repair_chunks_confidence_range",
                "confidence | -0.01 | repair_chunks_confidence_range",
                "confidence | 'NaN' | repair_chunks_confidence_range",
                "brand | null | \"brand\"",
                "brand | '  ' | repair_chunks_brand_not_blank",
                "component | null | \"component\"",
                "manual_type | null | \"manual_type\"",
                "source | null | \"source\"",
                "chunk_index | null | \"chunk_index\"",
                "chunk_index | -1 | repair_chunks_index_below_total",
                "chunk_index | total_chunks | repair_chunks_index_below_total",
                "total_chunks | null | \"total_chunks\"",
                "file_hash | null | \"file_hash\"",
                "ingestion_date | null | \"ingestion_date\"",
                "content | ' ' | repair_chunks_content_size",
                "embedding | array_fill(0, array[1536])::vector | repair_chunks_embedding_not_zero",
                "embedding | '[1,2,3]' | expected 1536 dimensions, not 3",
                "estimated_cost | '[80]' | repair_chunks_estimated_cost_object",
                "user_ratings | '5' | repair_chunks_user_ratings_object",
                "content_type | 'hologram' | repair_chunks_content_type_known",
                "duration | -1 | repair_chunks_duration_range",
                "file_size | -1 | repair_chunks_file_size_range",
            })
    void aValueOutsideOfItsRangeIsRefused(String column, String value, String constraint) throws SQLException {
        try (Pack migrated = Pack.migrated(packName())) {
            assertThatThrownBy(() -> migrated.execute("update repair_chunks set " + column + " = " + value))
                    .hasMessageContaining(constraint);
        }
    }

    @Test
    void aChunkHasTheDefaultsOfTheDocument() throws SQLException {
        pack().migrate();
        pack().execute("insert into repair_chunks (content, brand, component, source, chunk_index, total_chunks,"
                + " file_hash, ingestion_date) values ('a', 'b', 'c', 'd', 0, 1, 'e', now())");

        assertThat(pack().ask("select manual_type || ' ' || language || ' ' || content_type from repair_chunks"
                        + " where source = 'd'"))
                .isEqualTo("service en text");
    }

    @Test
    void theSampleManualsCanBeLeftOut() throws SQLException {
        pack().migrate("gangway.placeholders.sampleManuals=off");

        assertThat(pack().ask("select count(*) from repair_chunks")).isEqualTo("0");
    }

    @Test
    void theSampleManualsAreOfSeveralBrandsAndWaitForTheirEmbeddings() throws SQLException {
        pack().migrate();

        assertThat(pack().ask("select count(*) || ' ' || count(distinct source) || ' ' || count(distinct brand) || ' '"
                        + " || (select count(*) from chunks_without_embedding) from repair_chunks"))
                .isEqualTo("13 5 4 13");
        assertThat(pack().column("select problem from chunk_integrity_problems where severity = 'error'"))
                .isEmpty();
    }

    @Test
    void takingTheSamplesBackLeavesWhatTheApplicationHasIngestedUnderTheirNames() throws SQLException {
        pack().migrate("gangway.target=0.9");
        pack().execute(
                        "insert into repair_chunks (content, brand, component, source, chunk_index, total_chunks, file_hash,"
                                + " ingestion_date) select 'a', 'b', 'c', min(source), 90, 91, 'of the real file', now() from repair_chunks");

        pack().gangway().undoTo("0.8");

        assertThat(pack().column("select file_hash from repair_chunks")).containsExactly("of the real file");
    }
}
