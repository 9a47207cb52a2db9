package dev.gangway.packs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gangway.testkit.Sql;
import java.sql.Connection;
import java.sql.SQLException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Who may read which setting of {@code woo-ai-assistant}, and what the action log tells of them. */
class WooAiAssistantSettingsIT {
    private static final String SECRET = "sk-zq7-4711-secret";

    private Pack pack;
    private String owner;
    private String app;
    private String reporter;

    /** An owner that migrates, an application with a role of its own, and somebody else. */
    @BeforeEach
    void open() throws SQLException {
        pack = Pack.inNewDatabase(WooAiAssistantIT.NAME, "gangway.placeholders.dimension=3", "gangway.schema=shop");
        owner = pack.database().createRole("secret");
        app = pack.database().createRole("secret");
        reporter = pack.database().createRole("secret");
        pack.execute("create extension vector; create schema shop authorization " + owner
                + "; grant usage on schema shop to " + app + ", " + reporter);
        pack.connectAs(app, "gangway.migrationUser=" + owner, "gangway.migrationPassword=secret")
                .close();
        pack.execute("grant select on all tables in schema shop to " + reporter);
        as(
                app,
                "select woo_ai_set_setting('api_key', to_jsonb('" + SECRET + "'::text), 'ai', true);"
                        + " select woo_ai_set_setting('color', '\"blue\"', 'appearance')");
    }

    @AfterEach
    void close() throws SQLException {
        pack.close();
    }

    private void as(String role, String sql) throws SQLException {
        ask(role, sql);
    }

    private String ask(String role, String sql) throws SQLException {
        try (Connection connection = pack.bareAs(role)) {
            Sql.execute(connection, "set search_path = shop, public");
            if (sql.startsWith("select") && !sql.contains(";")) {
                return String.valueOf(Sql.ask(connection, sql));
            }
            Sql.execute(connection, sql);
            return "";
        }
    }

    @Test
    void theApplicationReadsAndWritesEverySetting() throws SQLException {
        assertThat(ask(app, "select woo_ai_get_setting('color')")).isEqualTo("\"blue\"");
        assertThat(ask(app, "select woo_ai_get_sensitive_setting('api_key')")).isEqualTo("\"" + SECRET + "\"");
        assertThat(ask(app, "select woo_ai_get_setting('missing', '{\"a\": [1]}')"))
                .isEqualTo("{\"a\": [1]}");
        assertThat(ask(app, "select woo_ai_get_sensitive_setting('missing', '7')"))
                .isEqualTo("7");

        as(app, "select woo_ai_set_setting('api_key', '\"another-secret\"')");

        assertThat(ask(
                        app,
                        "select setting_group || ' ' || is_sensitive from woo_ai_settings_masked"
                                + " where setting_key = 'api_key'"))
                .isEqualTo("ai true");
        assertThat(ask(app, "select woo_ai_delete_setting('api_key')")).isEqualTo("t");
        assertThat(ask(app, "select woo_ai_delete_setting('api_key')")).isEqualTo("f");
    }

    @Test
    void whoMaySelectTheTablesSeesNoSensitiveValue() throws SQLException {
        assertThat(ask(reporter, "select string_agg(setting_key, ',') from woo_ai_settings"))
                .isEqualTo("color");
        assertThat(ask(
                        reporter,
                        "select string_agg(setting_key || setting_value, ',' order by setting_key)"
                                + " from woo_ai_settings_masked"))
                .isEqualTo("api_key\"********\",color\"blue\"");
        assertThat(ask(app, "select count(*) from woo_ai_settings where is_sensitive"))
                .isEqualTo("0");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "select woo_ai_get_sensitive_setting('api_key')",
                "select woo_ai_get_setting('color')",
                "select woo_ai_set_setting('api_key', '1', null, false)",
                "select woo_ai_delete_setting('api_key')",
                "update woo_ai_settings set is_sensitive = false",
            })
    void whoWasGrantedNoMoreIsRefused(String sql) {
        assertThatThrownBy(() -> as(reporter, sql)).hasMessageContaining("permission denied");
    }

    @Test
    void oneRoleMoreMayBeGrantedTheSensitiveOnes() throws SQLException {
        as(owner, "grant execute on function woo_ai_get_sensitive_setting(text, jsonb) to " + reporter);

        assertThat(ask(reporter, "select woo_ai_get_sensitive_setting('api_key')"))
                .contains(SECRET);
    }

    @Test
    void theFunctionForOrdinarySettingsRefusesASensitiveOne() {
        assertThatThrownBy(() -> as(app, "select woo_ai_get_setting('api_key', '1')"))
                .hasMessageContaining("the setting \"api_key\" is sensitive")
                .hasMessageContaining("woo_ai_get_sensitive_setting")
                .hasMessageNotContaining(SECRET);
    }

    @Test
    void aValueDoesNotBecomeReadableByTakingTheFlagAway() throws SQLException {
        assertThatThrownBy(() -> pack.execute("update shop.woo_ai_settings set is_sensitive = false"))
                .hasMessageContaining("cannot become readable")
                .hasMessageNotContaining(SECRET);

        as(app, "select woo_ai_set_setting('api_key', '\"none\"', null, false)");

        assertThat(ask(reporter, "select setting_value from woo_ai_settings where setting_key = 'api_key'"))
                .isEqualTo("\"none\"");
    }

    @Test
    void anErrorDoesNotTellTheValue() {
        assertThatThrownBy(() -> as(app, "select woo_ai_set_setting(null, '\"" + SECRET + "\"', 'ai', true)"))
                .hasMessageContaining("a setting needs a key")
                .hasMessageNotContaining(SECRET);
    }

    @Test
    void theLogTellsWhoChangedWhatButNoValue() throws SQLException {
        as(app, "select woo_ai_set_setting('color', '\"red\"')");
        as(app, "select woo_ai_set_setting('color', '\"red\"')");
        as(app, "select woo_ai_delete_setting('color')");

        assertThat(
                        ask(
                                app,
                                "select string_agg(action_type || ' ' || (details ->> 'setting_key')"
                                        + " || coalesce(' ' || (details ->> 'changed'), ''), ', ' order by id) from woo_ai_action_logs"))
                .isEqualTo("setting_created api_key, setting_created color, setting_changed color [\"setting_value\"],"
                        + " setting_deleted color");
        assertThat(ask(app, "select count(*) from woo_ai_action_logs l where l::text ~ 'secret|blue|red'"))
                .isEqualTo("0");
    }

    @Test
    void aSensitiveValueIsMaskedWhoeverWritesItIntoTheLog() throws SQLException {
        as(
                app,
                "select woo_ai_set_setting('smtp', '{\"user\": \"ab\", \"password\": [\"p@ss\\\"word\"]}', 'mail', true)");
        as(
                app,
                "select woo_ai_log_action('model_called', jsonb_build_object('headers', jsonb_build_array('Bearer "
                        + SECRET + "', 12, null), 'p@ss\"word', true), false, null, 'refused key " + SECRET + "')");
        as(app, "insert into woo_ai_action_logs (action_type, error_message) values ('x', 'ab " + SECRET + "')");

        assertThat(ask(
                        app,
                        "select string_agg(details::text || ' ' || error_message || ' ' || severity, ' - ' order by id)"
                                + " from woo_ai_action_logs where error_message is not null"))
                .isEqualTo(
                        "{\"headers\": [\"Bearer ********\", 12, null], \"********\": true} refused key ******** error -"
                                + " {} ab ******** info");
    }

    @Test
    void aSensitiveValueIsMaskedInTheTypeOfAnActionToo() throws SQLException {
        as(app, "select woo_ai_log_action('called with " + SECRET + "')");

        assertThat(ask(app, "select action_type from woo_ai_action_logs order by id desc limit 1"))
                .isEqualTo("called with ********");
    }

    /** A grant on the table outlives the functions, and default privileges are there before them. */
    @Test
    void sensitiveValuesAreHiddenAlsoWhereTheirFunctionsAreTakenBack() throws SQLException {
        pack.gangway().undoTo("005");

        assertThat(ask(reporter, "select string_agg(setting_key, ',') from woo_ai_settings"))
                .isEqualTo("color");
    }

    /** As in {@code public} up to PostgreSQL 14. */
    @Test
    void whoMayCreateFunctionsInTheSchemaIsNotHandedASensitiveValue() throws SQLException {
        pack.execute("grant create on schema shop to " + reporter);
        as(
                reporter,
                "create function jsonb_path_query(jsonb, text) returns setof jsonb language plpgsql"
                        + " as $$ begin raise exception 'overheard %', $1; end $$;"
                        + " create function cardinality(text[]) returns int language plpgsql"
                        + " as $$ begin raise exception 'run by %', current_user; end $$");

        as(app, "select woo_ai_set_setting('api_key', '\"another-secret\"')");

        as(app, "select woo_ai_log_action('refused another-secret')");
        assertThat(ask(app, "select action_type from woo_ai_action_logs order by id desc limit 1"))
                .isEqualTo("refused ********");
    }

    @Test
    void entriesOfTheLogAreFinalAndNotTheApplicationsToDelete() {
        assertThatThrownBy(() -> pack.execute("update shop.woo_ai_action_logs set success = false"))
                .hasMessageContaining("entries of the action log are final");
        assertThatThrownBy(() -> as(app, "delete from woo_ai_action_logs")).hasMessageContaining("permission denied");
    }

    @Test
    void theApplicationsRoleMayDoAllItsWork() throws SQLException {
        as(
                app,
                "insert into woo_ai_conversations (id, session_id) values (1, 'a'), (2, 'b');"
                        + " select woo_ai_add_message(1, 'user', 'Hi');"
                        + " select woo_ai_upsert_chunk('page', 1, 0, 'We ship to Europe', '[1,2,3]');"
                        + " select * from woo_ai_hybrid_search_knowledge_base('ship', '[1,2,3]');"
                        + " update woo_ai_conversations set status = 'completed', rating = 5, ended_at = now() - interval '1 year' where id = 1;"
                        + " insert into woo_ai_analytics (metric_type, metric_value, conversation_id) values ('x', 1, 1);"
                        + " select woo_ai_archive_conversations(); select woo_ai_restore_conversation(1);"
                        + " select woo_ai_abandon_idle_conversations(); select * from woo_ai_cleanup_orphans('0');"
                        + " select woo_ai_record_sizes(); select * from woo_ai_daily_metrics();"
                        + " select * from woo_ai_conversation_summary, woo_ai_kb_summary, woo_ai_index_usage");

        assertThat(ask(app, "select count(*) from woo_ai_messages")).isEqualTo("1");
    }
}
