package dev.gangway.packs;

import static dev.gangway.packs.SpringAiStore.document;
import static dev.gangway.packs.SpringAiStore.ids;
import static dev.gangway.packs.SpringAiStore.nearest;
import static dev.gangway.packs.SpringAiStore.uuid;
import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.ai.document.Document;
import org.springframework.ai.vectorstore.pgvector.PgVectorStore;
import org.springframework.ai.vectorstore.pgvector.PgVectorStore.PgDistanceType;
import org.springframework.ai.vectorstore.pgvector.PgVectorStore.PgIdType;

/** Spring AI's own PgVectorStore over the pack's table, through a pool of Gangway connections. */
class SpringAiStoreIT {
    private static final int DIMENSIONS = 64;

    /** Without a threshold the framework takes what is similar at all: a cosine distance below 1. */
    private static final String LIKE_ALL =
            "the awning and the roof of the caravan, a tent beside the river, gas heating";

    private Pack pack;

    @BeforeEach
    void open() throws SQLException {
        pack = Pack.inNewDatabase("spring-ai", "gangway.placeholders.dimension=" + DIMENSIONS);
    }

    @AfterEach
    void close() throws SQLException {
        pack.close();
    }

    @Test
    void theNearestDocumentsAreFoundNearestFirst() {
        try (HikariDataSource pool = SpringAiStore.pool(pack.url())) {
            PgVectorStore store = camping(pool);

            List<Document> found = store.similaritySearch(
                    nearest("the awning of the caravan", 2).build());

            assertThat(ids(found)).containsExactly(1, 2);
            assertThat(found.get(0).getText()).isEqualTo("The awning of the caravan");
            assertThat(found.get(0).getMetadata())
                    .containsEntry("country", "NL")
                    .containsEntry("year", 2021);
            assertThat(found.get(0).getScore()).isGreaterThan(0.99);
        }
    }

    @Test
    void aThresholdLeavesOutWhatIsLessSimilar() {
        try (HikariDataSource pool = SpringAiStore.pool(pack.url())) {
            PgVectorStore store = camping(pool);

            assertThat(ids(store.similaritySearch(nearest("the awning of the caravan", 10)
                            .similarityThreshold(0.95)
                            .build())))
                    .containsExactly(1);
        }
    }

    @Test
    void aDocumentThatIsAddedAgainIsReplaced() {
        try (HikariDataSource pool = SpringAiStore.pool(pack.url())) {
            PgVectorStore store = camping(pool);

            store.add(List.of(document(3, "Fishing in the lake", Map.of("country", "SE"))));

            List<Document> found =
                    store.similaritySearch(nearest("fishing in the lake", 10).build());
            assertThat(ids(found)).startsWith(3).doesNotHaveDuplicates();
            assertThat(found.get(0).getMetadata())
                    .containsEntry("country", "SE")
                    .doesNotContainKey("year");
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            quoteCharacter = '`',
            value = {
                "country == 'NL' ; 1 4",
                "country != 'NL' ; 2 3",
                "country in ['NL', 'DE'] ; 1 3 4",
                "country nin ['NL', 'DE'] ; 2",
                "year > 2021 ; 2 4",
                "year >= 2021 && country == 'NL' ; 1 4",
                "country == 'BE' || year <= 2020 ; 2 3",
                "(country == 'BE' || country == 'NL') && year == 2022 ; 2",
                "heated == true ; 4",
                "note == 'it\\'s \"new\"' ; 4",
            })
    void aFilterLeavesOutWhatItDoesNotMatch(String filter, String expected) {
        try (HikariDataSource pool = SpringAiStore.pool(pack.url())) {
            PgVectorStore store = camping(pool);

            assertThat(ids(store.similaritySearch(
                            nearest(LIKE_ALL, 10).filterExpression(filter).build())))
                    .map(String::valueOf)
                    .containsExactlyInAnyOrder(expected.split(" "));
        }
    }

    @Test
    void documentsAreDeletedByIdAndByFilter() throws SQLException {
        try (HikariDataSource pool = SpringAiStore.pool(pack.url())) {
            PgVectorStore store = camping(pool);

            store.delete(List.of(uuid(2)));
            store.delete("country == 'NL' && year < 2022");
        }
        assertThat(pack.column("select id from vector_store order by id")).containsExactly(uuid(3), uuid(4));
    }

    @Test
    void theTableMayHaveAnotherNameAndSchema() throws SQLException {
        String url = pack.url(
                "gangway.schema=store",
                "currentSchema=store,public",
                "gangway.placeholders.table=manuals",
                "gangway.placeholders.index=manuals_index");
        try (HikariDataSource pool = SpringAiStore.pool(url)) {
            PgVectorStore store = SpringAiStore.over(
                    pool, DIMENSIONS, builder -> builder.schemaName("store").vectorTableName("manuals"));
            store.add(List.of(document(1, "The awning of the caravan", Map.of())));

            assertThat(ids(store.similaritySearch("awning"))).containsExactly(1);
        }
        assertThat(pack.ask("select to_regclass('store.manuals_index')")).isEqualTo("store.manuals_index");
    }

    @ParameterizedTest
    @CsvSource({"text, TEXT, chapter-7", "integer, INTEGER, 7", "bigserial, BIGSERIAL, 7000000000"})
    void theIdMayHaveAnotherType(String column, PgIdType type, String id) {
        try (HikariDataSource pool = SpringAiStore.pool(pack.url("gangway.placeholders.idType=" + column))) {
            PgVectorStore store = SpringAiStore.over(pool, DIMENSIONS, builder -> builder.idType(type));
            store.add(List.of(Document.builder().id(id).text("The awning").build()));

            assertThat(store.similaritySearch("The awning"))
                    .singleElement()
                    .satisfies(document -> assertThat(document.getId()).isEqualTo(id));
        }
    }

    @Test
    void moreThanTwoThousandDimensionsFitAsHalfvec() throws SQLException {
        String url = pack.url("gangway.placeholders.type=halfvec", "gangway.placeholders.dimension=3072");
        try (HikariDataSource pool = SpringAiStore.pool(url)) {
            PgVectorStore store = camping(SpringAiStore.over(pool, 3072));

            assertThat(ids(store.similaritySearch(
                            nearest("the awning of the caravan", 2).build())))
                    .containsExactly(1, 2);
        }
        assertThat(pack.ask("select pg_get_indexdef('spring_ai_vector_index'::regclass)"))
                .endsWith("USING hnsw (embedding halfvec_cosine_ops)");
    }

    @Test
    void theDistanceMayBeEuclidean() throws SQLException {
        try (HikariDataSource pool = SpringAiStore.pool(pack.url("gangway.placeholders.distance=l2"))) {
            PgVectorStore store = camping(SpringAiStore.over(
                    pool, DIMENSIONS, builder -> builder.distanceType(PgDistanceType.EUCLIDEAN_DISTANCE)));

            assertThat(ids(store.similaritySearch(
                            nearest("the awning of the caravan", 1).build())))
                    .containsExactly(1);
        }
        assertThat(pack.ask("select pg_get_indexdef('spring_ai_vector_index'::regclass)"))
                .endsWith("USING hnsw (embedding vector_l2_ops)");
    }

    private static PgVectorStore camping(HikariDataSource pool) {
        return camping(SpringAiStore.over(pool, DIMENSIONS));
    }

    private static PgVectorStore camping(PgVectorStore store) {
        store.add(List.of(
                document(1, "The awning of the caravan", Map.of("country", "NL", "year", 2021)),
                document(2, "The roof of the caravan", Map.of("country", "BE", "year", 2022)),
                document(3, "A tent beside the river", Map.of("country", "DE", "year", 2020)),
                document(
                        4,
                        "Gas heating",
                        Map.of("country", "NL", "year", 2023, "heated", true, "note", "it's \"new\""))));
        return store;
    }
}
