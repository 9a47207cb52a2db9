package dev.gangway.packs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gangway.testkit.Sql;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The life of a conversation of {@code woo-ai-assistant}, up to its archive and back. */
class WooAiAssistantConversationsIT {
    private static final String ADD =
            "insert into woo_ai_conversations (id, session_id, status, updated_at) values (%s, 's%1$s', '%s', now() - interval '%s')";

    private Pack pack;

    @BeforeEach
    void open() throws SQLException {
        pack = Pack.migrated(WooAiAssistantIT.NAME, "gangway.placeholders.dimension=3");
    }

    @AfterEach
    void close() throws SQLException {
        pack.close();
    }

    private void add(int id, String status, String age) throws SQLException {
        pack.execute(ADD.formatted(id, status, age));
    }

    @ParameterizedTest
    @CsvSource({
        "conversation_status_known, 'update woo_ai_conversations set status = ''paused'''",
        "conversation_rating_in_stars, update woo_ai_conversations set rating = 0",
        "conversation_rating_in_stars, update woo_ai_conversations set rating = 6",
        "conversation_user_positive, update woo_ai_conversations set user_id = 0",
        "conversation_tags_given, 'update woo_ai_conversations set tags = array[''a'', null]'",
        "message_role_known, 'insert into woo_ai_messages (conversation_id, role, content) values (1, ''bot'', ''x'')'",
        "message_tokens_not_negative, 'select woo_ai_add_message(1, ''user'', ''x'', -1)'",
        "action_severity_known, 'select woo_ai_log_action(''x'', severity => ''bad'')'",
        "metric_value_is_a_number, 'insert into woo_ai_analytics (metric_type, metric_value) values (''x'', ''NaN'')'",
        "woo_ai_conversations_session_id_key, 'insert into woo_ai_conversations (id, session_id) values (2, ''s1'')'",
    })
    void whatCannotBeIsRefusedByName(String constraint, String sql) throws SQLException {
        add(1, "active", "0");

        assertThatThrownBy(() -> pack.execute(sql)).hasMessageContaining(constraint);
    }

    @Test
    void aConversationKnowsWhenItEndedAndWhenAHumanWasAskedFor() throws SQLException {
        add(1, "active", "1 hour");
        String state =
                "select status || ' ' || (ended_at = now()) || ' ' || (handoff_requested_at = now()) from woo_ai_conversations";
        try (Connection connection = pack.database().connect()) {
            connection.setAutoCommit(false);
            Sql.execute(
                    connection,
                    "update woo_ai_conversations set status = 'completed', rating = 4, handoff_requested = true");
            assertThat(Sql.ask(connection, state)).isEqualTo("completed true true");

            Sql.execute(connection, "update woo_ai_conversations set status = 'active', handoff_requested = false");
            assertThat(Sql.ask(
                            connection, "select num_nulls(ended_at, handoff_requested_at) from woo_ai_conversations"))
                    .isEqualTo("2");
        }
        add(2, "completed", "3 days");
        assertThat(pack.ask("select ended_at = updated_at from woo_ai_conversations where id = 2"))
                .isEqualTo("t");
    }

    @Test
    void theSummaryCountsMessagesAndTokensAndNamesGuestsAndUsers() throws SQLException {
        pack.execute(
                "insert into woo_ai_conversations (id, user_id, user_name, session_id, tags) values (1, 7, 'Ada', 'a', '{vip}'),"
                        + " (2, 8, null, 'b', '{}'), (3, null, null, 'c', '{}');"
                        + " select woo_ai_add_message(1, 'user', 'Hi'), woo_ai_add_message(1, 'assistant', 'Hello', 12, 'm'),"
                        + " woo_ai_add_message(1, 'assistant', 'there', 30, 'm')");

        assertThat(pack.column("select user_name || ' ' || message_count || ' ' || tokens_used || ' ' || tags::text"
                        + " from woo_ai_conversation_summary order by id"))
                .containsExactly("Ada 3 42 {vip}", "User 8 0 0 {}", "Guest 0 0 {}");
    }

    @Test
    void aMessageMovesAConversationAndOpensAnAbandonedOneAgain() throws SQLException {
        add(1, "abandoned", "3 days");

        assertThatThrownBy(() -> pack.execute("select woo_ai_add_message(1, 'assistant', 'Still there?')"))
                .hasMessageContaining("conversation 1 is abandoned");
        pack.execute("select woo_ai_add_message(1, 'user', 'I am back')");

        assertThat(pack.ask(
                        "select status || ' ' || (updated_at > now() - interval '1 minute') from woo_ai_conversations"))
                .isEqualTo("active true");
        assertThat(pack.column("select action_type from woo_ai_action_logs")).containsExactly("conversation_reopened");
    }

    @Test
    void nothingIsAddedToACompletedConversationOrToNone() throws SQLException {
        add(1, "completed", "0");

        assertThatThrownBy(() -> pack.execute("select woo_ai_add_message(1, 'user', 'x')"))
                .hasMessageContaining("conversation 1 is completed")
                .hasMessageContaining("Begin a new conversation");
        assertThatThrownBy(() -> pack.execute("select woo_ai_add_message(9, 'user', 'x')"))
                .hasMessageContaining("there is no conversation 9");
        assertThatThrownBy(() -> pack.execute("select woo_ai_add_message(null, 'user', 'x')"))
                .hasMessageContaining("there is no conversation null");
    }

    @Test
    void onlyTheSilentAreAbandonedAndNotThoseWhoWaitForAHuman() throws SQLException {
        add(1, "active", "2 hours");
        add(2, "active", "1 minute");
        add(3, "active", "2 hours");
        add(4, "active", "2 hours");
        pack.execute("insert into woo_ai_messages (conversation_id, role, content) values (3, 'user', 'x')");
        pack.execute("insert into woo_ai_conversations (id, session_id, handoff_requested, updated_at)"
                + " values (5, 's5', true, now() - interval '2 hours')");
        try (Connection busy = pack.database().connect()) {
            busy.setAutoCommit(false);
            Sql.execute(busy, "select from woo_ai_conversations where id = 4 for update");

            assertThat(pack.ask("select woo_ai_abandon_idle_conversations('30 minutes')"))
                    .isEqualTo("1");
        }
        assertThat(pack.column("select id from woo_ai_conversations where status = 'abandoned'"))
                .containsExactly("1");
    }

    @Test
    void whatIsArchivedComesBackAsItWas() throws SQLException {
        pack.addRows("001");
        pack.addRows("002");
        String everything = "select md5(string_agg(x, '|' order by x)) from ("
                + "select c::text x from woo_ai_conversations c union all select m::text from woo_ai_messages m"
                + " union all select a::text from woo_ai_analytics a) all_rows";
        String before = pack.ask(everything);

        assertThat(pack.ask("select woo_ai_archive_conversations('30 days')")).isEqualTo("3");

        assertThat(pack.ask("select count(*) from woo_ai_conversations")).isEqualTo("3");
        assertThat(pack.ask("select message_count || ' ' || tokens_used || ' ' || (messages -> 1 ->> 'content')"
                        + " from woo_ai_conversation_archive where session_id = 'sess-7f3a'"))
                .isEqualTo("3 212 Yes, in red and in black. Both are in stock.");
        assertThat(pack.ask("select jsonb_array_length(details -> 'ids') from woo_ai_action_logs"
                        + " where action_type = 'conversations_deleted'"))
                .isEqualTo("3");
        assertThat(pack.ask("select bool_and(woo_ai_restore_conversation(id)) from woo_ai_conversation_archive"))
                .isEqualTo("t");
        assertThat(pack.ask(everything)).isEqualTo(before);
        assertThat(pack.ask("select woo_ai_restore_conversation(1)")).isEqualTo("f");
    }

    @Test
    void takingTheArchiveBackLosesNothing() throws SQLException {
        pack.addRows("001");
        String before = pack.ask("select string_agg(m::text, '|' order by id) from woo_ai_messages m");
        pack.execute("select woo_ai_archive_conversations('30 days')");

        pack.gangway().undoTo("8");

        assertThat(pack.ask("select string_agg(m::text, '|' order by id) from woo_ai_messages m"))
                .isEqualTo(before);
    }

    @Test
    void severalWhoArchiveAtOnceEachTakeOthers() throws Exception {
        pack.execute(
                "insert into woo_ai_conversations (session_id, status, updated_at)"
                        + " select 's' || i, 'completed', now() - interval '1 year' from generate_series(1, 400) i;"
                        + " insert into woo_ai_messages (conversation_id, role, content) select id, 'user', 'x' from woo_ai_conversations");

        List<CompletableFuture<Integer>> archivists = Stream.generate(
                        () -> CompletableFuture.supplyAsync(this::archiveAll))
                .limit(4)
                .toList();
        int archived = 0;
        for (CompletableFuture<Integer> archivist : archivists) {
            archived += archivist.get();
        }

        assertThat(archived).isEqualTo(400);
        assertThat(pack.ask("select count(*) || ' ' || sum(message_count) from woo_ai_conversation_archive"))
                .isEqualTo("400 400");
    }

    private int archiveAll() {
        try (Connection connection = pack.database().connect()) {
            int all = 0;
            for (int batch = 1; batch > 0; all += batch) {
                batch = Integer.parseInt(
                        String.valueOf(Sql.ask(connection, "select woo_ai_archive_conversations('90 days', 7)")));
            }
            return all;
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void aConversationToWhichSomebodyIsJustAddingIsNotArchived() throws SQLException {
        add(1, "completed", "1 year");
        try (Connection writer = pack.database().connect()) {
            writer.setAutoCommit(false);
            Sql.execute(
                    writer,
                    "insert into woo_ai_messages (conversation_id, role, content) values (1, 'system', 'late')");

            assertThat(pack.ask("select woo_ai_archive_conversations()")).isEqualTo("0");
            writer.commit();
        }
        assertThat(pack.ask("select woo_ai_archive_conversations()")).isEqualTo("1");
        assertThat(pack.ask("select message_count from woo_ai_conversation_archive"))
                .isEqualTo("1");
    }

    @ParameterizedTest
    @CsvSource({
        "woo_ai_archive_conversations(null)",
        "woo_ai_archive_conversations('-1 day')",
        "'woo_ai_archive_conversations(''1 day'', 0)'",
        "woo_ai_abandon_idle_conversations(null)",
        "woo_ai_cleanup_orphans('-1 day')",
    })
    void aSpanThatMakesNoSenseIsRefused(String call) {
        assertThatThrownBy(() -> pack.execute("select " + call)).hasMessageContaining("negative");
    }

    @Test
    void anOpenHandoffIsFoundByItsIndexAndATagByItsOwn() throws SQLException {
        try (Connection connection = pack.database().connect()) {
            Sql.execute(connection, "set enable_seqscan = off");
            assertThat(
                            String.join(
                                    "\n",
                                    Rows.column(
                                            connection,
                                            "explain select * from woo_ai_conversations"
                                                    + " where handoff_requested and status = 'active' order by handoff_requested_at limit 5")))
                    .contains("woo_ai_conversations_handoff_idx");
            assertThat(String.join(
                            "\n",
                            Rows.column(
                                    connection, "explain select * from woo_ai_conversations where tags @> '{refund}'")))
                    .contains("woo_ai_conversations_tags_idx");
        }
    }
}
