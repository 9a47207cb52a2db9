package dev.gangway.packs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.sql.SQLException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The pack {@code discord-rag-bot}: what is very long, not a number, or done in an unusual way. */
class DiscordRagBotLimitsIT {
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
    void aDocumentLongerThanATextSearchCanHoldIsStoredAndFoundByItsBeginning() throws SQLException {
        pack.pack()
                .execute("insert into documents (content, title) select string_agg('word' || i, ' ' order by i),"
                        + " string_agg('title' || i, ' ' order by i) from generate_series(1, 300000) i");

        assertThat(pack.pack().ask("select count(*) from hybrid_search('word7 title7', null)"))
                .isEqualTo("1");
    }

    @Test
    void aSourceMayBeLongerThanABtreeTakes() throws SQLException {
        pack.pack()
                .execute("insert into documents (content, metadata) select 'a', jsonb_build_object('source',"
                        + " string_agg(md5(i::text), '')) from generate_series(1, 1000) i");

        assertThat(pack.pack().ask("select length(source) from documents")).isEqualTo("32000");
    }

    @Test
    void aDocumentThatGetsAnotherIdIsWrittenDown() throws SQLException {
        pack.pack().execute("insert into documents (id, content, guild_id) values (1, 'a', 'g1')");

        pack.pack().execute("update documents set id = 2, guild_id = 'g2', is_public = true");

        assertThat(pack.pack()
                        .ask("select concat_ws(' ', guild_id, details -> 'ids', details -> 'made_public',"
                                + " details -> 'from_other_guilds') from audit_logs where event_type = 'update'"))
                .isEqualTo("g2 [2] 1 1");
    }

    @ParameterizedTest
    @ValueSource(strings = {"documents", "server_configs"})
    void whoEmptiesATableIsWrittenDown(String table) throws SQLException {
        pack.pack().execute("set app.current_user_id = 'ann'; truncate " + table);

        assertThat(pack.pack().ask("select concat_ws(' ', event_type, table_name, user_id) from audit_logs"))
                .isEqualTo("truncate " + table + " ann");
    }

    @Test
    void aDirectMessageIsNoGuildInAProfile() throws SQLException {
        assertThat(pack.pack().ask("select guild_ids from update_user_profile('ann', p_guild_id => '')"))
                .isEqualTo("{}");
    }

    @Test
    void timeThatRunsBackwardsIsRefused() {
        assertThatThrownBy(() -> pack.pack().execute("select update_user_profile('ann', p_response_time_ms => -5)"))
                .hasMessageContaining("user_profiles_times_natural");
    }

    @ParameterizedTest
    @ValueSource(strings = {"NaN", "Infinity"})
    void weightsAreFinite(String weight) {
        assertThatThrownBy(() -> pack.pack()
                        .execute("select hybrid_search('a', '[1,2,3]', full_text_weight => '" + weight + "')"))
                .hasMessageContaining("full_text_weight " + weight);
        assertThatThrownBy(() -> pack.pack()
                        .execute("select hybrid_search('a', '[1,2,3]', semantic_weight => '" + weight + "')"))
                .hasMessageContaining("semantic_weight " + weight);
    }

    @ParameterizedTest
    @ValueSource(strings = {"{\"g1\": {\"a\": 2}}", "[]"})
    void anOriginalThatIsNotWhatIsImportedIsRefused(String original) {
        assertThatThrownBy(() ->
                        pack.pack().execute("select import_server_config('{\"g1\": {\"a\": 1}}', '" + original + "')"))
                .hasMessageContaining("p_original is not the text of p_config");
    }

    @Test
    void anOriginalThatIsNoJsonIsRefusedWhenItIsImportedAndNotByEachLaterValidate() throws SQLException {
        assertThatThrownBy(() -> pack.pack().execute("select import_server_config('{\"g1\": {\"a\": 1}}', 'no json')"))
                .hasMessageContaining("invalid input syntax for type json");

        assertThat(pack.pack().gangway().validate().valid()).isTrue();
    }
}
