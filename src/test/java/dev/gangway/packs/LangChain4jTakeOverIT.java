package dev.gangway.packs;

import static dev.langchain4j.store.embedding.filter.MetadataFilterBuilder.metadataKey;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zaxxer.hikari.HikariDataSource;
import dev.gangway.testkit.PgDump;
import dev.langchain4j.store.embedding.pgvector.PgVectorEmbeddingStore;
import dev.langchain4j.store.embedding.pgvector.PgVectorEmbeddingStore.DatasourceBuilder;
import dev.langchain4j.store.embedding.pgvector.PgVectorEmbeddingStore.SearchMode;
import java.sql.SQLException;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A database whose table LangChain4j itself has created, before the pack or after it. */
class LangChain4jTakeOverIT {
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
    void itsSegmentsStayAndAreFound() throws SQLException {
        createByFramework(pack.database().jdbcUrl());
        KeptRows segments = KeptRows.of(pack.database());

        pack.migrate();

        assertThat(segments.count()).isEqualTo(30);
        segments.assertStillIn(pack.database(), "the pack");
        assertThat(pack.history()).containsExactly("1 applied", "2 applied", "3 applied", "4 applied", "5 applied");
        assertThat(pack.gangway().validate().valid()).isTrue();
        try (HikariDataSource pool = SpringAiStore.pool(pack.url())) {
            PgVectorEmbeddingStore store = LangChain4jStore.over(pool);
            assertThat(LangChain4jStore.ids(
                            store,
                            LangChain4jStore.nearest("page 7", DIMENSIONS, 1)
                                    .filter(metadataKey("page").isEqualTo(7))))
                    .containsExactly(7);
        }
    }

    @Test
    void newEmbeddingsAreKeptInTheirRowsUntilThePackIsUndone() throws SQLException {
        createByFramework(pack.database().jdbcUrl());
        String storage = "select attstorage from pg_attribute"
                + " where attrelid = 'embeddings'::regclass and attname = 'embedding'";
        String before = PgDump.of(pack.database(), "--schema-only", "--table=embeddings");

        pack.migrate();
        assertThat(pack.ask(storage)).isEqualTo("m");
        pack.gangway().undoTo("1");

        assertThat(PgDump.of(pack.database(), "--schema-only", "--table=embeddings"))
                .isEqualTo(before);
    }

    @Test
    void undoingThePackLeavesItsTableAndRows() throws SQLException {
        createByFramework(pack.database().jdbcUrl());
        KeptRows segments = KeptRows.of(pack.database());
        pack.migrate();

        pack.gangway().undoTo("0");

        segments.assertStillIn(pack.database(), "undoing the pack");
    }

    @Test
    void aBaselineServesAsWell() throws SQLException {
        createByFramework(pack.database().jdbcUrl());
        KeptRows segments = KeptRows.of(pack.database());

        pack.gangway().baseline("2");
        pack.migrate();

        segments.assertStillIn(pack.database(), "the pack");
        assertThat(pack.history()).containsExactly("2 baseline", "3 applied", "4 applied", "5 applied");
    }

    @Test
    void anotherDimensionThanThatOfThePlaceholderIsAnErrorThatSaysWhich() throws SQLException {
        createByFramework(pack.database().jdbcUrl());

        assertThatThrownBy(() -> pack.migrate("gangway.placeholders.dimension=384"))
                .hasMessageContaining("embedding has 384 dimensions")
                .hasMessageContaining("it is vector(64); gangway.placeholders.dimension");
    }

    @Test
    void aTextIndexForAnotherLanguageIsAnErrorThatSaysSo() throws SQLException {
        createByFramework(pack.database().jdbcUrl(), builder -> builder.searchMode(SearchMode.HYBRID)
                .textSearchConfig("english"));

        assertThatThrownBy(pack::migrate)
                .hasMessageContaining("to_tsvector('english'::regconfig")
                .hasMessageContaining("gangway.placeholders.textSearchConfig");

        pack.migrate("gangway.placeholders.textSearchConfig=english");
        assertThat(pack.gangway("gangway.placeholders.textSearchConfig=english")
                        .validate()
                        .valid())
                .isTrue();
    }

    @Test
    void theFrameworksOwnTableCreationAfterThePackChangesNothing() throws SQLException {
        pack.migrate();
        String before = PgDump.of(pack.database(), "--schema-only", "--schema=public");

        createByFramework(pack.url(), builder -> builder.searchMode(SearchMode.HYBRID));

        assertThat(PgDump.of(pack.database(), "--schema-only", "--schema=public"))
                .isEqualTo(before);
        assertThat(pack.ask("select count(*) from embeddings")).isEqualTo("30");
    }

    @Test
    void theFrameworksOwnIndexBesideThePacksBreaksNothing() throws SQLException {
        pack.migrate();

        createByFramework(
                pack.url(), builder -> builder.useIndex(true).indexListSize(1).searchMode(SearchMode.HYBRID));

        assertThat(pack.ask("select to_regclass('embeddings_ivfflat_index')")).isNotNull();
        pack.migrate();
        assertThat(pack.gangway().validate().valid()).isTrue();
        pack.gangway().undo(3);
        assertThat(pack.ask("select count(*) from embeddings")).isEqualTo("30");
    }

    private static void createByFramework(String url) {
        createByFramework(url, builder -> builder);
    }

    /** As the framework's builder does by itself; thirty segments. */
    private static void createByFramework(String url, UnaryOperator<DatasourceBuilder> with) {
        try (HikariDataSource pool = SpringAiStore.pool(url)) {
            PgVectorEmbeddingStore store = LangChain4jStore.over(
                    pool,
                    builder -> with.apply(
                            builder.dimension(DIMENSIONS).createTable(true).skipCreateVectorExtension(false)));
            for (int page = 1; page <= 30; page++) {
                LangChain4jStore.add(store, page, DIMENSIONS, "Page " + page, Map.of("page", page));
            }
        }
    }
}
