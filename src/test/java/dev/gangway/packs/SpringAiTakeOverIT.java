package dev.gangway.packs;

import static dev.gangway.packs.SpringAiStore.document;
import static dev.gangway.packs.SpringAiStore.ids;
import static dev.gangway.packs.SpringAiStore.nearest;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zaxxer.hikari.HikariDataSource;
import dev.gangway.testkit.PgDump;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.ai.vectorstore.pgvector.PgVectorStore;
import org.springframework.ai.vectorstore.pgvector.PgVectorStore.PgIndexType;
import org.springframework.ai.vectorstore.pgvector.PgVectorStore.PgVectorStoreBuilder;

/** A database whose table Spring AI itself has created, before the pack or after it. */
class SpringAiTakeOverIT {
    private static final int DIMENSIONS = 64;

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
    void itsDocumentsStayAndAreFound() throws SQLException {
        initializeByFramework(pack.database().jdbcUrl());
        KeptRows documents = KeptRows.of(pack.database());

        pack.migrate();

        assertThat(documents.count()).isEqualTo(30);
        documents.assertStillIn(pack.database(), "the pack");
        assertThat(pack.history()).containsExactly("1 applied", "2 applied", "3 applied", "4 applied");
        assertThat(pack.gangway().validate().valid()).isTrue();
        try (HikariDataSource pool = SpringAiStore.pool(pack.url())) {
            PgVectorStore store = SpringAiStore.over(pool, DIMENSIONS);
            assertThat(ids(store.similaritySearch(
                            nearest("page 7", 1).filterExpression("page == 7").build())))
                    .containsExactly(7);
        }
    }

    @Test
    void itsIndexIsKeptAndTheOneForFiltersAdded() throws SQLException {
        initializeByFramework(pack.database().jdbcUrl());
        String index = pack.ask("select 'spring_ai_vector_index'::regclass::oid");

        pack.migrate();

        assertThat(pack.ask("select 'spring_ai_vector_index'::regclass::oid")).isEqualTo(index);
        assertThat(pack.column("select indexname from pg_indexes where tablename = 'vector_store' order by indexname"))
                .containsExactly("spring_ai_vector_index", "vector_store_metadata_index", "vector_store_pkey");
    }

    @Test
    void newEmbeddingsAreKeptInTheirRowsUntilThePackIsUndone() throws SQLException {
        initializeByFramework(pack.database().jdbcUrl());
        String storage = "select attstorage from pg_attribute"
                + " where attrelid = 'vector_store'::regclass and attname = 'embedding'";
        String before = PgDump.of(pack.database(), "--schema-only", "--table=vector_store");

        pack.migrate();
        assertThat(pack.ask(storage)).isEqualTo("m");
        pack.gangway().undoTo("1");

        assertThat(pack.ask(storage)).isEqualTo("e");
        // Without the index, which an undo takes back whoever has made it.
        assertThat(before.lines().filter(line -> !line.contains("spring_ai_vector_index")))
                .containsAll(PgDump.of(pack.database(), "--schema-only", "--table=vector_store")
                        .lines()
                        .toList());
    }

    @Test
    void undoingThePackLeavesItsTableAndRows() throws SQLException {
        initializeByFramework(pack.database().jdbcUrl());
        KeptRows documents = KeptRows.of(pack.database());
        pack.migrate();

        pack.gangway().undoTo("0");

        documents.assertStillIn(pack.database(), "undoing the pack");
    }

    @Test
    void aBaselineServesAsWell() throws SQLException {
        initializeByFramework(pack.database().jdbcUrl());
        KeptRows documents = KeptRows.of(pack.database());

        pack.gangway().baseline("3");
        pack.migrate();

        documents.assertStillIn(pack.database(), "the pack");
        assertThat(pack.history()).containsExactly("3 baseline", "4 applied");
    }

    @Test
    void anotherDimensionThanThatOfThePlaceholderIsAnErrorThatSaysWhich() throws SQLException {
        initializeByFramework(pack.database().jdbcUrl());

        assertThatThrownBy(() -> pack.migrate("gangway.placeholders.dimension=384"))
                .hasMessageContaining("embedding has 384 dimensions")
                .hasMessageContaining("it is vector(64); gangway.placeholders.dimension");
        assertThat(pack.history()).containsExactly("1 applied", "2 failed");
    }

    @Test
    void anIndexOfAnotherKindUnderItsNameIsAnErrorThatSaysSo() throws SQLException {
        initializeByFramework(pack.database().jdbcUrl(), builder -> builder.indexType(PgIndexType.IVFFLAT));

        assertThatThrownBy(pack::migrate)
                .hasMessageContaining("USING ivfflat")
                .hasMessageContaining("gangway.placeholders.index");

        pack.execute("drop index spring_ai_vector_index");
        pack.migrate();
        assertThat(pack.gangway().validate().valid()).isTrue();
    }

    @Test
    void theFrameworksOwnInitializationAfterThePackChangesNothing() throws SQLException {
        pack.migrate();
        String before = PgDump.of(pack.database(), "--schema-only", "--schema=public");

        initializeByFramework(pack.url());

        assertThat(PgDump.of(pack.database(), "--schema-only", "--schema=public"))
                .isEqualTo(before);
        assertThat(pack.ask("select count(*) from vector_store")).isEqualTo("30");
        pack.migrate();
        assertThat(pack.gangway().validate().valid()).isTrue();
    }

    private static void initializeByFramework(String url) {
        initializeByFramework(url, builder -> builder);
    }

    /** As an application has it with initialize-schema=true; thirty documents. */
    private static void initializeByFramework(String url, UnaryOperator<PgVectorStoreBuilder> with) {
        try (HikariDataSource pool = SpringAiStore.pool(url)) {
            PgVectorStore store = SpringAiStore.over(
                    pool,
                    DIMENSIONS,
                    builder -> with.apply(builder.initializeSchema(true).vectorTableValidationsEnabled(false)));
            for (int page = 1; page <= 30; page++) {
                store.add(List.of(document(page, "Page " + page, Map.of("page", page))));
            }
        }
    }
}
