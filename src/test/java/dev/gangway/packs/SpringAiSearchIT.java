package dev.gangway.packs;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import dev.gangway.testkit.TestDatabase;
import dev.gangway.testkit.TestServer;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.springframework.ai.document.Document;
import org.springframework.ai.vectorstore.SearchRequest;
import org.springframework.ai.vectorstore.pgvector.PgVectorStore;
import org.springframework.ai.vectorstore.pgvector.PgVectorStore.PgDistanceType;

/** What Spring AI's own queries make of the pack's indexes at 20,000 documents. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SpringAiSearchIT {
    private static final int DIMENSIONS = 384;
    private static final String DIMENSION = "gangway.placeholders.dimension=" + DIMENSIONS;
    private static final String HNSW = "Index Scan using spring_ai_vector_index";

    /** pgjdbc's prepareThreshold, PostgreSQL's custom plans before it thinks of a generic one, and one that is it. */
    private static final int PAST_THE_PLAN_SWITCH = 5 + 6 + 1;

    /** Of a document's numbers: a country for one of two hundred, a tenth for one of ten. */
    private static final String DOCUMENTS = """
            insert into vector_store (id, content, metadata, embedding)
            select md5(n::text)::uuid, 'Document ' || n,
                   json_build_object('country', 'c' || n % 200, 'tenth', 't' || n % 10, 'year', 1900 + n % 120), embedding
            from embeddings""";

    private TestDatabase database;
    private Pack pack;
    private List<String> questions;

    @BeforeAll
    void fill() throws SQLException {
        database = TestServer.newDatabase();
        pack = Pack.in(database, "spring-ai", DIMENSION);
        SearchScenario scenario = new SearchScenario(
                "spring-ai", List.of(DIMENSION), DIMENSIONS, List.of(DOCUMENTS), "unused", "unused", "unused");
        questions = scenario.prepare(database, 20_000, 50);
    }

    @AfterAll
    void drop() throws SQLException {
        pack.close();
    }

    @Test
    void eachSearchUsesTheVectorIndexAlsoPastThePlanSwitch() throws SQLException {
        try (ExplainedConnections explained = new ExplainedConnections(pack.connect())) {
            PgVectorStore store = SpringAiStore.over(explained.dataSource(), DIMENSIONS);
            explained.take();

            for (int i = 0; i < PAST_THE_PLAN_SWITCH; i++) {
                store.similaritySearch(question(i).similarityThreshold(0.05).build());
            }

            assertThat(explained.take()).hasSize(PAST_THE_PLAN_SWITCH).allSatisfy(plan -> assertThat(plan)
                    .contains(HNSW));
        }
    }

    @Test
    void itsSearchesFindNearlyAllOfTheTrulyNearest() throws SQLException {
        int hits = 0;
        try (HikariDataSource pool = SpringAiStore.pool(pack.url());
                Connection exact = database.connect()) {
            PgVectorStore store = SpringAiStore.over(pool, DIMENSIONS);
            exact.createStatement().execute("set enable_indexscan = off");
            for (int i = 0; i < questions.size(); i++) {
                List<String> nearest = Searches.keys(
                        exact,
                        "select id from vector_store order by embedding <=> ?::vector limit 10",
                        questions.get(i));
                hits += (int) found(store, question(i)).stream()
                        .filter(nearest::contains)
                        .count();
            }
        }
        assertThat(hits / (10.0 * questions.size())).isGreaterThanOrEqualTo(0.95);
    }

    @Test
    void aFilterThatFewDocumentsMatchUsesTheMetadataIndexAndFindsTen() throws SQLException {
        try (ExplainedConnections explained = new ExplainedConnections(pack.connect())) {
            PgVectorStore store = SpringAiStore.over(explained.dataSource(), DIMENSIONS);
            explained.take();

            assertThat(found(store, question(0).filterExpression("country == 'c7'")))
                    .hasSize(10);
            assertThat(explained.take()).singleElement().satisfies(plan -> assertThat(plan)
                    .contains("Bitmap Index Scan on vector_store_metadata_index"));
        }
    }

    @Test
    void withIterativeScansAFilterThatATenthMatchesFindsTen() {
        try (HikariDataSource pool = SpringAiStore.pool(pack.url("options=-c hnsw.iterative_scan=strict_order"))) {
            PgVectorStore store = SpringAiStore.over(pool, DIMENSIONS);

            for (int i = 0; i < questions.size(); i++) {
                assertThat(found(store, question(i).filterExpression("tenth == 't7'")))
                        .hasSize(10);
            }
        }
    }

    @Test
    void deletingByAFilterUsesTheMetadataIndex() throws SQLException {
        try (ExplainedConnections explained = new ExplainedConnections(pack.connect())) {
            PgVectorStore store = SpringAiStore.over(explained.dataSource(), DIMENSIONS);
            explained.take();

            store.delete("country in ['d1', 'd2'] && tenth == 't1'");

            assertThat(explained.take()).singleElement().satisfies(plan -> assertThat(plan)
                    .contains("Bitmap Index Scan on vector_store_metadata_index"));
        }
    }

    /** Its ORDER BY is an expression over the operator, which no index has. The page tells users to stay with cosine. */
    @Test
    void theInnerProductReadsTheWholeTable() throws SQLException {
        try (ExplainedConnections explained = new ExplainedConnections(pack.connect())) {
            PgVectorStore store = SpringAiStore.over(
                    explained.dataSource(),
                    DIMENSIONS,
                    builder -> builder.distanceType(PgDistanceType.NEGATIVE_INNER_PRODUCT));
            explained.take();

            assertThat(found(store, question(0))).hasSize(10);
            assertThat(explained.take()).singleElement().satisfies(plan -> assertThat(plan)
                    .contains("Seq Scan on vector_store"));
        }
    }

    private SearchRequest.Builder question(int number) {
        return SpringAiStore.nearest(questions.get(number), 10);
    }

    private static List<String> found(PgVectorStore store, SearchRequest.Builder request) {
        return store.similaritySearch(request.build()).stream()
                .map(Document::getId)
                .toList();
    }
}
