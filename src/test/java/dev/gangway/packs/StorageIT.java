package dev.gangway.packs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gangway.testkit.TestDatabase;
import dev.gangway.testkit.TestServer;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Vectors above 2 kB, which PostgreSQL by default stores outside of their rows. The planner does not see them there, and
 * would rather read and sort the whole table than use the vector index.
 */
class StorageIT {
    /** pgjdbc's prepareThreshold, PostgreSQL's custom plans before it thinks of a generic one, and one that is it. */
    private static final int PAST_THE_PLAN_SWITCH = 5 + 6 + 1;

    /** So many words that no compression makes less of. Rows of this size without their vectors show the trap. */
    private static final String TEXT = "(select string_agg(md5(n || ' ' || i), ' ') from generate_series(1, %d) i)";

    /** The plans of searches, the first and some past the plan switch. */
    private interface Search {
        List<String> plans(TestDatabase database, String question, int dimensions) throws SQLException;
    }

    private record Filled(
            String pack, int dimensions, int rows, List<String> settings, List<String> fill, Search search) {
        @Override
        public String toString() {
            return pack + " at " + dimensions;
        }
    }

    static List<Filled> packs() {
        return List.of(
                new Filled(
                        "cartrita",
                        512,
                        5_000,
                        List.of("gangway.schema=cartrita"),
                        List.of("insert into cartrita.embeddings (model_id, source_type, source_id, content, embedding)"
                                + " select 5, 'document', n::text, " + TEXT.formatted(16)
                                + ", embedding from public.embeddings"),
                        function("select id from cartrita.similarity_search(?::vector)")),
                new Filled(
                        "discord-rag-bot",
                        512,
                        5_000,
                        List.of("gangway.placeholders.vectorDimension=512"),
                        List.of("insert into documents (content, embedding) select " + TEXT.formatted(16)
                                + ", embedding from embeddings"),
                        function("select id from match_documents(?::vector, 10)")),
                new Filled(
                        "langchain4j",
                        512,
                        5_000,
                        List.of("gangway.placeholders.dimension=512", "gangway.placeholders.table=segments"),
                        List.of("insert into segments (embedding_id, text, metadata, embedding)"
                                + " select md5(n::text)::uuid, " + TEXT.formatted(12)
                                + ", '{}', embedding from embeddings"),
                        StorageIT::byLangChain4j),
                new Filled(
                        "sheratan-store",
                        512,
                        5_000,
                        List.of("gangway.placeholders.vectorDimension=512", "gangway.placeholders.ivfflatRows=5000"),
                        List.of(
                                "insert into documents (title, content, source) values ('a', 'b', 'c')",
                                "insert into document_chunks (document_id, chunk_index, content, embedding)"
                                        + " select (select id from documents), n, " + TEXT.formatted(16)
                                        + ", embedding from embeddings"),
                        function("select chunk_id from search_chunks(?::vector, 10)")),
                new Filled(
                        "spring-ai",
                        512,
                        5_000,
                        List.of("gangway.placeholders.dimension=512"),
                        List.of("insert into vector_store (content, metadata, embedding) select " + TEXT.formatted(12)
                                + ", '{}', embedding from embeddings"),
                        StorageIT::bySpringAi),
                new Filled(
                        "woo-ai-assistant",
                        1024,
                        10_000,
                        List.of("gangway.placeholders.dimension=1024"),
                        List.of("insert into woo_ai_knowledge_base (content_type, content_id, chunk_text, embedding)"
                                + " select 'product', 1 + n, " + TEXT.formatted(12) + ", embedding from embeddings"),
                        function("select id from woo_ai_search_knowledge_base(?::halfvec, null, 10)")));
    }

    @ParameterizedTest
    @MethodSource("packs")
    void aSearchOverLongVectorsUsesTheVectorIndexAlsoPastThePlanSwitch(Filled filled) throws SQLException {
        try (TestDatabase database = TestServer.newDatabase()) {
            String question = new SearchScenario(
                            filled.pack(), filled.settings(), filled.dimensions(), filled.fill(), "", "", "")
                    .prepare(database, filled.rows(), 1)
                    .get(0);
            String index;
            try (Connection connection = database.connect()) {
                index = "Index Scan using (" + String.join("|", Searches.vectorIndexes(connection)) + ")\\b";
            }

            assertThat(filled.search().plans(database, question, filled.dimensions()))
                    .isNotEmpty()
                    .allSatisfy(plan -> assertThat(plan).containsPattern(index));
        }
    }

    private static Search function(String query) {
        return (database, question, dimensions) -> {
            try (Connection connection = database.connect()) {
                String asked = query.replace("?", "'" + question + "'");
                List<String> plans = new ArrayList<>();
                plans.add(Searches.plans(connection, asked));
                for (int i = 0; i < PAST_THE_PLAN_SWITCH; i++) {
                    Searches.keys(connection, query, question);
                }
                plans.add(Searches.plans(connection, asked));
                return plans;
            }
        };
    }

    private static List<String> bySpringAi(TestDatabase database, String question, int dimensions) throws SQLException {
        try (ExplainedConnections explained = new ExplainedConnections(database.connect())) {
            var store = SpringAiStore.over(explained.dataSource(), dimensions);
            explained.take();
            for (int i = 0; i < PAST_THE_PLAN_SWITCH; i++) {
                store.similaritySearch(SpringAiStore.nearest(question, 10).build());
            }
            return explained.take();
        }
    }

    private static List<String> byLangChain4j(TestDatabase database, String question, int dimensions)
            throws SQLException {
        try (ExplainedConnections explained = new ExplainedConnections(database.connect())) {
            var store = LangChain4jStore.over(explained.dataSource(), builder -> builder.table("segments"));
            explained.take();
            for (int i = 0; i < PAST_THE_PLAN_SWITCH; i++) {
                LangChain4jStore.found(store, LangChain4jStore.nearest(question, dimensions, 10));
            }
            return explained.take();
        }
    }
}
