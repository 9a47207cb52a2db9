package dev.gangway.packs;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.gangway.gate.Gates;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import javax.sql.DataSource;
import org.springframework.ai.document.Document;
import org.springframework.ai.vectorstore.SearchRequest;
import org.springframework.ai.vectorstore.pgvector.PgVectorStore;
import org.springframework.ai.vectorstore.pgvector.PgVectorStore.PgVectorStoreBuilder;
import org.springframework.jdbc.core.JdbcTemplate;

/** Spring AI's own store over the pack's table, and what tests ask it. */
final class SpringAiStore {

    private SpringAiStore() {}

    /** A pool as an application has it, whose first connection migrates. */
    static HikariDataSource pool(String url) {
        Gates.clear();
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl(url);
        config.setMaximumPoolSize(2);
        return new HikariDataSource(config);
    }

    /** The store with its own DDL off and its validation of the table on. */
    static PgVectorStore over(DataSource dataSource, int dimensions) {
        return over(dataSource, dimensions, builder -> builder);
    }

    static PgVectorStore over(DataSource dataSource, int dimensions, UnaryOperator<PgVectorStoreBuilder> with) {
        PgVectorStore store = with.apply(PgVectorStore.builder(new JdbcTemplate(dataSource), new StubModel(dimensions))
                        .dimensions(dimensions)
                        .initializeSchema(false)
                        .vectorTableValidationsEnabled(true))
                .build();
        store.afterPropertiesSet();
        return store;
    }

    /** A document with a UUID for its id, made of the number. */
    static Document document(int id, String text, Map<String, Object> metadata) {
        return Document.builder().id(uuid(id)).text(text).metadata(metadata).build();
    }

    static String uuid(int id) {
        return "00000000-0000-4000-8000-%012d".formatted(id);
    }

    static SearchRequest.Builder nearest(String question, int topK) {
        return SearchRequest.builder().query(question).topK(topK);
    }

    /** {@return the numbers of the documents that are found, nearest first} */
    static List<Integer> ids(List<Document> found) {
        return found.stream()
                .map(document -> Integer.valueOf(document.getId().substring(24)))
                .toList();
    }
}
