package dev.gangway.packs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gangway.GangwayDriver;
import dev.gangway.GangwayException;
import dev.gangway.GangwayException.Code;
import dev.gangway.testkit.Sql;
import dev.gangway.testkit.TestDatabase;
import dev.gangway.testkit.TestServer;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Objects;
import java.util.Properties;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The pack {@code sheratan-store}: a document store with embeddings. */
class SheratanStoreIT {
    private static final String PACK = "gangway.locations=pack:sheratan-store";
    private static final String DIMENSION = "gangway.placeholders.vectorDimension=384";

    private TestDatabase database;

    @BeforeEach
    void open() throws SQLException {
        database = TestServer.newDatabase();
    }

    @AfterEach
    void close() throws SQLException {
        database.close();
    }

    @Test
    void oneConnectMigratesAnEmptyDatabase() throws SQLException {
        connect(PACK, DIMENSION).close();

        assertThat(database.ask("select string_agg(version || ' ' || state, ', ' order by rank) from gangway_history"))
                .isEqualTo("1 applied, 2 applied, 3 applied, 4 applied, 5 applied, 6 applied, 7 applied");
    }

    @ParameterizedTest
    @CsvSource({
        "documents, idx_documents_created_at, btree (created_at)",
        "documents, idx_documents_source, btree (source)",
        "document_chunks, idx_chunks_document_id, btree (document_id)",
        "document_chunks, idx_chunks_embedding, hnsw (embedding vector_cosine_ops)",
        "jobs, idx_jobs_status, btree (status)",
        "jobs, idx_jobs_job_type, btree (job_type)",
        "jobs, idx_jobs_created_at, btree (created_at)",
        "jobs, idx_jobs_priority, btree (priority)",
        "audit_logs, idx_audit_logs_created_at, btree (created_at)",
        "audit_logs, idx_audit_logs_event_type, btree (event_type)",
        "audit_logs, idx_audit_logs_user_id, btree (user_id)",
        "audit_logs, idx_audit_logs_resource, btree (resource)",
        "search_logs, idx_search_logs_created_at, btree (created_at)",
    })
    void everyIndexOfTheGuideExistsAndIsValid(String table, String index, String definition) throws SQLException {
        connect(PACK, DIMENSION).close();

        assertThat(database.ask("select indexdef from pg_indexes where tablename = '%s' and indexname = '%s'"
                        .formatted(table, index)))
                .endsWith("USING " + definition);
        assertThat(database.ask("select indisvalid from pg_index where indexrelid = '%s'::regclass".formatted(index)))
                .isEqualTo("t");
    }

    @Test
    void theEmbeddingHasTheDimensionOfThePlaceholder() throws SQLException {
        connect(PACK, "gangway.placeholders.vectorDimension=768").close();

        assertThat(database.ask("select format_type(atttypid, atttypmod) from pg_attribute"
                        + " where attrelid = 'document_chunks'::regclass and attname = 'embedding'"))
                .isEqualTo("vector(768)");
    }

    @Test
    void deletingADocumentDeletesItsChunks() throws SQLException {
        try (Connection connection = connect(PACK, DIMENSION)) {
            Sql.execute(connection, "insert into documents (title, content, source) values ('a', 'b', 'c')");
            Sql.execute(
                    connection,
                    "insert into document_chunks (document_id, chunk_index, content) select id, 0, 'b' from documents");

            Sql.execute(connection, "delete from documents");

            assertThat(Sql.ask(connection, "select count(*) from document_chunks"))
                    .isEqualTo("0");
        }
    }

    @Test
    void aJobHasNoStatusOutsideItsLifecycle() throws SQLException {
        try (Connection connection = connect(PACK, DIMENSION)) {
            Sql.execute(connection, "insert into jobs (job_type) values ('embed')");
            for (String status : new String[] {"running", "completed", "failed"}) {
                Sql.execute(connection, "update jobs set status = '" + status + "'");
            }

            assertThatThrownBy(() -> Sql.execute(connection, "update jobs set status = 'paused'"))
                    .hasMessageContaining("jobs_status_known");
        }
    }

    @Test
    void theSecondConnectAppliesNothing() throws SQLException {
        connect(PACK, DIMENSION).close();
        String before = history();

        GangwayDriver.deregister();
        GangwayDriver.register();
        connect(PACK, DIMENSION, "gangway.mode=validate").close();

        assertThat(history()).isEqualTo(before);
    }

    @Test
    void itsTablesGoWhereTheSettingSays() throws SQLException {
        connect(PACK, DIMENSION, "gangway.schema=store").close();

        assertThat(database.ask("select string_agg(tablename, ' ' order by tablename) from pg_tables"
                        + " where schemaname = 'store' and tablename not like 'gangway%'"))
                .isEqualTo("audit_logs document_chunks documents jobs search_logs");
    }

    @Test
    void aMissingDimensionIsAnErrorThatNamesFileLineAndSetting() throws SQLException {
        assertThatThrownBy(() -> connect(PACK))
                .isInstanceOf(GangwayException.class)
                .hasMessageStartingWith(Code.MIGRATION_FAILED.id())
                .hasMessageContaining("V3__document_chunks.sql:15:")
                .hasMessageContaining("gangway.placeholders.vectorDimension");
        assertThat(database.ask("select to_regclass('documents')")).isNull();
    }

    @Test
    void itsUndoScriptsTakeItBackInReverseOrder() throws SQLException {
        connect(PACK, DIMENSION).close();

        try (Connection connection = database.connect()) {
            for (int version = 7; version >= 1; version--) {
                String undo = Sql.ask(
                        connection, "select undo_sql from gangway_history where version = '%d'".formatted(version));
                Sql.execute(connection, String.valueOf(undo));
            }
        }

        assertThat(database.ask("select string_agg(tablename, ' ' order by tablename) from pg_tables"
                        + " where schemaname = 'public'"))
                .isEqualTo("gangway_history gangway_state");
        assertThat(database.ask("select count(*) from pg_extension where extname = 'vector'"))
                .isEqualTo("1");
    }

    private String history() throws SQLException {
        return String.valueOf(database.ask("select string_agg(h::text, ' ' order by rank) from gangway_history h"));
    }

    private Connection connect(String... settings) throws SQLException {
        return Objects.requireNonNull(new GangwayDriver().connect(database.gangwayUrl(settings), new Properties()));
    }
}
