package dev.gangway.packs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gangway.testkit.Await;
import dev.gangway.testkit.Sql;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The pack {@code cartrita} in a schema that needs quotes, pgvector in another, for a session that sees neither. */
class CartritaElsewhereIT {
    private Pack pack;
    private Connection session;

    @BeforeEach
    void migrate() throws SQLException {
        pack = Pack.inNewDatabase("cartrita", "gangway.schema=My Store");
        pack.execute("create schema \"My Store\"; create schema \"Some Extensions\";"
                + " create extension vector schema \"Some Extensions\"");
        pack.migrate();
        pack.execute("""
                update "My Store".search_settings set hnsw_min_rows = 50;
                insert into "My Store".embedding_models (name, provider, dimensions) values ('tiny', 'me', 3);
                insert into "My Store".embeddings (model_id, source_type, source_id, content, embedding)
                select 101, 'document', n, 'row ' || n, array[n, 1, 2]::"Some Extensions".vector
                from generate_series(1, 60) n""");
        session = pack.database().connect();
        Sql.execute(session, "set search_path = pg_catalog");
    }

    @AfterEach
    void close() throws SQLException {
        session.close();
        pack.close();
    }

    @Test
    void theStatementsOfThePlanRunThere() throws SQLException {
        runThePlan("'tiny'", "create");
        runThePlan("'tiny', true", "rebuild");
        pack.execute("truncate \"My Store\".embeddings");
        runThePlan("'tiny'", "drop");

        assertThat(pack.ask("select count(*) from pg_class where relname like 'embeddings\\_vector\\_%'"))
                .isEqualTo("0");
    }

    private void runThePlan(String arguments, String action) throws SQLException {
        String plan = "from \"My Store\".vector_index_plan(" + arguments + ")";
        assertThat(Rows.column(session, "select action " + plan)).containsExactly(action);
        for (String statement : Rows.column(session, "select unnest(online) " + plan)) {
            Sql.execute(session, statement);
        }
        assertThat(Rows.column(session, "select action " + plan.replace(", true", "")))
                .containsExactly("keep");
    }

    @Test
    void searchesUseTheIndexThatThePlanHasMade() throws SQLException {
        runThePlan("'tiny'", "create");
        Sql.execute(
                session,
                "set enable_seqscan = off; set enable_sort = off; select * from"
                        + " \"My Store\".similarity_search('[7,1,2]'::\"Some Extensions\".vector)");

        // The end of a session tells what it has counted.
        session.close();

        Await.until("the scan is counted", Duration.ofSeconds(30), () -> "t"
                .equals(pack.ask("select index_scans > 0 from \"My Store\".vector_search_stats where model = 'tiny'")));
    }
}
