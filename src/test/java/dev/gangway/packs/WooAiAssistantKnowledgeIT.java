package dev.gangway.packs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gangway.testkit.Sql;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Filling the knowledge base of {@code woo-ai-assistant}, metrics, and maintenance. */
class WooAiAssistantKnowledgeIT {
    private Pack pack;

    @BeforeEach
    void open() throws SQLException {
        pack = Pack.migrated(WooAiAssistantIT.NAME, "gangway.placeholders.dimension=3");
    }

    @AfterEach
    void close() throws SQLException {
        pack.close();
    }

    @Test
    void aChunkIsStoredOnceAndKeepsItsEmbedding() throws SQLException {
        String first = pack.ask("select woo_ai_upsert_chunk('product', 1, 0, 'A bike', '[1,2,3]', 'Bike', 'm1')");
        String written = pack.ask("select ctid from woo_ai_knowledge_base");

        assertThat(pack.ask("select woo_ai_upsert_chunk('product', 1, 0, 'A bike', null, 'Bike')"))
                .isEqualTo(first);
        assertThat(pack.ask("select ctid from woo_ai_knowledge_base"))
                .as("nothing written")
                .isEqualTo(written);
        assertThat(pack.ask("select woo_ai_upsert_chunk('product', 1, 3, 'A bike', '[3,2,1]', 'Red bike', 'm2')"))
                .isEqualTo(first);

        assertThat(pack.column("select chunk_index || ' ' || title || ' ' || embedding || ' ' || embedding_model"
                        + " from woo_ai_knowledge_base"))
                .containsExactly("3 Red bike [3,2,1] m2");
    }

    @Test
    void theModelsNameStaysWithTheEmbeddingThatItHasMade() throws SQLException {
        pack.execute("select woo_ai_upsert_chunk('product', 1, 0, 'A bike', '[1,2,3]', 'Bike', 'm1')");
        pack.execute("select woo_ai_upsert_chunk('product', 1, 0, 'A bike', null, 'Bike', 'm2')");
        assertThat(pack.ask("select embedding::text || ' ' || embedding_model from woo_ai_knowledge_base"))
                .isEqualTo("[1,2,3] m1");

        pack.execute("select woo_ai_upsert_chunk('product', 1, 0, 'A bike', '[1,2,3]', 'Bike', 'm2')");
        assertThat(pack.ask("select embedding::text || ' ' || embedding_model from woo_ai_knowledge_base"))
                .isEqualTo("[1,2,3] m2");
    }

    @Test
    void aListOfChunksToKeepWithANullInItIsRefused() {
        assertThatThrownBy(() -> pack.execute("select woo_ai_remove_chunks('product', 1, array[1, null])"))
                .hasMessageContaining("keep has a null in it");
    }

    @ParameterizedTest
    @ValueSource(strings = {"'NaN'", "1e400", "-1e300"})
    void aMetricOfWhichNoMeanCanBeMadeIsNotStored(String value) {
        assertThatThrownBy(() -> pack.execute(
                        "insert into woo_ai_analytics (metric_type, metric_value) values ('x', " + value + ")"))
                .hasMessageContaining("metric_value_is_a_number");
    }

    @Test
    void aTinyMetricDoesNotSpoilTheDay() throws SQLException {
        pack.execute("insert into woo_ai_analytics (metric_type, metric_value) values ('x', 1e-400), ('x', 9e299)");

        assertThat(pack.ask("select samples || ' ' || minimum from woo_ai_daily_metrics()"))
                .startsWith("2 0.000");
    }

    @Test
    void theSameTextOfAnotherContentIsAnotherChunk() throws SQLException {
        pack.execute(
                "select woo_ai_upsert_chunk('product', 1, 0, 'Free shipping'),"
                        + " woo_ai_upsert_chunk('product', 2, 0, 'Free shipping'), woo_ai_upsert_chunk('page', 1, 0, 'Free shipping')");

        assertThat(pack.ask("select count(distinct chunk_hash) from woo_ai_knowledge_base"))
                .isEqualTo("3");
    }

    @Test
    void theHashIsSha256InHexAndNobodysToChoose() throws SQLException {
        pack.execute("select woo_ai_upsert_chunk('product', 1, 0, 'Größe 58 \\ ''XL''')");

        assertThat(
                        pack.ask(
                                "select chunk_hash = encode(sha256(convert_to(E'product\\n1\\nGröße 58 \\\\ ''XL''', 'UTF8')), 'hex')"
                                        + " and chunk_hash = woo_ai_chunk_hash('product', 1, chunk_text) from woo_ai_knowledge_base"))
                .isEqualTo("t");
        assertThatThrownBy(() -> pack.execute("update woo_ai_knowledge_base set chunk_hash = 'x'"))
                .hasMessageContaining("generated column");
        assertThatThrownBy(() -> pack.execute("insert into woo_ai_knowledge_base (content_type, content_id, chunk_text)"
                        + " select content_type, content_id, chunk_text from woo_ai_knowledge_base"))
                .hasMessageContaining("woo_ai_knowledge_base_chunk_hash_key");
    }

    @Test
    void manyWhoIndexTheSameContentAtOnceStoreItOnce() throws Exception {
        List<CompletableFuture<Void>> indexers = IntStream.range(0, 4)
                .mapToObj(i -> CompletableFuture.runAsync(() -> index(i)))
                .toList();
        for (CompletableFuture<Void> indexer : indexers) {
            indexer.get();
        }

        assertThat(pack.ask("select count(*) || ' ' || count(embedding) from woo_ai_knowledge_base"))
                .isEqualTo("50 50");
    }

    private void index(int worker) {
        try (Connection connection = pack.database().connect()) {
            for (int i = 1; i <= 50; i++) {
                Sql.execute(
                        connection,
                        "select woo_ai_upsert_chunk('product', %d, %d, 'A bike', '[1,2,3]')".formatted(i, worker));
            }
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void whatCannotBeFoundIsNotStored() {
        assertThatThrownBy(() -> pack.execute("select woo_ai_upsert_chunk('product', 1, 0, 'x', '[0,0,0]')"))
                .hasMessageContaining("chunk_embedding_not_zero");
        assertThatThrownBy(() -> pack.execute("select woo_ai_upsert_chunk('product', 1, 0, 'x', '[1,2]')"))
                .hasMessageContaining("expected 3 dimensions, not 2");
        assertThatThrownBy(() -> pack.execute("select woo_ai_upsert_chunk('product', 1, 0, '')"))
                .hasMessageContaining("chunk_text_given");
        assertThatThrownBy(() -> pack.execute("select woo_ai_upsert_chunk('A product', 1, 0, 'x')"))
                .hasMessageContaining("chunk_type_is_a_post_type");
    }

    @Test
    void staleChunksGoWhenAContentIsIndexedAgain() throws SQLException {
        pack.addRows("001");
        assertThat(pack.ask("select woo_ai_remove_chunks('product', 101, array[woo_ai_upsert_chunk('product', 101, 0,"
                        + " 'A light road bike with an aluminium frame and 22 gears.')])"))
                .isEqualTo("1");
        assertThat(pack.ask("select woo_ai_remove_chunks('page', 8)")).isEqualTo("1");
        assertThat(pack.column("select content_type || ' ' || chunks || ' ' || contents || ' ' || embedded_chunks"
                        + " from woo_ai_kb_summary order by 1"))
                .containsExactly("page 1 1 1", "post 1 1 0", "product 2 2 2");
    }

    @Test
    void chunksOfContentsThatAreGoneAreCleanedUpButNeverAllByMistake() throws SQLException {
        pack.addRows("001");

        assertThat(pack.ask("select woo_ai_cleanup_orphaned_chunks('product', '{102, 500}')"))
                .isEqualTo("2");
        assertThat(pack.column("select content_id from woo_ai_knowledge_base where content_type = 'product'"))
                .containsExactly("102");
        for (String none : List.of("null", "'{}'", "array[102, null]")) {
            assertThatThrownBy(() -> pack.execute("select woo_ai_cleanup_orphaned_chunks('product', " + none + ")"))
                    .hasMessageContaining("existing_ids must name the contents that exist");
        }
    }

    @Test
    void orphansAreCleanedUpAlsoThoseOfAnImportWithoutForeignKeys() throws SQLException {
        pack.addRows("001");
        pack.execute(
                "insert into woo_ai_conversations (session_id, created_at) values ('empty', now() - interval '2 days'),"
                        + " ('new', now());"
                        + " set session_replication_role = replica;"
                        + " insert into woo_ai_messages (conversation_id, role, content) values (900, 'user', 'x'), (901, 'user', 'y');"
                        + " insert into woo_ai_analytics (metric_type, metric_value, conversation_id) values ('x', 1, 900)");

        assertThat(pack.column("select kind || ': ' || affected from woo_ai_cleanup_orphans()"))
                .containsExactly(
                        "conversations without messages: 1",
                        "messages without conversation: 2",
                        "metrics with a lost conversation: 1");
        assertThat(pack.column("select affected from woo_ai_cleanup_orphans()")).containsExactly("0", "0", "0");
    }

    @Test
    void deletingAConversationTakesItsMessagesButKeepsItsMetricsAndItsAuditTrail() throws SQLException {
        pack.addRows("001");

        pack.execute("delete from woo_ai_conversations");

        assertThat(pack.ask(
                        "select (select count(*) from woo_ai_messages) || ' ' || count(*) || ' ' || count(conversation_id)"
                                + " from woo_ai_analytics"))
                .isEqualTo("0 4 0");
        assertThat(pack.ask("select count(conversation_id) from woo_ai_action_logs"))
                .isEqualTo("2");
    }

    @Test
    void metricsAreSummedByTheShopsDaysAndByType() throws SQLException {
        pack.execute("insert into woo_ai_analytics (metric_type, metric_value, created_at) values"
                + " ('tokens', 10, '2026-03-01 22:30+00'), ('tokens', 30, '2026-03-01 23:30+00'), ('tokens', 50, '2026-03-02 10:00+00'),"
                + " ('cost', 0.25, '2026-03-02 10:00+00'), ('tokens', 1000, '2026-03-03 23:00+00')");

        assertThat(pack.column("select concat_ws(' ', day, metric_type, samples, total, minimum, maximum)"
                        + " from woo_ai_daily_metrics('2026-03-01', '2026-03-03', null, 'Europe/Rome')"))
                .containsExactly(
                        "2026-03-01 tokens 1 10 10 10",
                        "2026-03-02 cost 1 0.25 0.25 0.25",
                        "2026-03-02 tokens 2 80 30 50");
        assertThat(pack.column("select concat_ws(' ', day, samples, round(average, 1), percentile_95)"
                        + " from woo_ai_daily_metrics('2026-03-01', '2026-03-02', '{tokens}')"))
                .containsExactly("2026-03-01 2 20.0 29", "2026-03-02 1 50.0 50");
        assertThat(pack.column("select day from woo_ai_daily_metrics()")).isEmpty();
    }

    @Test
    void theGrowthOfTheDatabaseIsAMetric() throws SQLException {
        assertThat(pack.ask("select woo_ai_record_sizes()")).isEqualTo("8");
        assertThat(pack.column("select metric_type from woo_ai_daily_metrics() where total > 0"))
                .contains("database_bytes", "table_bytes:woo_ai_messages", "table_bytes:woo_ai_conversation_archive");
        assertThat(pack.ask(
                        "select count(*) from woo_ai_index_usage where index_name = 'woo_ai_knowledge_base_embedding_idx'"
                                + " and is_valid and not is_unique"))
                .isEqualTo("1");
    }

    @Test
    void aDumpComesBackWithItsHashesAndItsFunctions() throws SQLException {
        pack.addRows("001");
        String before = pack.ask("select string_agg(chunk_hash, ',' order by id) from woo_ai_knowledge_base");
        // As pg_restore runs: with no schema on the search path.
        pack.execute(
                "set search_path = ''; create table public.copied (like public.woo_ai_knowledge_base including all);"
                        + " insert into public.copied (id, content_type, content_id, chunk_text)"
                        + " select id, content_type, content_id, chunk_text from public.woo_ai_knowledge_base");

        assertThat(pack.ask("select string_agg(chunk_hash, ',' order by id) from copied"))
                .isEqualTo(before);
    }
}
