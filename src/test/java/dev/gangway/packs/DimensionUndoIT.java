package dev.gangway.packs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Each step of a change of the dimension is taken back, and what happens to texts that change in between. */
class DimensionUndoIT {
    private static final EmbeddingModel OLD = new EmbeddingModel(8);
    private static final EmbeddingModel NEW = new EmbeddingModel(12);
    private static final String DROP = "gangway.placeholders.dropOldDimension=true";

    /** Without the order of columns: one that is added again comes last. */
    private static final String SCHEMA = """
            select 'column ' || attname || ' ' || format_type(atttypid, atttypmod) from pg_attribute
            where attrelid = 'document_chunks'::regclass and attnum > 0 and not attisdropped
            union all select pg_get_indexdef(indexrelid) from pg_index where indrelid = 'document_chunks'::regclass
            union all select tgname || pg_get_functiondef(tgfoid) from pg_trigger where tgrelid = 'document_chunks'::regclass
                and not tgisinternal
            union all select viewname || definition from pg_views where schemaname = 'public'
            union all select proname from pg_proc where pronamespace = 'public'::regnamespace
            order by 1""";

    private Pack pack;

    @BeforeEach
    void fill() throws SQLException {
        pack = SheratanStoreDimensionIT.store("8", "12").with("gangway.placeholders.ivfflatRows=20");
        pack.migrate("gangway.target=15");
        pack.execute("insert into documents (title, content, source) values ('a', 'b', 'c')");
        for (int place = 0; place < 30; place++) {
            store(place, "text " + place, OLD);
        }
        pack.migrate("gangway.target=15");
    }

    @AfterEach
    void close() throws SQLException {
        pack.close();
    }

    private void store(int place, String text, EmbeddingModel model) throws SQLException {
        pack.ask("select store_chunk(1, %d, '%s', '%s')".formatted(place, text, model.embed(text)));
    }

    private void workAll(EmbeddingModel model) throws SQLException {
        try (Connection connection = pack.database().connect()) {
            model.workAll(connection);
        }
    }

    private void migrateTo(String version) throws SQLException {
        if (version.compareTo("103") > 0) {
            pack.migrate("gangway.target=103");
            workAll(NEW);
        }
        pack.migrate("gangway.target=" + version, DROP);
        assertThat(pack.history()).contains(version + " applied");
    }

    @ParameterizedTest
    @ValueSource(strings = {"101", "102", "103", "104", "105", "106"})
    void undoBringsBackWhatWasThereBeforeAndKeepsEveryChunk(String version) throws SQLException {
        migrateTo(String.valueOf(Integer.parseInt(version) - 1).replace("100", "15"));
        if (version.compareTo("103") > 0) {
            workAll(NEW);
        }
        List<String> before = pack.column(SCHEMA);
        List<String> chunks = pack.column("select chunk_index || content from document_chunks order by 1");

        pack.migrate("gangway.target=" + version, DROP);
        assertThat(pack.history()).contains(version + " applied");
        store(30, "of the new model", version.equals("102") ? OLD : NEW);
        pack.gangway().undo(1);

        assertThat(pack.column(SCHEMA).stream().map(DimensionUndoIT::oneList))
                .containsExactlyElementsOf(
                        before.stream().map(DimensionUndoIT::oneList).toList());
        chunks.add("30of the new model");
        assertThat(pack.column("select chunk_index || content from document_chunks order by 1"))
                .containsExactlyInAnyOrderElementsOf(chunks);
        workAll(OLD);
        assertThat(pack.ask("select embedded || ' ' || missing from chunk_dimensions() where dimensions = 8"))
                .isEqualTo("31 0");
    }

    /** What comes back at the undo of the drop is built on nothing, and says so to vector_index_lists(). */
    private static String oneList(String definition) {
        return definition.replaceAll(" WITH \\(lists='\\d+'\\)", "");
    }

    @Test
    void aTextThatChangesWhileItIsEmbeddedDoesNotGetTheEmbeddingOfTheOldOne() throws SQLException {
        pack.migrate("gangway.target=103");
        String hash = pack.ask("select chunk_text_hash(heading, content) from document_chunks where chunk_index = 0");
        String chunk = pack.ask("select id from document_chunks where chunk_index = 0");
        pack.ask("select count(*) from take_job('slow', array['embed_chunk_12'])");
        store(0, "changed", OLD);

        assertThat(pack.ask("select store_embedding(%s, '%s', '%s')".formatted(chunk, hash, NEW.embed("text 0"))))
                .isEqualTo("f");
        workAll(NEW);
        assertThat(pack.ask("select embedding_next::text = '%s'::vector::text from document_chunks where id = %s"
                        .formatted(NEW.embed("changed"), chunk)))
                .isEqualTo("t");
    }

    @Test
    void plainSqlThatChangesATextLeavesNoEmbeddingOfTheOldOne() throws SQLException {
        migrateTo("105");
        pack.execute("update document_chunks set content = 'by hand' where chunk_index = 0;"
                + " update document_chunks set metadata = '{}' where chunk_index = 1");

        assertThat(pack.column(
                        "select chunk_index from document_chunks where embedding is null or embedding_old is null"))
                .containsExactly("0");
        workAll(OLD);
        workAll(NEW);
        assertThat(pack.ask("select count(*) from document_chunks where embedding is null or embedding_old is null"))
                .isEqualTo("0");
    }

    @Test
    void aStoreThatHasTheNewDimensionFromTheBeginningIsLeftAlone() throws SQLException {
        try (Pack other = SheratanStoreDimensionIT.store("12", "12")) {
            other.migrate();

            assertThat(other.history()).contains("101 deferred").doesNotContain("102 applied");
            assertThat(other.gangway().validate().valid()).isTrue();
        }
    }

    @Test
    void aVectorDimensionThatWasChangedTooEarlyDropsNothing() throws SQLException {
        migrateTo("105");

        assertThatThrownBy(() -> pack.migrate(DROP, "gangway.placeholders.vectorDimension=12"))
                .hasMessageContaining("embedding_old has 8 dimensions, and vectorDimension is 12");
        assertThat(pack.ask("select count(embedding_old) from document_chunks")).isEqualTo("30");
    }

    @Test
    void moreDimensionsThanAnIndexTakesAreRefusedBeforeAnythingIsAdded() {
        assertThatThrownBy(() -> pack.migrate("gangway.placeholders.newVectorDimension=3072"))
                .hasMessageContaining("newVectorDimension is 3072");
    }
}
