package dev.gangway.packs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gangway.testkit.Await;
import dev.gangway.testkit.Sql;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How the pack {@code cartrita} keeps its vector indexes. */
class CartritaIndexIT {
    private static final int PAST_THE_PLAN_SWITCH = 5 + 6;

    private Pack pack;

    @BeforeEach
    void migrate() throws SQLException {
        pack = Pack.migrated("cartrita");
        pack.execute("update search_settings set hnsw_min_rows = 50, ivfflat_min_rows = 3000");
    }

    @AfterEach
    void close() throws SQLException {
        pack.close();
    }

    /** Adds rows to a model, from a number on. */
    private void add(int model, int from, int to) throws SQLException {
        pack.execute(("insert into embeddings (model_id, source_type, source_id, content, embedding)"
                        + " select m.id, case when n %% 2 = 0 then 'document' else 'message' end, n, 'row ' || n,"
                        + " (select array_agg(sin(n * (0.1 + g %% 7) + g * 0.9)) from generate_series(1, m.dimensions) g)::vector"
                        + " from generate_series(%d, %d) n, embedding_models m where m.id = %d")
                .formatted(from, to, model));
    }

    private String rebuilt(String model, String more) throws SQLException {
        return String.valueOf(pack.ask(
                "select action || ' ' || index_kind from rebuild_vector_indexes('" + model + "'" + more + ")"));
    }

    private String rebuilt() throws SQLException {
        return rebuilt("all-MiniLM-L6-v2", "");
    }

    private String file() throws SQLException {
        return String.valueOf(pack.ask("select relfilenode from pg_class where relname = 'embeddings_vector_1'"));
    }

    @Test
    void theKindFollowsTheNumberOfRows() throws SQLException {
        add(1, 1, 49);
        assertThat(rebuilt()).isEqualTo("keep none");
        add(1, 50, 50);
        assertThat(rebuilt()).isEqualTo("create hnsw");
        pack.execute("update search_settings set ivfflat_min_rows = 60");
        add(1, 51, 60);
        assertThat(rebuilt()).isEqualTo("replace ivfflat");
        assertThat(pack.ask("select indexdef from pg_indexes where indexname = 'embeddings_vector_1'"))
                .endsWith(
                        "USING ivfflat (((embedding)::vector(384)) vector_cosine_ops) WITH (lists='1') WHERE (model_id = 1)");
        pack.execute("delete from embeddings where source_id::int > 55");
        assertThat(rebuilt()).isEqualTo("replace hnsw");
        pack.execute("delete from embeddings where source_id::int > 10");
        assertThat(rebuilt()).isEqualTo("drop none");
        assertThat(pack.ask("select to_regclass('embeddings_vector_1')")).isNull();
    }

    @Test
    void whatIsAsItShouldBeIsNotBuiltAgainWithoutForce() throws SQLException {
        add(1, 1, 60);
        rebuilt();
        String before = file();

        assertThat(rebuilt()).isEqualTo("keep hnsw");
        assertThat(file()).isEqualTo(before);
        assertThat(rebuilt("all-MiniLM-L6-v2", ", force => true")).isEqualTo("rebuild hnsw");
        assertThat(file()).isNotEqualTo(before);
    }

    @Test
    void anInvalidIndexAndOneOfOtherParametersAreBuiltAnew() throws SQLException {
        add(1, 1, 60);
        rebuilt();

        pack.execute("update pg_index set indisvalid = false where indexrelid = 'embeddings_vector_1'::regclass");
        assertThat(pack.ask("select present from vector_index_plan('all-MiniLM-L6-v2')"))
                .isEqualTo("hnsw (invalid)");
        assertThat(rebuilt()).isEqualTo("rebuild hnsw");
        pack.execute("update search_settings set hnsw_m = 24");
        assertThat(rebuilt()).isEqualTo("rebuild hnsw");
        assertThat(rebuilt()).isEqualTo("keep hnsw");
    }

    @Test
    void anIvfflatIndexIsBuiltAnewWhenItsListsNoLongerFit() throws SQLException {
        add(1, 1, 2000);
        pack.execute("update search_settings set ivfflat_min_rows = 50");
        assertThat(rebuilt()).isEqualTo("create ivfflat");
        add(1, 2001, 4000);
        assertThat(rebuilt()).isEqualTo("keep ivfflat");
        add(1, 4001, 5000);
        assertThat(rebuilt()).isEqualTo("rebuild ivfflat");
        assertThat(pack.ask("select reloptions from pg_class where relname = 'embeddings_vector_1'"))
                .isEqualTo("{lists=5}");
    }

    @Test
    void theOnlineStatementsDoTheSame() throws SQLException {
        add(1, 1, 60);
        runOnline();
        assertThat(rebuilt()).isEqualTo("keep hnsw");
        pack.execute("update search_settings set ivfflat_min_rows = 60");
        runOnline();
        assertThat(rebuilt()).isEqualTo("keep ivfflat");
        pack.execute("delete from embeddings");
        runOnline();
        assertThat(pack.ask("select to_regclass('embeddings_vector_1')")).isNull();
    }

    private void runOnline() throws SQLException {
        for (String statement : pack.column("select unnest(online) from vector_index_plan()")) {
            pack.execute(statement);
        }
    }

    @ParameterizedTest
    @CsvSource({"1, 384, vector", "2, 768, vector", "3, 1536, vector", "4, 3072, halfvec"})
    void theSearchOfEachDimensionUsesItsIndexPastThePlanSwitch(int model, int dimensions, String type)
            throws SQLException {
        pack.execute(
                "insert into embedding_models (name, provider, dimensions) values ('twin', 'x', " + dimensions + ")");
        add(model, 1, 1200);
        add(101, 1, 300);
        pack.ask("select rebuild_vector_indexes()");
        pack.execute("analyze");
        assertThat(pack.ask("select indexdef from pg_indexes where indexname = 'embeddings_vector_" + model + "'"))
                .contains("::" + type + "(" + dimensions + ")) " + type + "_cosine_ops");

        String question = "(select embedding from embeddings where model_id = " + model + " and source_id = '77')";
        assertUses(model, "select * from similarity_search(" + question + ")");
        assertUses(model, "select * from similarity_search(" + question + ", source_types => '{document}')");
        assertUses(model, "select * from hybrid_search('row', " + question + ")");
        assertUses(101, "select * from similarity_search(" + question + ", model => 'twin')");
        assertUses(101, "select * from hybrid_search('row', " + question + ", model => 'twin')");
    }

    private void assertUses(int model, String search) throws SQLException {
        try (Connection connection = pack.database().connect()) {
            for (int i = 0; i < PAST_THE_PLAN_SWITCH; i++) {
                assertThat(Searches.keys(connection, search + " where ? is null", null))
                        .hasSize(10);
            }
            assertThat(Searches.plans(connection, search))
                    .contains("Index Scan using embeddings_vector_" + model + " on");
        }
    }

    @Test
    void aModelOfMoreDimensionsThanAnyIndexTakesIsSearchedExactly() throws SQLException {
        pack.execute("insert into embedding_models (name, provider, dimensions) values ('huge', 'x', 4096)");
        add(101, 1, 60);

        assertThat(rebuilt("huge", "")).isEqualTo("keep none");
        assertThat(
                        pack.ask(
                                "select source_id from similarity_search((select embedding from embeddings where source_id = '7'))"))
                .isEqualTo("7");
    }

    @Test
    void theIndexOfAModelThatIsGoneIsDropped() throws SQLException {
        pack.execute("insert into embedding_models (name, provider, dimensions) values ('old', 'x', 8)");
        add(101, 1, 60);
        rebuilt("old", "");
        pack.execute("delete from embeddings; delete from embedding_models where name = 'old'");

        assertThat(pack.column(
                        "select index_name || ' ' || action from rebuild_vector_indexes() where action <> 'keep'"))
                .containsExactly("embeddings_vector_101 drop");
    }

    @Test
    void theFirstConnectAfterTheRowsHaveComeBuildsTheIndex() throws SQLException {
        add(1, 1, 50);
        assertThat(pack.history()).contains("2.8 deferred");

        pack.migrate();

        assertThat(pack.history()).contains("2.8 applied", "2.9 deferred");
        assertThat(rebuilt()).isEqualTo("keep hnsw");
    }

    @Test
    void theMigrationLeavesAnIndexThatIsThereAlready() throws SQLException {
        add(1, 1, 60);
        rebuilt();
        String before = file();

        pack.migrate();

        assertThat(pack.history()).contains("2.8 applied");
        assertThat(file()).isEqualTo(before);
    }

    @Test
    void theStatisticsTellHowEachModelStands() throws SQLException {
        add(1, 1, 60);
        pack.execute("select invalidate_embeddings('document', '2')");
        rebuilt();
        pack.ask("select count(*) from similarity_search((select embedding from embeddings where source_id = '1'))");

        assertThat(pack.ask("select concat_ws(' ', embeddings, sources, stale, index_name, index_kind, index_valid,"
                        + " index_bytes > 0, searches, avg_time_ms > 0, p95_time_ms > 0)"
                        + " from vector_search_stats where model = 'all-MiniLM-L6-v2'"))
                .isEqualTo("60 60 1 embeddings_vector_1 hnsw t t 1 t t");
        assertThat(pack.ask("select concat_ws(' ', embeddings, index_kind, searches) from vector_search_stats"
                        + " where model = 'clap-htsat-unfused'"))
                .isEqualTo("0 none 0");
    }

    @Test
    void onlyOneSessionAtATimeRebuilds() throws SQLException {
        add(1, 1, 60);
        try (Connection first = pack.database().connect()) {
            Sql.execute(first, "begin");
            Sql.execute(first, "select rebuild_vector_indexes()");

            assertThatThrownBy(this::rebuilt)
                    .hasMessageContaining("another session is building an index on embeddings");
            Sql.execute(first, "commit");
        }
        assertThat(rebuilt()).isEqualTo("keep hnsw");
    }

    @Test
    void itDoesNotWaitForABuildBesideTheApplication() throws Exception {
        add(1, 1, 60);
        try (Connection writer = pack.database().connect()) {
            Sql.execute(writer, "begin; delete from embeddings where source_id = '1'");
            CompletableFuture<Void> online = CompletableFuture.runAsync(() -> {
                try {
                    runOnline();
                } catch (SQLException e) {
                    throw new IllegalStateException(e);
                }
            });
            Await.until("the online build waits for the writer", Duration.ofSeconds(30), () -> "1"
                    .equals(pack.ask("select count(*) from pg_stat_progress_create_index"
                            + " where datname = current_database() and phase like 'waiting for writers%'")));

            assertThatThrownBy(this::rebuilt)
                    .hasMessageContaining("another session is building an index on embeddings");
            Sql.execute(writer, "rollback");
            online.join();
        }
        assertThat(rebuilt()).isEqualTo("keep hnsw");
    }

    @Test
    void theCallersMemoryAndWorkersAreAsBefore() throws SQLException {
        add(1, 1, 60);
        try (Connection connection = pack.database().connect()) {
            Sql.execute(connection, "begin; set local maintenance_work_mem = '5MB'");
            Sql.execute(connection, "set local max_parallel_maintenance_workers = 1");
            Sql.execute(connection, "select rebuild_vector_indexes()");

            assertThat(Sql.ask(
                            connection,
                            "select current_setting('maintenance_work_mem') || ' '"
                                    + " || current_setting('max_parallel_maintenance_workers')"))
                    .isEqualTo("5MB 1");
        }
    }
}
