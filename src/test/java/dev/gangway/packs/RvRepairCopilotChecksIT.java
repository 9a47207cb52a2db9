package dev.gangway.packs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.sql.SQLException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What {@code rv-repair-copilot} finds wrong with chunks and schema, and what it tells of its migrations. */
class RvRepairCopilotChecksIT {
    private static final String LIPPERT = " where source = 'lippert-ground-control-2021.pdf'";

    private Pack pack;

    @BeforeEach
    void open() throws SQLException {
        pack = Pack.inNewDatabase("rv-repair-copilot");
    }

    @AfterEach
    void close() throws SQLException {
        pack.close();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "chunk_index_out_of_range | alter table repair_chunks drop constraint repair_chunks_index_below_total;"
                        + " update repair_chunks set chunk_index = 99 where chunk_index = 7",
                "duplicate_chunk | alter table repair_chunks drop constraint repair_chunks_one_per_place;"
                        + " update repair_chunks set chunk_index = 6 where chunk_index = 7",
                "missing_chunks | delete from repair_chunks where chunk_index = 3 and brand = 'Lippert'",
                "differing_total_chunks | update repair_chunks set total_chunks = 9 where chunk_index = 7",
                "differing_file_hash | update repair_chunks set file_hash = 'other' where chunk_index = 7",
                "file_under_several_sources | update repair_chunks set source = 'copy.pdf' where chunk_index > 5",
                "blank_content | alter table repair_chunks drop constraint repair_chunks_content_size;"
                        + " update repair_chunks set content = ' ' where chunk_index = 7",
                "wrong_dimension | drop index idx_repair_chunks_embedding, idx_repair_chunks_image_embedding,"
                        + " idx_repair_chunks_video_embedding, idx_repair_chunks_audio_embedding;"
                        // Views keep the type as it is, so the catalog is damaged as well.
                        + " update pg_attribute set atttypmod = -1 where attname = 'embedding'"
                        + " and attrelid = 'repair_chunks'::regclass;"
                        + " update repair_chunks set embedding = '[1,2,3]' where chunk_index = 7",
                "zero_embedding | alter table repair_chunks drop constraint repair_chunks_embedding_not_zero;"
                        + " update repair_chunks set embedding = array_fill(0, array[1536])::vector where chunk_index = 7",
                "embedding_missing | update repair_chunks set embedding = null where chunk_index = 7",
            })
    void eachKindOfDamageIsFound(String problem, String damage) throws SQLException {
        pack.migrate("gangway.placeholders.sampleManuals=off");
        pack.addRows("0.3");
        String problems = "select count(*) from chunk_integrity_problems where problem = '" + problem + "'";
        int undamaged = Integer.parseInt(String.valueOf(pack.ask(problems)));

        pack.execute(damage);

        assertThat(Integer.parseInt(String.valueOf(pack.ask(problems)))).isGreaterThan(undamaged);
    }

    @Test
    void textsThatWereStemmedInAnotherLanguageAreFound() throws SQLException {
        pack.migrate("gangway.target=1.0.0");
        pack.addRows("0.3");
        pack.migrate("gangway.target=1.0.0.3");

        assertThat(pack.column("select distinct problem from chunk_integrity_problems where severity = 'error'"))
                .containsExactly("stale_text_search");

        pack.migrate();
        assertThat(pack.column("select problem from chunk_integrity_problems where severity = 'error'"))
                .isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "alter table repair_chunks drop column resolution | resolution: column resolution is missing",
                "alter table repair_chunks alter column brand drop not null | brand: column brand may be null",
                "alter table repair_chunks alter column language drop default | language: default of language is null",
                "drop index idx_repair_chunks_year | year: no valid index on year",
                "drop index idx_repair_chunks_user_ratings | userRatings: no valid index on user_ratings",
                "alter table repair_chunks alter column file_size type integer"
                        + " | fileSize: column file_size is integer, not bigint",
            })
    void aSchemaThatIsNotWhatTheFieldsSayFailsTheValidation(String change, String problem) throws SQLException {
        pack.migrate();

        pack.execute(change);

        assertThat(pack.column("select field || ': ' || problem from schema_problems"))
                .contains(problem);
        assertThat(pack.gangway().validate().valid()).isFalse();
    }

    @Test
    void theMetricsTellSuccessDurationAndThatNoRowsAreLost() throws SQLException {
        pack.migrate();

        assertThat(pack.ask("select concat_ws(' ', migrations, unsuccessful, success_rate_percent, rows_lost,"
                        + " total_duration_ms >= longest_duration_ms) from migration_metrics"))
                .isEqualTo(pack.versions().size() + " 0 100.0 0 t");
        assertThat(pack.column("select version || ' ' || chunks_before || ' ' || chunks_after from migration_runs"
                        + " where type = 'data' order by rank"))
                .containsExactly("0.9 0 13", "1.0.0.5 13 13", "1.0.0.6 13 13");
    }

    @Test
    void aFailedMigrationLowersTheRateOfSuccessUntilItIsMended() throws SQLException {
        pack.migrate("gangway.target=1.0.0.1");
        pack.execute("create index idx_repair_chunks_last_verified on repair_chunks (year)");

        assertThatThrownBy(() -> pack.migrate("gangway.target=1.0.0.2")).isInstanceOf(SQLException.class);
        assertThat(pack.ask("select unsuccessful || ' ' || (success_rate_percent < 100) from migration_metrics"))
                .isEqualTo("1 true");
        assertThat(pack.ask("select version || ' ' || status from current_schema_version"))
                .isEqualTo("1.0.0 incomplete");

        pack.execute("drop index idx_repair_chunks_last_verified");
        pack.migrate();
        assertThat(pack.ask("select unsuccessful || ' ' || success_rate_percent from migration_metrics"))
                .isEqualTo("0 100.0");
    }

    @Test
    void rowsThatADataMigrationWouldLoseAreCounted() throws SQLException {
        pack.migrate();
        pack.execute(
                "update migration_row_counts set chunks_after = 10, embeddings_before = 2 where version = '1.0.0.6'");

        assertThat(pack.ask("select rows_lost from migration_metrics")).isEqualTo("5");
    }

    @Test
    void theHistorysOtherNameIsFollowed() throws SQLException {
        pack.migrate("gangway.historyTable=Migrations");

        assertThat(pack.ask("select version from current_schema_version")).isEqualTo("1.2.0");
    }

    @Test
    void searchesAreMeasuredBeforeAndAfterEachVersion() throws SQLException {
        pack.migrate("gangway.target=1.0.0");
        pack.addRows("0.3");
        pack.migrate();

        assertThat(pack.column("select version || ' ' || (p50_before_ms > 0) || ' ' || (p95_after_ms > 0)"
                        + " from search_performance_impact where p50_change_percent is not null order by version"))
                .containsExactly("1.1.0 true true", "1.2.0 true true");
        assertThat(pack.ask("select record_search_performance('1.2.0')")).isEqualTo("9");
        assertThat(pack.ask("select record_search_performance('1.2.0', 'at rest', null)"))
                .isEqualTo("1");
    }

    @Test
    void everyIndexTellsTheCommandThatRebuildsItAndTheCommandWorks() throws SQLException {
        pack.migrate();
        pack.addRows("0.3");

        assertThat(pack.column("select rebuild_command from index_maintenance where method = 'hnsw' order by 1"))
                .hasSize(4)
                .contains("REINDEX INDEX CONCURRENTLY public.idx_repair_chunks_embedding");
        pack.execute("set max_parallel_maintenance_workers = 0");
        for (String command : pack.column("select rebuild_command from index_maintenance")) {
            pack.execute(command);
        }
        assertThat(pack.ask("select count(*) || ' ' || bool_and(valid) from index_maintenance"))
                .isEqualTo(pack.ask("select count(*) from pg_indexes where tablename = 'repair_chunks'") + " true");
        assertThat(pack.ask("select count(*) from repair_chunks" + LIPPERT)).isEqualTo("8");
    }
}
