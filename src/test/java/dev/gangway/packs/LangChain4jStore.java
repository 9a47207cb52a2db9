package dev.gangway.packs;

import dev.langchain4j.data.document.Metadata;
import dev.langchain4j.data.embedding.Embedding;
import dev.langchain4j.data.segment.TextSegment;
import dev.langchain4j.store.embedding.EmbeddingSearchRequest;
import dev.langchain4j.store.embedding.EmbeddingSearchRequest.EmbeddingSearchRequestBuilder;
import dev.langchain4j.store.embedding.pgvector.PgVectorEmbeddingStore;
import dev.langchain4j.store.embedding.pgvector.PgVectorEmbeddingStore.DatasourceBuilder;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import javax.sql.DataSource;

/** LangChain4j's own store over the pack's table, and what tests ask it. */
final class LangChain4jStore {

    private LangChain4jStore() {}

    /** The store with its own DDL off. */
    static PgVectorEmbeddingStore over(DataSource dataSource) {
        return over(dataSource, builder -> builder);
    }

    static PgVectorEmbeddingStore over(DataSource dataSource, UnaryOperator<DatasourceBuilder> with) {
        return with.apply(PgVectorEmbeddingStore.datasourceBuilder()
                        .datasource(dataSource)
                        .table("embeddings")
                        .createTable(false)
                        .useIndex(false)
                        .skipCreateVectorExtension(true))
                .build();
    }

    /** Adds a segment, or replaces it. */
    static void add(PgVectorEmbeddingStore store, int id, int dimensions, String text, Map<String, ?> metadata) {
        store.addAll(
                List.of(SpringAiStore.uuid(id)),
                List.of(Embedding.from(StubModel.embedding(text, dimensions))),
                List.of(TextSegment.from(text, Metadata.from(metadata))));
    }

    static EmbeddingSearchRequestBuilder nearest(String question, int dimensions, int maxResults) {
        return EmbeddingSearchRequest.builder()
                .query(question)
                .queryEmbedding(Embedding.from(StubModel.embedding(question, dimensions)))
                .maxResults(maxResults);
    }

    /** {@return the ids of the segments that are found, best first} */
    static List<String> found(PgVectorEmbeddingStore store, EmbeddingSearchRequestBuilder request) {
        return store.search(request.build()).matches().stream()
                .map(match -> match.embeddingId())
                .toList();
    }

    /** {@return their numbers} */
    static List<Integer> ids(PgVectorEmbeddingStore store, EmbeddingSearchRequestBuilder request) {
        return found(store, request).stream()
                .map(id -> Integer.valueOf(id.substring(24)))
                .toList();
    }
}
