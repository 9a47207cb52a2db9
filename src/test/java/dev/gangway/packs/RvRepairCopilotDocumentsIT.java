package dev.gangway.packs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gangway.testkit.Sql;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The metadata of {@code rv-repair-copilot} as JSON: checked, stored and given out again. */
class RvRepairCopilotDocumentsIT {
    /** All 34 fields of version 1.2.0. */
    private static final String DOCUMENT = """
            {"brand": "Onan", "component": "Generator", "manualType": "parts", "year": 2022, "model": "QG 4000",
             "source": "onan-qg-4000.pdf", "chunkIndex": 2, "totalChunks": 9, "fileHash": "9f3a",
             "ingestionDate": "2025-01-02T03:04:05.678901Z", "lastUpdated": "2025-01-03T00:00:00.000000Z",
             "confidence": 0.75, "language": "en", "category": "electrical", "difficulty": "hard",
             "estimatedTime": "2 hours", "toolsRequired": ["torque wrench", "feeler gauge"], "safetyLevel": "danger",
             "oemPartNumbers": ["146-0785"], "warrantyInfo": "3 years or 2,000 hours",
             "complianceStandards": ["NFPA 1192"], "certificationRequired": true,
             "estimatedCost": {"currency": "USD", "min": 90, "max": null}, "skillPrerequisites": ["12 V systems"],
             "relatedProcedures": ["oil-change"], "videoTutorials": ["https://videos.example.com/1"],
             "userRatings": {"average": 4.5, "count": 8}, "lastVerified": "2025-02-01T00:00:00.000000Z",
             "contentType": "video", "mediaUrls": ["https://media.example.com/1.mp4"],
             "thumbnailUrl": "https://media.example.com/1.jpg", "duration": 93.5, "resolution": "1920x1080",
             "fileSize": 9007199254740991}""";

    private static final String WAVE = "(select array_agg(sin(i)) from generate_series(1, 1536) i)::vector";

    private Pack pack;

    @BeforeEach
    void migrate() throws SQLException {
        pack = Pack.migrated("rv-repair-copilot", "gangway.placeholders.sampleManuals=off");
    }

    @AfterEach
    void close() throws SQLException {
        pack.close();
    }

    @Test
    void aDocumentWithAllFieldsComesBackAsItWasStored() throws SQLException {
        store("text", DOCUMENT);

        assertThat(pack.ask("select count(*) from jsonb_object_keys('" + DOCUMENT + "')"))
                .isEqualTo(pack.ask("select count(*) from metadata_fields"));
        assertThat(pack.ask("select chunk_metadata(c) = '" + DOCUMENT + "' from repair_chunks c"))
                .isEqualTo("t");
    }

    @Test
    void aTimeWithoutAnOffsetIsOneInUtcWhateverTheSessionsZone() throws SQLException {
        pack.execute("set timezone = 'America/Denver'; select upsert_repair_chunk('text', '" + DOCUMENT
                + "'::jsonb || '{\"ingestionDate\": \"2025-06-01T12:00:00\", \"lastVerified\": \"2025-06-01\"}')");

        try (Connection connection = pack.database().connect()) {
            Sql.execute(connection, "set timezone = 'Asia/Tokyo'");
            assertThat(Sql.ask(connection, "select chunk_metadata(c) ->> 'ingestionDate' from repair_chunks c"))
                    .isEqualTo("2025-06-01T12:00:00.000000Z");
            assertThat(Sql.ask(connection, "select chunk_metadata(c) ->> 'lastVerified' from repair_chunks c"))
                    .isEqualTo("2025-06-01T00:00:00.000000Z");
        }
    }

    @Test
    void everyProblemOfADocumentIsTold() throws SQLException {
        assertThat(pack.column("""
                        select field || ' ' || problem from validate_chunk_metadata('{
                            "brand": " ", "manualType": 5, "year": 1975, "source": "a", "chunkIndex": 7, "totalChunks": 7,
                            "fileHash": "x", "ingestionDate": "2025-02-30", "confidence": 1.5, "toolsRequired": ["a", 1],
                            "certificationRequired": "yes", "estimatedCost": [], "fileSize": 1.5, "color": "red"}')"""))
                .containsExactlyInAnyOrder(
                        "brand must not be blank",
                        "component is required",
                        "manualType must be of type string, but is of type number",
                        "year must not be below 1980, but is 1975",
                        "chunkIndex must be below totalChunks",
                        "ingestionDate must be a time in ISO 8601, but is \"2025-02-30\"",
                        "confidence must not be above 1.0, but is 1.5",
                        "toolsRequired must hold strings only",
                        "certificationRequired must be of type boolean, but is of type string",
                        "estimatedCost must be of type object, but is of type array",
                        "fileSize must be a whole number, but is 1.5",
                        "color is no field of this schema version");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "'{\"contentType\": \"pdf\"}' | contentType must be one of text, image, video, audio, but is \"pdf\"",
                "jsonb_build_object('source', repeat('s', 501)) | source is too long",
                "jsonb_build_object('model', @) | model is too long",
                "jsonb_build_object('mediaUrls', array['a', @]) | mediaUrls holds an entry that is too long",
                "'{\"duration\": 1e309}' | duration is too large: 1000",
            })
    void whatNoColumnOrIndexTakesIsAProblemOfTheDocument(String change, String problem) throws SQLException {
        String changed = "'" + DOCUMENT + "'::jsonb || "
                + change.replace("@", "(select string_agg(md5(i::text), '') from generate_series(1, 100) i)");

        assertThat(pack.ask("select field || ' ' || problem from validate_chunk_metadata(" + changed + ")"))
                .startsWith(problem);
        assertThatThrownBy(() -> pack.execute("select upsert_repair_chunk('text', " + changed + ")"))
                .hasMessageContaining("the metadata of the chunk is not valid: " + problem);
    }

    @Test
    void whatIsLongOrTinyButAllowedIsStored() throws SQLException {
        pack.execute("select upsert_repair_chunk('text', '" + DOCUMENT
                + "'::jsonb || jsonb_build_object('confidence', 1e-400,"
                + " 'warrantyInfo', t, 'thumbnailUrl', t, 'model', left(t, 2600)))"
                + " from (select string_agg(md5(i::text), '') as t from generate_series(1, 1000) i) s");

        assertThat(pack.ask(
                        "select confidence || ' ' || length(warranty_info) || ' ' || length(model) from repair_chunks"))
                .isEqualTo("0 32000 2600");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            nullValues = "NULL",
            value = {"[]", "null", "5"})
    void whatIsNoObjectIsNoDocument(String document) throws SQLException {
        assertThat(pack.column("select problem from validate_chunk_metadata('" + document + "')"))
                .hasSize(1)
                .allMatch(problem -> problem.startsWith("metadata is no JSON object, but "));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "2024-12-01 | t",
                "2024-12-01T10:00Z | t",
                "2024-12-01T10:00:00.5+05:30 | t",
                "2024-12-01T10:00:00-0700 | t",
                "2024-13-01 | f",
                "2024-12-01T25:00:00Z | f",
                "yesterday | f",
                "01.12.2024 | f",
            })
    void onlyIso8601IsATime(String time, String valid) throws SQLException {
        assertThat(pack.ask("select is_iso_8601('" + time + "')")).isEqualTo(valid);
    }

    @Test
    void aDocumentWithProblemsIsNotStored() throws SQLException {
        assertThatThrownBy(() -> store("text", "{\"brand\": \"Onan\"}"))
                .hasMessageContaining("component is required")
                .hasMessageContaining("fileHash is required");
        assertThat(pack.ask("select count(*) from repair_chunks")).isEqualTo("0");
    }

    @Test
    void storingAgainReplacesTheChunkAndResetsWhatIsLeftOut() throws SQLException {
        store("text", DOCUMENT);
        store("text", """
                {"brand": "Cummins", "component": "Generator", "source": "onan-qg-4000.pdf", "chunkIndex": 2,
                 "totalChunks": 9, "fileHash": "b1", "ingestionDate": "2025-03-03"}""");

        assertThat(pack.column("select concat_ws(' ', brand, manual_type, content_type, year) || ' '"
                        + " || (last_updated > '2025-06-01') from repair_chunks"))
                .containsExactly("Cummins service text true");
    }

    @Test
    void anEmbeddingStaysWithItsTextAndIsForgottenWithIt() throws SQLException {
        store("first text", DOCUMENT);
        pack.execute("select store_embedding(id, " + WAVE + ") from repair_chunks");

        store("first text", DOCUMENT);
        assertThat(pack.ask("select count(*) from chunks_without_embedding")).isEqualTo("0");

        store("second text", DOCUMENT);
        assertThat(pack.column("select content from chunks_without_embedding")).containsExactly("second text");

        pack.execute("update repair_chunks set embedding = " + WAVE);
        pack.execute("update repair_chunks set content = 'third text'");
        assertThat(pack.ask("select embedding is null and last_updated > '2025-06-01' from repair_chunks"))
                .isEqualTo("t");
    }

    @Test
    void anEmbeddingOfATextThatHasChangedMeanwhileIsNotStored() throws SQLException {
        store("first text", DOCUMENT);
        String md5 = pack.ask("select content_md5 from chunks_without_embedding");
        store("second text", DOCUMENT);

        assertThat(pack.ask("select store_embedding(id, " + WAVE + ", '" + md5 + "') from repair_chunks"))
                .isEqualTo("f");
        assertThat(pack.ask("select store_embedding(id, " + WAVE + ", content_md5) from chunks_without_embedding"))
                .isEqualTo("t");
        assertThat(pack.ask("select store_embedding(-1, " + WAVE + ")")).isEqualTo("f");
    }

    @Test
    void manyWhoStoreTheSameChunksAtOnceStoreEachOnce() throws SQLException {
        CompletableFuture<?>[] writers = new CompletableFuture<?>[6];
        for (int i = 0; i < writers.length; i++) {
            int writer = i;
            writers[i] = CompletableFuture.runAsync(() -> storeAHundred(writer));
        }
        CompletableFuture.allOf(writers).join();

        assertThat(pack.ask("select count(*) || ' ' || count(distinct chunk_index) from repair_chunks"))
                .isEqualTo("100 100");
        assertThat(pack.column("select problem from chunk_integrity_problems where severity = 'error'"))
                .isEmpty();
    }

    private void storeAHundred(int writer) {
        try (Connection connection = pack.database().connect()) {
            connection.setAutoCommit(true);
            for (int i = 0; i < 100; i++) {
                Sql.execute(
                        connection,
                        "select upsert_repair_chunk('text of writer " + writer + "', '" + DOCUMENT
                                + "'::jsonb || '{\"totalChunks\": 100, \"chunkIndex\": " + i + "}')");
            }
        } catch (SQLException e) {
            throw new CompletionException(e);
        }
    }

    private void store(String content, String document) throws SQLException {
        pack.execute("select upsert_repair_chunk('" + content + "', '" + document + "')");
    }
}
