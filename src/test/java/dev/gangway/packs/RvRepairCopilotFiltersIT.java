package dev.gangway.packs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gangway.testkit.Sql;
import java.sql.Connection;
import java.sql.SQLException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The filters of {@code rv-repair-copilot}, and what its searches make of odd arguments. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RvRepairCopilotFiltersIT {
    private static final String WAVE =
            "(select embedding from repair_chunks where embedding is not null order by id limit 1)";

    private Pack pack;

    @BeforeAll
    void migrate() throws SQLException {
        pack = Pack.migrated("rv-repair-copilot", "gangway.placeholders.sampleManuals=off");
        for (String version : pack.versions()) {
            pack.addRows(version);
        }
    }

    @AfterAll
    void close() throws SQLException {
        pack.close();
    }

    /** 16 chunks have an embedding: 8 of Lippert, 1 of Thule, 3 of Atwood, 4 that are media of Lippert. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{} | 16",
                "null | 16",
                "{\"brand\": \"Thule\"} | 1",
                "{\"brand\": {\"$eq\": \"Lippert\"}, \"contentType\": \"text\"} | 8",
                "{\"brand\": {\"$ne\": \"Lippert\"}} | 4",
                "{\"brand\": {\"$in\": [\"Thule\", \"Atwood\"]}} | 4",
                "{\"brand\": {\"$in\": []}} | 0",
                "{\"brand\": {\"$nin\": [\"Thule\", \"Atwood\"]}} | 12",
                "{\"brand\": \"O'Neill'; drop table repair_chunks; --\"} | 0",
                "{\"year\": 2018} | 1",
                "{\"year\": {\"$gte\": 2018, \"$lt\": 2021}} | 1",
                "{\"year\": {\"$ne\": 2021}} | 8",
                "{\"year\": {\"$nin\": [2021]}} | 8",
                "{\"year\": {\"$exists\": false}} | 7",
                "{\"confidence\": {\"$gt\": 0.935}} | 4",
                "{\"confidence\": {\"$in\": [0.9, 0.91]}} | 2",
                "{\"ingestionDate\": {\"$lt\": \"2024-12-03\"}} | 8",
                "{\"ingestionDate\": {\"$gte\": \"2024-12-02T08:15:06+00:00\", \"$lt\": \"2025-01-01\"}} | 3",
                "{\"ingestionDate\": {\"$in\": [\"2025-05-05T09:00:00+02:00\"]}} | 4",
                "{\"toolsRequired\": \"multimeter\"} | 3",
                "{\"toolsRequired\": {\"$in\": [\"punch\", \"funnel\"]}} | 2",
                "{\"toolsRequired\": {\"$ne\": \"multimeter\"}} | 13",
                "{\"toolsRequired\": {\"$nin\": [\"multimeter\", \"punch\"]}} | 12",
                "{\"certificationRequired\": true} | 1",
                "{\"certificationRequired\": {\"$exists\": true}} | 3",
                "{\"estimatedCost\": {\"currency\": \"USD\"}} | 3",
                "{\"estimatedCost\": {\"$exists\": true}} | 3",
                "{\"estimatedCost.max\": {\"$lte\": 180}} | 2",
                "{\"estimatedCost.currency\": \"USD\"} | 3",
                "{\"estimatedCost.tax\": {\"$exists\": false}} | 16",
                "{\"userRatings.average\": {\"$gt\": 4.25, \"$lt\": 4.35}} | 1",
                "{\"fileSize\": {\"$gt\": 2000000}} | 3",
                "{\"duration\": {\"$lt\": 50.5}} | 1",
                "{\"$and\": [{\"brand\": \"Lippert\"}, {\"contentType\": {\"$ne\": \"text\"}}]} | 4",
                "{\"$or\": [{\"brand\": \"Thule\"}, {\"contentType\": \"image\"}]} | 2",
                "{\"$not\": {\"$or\": [{\"brand\": \"Lippert\"}, {\"year\": 2018}]}} | 3",
                "{\"$not\": {\"year\": 2021}} | 8",
            })
    void aFilterFindsWhatFitsAndInTheOrderOfDistance(String filter, int chunks) throws SQLException {
        String search = "from search_repair_chunks(" + WAVE + ", 100, '" + filter.replace("'", "''") + "')";

        assertThat(pack.ask("select count(*) " + search)).isEqualTo(String.valueOf(chunks));
        assertThat(pack.ask("select array_agg(distance) = array_agg(distance order by distance) " + search))
                .isNotEqualTo("f");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "[] | a filter is a JSON object",
                "{\"color\": \"red\"} | there is no field color",
                "{\"brand.name\": \"a\"} | there is no field brand.name",
                "{\"estimatedCost.a') or true --\": 1} | there is no field",
                "{\"brand\": 5} | takes a value of type string",
                "{\"brand\": null} | takes a value of type string",
                "{\"brand\": [\"a\"]} | takes a value of type string",
                "{\"brand\": {\"$gt\": \"a\"}} | there is no operator $gt for brand",
                "{\"brand\": {\"$like\": \"a\"}} | there is no operator $like for brand",
                "{\"brand\": {\"$in\": \"a\"}} | takes an array",
                "{\"year\": 2018.5} | takes a whole number",
                "{\"year\": \"2018\"} | takes a value of type number",
                "{\"ingestionDate\": {\"$lt\": \"soon\"}} | takes a time in ISO 8601",
                "{\"estimatedCost\": 80} | takes an object",
                "{\"estimatedCost\": {\"$gt\": 80}} | takes no operators within the object",
                "{\"estimatedCost\": {\"max\": {\"$gt\": 80}}} | takes no operators within the object",
                "{\"estimatedCost.max\": {\"$in\": [1]}} | takes $eq, $gt",
                "{\"brand\": {\"$exists\": \"yes\"}} | takes true or false",
                "{\"$or\": []} | takes an array of filters",
                "{\"$and\": {}} | takes an array of filters",
            })
    void aFilterThatMakesNoSenseIsOneClearError(String filter, String message) {
        assertThatThrownBy(() -> pack.ask("select count(*) from search_repair_chunks(" + WAVE + ", 10, '"
                        + filter.replace("'", "''") + "')"))
                .hasMessageContaining(message);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "null, 5 | is null",
                "'[1,2,3]', 5 | has 3 dimensions, not 1536",
                "array_fill(0, array[1536])::vector, 5 | is zero",
                "?, -1 | the number of chunks to find is -1",
            })
    void anArgumentThatMakesNoSenseIsOneClearError(String arguments, String message) {
        String searched = arguments.replace("?", WAVE);
        assertThatThrownBy(() -> pack.ask("select count(*) from search_repair_chunks(" + searched + ")"))
                .hasMessageContaining(message);
        assertThatThrownBy(() -> pack.ask("select count(*) from hybrid_search_repair_chunks('pin', " + searched + ")"))
                .hasMessageContaining(message);
        assertThatThrownBy(() -> pack.ask("select count(*) from cross_modal_search_repair_chunks("
                        + searched.replaceFirst(", (-?\\d)$", ", null, $1") + ")"))
                .hasMessageContaining(message);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "'shear pin', ?, null | 10",
                "'shear pin', ?, 0 | 0",
                "'shear pin', ?, 2147483647 | 16",
                "null, ?, 5 | 5",
                "'', ?, 5 | 5",
                "'the of and', ?, 5 | 5",
                "'\"', ?, 5 | 5",
                "'shear pin', ?, 5, null, null, null, null, null | 5",
                "'Scheuermittel', ?, 5, '{\"language\": \"de\"}', 'de' | 2",
                "'shear pin', ?, 3, '{}', 'en', 1, 0 | 3",
                "'shear pin', ?, 3, '{}', 'en', 0, 1 | 3",
            })
    void theHybridSearchTakesOddArguments(String arguments, String chunks) throws SQLException {
        assertThat(pack.ask("select count(*) from hybrid_search_repair_chunks(" + arguments.replace("?", WAVE) + ")"))
                .isEqualTo(chunks);
    }

    @ParameterizedTest
    @CsvSource({"-1, 1, 60", "1, -1, 60", "1, 1, 0", "'NaN', 1, 60"})
    void weightsThatMakeNoSenseAreOneClearError(String text, String vector, String k) {
        assertThatThrownBy(() -> pack.ask("select count(*) from hybrid_search_repair_chunks('pin', " + WAVE
                        + ", 5, '{}', 'en', '" + text + "', " + vector + ", " + k + ")"))
                .hasMessageContaining("weights are 0 or more");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "repeat('-', 40) || ' brake'",
                "repeat('- ', 40)",
                "repeat('-(', 40)",
                "repeat('(((\" or -', 100000)",
                "(select string_agg('word' || i, ' ') from generate_series(1, 300000) i)"
            })
    void anyTextCanBeSearchedFor(String text) throws SQLException {
        assertThat(pack.ask("select count(*) > 0 from hybrid_search_repair_chunks(" + text + ", " + WAVE + ")"))
                .isEqualTo("t");
    }

    @Test
    void wordsAloneDecideWhereMeaningHasNoWeight() throws SQLException {
        assertThat(pack.ask(
                        "select bool_and(content ilike '%shear pin%') from hybrid_search_repair_chunks('\"shear pin\"',"
                                + WAVE + ", 4, '{}', 'en', 1, 0)"))
                .isEqualTo("t");
        assertThat(pack.ask("select distance = 0 from hybrid_search_repair_chunks('\"shear pin\"', " + WAVE
                        + ", 1, '{}', 'en', 0, 1)"))
                .isEqualTo("t");
    }

    @Test
    void theCrossModalSearchTellsWhichKindsThereAre() throws SQLException {
        assertThat(pack.column("select content_type from cross_modal_search_repair_chunks(" + WAVE + ")"))
                .containsExactly("audio", "audio", "image", "text", "text", "text", "text", "text", "video");
        assertThat(pack.column("select content_type from cross_modal_search_repair_chunks(" + WAVE
                        + ", '{image,image}', null, '{\"brand\": \"Lippert\"}')"))
                .containsExactly("image");
        assertThatThrownBy(() ->
                        pack.ask("select count(*) from cross_modal_search_repair_chunks(" + WAVE + ", '{smell}')"))
                .hasMessageContaining("there is no content type smell");
    }

    @Test
    void theCallersSettingsStayAsTheyWere() throws SQLException {
        try (Connection connection = pack.database().connect()) {
            // No vector has been used on this connection yet, so pgvector's settings do not exist.
            Sql.execute(connection, "begin; select count(*) from search_repair_chunks(" + WAVE + ", 3)");
            assertThat(Sql.ask(connection, "show hnsw.iterative_scan")).isEqualTo("off");
            assertThat(Sql.ask(connection, "show hnsw.ef_search")).isEqualTo("40");
            Sql.execute(connection, "set hnsw.ef_search = 77; set hnsw.iterative_scan = relaxed_order");
            Sql.execute(
                    connection,
                    "select count(*) from hybrid_search_repair_chunks('pin', " + WAVE + ", 3);"
                            + " select count(*) from cross_modal_search_repair_chunks(" + WAVE + "); commit");
            assertThat(Sql.ask(connection, "show hnsw.iterative_scan")).isEqualTo("relaxed_order");
            assertThat(Sql.ask(connection, "show hnsw.ef_search")).isEqualTo("77");
        }
    }

    @Test
    void anOrdinaryRoleThatMayReadTheTablesMaySearch() throws SQLException {
        String reader = pack.database().createRole("secret");
        pack.execute("grant select on repair_chunks, metadata_fields to " + reader);
        try (Connection connection = pack.bareAs(reader)) {
            assertThat(Sql.ask(connection, "select count(*) from search_repair_chunks(" + WAVE + ", 3)"))
                    .isEqualTo("3");
            assertThat(Sql.ask(connection, "select count(*) from hybrid_search_repair_chunks('pin', " + WAVE + ", 3)"))
                    .isEqualTo("3");
        }
    }
}
