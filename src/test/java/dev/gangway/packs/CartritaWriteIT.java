package dev.gangway.packs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gangway.testkit.Sql;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.postgresql.PGConnection;
import org.postgresql.PGNotification;

/** How the pack {@code cartrita} writes embeddings, and keeps them true. */
class CartritaWriteIT {
    private static final String ROW = "select ctid || ' ' || xmin || ' ' || xmax from embeddings";

    private Pack pack;

    @BeforeEach
    void migrate() throws SQLException {
        pack = Pack.migrated("cartrita");
    }

    @AfterEach
    void close() throws SQLException {
        pack.close();
    }

    /** An embedding of 384 dimensions. */
    private static String vector(int seed) {
        return "(select array_agg(sin(" + seed + " * g)) from generate_series(1, 384) g)::vector";
    }

    private String upsert(String source, String content, int seed, String more) throws SQLException {
        return String.valueOf(pack.ask("select action from upsert_embedding('document', '%s', %s, %s%s)"
                .formatted(source, content, vector(seed), more)));
    }

    @Test
    void aNewSourceIsInsertedWithTheHashOfItsContent() throws SQLException {
        assertThat(upsert("a", "'hello'", 1, "")).isEqualTo("inserted");

        assertThat(pack.ask("select encode(content_hash, 'hex') from embeddings"))
                .isEqualTo("2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824");
    }

    @Test
    void unchangedContentIsNotWrittenAgain() throws SQLException {
        upsert("a", "'hello'", 1, "");
        String row = pack.ask(ROW);

        assertThat(upsert("a", "'hello'", 2, "")).isEqualTo("unchanged");
        assertThat(pack.ask(ROW)).isEqualTo(row);
    }

    @Test
    void changedContentReplacesTheEmbedding() throws SQLException {
        upsert("a", "'hello'", 1, ", metadata => '{\"a\": 1}'");

        assertThat(upsert("a", "'goodbye'", 2, "")).isEqualTo("updated");
        assertThat(pack.ask("select content || metadata::text || (embedding = " + vector(2)
                        + ") || (content_hash = sha256('goodbye')) || count(*) over () from embeddings"))
                .isEqualTo("goodbye{\"a\": 1}truetrue1");
    }

    @Test
    void otherMetadataIsWrittenWithoutTheEmbedding() throws SQLException {
        upsert("a", "'hello'", 1, "");

        assertThat(upsert("a", "'hello'", 2, ", metadata => '{\"page\": 3}'")).isEqualTo("metadata");
        assertThat(upsert("a", "'hello'", 2, ", metadata => '{\"page\": 3}'")).isEqualTo("unchanged");
        assertThat(pack.ask("select metadata::text || ' ' || (embedding = " + vector(1) + ") from embeddings"))
                .isEqualTo("{\"page\": 3} true");
    }

    @Test
    void eachPieceAndEachModelHasItsOwnRow() throws SQLException {
        pack.execute("insert into embedding_models (name, provider, dimensions) values ('other', 'x', 384)");

        assertThat(upsert("a", "'hello'", 1, "")).isEqualTo("inserted");
        assertThat(upsert("a", "'hello'", 1, ", chunk_index => 1")).isEqualTo("inserted");
        assertThat(upsert("a", "'hello'", 1, ", model => 'other'")).isEqualTo("inserted");
        assertThat(pack.ask("select string_agg(model_id || ':' || chunk_index, ' ' order by id) from embeddings"))
                .isEqualTo("1:0 1:1 101:0");
    }

    @Test
    void ofManyWhoWriteTheSameAtOnceOneInsertsAndTheOthersLeaveItBe() throws Exception {
        assertThat(together(12, i -> "'the same'"))
                .containsOnlyOnce("inserted")
                .filteredOn("unchanged"::equals)
                .hasSize(11);
        assertThat(pack.ask("select count(*) from embeddings")).isEqualTo("1");
    }

    @Test
    void ofManyWhoWriteDifferentContentsAtOnceTheLastOneStaysWhole() throws Exception {
        assertThat(together(12, i -> "'content " + i + "'")).containsOnlyOnce("inserted");

        assertThat(pack.ask("select count(*) from embeddings e where content_hash = sha256(convert_to(content, 'UTF8'))"
                        + " and embedding = (select array_agg(sin(split_part(e.content, ' ', 2)::int * g))"
                        + " from generate_series(1, 384) g)::vector"))
                .isEqualTo("1");
    }

    private interface Content {
        String of(int writer);
    }

    private List<String> together(int writers, Content content) throws Exception {
        ExecutorService pool = Executors.newFixedThreadPool(writers);
        try {
            List<Future<String>> actions = new ArrayList<>();
            for (int i = 1; i <= writers; i++) {
                int writer = i;
                actions.add(pool.submit(() -> upsert("shared", content.of(writer), writer, "")));
            }
            List<String> result = new ArrayList<>();
            for (Future<String> action : actions) {
                result.add(action.get());
            }
            return result;
        } finally {
            pool.shutdownNow();
        }
    }

    @Test
    void whatNeedsAnEmbeddingIsToldBeforeTheModelIsAsked() throws SQLException {
        String question = "select needs_embedding('document', 'a', %s, 'all-MiniLM-L6-v2')";
        assertThat(pack.ask(question.formatted("'hello'"))).isEqualTo("t");
        upsert("a", "'hello'", 1, "");

        assertThat(pack.ask(question.formatted("'hello'"))).isEqualTo("f");
        assertThat(pack.ask(question.formatted("'goodbye'"))).isEqualTo("t");
        pack.execute("select invalidate_embeddings('document', 'a')");
        assertThat(pack.ask(question.formatted("'hello'"))).isEqualTo("t");
    }

    @Test
    void anInvalidatedEmbeddingIsNotFoundUntilItIsRefreshed() throws SQLException {
        upsert("a", "'hello'", 1, "");
        upsert("b", "'hello'", 1, "");
        String found = "select string_agg(source_id, ' ' order by id) from similarity_search(" + vector(1) + ")";

        assertThat(pack.ask("select invalidate_embeddings('document', 'a')")).isEqualTo("1");
        assertThat(pack.ask("select invalidate_embeddings('document', 'a')")).isEqualTo("0");
        assertThat(pack.ask(found)).isEqualTo("b");
        assertThat(pack.ask("select source_id || ' ' || model from stale_embeddings"))
                .isEqualTo("a all-MiniLM-L6-v2");

        assertThat(upsert("a", "'hello'", 1, "")).isEqualTo("refreshed");
        assertThat(pack.ask(found)).isEqualTo("a b");
        assertThat(pack.ask("select count(*) from stale_embeddings")).isEqualTo("0");
    }

    @Test
    void aTriggerOnAnApplicationsTableInvalidatesAndForgets() throws SQLException {
        pack.addRows("1");
        pack.execute("create trigger messages_embeddings after update of content or delete on messages for each row"
                + " execute function invalidate_source_embeddings('message', 'id');"
                + " select upsert_embedding('message', id::text, content, " + vector(3) + ") from messages");

        pack.execute("update messages set content = 'Every two hours.' where content like 'Every hour%';"
                + " delete from messages where role = 'system'");

        assertThat(pack.ask("select count(*) || ' ' || count(invalidated_at) from embeddings"))
                .isEqualTo("6 1");
        assertThat(pack.ask("select content from stale_embeddings")).startsWith("Every hour");
    }

    @Test
    void cachesAreToldWhatHasChangedOnceItIsCommitted() throws SQLException {
        try (Connection listener = pack.database().connect()) {
            Sql.execute(listener, "listen embeddings_changed");
            upsert("a", "'hello'", 1, "");
            upsert("a", "'hello'", 1, "");
            upsert("a", "'goodbye'", 1, "");
            pack.execute("delete from embeddings; truncate embeddings;"
                    + " update search_settings set notify_changes = false");
            upsert("a", "'hello'", 1, "");

            assertThat(told(listener))
                    .containsExactly(
                            "{\"operation\" : \"insert\", \"source_type\" : \"document\", \"rows\" : 1}",
                            "{\"operation\" : \"update\", \"source_type\" : \"document\", \"rows\" : 1}",
                            "{\"operation\" : \"delete\", \"source_type\" : \"document\", \"rows\" : 1}",
                            "{\"operation\" : \"truncate\"}");
        }
    }

    private static List<String> told(Connection listener) throws SQLException {
        // Everything was committed before this statement, whose answer brings it along.
        Sql.ask(listener, "select 1");
        List<String> messages = new ArrayList<>();
        PGNotification[] notifications = listener.unwrap(PGConnection.class).getNotifications();
        for (PGNotification notification : notifications) {
            messages.add(notification.getParameter());
        }
        return messages;
    }

    @Test
    void aPictureIsKnownByTheHashOfItsFile() throws SQLException {
        String picture = "select action from upsert_embedding('image', 'beach.jpg', null,"
                + " (select array_agg(sin(g)) from generate_series(1, 512) g)::vector, content_hash => sha256('%s'))";

        assertThat(pack.ask(picture.formatted("bytes"))).isEqualTo("inserted");
        assertThat(pack.ask(picture.formatted("bytes"))).isEqualTo("unchanged");
        assertThat(pack.ask(picture.formatted("other"))).isEqualTo("updated");
        assertThat(pack.ask("select m.name from embeddings e join embedding_models m on m.id = e.model_id"))
                .isEqualTo("clip-vit-base-patch32");
    }

    @Test
    void whatCannotBeStoredIsOneClearError() {
        assertRefused("null, 'a', 'x', " + vector(1), "must not be null");
        assertRefused("'document', 'a', 'x', null", "must not be null");
        assertRefused("'poem', 'a', 'x', " + vector(1), "there is no source type \"poem\"");
        assertRefused("'document', 'a', 'x', " + vector(1) + ", 'gpt'", "there is no embedding model \"gpt\"");
        assertRefused("'document', 'a', 'x', '[1,2,3]'", "no embedding model has 3 dimensions");
        assertRefused(
                "'document', 'a', 'x', '[1,2,3]', 'all-mpnet-base-v2'",
                "embeddings of \"all-mpnet-base-v2\" have 768 dimensions, not 3");
        assertRefused("'image', 'a', 'x', " + vector(1), "makes no embeddings of \"image\" (image)");
        assertRefused("'document', 'a', null, " + vector(1), "needs the content_hash");
        assertRefused("'document', 'a', 'x', array_fill(0, array[384])::vector", "embeddings_embedding_not_zero");
    }

    private void assertRefused(String arguments, String message) {
        assertThatThrownBy(() -> pack.ask("select upsert_embedding(" + arguments + ")"))
                .isInstanceOf(SQLException.class)
                .hasMessageContaining(message);
    }

    @Test
    void noRowCanHaveOtherDimensionsThanItsModel() {
        assertThatThrownBy(() -> pack.execute("insert into embeddings (model_id, source_type, source_id, content,"
                        + " embedding) values (1, 'document', 'a', 'x', '[1,2,3]')"))
                .hasMessageContaining("fk_embeddings_model");
    }

    @Test
    void aPieceThatIsNotNumberedIsTheFirstHereToo() throws SQLException {
        pack.execute(
                "select upsert_embedding('document', 'a', 'text', (select array_agg(1) from generate_series(1, 384))"
                        + "::vector, chunk_index => null)");

        assertThat(pack.ask("select needs_embedding('document', 'a', 'text', 'all-MiniLM-L6-v2', null)"))
                .isEqualTo("f");
    }

    @Test
    void aModelThatIsNotThereIsNoModelWhoseEmbeddingsAreInvalidated() {
        assertThatThrownBy(() -> pack.execute("select invalidate_embeddings('document', 'a', 'all-MiniML')"))
                .hasMessageContaining("there is no embedding model \"all-MiniML\"");
    }
}
