package dev.gangway.packs;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.SQLException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the data migrations of {@code rv-repair-copilot} do to rows that are there, and its languages and part numbers. */
class RvRepairCopilotDataIT {
    private static final String UNTIDY = """
            insert into repair_chunks (content, brand, component, model, source, chunk_index, total_chunks, file_hash,
                ingestion_date, language, oem_part_numbers, tools_required)
            select 'Der Kessel zündet nicht, Zündungen prüfen', ' Truma  GmbH ', E'Water\\theater', null, 'untidy.pdf', n, 1200,
                'aa', now(), case when n % 2 = 0 then 'DE_at' else 'de' end, array[' 34020-1 ', '34020-1', ''],
                array['b', 'a ', 'b']
            from generate_series(0, 1199) n""";

    private Pack pack;

    @BeforeEach
    void open() throws SQLException {
        pack = Pack.inNewDatabase("rv-repair-copilot", "gangway.placeholders.sampleManuals=off");
        pack.migrate("gangway.target=1.0.0");
    }

    @AfterEach
    void close() throws SQLException {
        pack.close();
    }

    @Test
    void theCleanupTidiesAllChunksInBatchesAndKeepsWhatTheyWere() throws SQLException {
        pack.execute(UNTIDY);

        pack.migrate();

        assertThat(pack.column("select distinct format('%s|%s|%s|%s|%s|%s', brand, component, model, language,"
                        + " oem_part_numbers, tools_required) from repair_chunks order by 1"))
                .containsExactly(
                        "Truma GmbH|Water heater||de-AT|{34020-1}|{b,a}",
                        "Truma GmbH|Water heater||de|{34020-1}|{b,a}");
        assertThat(pack.ask("select count(*) from chunk_corrections")).isEqualTo("5400");
        assertThat(pack.column("select rows_changed from gangway_history where version in ('1.0.0.5', '1.0.0.6')"
                        + " and rows_changed >= 1200 and statements_done >= 3"))
                .hasSize(2);
    }

    @Test
    void undoingTheCleanupPutsEveryValueBackThatNobodyHasChangedSince() throws SQLException {
        pack.execute(UNTIDY);
        pack.migrate();
        pack.execute("update repair_chunks set brand = 'Truma' where chunk_index = 5");

        pack.gangway().undoTo("1.0.0");

        assertThat(pack.column("select distinct format('%s|%s|%s|%s|%s', brand, component, language, oem_part_numbers,"
                        + " tools_required) from repair_chunks where chunk_index in (4, 5) order by 1"))
                .containsExactly(
                        " Truma  GmbH |Water\theater|DE_at|{\" 34020-1 \",34020-1,\"\"}|{b,\"a \",b}",
                        "Truma|Water\theater|de|{\" 34020-1 \",34020-1,\"\"}|{b,\"a \",b}");
    }

    @Test
    void textsAreFoundByTheirOwnLanguagesStemsFromTheSecondVersionOn() throws SQLException {
        pack.execute(UNTIDY);
        String found = "select count(*) from repair_chunks"
                + " where content_tsv @@ websearch_to_tsquery(chunk_text_search_config('de'), 'Zündung')";
        assertThat(pack.ask(found)).isEqualTo("0");

        pack.migrate();
        assertThat(pack.ask(found)).isEqualTo("1200");

        pack.gangway().undoTo("1.0.0");
        assertThat(pack.ask(found)).isEqualTo("0");
    }

    @ParameterizedTest
    @CsvSource({
        "en, english", "da, danish", "de, german", "es, spanish", "fi, finnish", "fr-CA, french", "it, italian",
        "nb, norwegian", "nl, dutch", "no, norwegian", "pt_BR, portuguese", "SV, swedish", "tlh, simple", "'', simple"
    })
    void eachLanguageHasItsConfiguration(String language, String configuration) throws SQLException {
        pack.migrate();

        assertThat(pack.ask("select chunk_text_search_config('" + language + "')"))
                .isEqualTo(configuration);
        assertThat(pack.ask("select chunk_text_search_config(null)")).isEqualTo("simple");
    }

    @ParameterizedTest
    @CsvSource({"358590, 2", "358-590, 2", "179022, 1", "179 022, 1", "unknown, 0", "'', 0", "'---', 0"})
    void aPartIsFoundHoweverItsNumberIsWritten(String number, String chunks) throws SQLException {
        pack.addRows("0.3");
        pack.migrate();

        assertThat(pack.ask("select count(*) from chunks_by_part_number('" + number + "')"))
                .isEqualTo(chunks);
        assertThat(pack.ask("select count(*) from chunks_by_part_number(null)")).isEqualTo("0");
    }

    @Test
    void thePartsTellWhereTheyAreUsed() throws SQLException {
        pack.addRows("0.3");
        pack.migrate();

        assertThat(pack.column("select format('%s %s %s %s', part_number, written_as, brands, chunks)"
                        + " from oem_part_usage order by part_number"))
                .containsExactly(
                        "179022 {179-022} {Lippert} 1",
                        "179327 {179327} {Lippert} 1",
                        "358590 {358590} {Lippert} 2",
                        "421484 {421484} {Lippert} 2");
    }
}
