package dev.gangway.packs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gangway.testkit.Sql;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The pack {@code discord-rag-bot}: cache, rate limits, profiles and cleaning, with several bots at once. */
class DiscordRagBotActivityIT {
    private static final int BOTS = 8;
    private static final String HIT = "select response_text from cached_response('g1', 'When  is\n RAID night? ')";

    private DiscordRagBotPack pack;

    @BeforeEach
    void migrate() throws SQLException {
        pack = DiscordRagBotPack.migrated();
    }

    @AfterEach
    void close() throws SQLException {
        pack.pack().close();
    }

    @Test
    void exactlyTheLimitOfConcurrentRequestsIsAllowed() throws Exception {
        List<String> answers =
                concurrently(10, "select allowed from consume_rate_limit('ann', 25, interval '1 hour', 'g1')");

        assertThat(answers).hasSize(BOTS * 10);
        assertThat(Collections.frequency(answers, "t")).isEqualTo(25);
        assertThat(ask("select request_count from rate_limits")).isEqualTo("26");
    }

    @Test
    void usersGuildsAndKindsHaveLimitsOfTheirOwn() throws SQLException {
        for (String whose : List.of(
                "'ann', 1, '1 hour', 'g1'",
                "'ann', 1, '1 hour', 'g2'",
                "'bob', 1, '1 hour', 'g1'",
                "'ann', 1, '1 hour'",
                "'ann', 1, '1 hour', 'g1', 'image'")) {
            assertThat(ask("select (allowed, remaining) from consume_rate_limit(" + whose + ")"))
                    .isEqualTo("(t,0)");
            assertThat(ask("select (allowed, remaining) from consume_rate_limit(" + whose + ")"))
                    .isEqualTo("(f,0)");
        }
        assertThat(ask("select count(*) from rate_limits")).isEqualTo("5");
    }

    @Test
    void aWindowThatIsOverBeginsAnew() throws SQLException {
        ask("select allowed from consume_rate_limit('ann', 1, interval '1 hour')");
        ageWindows();

        assertThat(ask("select allowed from consume_rate_limit('ann', 1, interval '1 hour')"))
                .isEqualTo("t");
    }

    @Test
    void ofConcurrentResetsOneIsDone() throws Exception {
        ask("select allowed from consume_rate_limit('ann', 1, interval '1 hour', 'g1')");
        ask("select allowed from consume_rate_limit('bob', 1, interval '1 hour', 'g1')");
        assertThat(ask("select reset_rate_limit_if_expired('ann', 'g1')")).isEqualTo("f");
        ageWindows();

        List<String> answers = concurrently(1, "select reset_rate_limit_if_expired('ann', 'g1')");

        assertThat(Collections.frequency(answers, "t")).isEqualTo(1);
        assertThat(ask("select request_count || ' ' || (expires_at - window_started_at) || ' ' || (expires_at > now())"
                        + " from rate_limits where user_id = 'ann'"))
                .isEqualTo("0 01:00:00 true");
        assertThat(ask("select request_count from rate_limits where user_id = 'bob'"))
                .isEqualTo("1");
        assertThat(ask("select reset_rate_limit_if_expired('nobody')")).isEqualTo("f");
    }

    @Test
    void noQuestionOfConcurrentBotsIsLostInAProfile() throws Exception {
        concurrently(20, "select user_id from update_user_profile('ann', 'Ann', 'g1', 10, 100)");
        ask("select user_id from update_user_profile('ann', null, 'g2', null, null)");

        assertThat(ask("select concat_ws(' ', username, guild_ids, total_queries, total_tokens, avg_response_time_ms)"
                        + " from user_profiles"))
                .isEqualTo("Ann {g1,g2} 161 1600 100.0");
    }

    @Test
    void anAnswerIsCachedForItsGuildWhateverItsSpacesAndCase() throws SQLException {
        cache("g1", "When is raid night?", "'1 hour'");

        assertThat(ask(HIT)).isEqualTo("on thursday");
        assertThat(ask(HIT.replace("'g1'", "'g2'"))).isNull();
        assertThat(ask(HIT.replace("RAID", "bank"))).isNull();
        assertThat(ask("select hit_count || ' ' || (last_hit_at is not null) from query_cache"))
                .isEqualTo("1 true");
    }

    @Test
    void concurrentHitsAreAllCounted() throws Exception {
        cache("g1", "When is raid night?", "'1 hour'");

        assertThat(concurrently(10, HIT)).hasSize(BOTS * 10).containsOnly("on thursday");
        assertThat(ask("select hit_count from query_cache")).isEqualTo("80");
    }

    @Test
    void anExpiredAnswerIsNotGivenAndIsCleaned() throws SQLException {
        cache("g1", "When is raid night?", "'1 hour'");
        cache("g1", "Who is an officer?", "'1 hour'");
        pack.pack()
                .execute("update query_cache set created_at = created_at - interval '2 hours',"
                        + " expires_at = expires_at - interval '2 hours' where query_text like '%raid%'");

        assertThat(ask(HIT)).isNull();
        assertThat(ask("select clean_expired_cache()")).isEqualTo("1");
        assertThat(ask("select clean_expired_cache()")).isEqualTo("0");
        assertThat(ask("select query_text from query_cache")).isEqualTo("Who is an officer?");
    }

    @Test
    void cachingAgainReplacesTheAnswerAndItsHits() throws SQLException {
        cache("g1", "When is raid night?", "'1 hour'");
        ask(HIT);
        ask("select cache_response('g1', 'when is raid night?', 'on friday')");

        assertThat(ask(HIT)).isEqualTo("on friday");
        assertThat(ask("select count(*) || ' ' || max(hit_count) from query_cache"))
                .isEqualTo("1 1");
    }

    @Test
    void aCleanerDoesNotWaitForWhatOthersUse() throws SQLException {
        for (int i = 0; i < 3; i++) {
            cache("g" + i, "q", "'1 hour'");
        }
        pack.pack()
                .execute("update query_cache set created_at = created_at - interval '2 hours',"
                        + " expires_at = expires_at - interval '2 hours'");
        try (Connection busy = pack.loginAsService()) {
            busy.setAutoCommit(false);
            Sql.execute(busy, "update query_cache set hit_count = 9 where guild_id = 'g1'");

            assertThat(ask("select clean_expired_cache()")).isEqualTo("2");
            busy.rollback();
        }
    }

    @Test
    void whatGrowsIsCleanedAndFeedbackStays() throws SQLException {
        pack.pack().execute("""
                insert into query_history (user_id, query_text, created_at) values
                    ('ann', 'old', now() - interval '91 days'), ('ann', 'new', now());
                insert into feedback (query_id, user_id, rating) select id, 'ann', 5 from query_history;
                insert into audit_logs (event_type, created_at) values ('old', now() - interval '2 years'), ('new', now());
                insert into rate_limits (user_id, window_started_at, expires_at) values
                    ('ann', now() - interval '2 days', now() - interval '1 day'), ('bob', now(), now() + interval '1 day')""");

        try (Connection service = pack.loginAsService()) {
            assertThat(Rows.column(service, "select task || ' ' || deleted from run_maintenance()"))
                    .containsExactly("query_cache 0", "rate_limits 1", "query_history 1", "audit_logs 1");
        }
        assertThat(pack.pack().column("select query_text from query_history")).containsExactly("new");
        assertThat(ask("select count(*) || ' ' || count(query_id) from feedback"))
                .isEqualTo("2 1");
    }

    @Test
    void noMoreThanAskedForIsCleanedAndTheOldestFirst() throws SQLException {
        pack.pack()
                .execute("insert into query_history (user_id, query_text, created_at)"
                        + " select 'ann', i, now() - i * interval '1 day' from generate_series(1, 10) i");

        assertThat(ask("select clean_query_history('2 days', 3)")).isEqualTo("3");
        assertThat(ask("select max(query_text::int) from query_history")).isEqualTo("7");
    }

    @Test
    void aLimitThatIsNoneIsRefused() {
        assertThatThrownBy(() -> ask("select * from consume_rate_limit('ann', null, '1 hour')"))
                .hasMessageContaining("p_limit is <NULL>");
        assertThatThrownBy(() -> ask("select * from consume_rate_limit('ann', 1, '0 seconds')"))
                .hasMessageContaining("rate_limits_window_positive");
        assertThatThrownBy(() -> ask("select * from consume_rate_limit('', 1, '1 hour')"))
                .hasMessageContaining("rate_limits_user_id_given");
    }

    private void cache(String guild, String question, String ttl) throws SQLException {
        ask("select cache_response('%s', '%s', 'on thursday', '[]', %s)".formatted(guild, question, ttl));
    }

    private void ageWindows() throws SQLException {
        pack.pack()
                .execute("update rate_limits set window_started_at = window_started_at - interval '2 hours',"
                        + " expires_at = expires_at - interval '2 hours'");
    }

    /** As the bot's backend. */
    private @Nullable String ask(String query) throws SQLException {
        try (Connection service = pack.loginAsService()) {
            return Sql.ask(service, query);
        }
    }

    /** Each bot asks so many times, all beginning at the same moment, each on a connection of its own. */
    private List<String> concurrently(int times, String query) throws Exception {
        ExecutorService executor = Executors.newFixedThreadPool(BOTS);
        CountDownLatch ready = new CountDownLatch(BOTS);
        try {
            Callable<List<String>> bot = () -> {
                try (Connection service = pack.loginAsService()) {
                    ready.countDown();
                    ready.await();
                    List<String> answers = new ArrayList<>();
                    for (int i = 0; i < times; i++) {
                        answers.addAll(Rows.column(service, query));
                    }
                    return answers;
                }
            };
            List<Future<List<String>>> futures = new ArrayList<>();
            for (int i = 0; i < BOTS; i++) {
                futures.add(executor.submit(bot));
            }
            List<String> all = new ArrayList<>();
            for (Future<List<String>> future : futures) {
                all.addAll(future.get());
            }
            return all;
        } finally {
            executor.shutdownNow();
        }
    }
}
