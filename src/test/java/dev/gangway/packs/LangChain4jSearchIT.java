package dev.gangway.packs;

import static dev.gangway.packs.LangChain4jStore.found;
import static dev.langchain4j.store.embedding.filter.MetadataFilterBuilder.metadataKey;
import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import dev.gangway.testkit.Embeddings;
import dev.gangway.testkit.Sql;
import dev.gangway.testkit.TestDatabase;
import dev.gangway.testkit.TestServer;
import dev.langchain4j.store.embedding.EmbeddingSearchRequest.EmbeddingSearchRequestBuilder;
import dev.langchain4j.store.embedding.pgvector.PgVectorEmbeddingStore;
import dev.langchain4j.store.embedding.pgvector.PgVectorEmbeddingStore.SearchMode;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** What LangChain4j's own queries make of the pack's indexes at 20,000 segments. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class LangChain4jSearchIT {
    private static final int DIMENSIONS = 384;
    private static final String DIMENSION = "gangway.placeholders.dimension=" + DIMENSIONS;
    private static final String HNSW = "Index Scan using embeddings_hnsw_index";
    private static final String OF_METADATA = "embeddings_metadata_index";

    /** A file is of a hundred segments, a tenth of two thousand; the words occur in every 20th, 200th and 2,000th segment. */
    private static final String SEGMENTS = """
            insert into embeddings (embedding_id, text, metadata, embedding)
            select md5(n::text)::uuid,
                   'Segment ' || n || ' about camping' || case when n % 20 = 0 then ' tent' else '' end
                       || case when n % 200 = 0 then ' awning' else '' end || case when n % 2000 = 0 then ' pump' else '' end,
                   json_build_object('file_name', 'file' || n % 200 || '.txt', 'tenth', (n % 10)::text), embedding
            from drawn""";

    private TestDatabase database;
    private Pack pack;
    private List<String> questions;

    @BeforeAll
    void fill() throws SQLException {
        database = TestServer.newDatabase();
        pack = Pack.in(database, "langchain4j", DIMENSION);
        pack.migrate();
        Embeddings embeddings = Embeddings.clustered(20_000, DIMENSIONS);
        try (Connection superuser = database.connect()) {
            embeddings.loadInto(superuser, "drawn");
            Searches.fillWithoutVectorIndexes(superuser, SEGMENTS);
        }
        questions = embeddings.questions(50);
    }

    @AfterAll
    void drop() throws SQLException {
        pack.close();
    }

    @Test
    void eachSearchUsesTheVectorIndex() throws SQLException {
        try (ExplainedConnections explained = new ExplainedConnections(pack.connect())) {
            PgVectorEmbeddingStore store = LangChain4jStore.over(explained.dataSource());

            for (int i = 0; i < 12; i++) {
                found(store, question(i).minScore(0.5));
            }

            assertThat(explained.take()).hasSize(12).allSatisfy(plan -> assertThat(plan)
                    .contains(HNSW));
        }
    }

    @Test
    void itsSearchesFindNearlyAllOfTheTrulyNearest() throws SQLException {
        int hits = 0;
        try (HikariDataSource pool = SpringAiStore.pool(pack.url());
                Connection exact = database.connect()) {
            PgVectorEmbeddingStore store = LangChain4jStore.over(pool);
            Sql.execute(exact, "set enable_indexscan = off");
            for (int i = 0; i < questions.size(); i++) {
                List<String> nearest = Searches.keys(
                        exact,
                        "select embedding_id from embeddings order by embedding <=> ?::vector limit 10",
                        questions.get(i));
                hits += (int) found(store, question(i)).stream()
                        .filter(nearest::contains)
                        .count();
            }
        }
        assertThat(hits / (10.0 * questions.size())).isGreaterThanOrEqualTo(0.95);
    }

    @Test
    void theHybridModeUsesTheVectorIndexAndTheTextIndex() throws SQLException {
        try (ExplainedConnections explained = new ExplainedConnections(pack.connect())) {
            PgVectorEmbeddingStore store =
                    LangChain4jStore.over(explained.dataSource(), builder -> builder.searchMode(SearchMode.HYBRID));

            assertThat(found(store, question(0).query("pump"))).hasSize(10);
            assertThat(explained.take()).singleElement().satisfies(plan -> assertThat(plan)
                    .contains(HNSW)
                    .contains("Bitmap Index Scan on embeddings_text_fts_gin_index"));
        }
    }

    @Test
    void aFilterOnTheKeyThatIsIndexedUsesItAndFindsTen() throws SQLException {
        try (ExplainedConnections explained = new ExplainedConnections(pack.connect())) {
            PgVectorEmbeddingStore store = LangChain4jStore.over(explained.dataSource());

            assertThat(found(store, question(0).filter(metadataKey("file_name").isEqualTo("file7.txt"))))
                    .hasSize(10);
            assertThat(explained.take()).singleElement().satisfies(plan -> assertThat(plan)
                    .contains(OF_METADATA));
        }
    }

    @Test
    void withIterativeScansAFilterThatATenthMatchesFindsTen() {
        try (HikariDataSource pool = SpringAiStore.pool(pack.url("options=-c hnsw.iterative_scan=strict_order"))) {
            PgVectorEmbeddingStore store = LangChain4jStore.over(pool);

            for (int i = 0; i < questions.size(); i++) {
                assertThat(found(store, question(i).filter(metadataKey("tenth").isEqualTo("7"))))
                        .hasSize(10);
            }
        }
    }

    @Test
    void replacingTheSegmentsOfAFileUsesTheIndexOfItsKey() throws SQLException {
        try (ExplainedConnections explained = new ExplainedConnections(pack.connect())) {
            PgVectorEmbeddingStore store = LangChain4jStore.over(explained.dataSource());

            store.removeAll(metadataKey("file_name").isIn("no-file.txt", "nor-this.txt"));

            assertThat(explained.take()).singleElement().satisfies(plan -> assertThat(plan)
                    .contains(OF_METADATA));
        }
    }

    private EmbeddingSearchRequestBuilder question(int number) {
        return LangChain4jStore.nearest(questions.get(number), DIMENSIONS, 10);
    }
}
