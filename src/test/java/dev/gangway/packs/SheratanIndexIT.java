package dev.gangway.packs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gangway.testkit.Await;
import dev.gangway.testkit.Sql;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The IVFFlat index of {@code sheratan-store}: when it is built, with how many lists, and after a kill. */
class SheratanIndexIT {
    private static final Duration PATIENCE = Duration.ofMinutes(1);
    private static final String WAITING =
            "select pid from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock' and query like '%s'";

    private Pack pack;
    private final ExecutorService thread = Executors.newSingleThreadExecutor();

    @BeforeEach
    void open() throws SQLException {
        pack = SheratanStoreIT.store(
                "gangway.placeholders.vectorDimension=3", "gangway.lockTimeout=1m", "gangway.lockRetries=0");
    }

    @AfterEach
    void close() throws SQLException {
        thread.shutdownNow();
        pack.close();
    }

    @Test
    void itWaitsForRowsEnoughAndThenHasAListForEachThousand() throws SQLException {
        pack.migrate();
        addChunks(19);
        pack.migrate();
        assertThat(pack.history()).contains("7 deferred");
        assertThat(pack.ask("select to_regclass('idx_chunks_embedding')")).isNull();

        addChunks(2981);
        pack.migrate();

        assertThat(pack.history()).contains("7 applied").doesNotContain("7 deferred");
        assertIndexIsRight();
    }

    @Test
    void aMillionRowsHaveAThousandListsAndMoreRowsHaveFewerForEach() throws SQLException {
        pack.migrate();

        assertThat(pack.column("select ivfflat_lists(n) from unnest(array[0, 999, 20000, 1000000, 4000000]) n"))
                .containsExactly("1", "1", "20", "1000", "2000");
    }

    @Test
    void theDatabaseTellsWhenTheListsNoLongerFitAndWhatToRun() throws SQLException {
        pack.migrate();
        addChunks(1000);
        pack.migrate();
        addChunks(1000);
        assertThat(pack.ask("select lists || ' ' || fits from vector_index_lists()"))
                .isEqualTo("1 true");
        assertThat(pack.column("select set_vector_index_lists()")).isEmpty();
        addChunks(1000);
        assertThat(pack.ask("select lists || ' ' || suitable_lists || ' ' || fits from vector_index_lists()"))
                .isEqualTo("1 3 false");

        String reindex = pack.ask("select set_vector_index_lists()");
        assertThat(reindex).isEqualTo("REINDEX INDEX CONCURRENTLY public.idx_chunks_embedding");
        pack.execute(String.valueOf(reindex));

        assertThat(pack.ask("select fits from vector_index_lists()")).isEqualTo("t");
        assertIndexIsRight();
    }

    @Test
    void aKillInTheFirstBuildIsMadeUpFor() throws Exception {
        prepareToKill();
        try (Connection writer = pack.database().connect()) {
            Sql.execute(writer, "begin; lock table document_chunks in row exclusive mode");
            killWhen("%CREATE INDEX CONCURRENTLY%", () -> {}, () -> Sql.execute(writer, "rollback"));
        }
    }

    @Test
    void aKillWhileTheListsAreSetIsMadeUpFor() throws Exception {
        prepareToKill();
        try (Connection holder = pack.database().connect()) {
            Sql.execute(holder, "select pg_advisory_lock(42)");
            killWhen("%ALTER INDEX%", () -> {}, () -> Sql.execute(holder, "select pg_advisory_unlock(42)"));
        }
    }

    @Test
    void aKillInTheSecondBuildIsMadeUpForAndTheFirstIndexServesMeanwhile() throws Exception {
        prepareToKill();
        try (Connection holder = pack.database().connect();
                Connection writer = pack.database().connect()) {
            Sql.execute(holder, "select pg_advisory_lock(42)");
            Work reachTheSecondBuild = () -> {
                await("%ALTER INDEX%");
                Sql.execute(writer, "begin; lock table document_chunks in row exclusive mode");
                Sql.execute(holder, "select pg_advisory_unlock(42)");
            };
            killWhen(
                    "%REINDEX INDEX CONCURRENTLY%",
                    reachTheSecondBuild, () -> {
                        assertThat(pack.ask("select indisvalid from pg_index"
                                        + " where indexrelid = 'idx_chunks_embedding'::regclass"))
                                .isEqualTo("t");
                        Sql.execute(writer, "rollback");
                    });
        }
    }

    private interface Work {
        void run() throws SQLException;
    }

    private void prepareToKill() throws SQLException {
        pack.migrate("gangway.placeholders.ivfflatRows=1000000");
        addChunks(3000);
        pack.execute("""
                create function hold() returns event_trigger language plpgsql as
                    'begin perform pg_advisory_xact_lock(42); end';
                create event trigger hold on ddl_command_end when tag in ('ALTER INDEX') execute function hold()""");
    }

    /** The driver connects again by itself and goes on; if it could not, the next process would. */
    private void killWhen(String query, Work before, Work afterwards) throws Exception {
        Future<?> migration = thread.submit(() -> {
            pack.migrate();
            return null;
        });
        before.run();
        await(query);
        assertThat(pack.ask("select pg_terminate_backend((" + WAITING.formatted(query) + " limit 1))"))
                .isEqualTo("t");
        afterwards.run();
        migration.get();

        assertThat(pack.history()).contains("7 applied");
        assertIndexIsRight();
        pack.execute("drop event trigger hold; drop function hold()");
        assertThat(pack.gangway().validate().valid()).isTrue();
    }

    private void await(String query) {
        Await.until(query + " waits", PATIENCE, () -> pack.ask(WAITING.formatted(query)) != null);
    }

    /** By what the index itself says: a scan of all of its lists but one finds less than all. */
    private void assertIndexIsRight() throws SQLException {
        assertThat(pack.ask("select pg_get_indexdef('idx_chunks_embedding'::regclass)"))
                .endsWith("USING ivfflat (embedding vector_cosine_ops) WITH (lists='3')");
        assertThat(pack.ask("select count(*) from pg_index where not indisvalid"))
                .isEqualTo("0");
        try (Connection connection = pack.database().connect()) {
            Sql.execute(connection, "select '[1]'::vector; set enable_seqscan = off");
            String found =
                    "select count(*) from (select id from document_chunks order by embedding <=> '[1,2,3]' limit 3000) c";
            Sql.execute(connection, "set ivfflat.probes = 2");
            assertThat(Integer.parseInt(String.valueOf(Sql.ask(connection, found))))
                    .isBetween(1, 2999);
            Sql.execute(connection, "set ivfflat.probes = 3");
            assertThat(Sql.ask(connection, found)).isEqualTo("3000");
        }
    }

    private void addChunks(int count) throws SQLException {
        pack.execute("""
                insert into documents (title, content, source) values ('a', 'b', 'c');
                insert into document_chunks (document_id, chunk_index, content, embedding)
                select (select max(id) from documents), i, 'text ' || i, array[random() + 0.1, random(), random()]::vector
                from generate_series(1, %d) i""".formatted(count));
    }
}
