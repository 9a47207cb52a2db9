package dev.gangway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gangway.testkit.LogCapture;
import dev.gangway.testkit.PgBouncer;
import dev.gangway.testkit.TcpProxy;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Under which settings the vector indexes of migrations are built, and that nobody else gets to see these. */
@Timeout(120)
class VectorIndexIT {
    private static final String DOES_NOT_FIT = "hnsw graph no longer fits into maintenance_work_mem";
    private static final String ITEMS =
            "create table item(id int, embedding vector(8)) with (autovacuum_enabled = off);"
                    + " insert into item select i, array_fill(i, array[8])::vector(8) from generate_series(1, 2000) i;";
    /** So few that no build takes a second, after which the leader would be heard on its lock's connection. */
    private static final String FEW_ITEMS = ITEMS.replace("2000", "10");

    private static final String HNSW = "create index on item using hnsw (embedding vector_l2_ops);";

    private Application app;

    @BeforeEach
    void createDatabase(@TempDir Path folder) throws SQLException {
        app = Application.in(folder);
        app.execute("""
                create extension vector;
                update pg_extension set extversion = '0.8.0' where extname = 'vector';
                create table seen(rank serial, memory text, workers text);
                create function look() returns void language sql as $$ insert into seen(memory, workers) values
                  (current_setting('maintenance_work_mem'), current_setting('max_parallel_maintenance_workers')) $$;
                create function look_while() returns event_trigger language plpgsql as
                  $$ begin
                    if not exists (select from pg_event_trigger_ddl_commands() where object_identity ~ 'gangway') then
                      perform look();
                    end if;
                  end $$;
                create event trigger look_at_builds on ddl_command_end when tag in ('CREATE INDEX')
                  execute function look_while();
                """);
        serverSays("maintenance_work_mem = '1MB'");
    }

    @AfterEach
    void dropDatabase() throws SQLException {
        app.close();
    }

    @Test
    void anHnswGraphIsBuiltInMemoryAlsoOverRowsThatTheSameMigrationLoads() throws SQLException {
        app.add("V1__item.sql", """
                create table item(id int, embedding vector(128));
                insert into item select i, (select array_agg(random()) from generate_series(1, 128) where i > 0)
                  from generate_series(1, 20000) i;
                create index on item using hnsw (embedding vector_l2_ops);
                """);
        app.add("V2__analyzed.sql", """
                analyze item;
                create index on item using hnsw ((binary_quantize(embedding)::bit(128)) bit_hamming_ops);
                """);
        try (LogCapture log = LogCapture.start()) {
            app.start();

            assertThat(log.lines())
                    .noneMatch(line -> line.contains(DOES_NOT_FIT))
                    .anyMatch(line -> line.matches("INFO .* - V1__item.sql: maintenance_work_mem 1MB -> 3[0-9]MB for an"
                            + " HNSW build over about 2[0-9]{4} rows of 128 dimensions; no parallel workers because of"
                            + " CVE-2026-3172 in pgvector 0.8.0"))
                    .anyMatch(
                            line -> line.matches("INFO .* - V2__analyzed.sql: maintenance_work_mem 1MB -> 2[0-9]MB for"
                                    + " an HNSW build over about 20000 rows of 128 dimensions; no parallel .*"));
        }
    }

    @Test
    void offLeavesAllSettingsAlone() throws SQLException {
        app.add("V1__item.sql", ITEMS + HNSW);
        try (LogCapture log = LogCapture.start()) {
            app.start("gangway.indexMemory=off");

            assertThat(log.lines())
                    .anyMatch(line -> line.startsWith("WARN ") && line.contains(DOES_NOT_FIT))
                    .noneMatch(line -> line.contains("CVE"));
        }
        assertThat(seen()).containsExactly("1MB 2");
    }

    @Test
    void whatIsSetForABuildEndsWithIt() throws SQLException {
        app.add("V1__item.sql", ITEMS + HNSW + "select look(); create index on item(id);" + HNSW);
        app.add("V2__next.sql", "select look()").start();

        assertThat(seen()).containsExactly("8MB 0", "1MB 2", "1MB 2", "7MB 0", "1MB 2");
    }

    @Test
    void theSameHoldsForAnIndexThatIsBuiltConcurrentlyOrAgain() throws SQLException {
        serverSays("default_transaction_isolation = 'serializable'");
        app.add("V1__item.sql", ITEMS);
        app.add(
                "V2__index.sql",
                HNSW.replace("index on", "index concurrently item_embedding_idx on") + "select look()");
        app.add("V3__index.sql", "reindex index concurrently item_embedding_idx; select look()");
        app.add("V4__table.sql", "select look(); reindex table item; select look()");
        app.add("V5__schema.sql", "reindex schema public; select look()");
        app.add("V6__none.sql", "create index on item(id); reindex index item_id_idx");
        try (LogCapture log = LogCapture.start()) {
            app.start();

            assertThat(log.lines()).noneMatch(line -> line.contains(DOES_NOT_FIT));
            for (String script : List.of("V2__index", "V3__index", "V4__table", "V5__schema")) {
                assertThat(log.lines())
                        .filteredOn(line -> line.matches("INFO .* - " + script
                                + ".sql: maintenance_work_mem 1MB -> [78]MB for an HNSW build over about 2.*"))
                        .as(script)
                        .hasSize(1);
            }
        }
        assertThat(seen()).containsExactly("8MB 0", "1MB 2", "1MB 2", "1MB 2", "1MB 2", "1MB 2", "1MB 2");
    }

    @Test
    void theWarningOfTheVulnerabilityComesOnceAndSaysWhatMendsIt() throws SQLException {
        app.add("V1__item.sql", ITEMS + HNSW + HNSW);
        app.add("V2__index.sql", HNSW);
        try (LogCapture log = LogCapture.start()) {
            app.start();

            assertThat(log.lines())
                    .filteredOn(line -> line.startsWith("WARN ") && line.contains("CVE-2026-3172"))
                    .singleElement()
                    .asString()
                    .contains("pgvector 0.8.0 has", "install pgvector 0.8.2 or later");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "0.5.1, 2",
        "0.6, 0",
        "0.6.0, 0",
        "0.8.0-yb-1.0, 0",
        "0.8.1.google-1, 0",
        "0.8.2, 2",
        "0.8.10, 2",
        "0.10.0, 2",
        "1, 2",
        "unreleased, 2"
    })
    void parallelWorkersAreTakenAwayOnlyFromVersionsThatAreNotSafe(String version, String workers) throws SQLException {
        app.execute("update pg_extension set extversion = '" + version + "' where extname = 'vector'");
        app.add("V1__item.sql", ITEMS + HNSW).start();

        assertThat(seen()).containsExactly("8MB " + workers);
    }

    @Test
    void anIvfflatBuildKeepsItsWorkersAndGetsWhatItInsistsOn() throws SQLException {
        serverSays("maintenance_work_mem = '64MB'");
        app.execute("create table item(embedding vector(1536)); insert into item select"
                + " (array_fill(0, array[1534]) || array[random(), random()])::vector(1536)"
                + " from generate_series(1, 10000)");
        String index = "create index on item using ivfflat (embedding vector_l2_ops) with (lists = 100)";
        assertThatThrownBy(() -> app.execute(index)).hasMessageContaining("memory required is 65 MB");

        app.add("V1__index.sql", index).start();

        assertThat(seen()).containsExactly("66MB 2");
    }

    @Test
    void whatAScriptSetsItselfIsItsOwnAffair() throws SQLException {
        app.add("V1__item.sql", ITEMS + """
                set maintenance_work_mem = '2MB';
                set local max_parallel_maintenance_workers = 5;
                """ + HNSW + "select look()");
        app.add("V2__index.sql", """
                -- gangway: transaction=off
                set maintenance_work_mem = '3MB';
                create index concurrently item_again on item using hnsw (embedding vector_l2_ops);
                select look();
                """).start();

        assertThat(seen()).containsExactly("2MB 0", "2MB 5", "3MB 0", "3MB 2");
    }

    @Test
    void whatTheServerHasIsNeverLowered() throws SQLException {
        serverSays("maintenance_work_mem = '100MB'");
        app.add("V1__item.sql", ITEMS + HNSW).start("gangway.indexMemory=2MB");

        assertThat(seen()).containsExactly("100MB 0");
    }

    @Test
    void theLimitHoldsAndTheLogSaysWhatWouldBeNeeded() throws SQLException {
        app.add("V1__item.sql", ITEMS + HNSW);
        try (LogCapture log = LogCapture.start()) {
            app.start("gangway.indexMemory=3MB");

            assertThat(log.lines())
                    .anyMatch(
                            line -> line.matches("WARN .* - V1__item.sql: an HNSW build over about 2[0-9]{3} rows of 8"
                                    + " dimensions takes up to 8MB of maintenance_work_mem, which is more than"
                                    + " gangway.indexMemory=3MB allows; .*"));
        }
        assertThat(seen()).containsExactly("3MB 0");
    }

    @Test
    void ofAPartitionedTableTheLargestPartitionCounts() throws SQLException {
        app.add("V1__item.sql", """
                create table item(id int, embedding vector(8)) partition by range (id);
                create table item_1 partition of item for values from (0) to (1000);
                create table item_2 partition of item for values from (1000) to (3000);
                insert into item select i, array_fill(i, array[8])::vector(8) from generate_series(1, 2999) i;
                """ + HNSW);
        try (LogCapture log = LogCapture.start()) {
            app.start();

            assertThat(log.lines())
                    .noneMatch(line -> line.contains(DOES_NOT_FIT))
                    .anyMatch(line -> line.contains("for an HNSW build over about 2"));
        }
    }

    @Test
    void valuesOfUnknownSizeStillGetNoWorkers() throws SQLException {
        app.add("V1__item.sql", """
                create table item(id int, embedding vector);
                create index on item using hnsw ((embedding::vector(3)) vector_l2_ops);
                create table sparse(embedding sparsevec(3));
                create index on sparse using hnsw (embedding sparsevec_l2_ops);
                """).start();

        assertThat(seen()).containsExactly("6MB 0", "1MB 0");
    }

    @Test
    void aParallelBuildForWhichThereIsNoSharedMemoryIsDoneWithoutWorkers() throws SQLException {
        app.execute("update pg_extension set extversion = '0.8.6' where extname = 'vector'");
        // So much that no machine has it: a parallel build asks for all of it before it begins.
        serverSays("maintenance_work_mem = '1TB'");
        app.add("V1__item.sql", ITEMS + "alter table item set (parallel_workers = 2);" + HNSW);
        app.add("V2__index.sql", HNSW.replace("index on", "index concurrently item_concurrently on"));
        try (LogCapture log = LogCapture.start()) {
            app.start();

            assertThat(log.lines())
                    .filteredOn(line -> line.startsWith("WARN ")
                            && line.contains("is tried again without parallel workers")
                            && line.contains("shared memory segment"))
                    .hasSize(2);
        }
        assertThat(seen()).containsExactly("1TB 0", "1TB 0");
        assertThat(app.history()).containsExactly("V1__item.sql applied", "V2__index.sql applied");
        assertThat(app.ask("select indisvalid from pg_index where indexrelid = 'item_concurrently'::regclass"))
                .isEqualTo("t");
    }

    @Test
    void theSettingsCostNoRoundTrip() throws Exception {
        String concurrently = HNSW.replace("index on", "index concurrently item_again on");
        int[] roundTrips = new int[2];
        for (int i = 0; i < 2; i++) {
            app.execute("drop table if exists item, gangway_history, gangway_state");
            app.add("V1__item.sql", FEW_ITEMS + HNSW).add("V2__index.sql", concurrently);
            try (TcpProxy proxy = TcpProxy.to(app.database().server())) {
                Application.startAt(app.url(proxy.address(), "gangway.indexMemory=" + (i == 0 ? "off" : "auto")));
                roundTrips[i] = proxy.roundTrips();
            }
        }

        assertThat(roundTrips[1]).isEqualTo(roundTrips[0]);
        assertThat(seen()).containsExactly("1MB 2", "1MB 2", "6MB 0", "6MB 0");
    }

    @Test
    void throughAPoolerOnlyTransactionsGetSettings() throws SQLException {
        app.add("V1__item.sql", ITEMS + HNSW);
        app.add("V2__index.sql", HNSW.replace("index on", "index concurrently item_again on"));
        try (PgBouncer pooler = PgBouncer.inFrontOf(app.database().server(), "transaction", 5);
                LogCapture log = LogCapture.start()) {
            Application.startAt(app.url(pooler.address(), "prepareThreshold=0"));

            assertThat(log.lines())
                    .anyMatch(line -> line.startsWith("WARN ")
                            && line.contains("V2__index.sql:1:1: this index is built with the role's own"));
        }
        assertThat(seen()).containsExactly("8MB 0", "1MB 2");
    }

    private void serverSays(String setting) throws SQLException {
        app.execute("alter database " + app.database().name() + " set " + setting);
    }

    /** What an event trigger, and look(), have found: {@code 64MB 2}. */
    private List<String> seen() throws SQLException {
        return app.column("select memory || ' ' || workers from seen order by rank");
    }
}
