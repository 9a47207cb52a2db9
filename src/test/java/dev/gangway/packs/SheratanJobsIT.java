package dev.gangway.packs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gangway.testkit.Sql;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The job queue of {@code sheratan-store}. */
class SheratanJobsIT {
    private static final int WORKERS = 8;
    private static final int JOBS = 400;

    private Pack pack;

    @BeforeEach
    void migrate() throws SQLException {
        pack = SheratanStoreIT.store();
        pack.migrate();
    }

    @AfterEach
    void close() throws SQLException {
        pack.close();
    }

    @Test
    void eightWorkersTakeEachJobOnce() throws Exception {
        pack.execute(
                "insert into jobs (job_type, priority) select 'embed', i % 3 from generate_series(1, " + JOBS + ") i");
        CyclicBarrier start = new CyclicBarrier(WORKERS);
        List<Future<List<String>>> workers = new ArrayList<>();
        ExecutorService threads = Executors.newFixedThreadPool(WORKERS);
        try {
            for (int i = 0; i < WORKERS; i++) {
                String worker = "worker-" + i;
                Callable<List<String>> work = () -> takeAll(worker, start);
                workers.add(threads.submit(work));
            }
            List<String> taken = new ArrayList<>();
            for (Future<List<String>> worker : workers) {
                taken.addAll(worker.get());
            }

            assertThat(taken).hasSize(JOBS).doesNotHaveDuplicates();
        } finally {
            threads.shutdownNow();
        }
        assertThat(pack.ask("select count(*) from jobs where status = 'completed' and attempts = 1"))
                .isEqualTo(String.valueOf(JOBS));
    }

    private List<String> takeAll(String worker, CyclicBarrier start) throws Exception {
        List<String> taken = new ArrayList<>();
        try (Connection connection = pack.database().connect()) {
            start.await();
            while (true) {
                String id = Sql.ask(connection, "select id from take_job('" + worker + "')");
                if (id == null) {
                    return taken;
                }
                taken.add(id);
                assertThat(Sql.ask(connection, "select complete_job(" + id + ", '" + worker + "')"))
                        .isEqualTo("t");
            }
        }
    }

    @Test
    void whatIsUrgentComesFirstThenWhatIsOld() throws SQLException {
        pack.execute("""
                insert into jobs (job_type, priority, created_at) values
                    ('late', 0, now()), ('early', 0, now() - interval '1 hour'), ('urgent', 9, now())""");

        assertThat(take()).isEqualTo("urgent");
        assertThat(take()).isEqualTo("early");
        assertThat(take()).isEqualTo("late");
        assertThat(take()).isNull();
    }

    private String take() throws SQLException {
        return pack.ask("select job_type from take_job('w')");
    }

    @Test
    void theQueueIsReadInTheOrderOfItsIndex() throws SQLException {
        pack.execute("insert into jobs (job_type, status) select 'old', 'completed' from generate_series(1, 5000);"
                + " insert into jobs (job_type) select 'new' from generate_series(1, 5000); analyze jobs");
        try (Connection connection = pack.database().connect()) {
            assertThat(Searches.plans(connection, "select id from take_job('w', array['new'])"))
                    .contains("Index Scan using idx_jobs_queue")
                    .doesNotContain("Sort");
        }
    }

    @Test
    void aJobOfAnotherTypeOrOfLaterIsLeft() throws SQLException {
        pack.execute("select enqueue_job('other'); select enqueue_job('embed', run_at => now() + interval '1 hour')");

        assertThat(pack.ask("select count(*) from take_job('w', array['embed'])"))
                .isEqualTo("0");
        assertThat(pack.ask("select job_type from take_job('w', array['embed', 'other'])"))
                .isEqualTo("other");
    }

    @Test
    void aFailedJobIsTriedAgainLaterAndLaterUntilItHasFailedForGood() throws SQLException {
        pack.execute("select enqueue_job('embed', max_attempts => 3)");

        for (int backoff : new int[] {10, 20}) {
            take();
            pack.ask("select fail_job((select id from jobs), 'w', 'no model')");
            assertThat(pack.ask(
                            "select status || ' ' || round(extract(epoch from run_at - now()) / 10) * 10 from jobs"))
                    .isEqualTo("pending " + backoff);
            pack.execute("update jobs set run_at = now()");
        }
        take();
        pack.ask("select fail_job((select id from jobs), 'w', 'no model')");

        assertThat(pack.ask("select status || ' ' || attempts || ' ' || error from jobs"))
                .isEqualTo("failed 3 no model");
        assertThat(take()).isNull();
        assertThat(pack.ask("select retry_job((select id from jobs))")).isEqualTo("t");
        assertThat(take()).isEqualTo("embed");
    }

    @Test
    void theJobOfADeadWorkerIsGivenBackAndTheDeadOneMayNotCompleteIt() throws SQLException {
        pack.execute("select enqueue_job('embed')");
        pack.ask("select id from take_job('dead', lease => '1 microsecond')");
        pack.execute("select enqueue_job('kept'); select take_job('alive')");

        assertThat(pack.ask("select reclaim_jobs()")).isEqualTo("1");

        assertThat(take()).isEqualTo("embed");
        String id = pack.ask("select id from jobs where job_type = 'embed'");
        assertThat(pack.ask("select complete_job(" + id + ", 'dead')")).isEqualTo("f");
        assertThat(pack.ask("select extend_job(" + id + ", 'dead')")).isEqualTo("f");
        assertThat(pack.ask("select fail_job(" + id + ", 'dead', 'x')")).isEqualTo("f");
        assertThat(pack.ask("select extend_job(" + id + ", 'w', '1 hour')")).isEqualTo("t");
        assertThat(pack.ask("select complete_job(" + id + ", 'w', '{\"ok\": true}')"))
                .isEqualTo("t");
        assertThat(pack.ask("select result from jobs where id = " + id)).isEqualTo("{\"ok\": true}");
    }

    @Test
    void aJobThatKillsEachWorkerFailsInTheEnd() throws SQLException {
        pack.execute("select enqueue_job('poison', max_attempts => 2)");
        for (int i = 0; i < 2; i++) {
            pack.ask("select id from take_job('w', lease => '1 microsecond')");
            pack.ask("select reclaim_jobs()");
        }

        assertThat(pack.ask("select status || ': ' || error from jobs")).isEqualTo("failed: the lease of w ran out");
    }

    @Test
    void aJobWithAKeyWaitsOnceAndMayWaitAgainWhileItRuns() throws SQLException {
        String first = pack.ask("select enqueue_job('embed', job_key => '7')");
        assertThat(pack.ask("select enqueue_job('embed', job_key => '7', priority => 5)"))
                .isEqualTo(first);
        assertThat(pack.ask("select priority from jobs")).isEqualTo("5");
        take();

        assertThat(pack.ask("select enqueue_job('embed', job_key => '7')")).isNotEqualTo(first);
        assertThat(pack.ask("select fail_job(" + first + ", 'w', 'x')")).isEqualTo("t");
        assertThat(pack.column("select status from jobs order by id")).containsExactly("failed", "pending");
        assertThat(pack.ask("select retry_job(" + first + ")")).isEqualTo("f");
    }

    @Test
    void aWorkerWithoutANameOrALeaseIsRefused() {
        assertThatThrownBy(() -> pack.ask("select take_job(null)")).hasMessageContaining("a worker needs a name");
        assertThatThrownBy(() -> pack.ask("select take_job('w', lease => '0')"))
                .hasMessageContaining("a lease of some time");
    }

    @Test
    void aJobHasNoStatusOutsideItsLifecycle() throws SQLException {
        pack.execute("insert into jobs (job_type) values ('embed')");

        assertThatThrownBy(() -> pack.execute("update jobs set status = 'paused'"))
                .hasMessageContaining("jobs_status_known");
    }
}
