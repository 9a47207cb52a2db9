package dev.gangway.packs;

import static dev.gangway.packs.LangChain4jStore.add;
import static dev.gangway.packs.LangChain4jStore.ids;
import static dev.gangway.packs.SpringAiStore.uuid;
import static dev.langchain4j.store.embedding.filter.MetadataFilterBuilder.metadataKey;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import com.zaxxer.hikari.HikariDataSource;
import dev.langchain4j.data.segment.TextSegment;
import dev.langchain4j.store.embedding.EmbeddingMatch;
import dev.langchain4j.store.embedding.EmbeddingSearchRequest.EmbeddingSearchRequestBuilder;
import dev.langchain4j.store.embedding.filter.Filter;
import dev.langchain4j.store.embedding.pgvector.DefaultMetadataStorageConfig;
import dev.langchain4j.store.embedding.pgvector.MetadataStorageMode;
import dev.langchain4j.store.embedding.pgvector.PgVectorEmbeddingStore;
import dev.langchain4j.store.embedding.pgvector.PgVectorEmbeddingStore.SearchMode;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** LangChain4j's own PgVectorEmbeddingStore over the pack's table, through a pool of Gangway connections. */
class LangChain4jStoreIT {
    private static final int DIMENSIONS = 64;

    private Pack pack;

    @BeforeEach
    void open() throws SQLException {
        pack = Pack.inNewDatabase("langchain4j", "gangway.placeholders.dimension=" + DIMENSIONS);
    }

    @AfterEach
    void close() throws SQLException {
        pack.close();
    }

    @Test
    void theNearestSegmentsAreFoundNearestFirst() {
        try (HikariDataSource pool = SpringAiStore.pool(pack.url())) {
            PgVectorEmbeddingStore store = camping(LangChain4jStore.over(pool));

            List<EmbeddingMatch<TextSegment>> found = store.search(
                            nearest("the awning of the caravan", 2).build())
                    .matches();

            assertThat(found).extracting(EmbeddingMatch::embeddingId).containsExactly(uuid(1), uuid(2));
            assertThat(found.get(0).score()).isGreaterThan(0.99);
            assertThat(found.get(0).embedded().text()).isEqualTo("The awning of the caravan");
            assertThat(found.get(0).embedded().metadata().getInteger("year")).isEqualTo(2021);
            assertThat(found.get(0).embedding().dimension()).isEqualTo(DIMENSIONS);
        }
    }

    @Test
    void aLeastScoreLeavesOutWhatIsLessSimilar() {
        try (HikariDataSource pool = SpringAiStore.pool(pack.url())) {
            PgVectorEmbeddingStore store = camping(LangChain4jStore.over(pool));

            assertThat(ids(store, nearest("the awning of the caravan", 10).minScore(0.98)))
                    .containsExactly(1);
        }
    }

    @Test
    void aSegmentThatIsAddedAgainIsReplaced() {
        try (HikariDataSource pool = SpringAiStore.pool(pack.url())) {
            PgVectorEmbeddingStore store = camping(LangChain4jStore.over(pool));

            add(store, 3, DIMENSIONS, "Fishing in the lake", Map.of("file_name", "sweden.txt"));

            assertThat(ids(store, nearest("fishing in the lake", 10)))
                    .startsWith(3)
                    .doesNotHaveDuplicates();
        }
    }

    static Stream<Arguments> filters() {
        return Stream.of(
                arguments(metadataKey("file_name").isEqualTo("awning.txt"), List.of(1, 4)),
                arguments(metadataKey("file_name").isNotEqualTo("awning.txt"), List.of(2, 3)),
                arguments(metadataKey("file_name").isIn("awning.txt", "tent.txt"), List.of(1, 3, 4)),
                arguments(metadataKey("file_name").isNotIn("awning.txt", "tent.txt"), List.of(2)),
                arguments(metadataKey("file_name").containsString("n"), List.of(1, 3, 4)),
                arguments(metadataKey("year").isGreaterThan(2021), List.of(2, 4)),
                arguments(metadataKey("year").isBetween(2020, 2021), List.of(1, 3)),
                arguments(
                        Filter.and(
                                metadataKey("file_name").isEqualTo("awning.txt"),
                                metadataKey("year").isGreaterThanOrEqualTo(2022)),
                        List.of(4)),
                arguments(
                        Filter.or(
                                metadataKey("file_name").isEqualTo("roof.txt"),
                                metadataKey("year").isLessThan(2021)),
                        List.of(2, 3)),
                arguments(Filter.not(metadataKey("file_name").isEqualTo("awning.txt")), List.of(2, 3)));
    }

    @ParameterizedTest
    @MethodSource("filters")
    void aFilterLeavesOutWhatItDoesNotMatch(Filter filter, List<Integer> expected) {
        try (HikariDataSource pool = SpringAiStore.pool(pack.url())) {
            PgVectorEmbeddingStore store = camping(LangChain4jStore.over(pool));

            assertThat(ids(store, nearest("caravan", 10).filter(filter))).containsExactlyInAnyOrderElementsOf(expected);
        }
    }

    @Test
    void segmentsAreDeletedByIdAndByFilter() throws SQLException {
        try (HikariDataSource pool = SpringAiStore.pool(pack.url())) {
            PgVectorEmbeddingStore store = camping(LangChain4jStore.over(pool));

            store.removeAll(List.of(uuid(2)));
            store.removeAll(metadataKey("file_name").isEqualTo("awning.txt"));
        }
        assertThat(pack.column("select embedding_id from embeddings")).containsExactly(uuid(3));
    }

    @Test
    void theHybridModeFindsAWordThatTheEmbeddingDoesNot() {
        try (HikariDataSource pool = SpringAiStore.pool(pack.url())) {
            PgVectorEmbeddingStore store =
                    camping(LangChain4jStore.over(pool, builder -> builder.searchMode(SearchMode.HYBRID)));

            EmbeddingSearchRequestBuilder request =
                    LangChain4jStore.nearest("[" + "0,".repeat(DIMENSIONS - 1) + "1]", DIMENSIONS, 1);
            assertThat(ids(store, request.query("heating"))).containsExactly(4);
        }
    }

    @Test
    void theTextMayBeIndexedForAnotherLanguage() throws SQLException {
        try (HikariDataSource pool = SpringAiStore.pool(pack.url("gangway.placeholders.textSearchConfig=english"))) {
            PgVectorEmbeddingStore store = camping(LangChain4jStore.over(
                    pool, builder -> builder.searchMode(SearchMode.HYBRID).textSearchConfig("english")));

            assertThat(ids(store, nearest("heated", 1))).containsExactly(4);
        }
        assertThat(pack.ask("select pg_get_indexdef('embeddings_text_fts_gin_index'::regclass)"))
                .contains("to_tsvector('english'::regconfig");
    }

    @ParameterizedTest
    @ValueSource(strings = {"json", "jsonb"})
    void theModeForJsonbWorksWithEitherTypeOfMetadata(String type) {
        try (HikariDataSource pool = SpringAiStore.pool(pack.url("gangway.placeholders.metadataType=" + type))) {
            PgVectorEmbeddingStore store = camping(LangChain4jStore.over(
                    pool,
                    builder -> builder.metadataStorageConfig(DefaultMetadataStorageConfig.builder()
                            .storageMode(MetadataStorageMode.COMBINED_JSONB)
                            .columnDefinitions(List.of("metadata JSONB NULL"))
                            .build())));

            assertThat(ids(
                            store,
                            nearest("caravan", 10).filter(metadataKey("year").isGreaterThan(2021))))
                    .containsExactlyInAnyOrder(2, 4);
        }
    }

    @Test
    void theTableMayHaveAnotherNameAndSchema() throws SQLException {
        String url =
                pack.url("gangway.schema=store", "currentSchema=store,public", "gangway.placeholders.table=manuals");
        try (HikariDataSource pool = SpringAiStore.pool(url)) {
            PgVectorEmbeddingStore store =
                    camping(LangChain4jStore.over(pool, builder -> builder.table("store.manuals")));

            assertThat(ids(store, nearest("the awning of the caravan", 1))).containsExactly(1);
        }
        assertThat(pack.ask("select to_regclass('store.manuals_hnsw_index')")).isEqualTo("store.manuals_hnsw_index");
    }

    private static EmbeddingSearchRequestBuilder nearest(String question, int maxResults) {
        return LangChain4jStore.nearest(question, DIMENSIONS, maxResults);
    }

    private static PgVectorEmbeddingStore camping(PgVectorEmbeddingStore store) {
        add(store, 1, DIMENSIONS, "The awning of the caravan", Map.of("file_name", "awning.txt", "year", 2021));
        add(store, 2, DIMENSIONS, "The roof of the caravan", Map.of("file_name", "roof.txt", "year", 2022));
        add(store, 3, DIMENSIONS, "A tent beside the river", Map.of("file_name", "tent.txt", "year", 2020));
        add(store, 4, DIMENSIONS, "Gas heating", Map.of("file_name", "awning.txt", "year", 2023));
        return store;
    }
}
