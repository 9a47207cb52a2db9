package dev.gangway.packs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gangway.GangwayException;
import dev.gangway.testkit.Sql;
import java.sql.Connection;
import java.sql.SQLException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Retention, the read-only role, the checks of the guide and a database of Alembic's, in {@code sheratan-store}. */
class SheratanUpkeepIT {
    private Pack pack;
    private String reader;

    @BeforeEach
    void open() throws SQLException {
        pack = SheratanStoreIT.store("gangway.placeholders.vectorDimension=3");
        reader = pack.database().name() + "_r1";
    }

    @AfterEach
    void close() throws SQLException {
        pack.close();
    }

    @Test
    void whatIsOlderThanNinetyDaysIsDeletedAndCounted() throws SQLException {
        pack.migrate();
        pack.addRows("5");
        pack.addRows("6");

        assertThat(pack.ask("select cleanup_old_audit_logs()")).isEqualTo("6");
        assertThat(pack.ask("select cleanup_old_search_logs(90)")).isEqualTo("6");
        assertThat(pack.ask("select cleanup_old_audit_logs()")).isEqualTo("0");
        assertThat(pack.ask("select count(*) from audit_logs where created_at > now() - interval '90 days'"))
                .isEqualTo("4");
        assertThatThrownBy(() -> pack.ask("select cleanup_old_audit_logs(-1)")).hasMessageContaining("days is -1");
        assertThatThrownBy(() -> pack.ask("select cleanup_old_audit_logs(null)"))
                .hasMessageContaining("days is <NULL>");
    }

    @Test
    void manyOldRowsGoInBatchesAndRowsThatAreBeingDeletedArePassedOver() throws SQLException {
        pack.migrate();
        pack.execute("insert into audit_logs (event_type, created_at) select 'login', now() - interval '1 year'"
                + " from generate_series(1, 25000)");
        try (Connection other = pack.database().connect()) {
            Sql.execute(other, "begin; delete from audit_logs where id <= 10");
            assertThat(pack.ask("select cleanup_old_audit_logs(90, 11000)")).isEqualTo("11000");
            pack.execute("call cleanup_old_logs(90)");
            Sql.execute(other, "rollback");
        }

        assertThat(pack.ask("select count(*) from audit_logs")).isEqualTo("10");
    }

    @Test
    void theReadOnlyRoleReadsEveryTableOfTodayAndOfTomorrowAndChangesNone() throws SQLException {
        pack.migrate();
        pack.addRows("2");
        pack.execute("create table later (id int)");
        try (Connection connection = Sql.connect(pack.database()
                .server()
                .as(reader, "secret")
                .jdbcUrl(pack.database().name()))) {
            for (String table : new String[] {
                "documents",
                "document_chunks",
                "document_chunks_3",
                "jobs",
                "audit_logs",
                "search_logs",
                "index_usage",
                "later"
            }) {
                assertThat(Sql.ask(connection, "select count(*) from " + table)).isNotNull();
            }
            assertThat(Sql.ask(connection, "select count(*) from search_chunks('[1,2,3]')"))
                    .isEqualTo("0");
            for (String change : new String[] {
                "insert into audit_logs (event_type) values ('x')",
                "update documents set title = 'x'",
                "delete from documents",
                "truncate documents",
                "select enqueue_job('x')",
                "select store_chunk(1, 0, 'x', '[1,2,3]')",
                "delete from document_chunks_3"
            }) {
                assertThatThrownBy(() -> Sql.execute(connection, change)).hasMessageContaining("permission denied");
            }
        }
    }

    @Test
    void theReadOnlyRoleIsCreatedWithoutAPasswordWhereItIsMissing() throws SQLException {
        String role = pack.database().name() + "_created";
        try {
            pack.migrate("gangway.placeholders.readonlyRole=" + role);

            assertThat(pack.ask("select rolcanlogin || ' ' || (rolpassword is null) from pg_authid where rolname = '"
                            + role + "'"))
                    .isEqualTo("true true");
        } finally {
            pack.gangway().undoTo("14");
            pack.execute("drop owned by " + role + "; drop role " + role);
        }
    }

    @Test
    void whoMayNotCreateTheRoleIsToldWhatAnAdministratorRuns() throws SQLException {
        String owner = pack.database().createRole("secret");
        pack.execute("create extension vector; create schema store authorization " + owner);

        assertThatThrownBy(() -> pack.connectAs(
                        owner, "gangway.schema=store", "gangway.placeholders.readonlyRole=nobody_has_made_it"))
                .isInstanceOf(GangwayException.class)
                .hasMessageContaining("CREATE ROLE \"nobody_has_made_it\" LOGIN");
    }

    @ParameterizedTest
    @CsvSource({
        "documents, idx_documents_created_at, btree (created_at)",
        "documents, idx_documents_source, btree (source)",
        "document_chunks, idx_chunks_document_id, 'btree (document_id, chunk_index)'",
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
    void everyIndexOfTheGuideExistsAndIsWatched(String table, String index, String definition) throws SQLException {
        pack.migrate();

        assertThat(pack.ask("select indexdef from pg_indexes where tablename = '%s' and indexname = '%s'"
                        .formatted(table, index)))
                .endsWith("USING " + definition);
        assertThat(pack.ask("select valid from index_usage where tablename = '%s' and indexname = '%s'"
                        .formatted(table, index)))
                .isEqualTo("t");
    }

    @Test
    void deletingADocumentDeletesItsChunksAndAMissingForeignKeyIsFound() throws SQLException {
        pack.migrate();
        pack.execute("insert into documents (title, content, source) values ('a', 'b', 'c');"
                + " select store_chunk(1, 0, 'b'); delete from documents");
        assertThat(pack.ask("select count(*) from document_chunks")).isEqualTo("0");

        pack.execute("alter table document_chunks drop constraint fk_document_chunks_document");

        assertThat(pack.gangway().validate().checks())
                .filteredOn(check -> !check.passed())
                .singleElement()
                .satisfies(check -> assertThat(String.valueOf(check)).contains("ALTER TABLE document_chunks ADD"));
    }

    @Test
    void aDatabaseOfAlembicsIsRefusedAndThenTakenOverByABaseline() throws SQLException {
        pack.migrate("gangway.target=6");
        pack.addRows("2");
        pack.execute("""
                create index idx_chunks_embedding on document_chunks using ivfflat (embedding vector_cosine_ops);
                drop table gangway_history, gangway_state;
                create table alembic_version (version_num varchar(32) primary key);
                insert into alembic_version values ('001_initial_schema')""");

        assertThatThrownBy(() -> pack.migrate())
                .hasMessageStartingWith("GW002")
                .hasMessageContaining("001_initial_schema");
        pack.gangway("gangway.adopt=none").baseline("7");
        pack.migrate();

        assertThat(pack.history()).startsWith("7 baseline", "8 applied").endsWith("15 applied");
        assertThat(pack.ask("select count(*) from documents")).isEqualTo("4");
        assertThat(pack.ask("select lists || ' ' || fits from vector_index_lists()"))
                .isEqualTo("100 false");
    }
}
