package dev.gangway.packs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gangway.testkit.PgDump;
import dev.gangway.testkit.TestDatabase;
import dev.gangway.testkit.TestServer;
import java.sql.SQLException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Several sites with {@code woo-ai-assistant} in one database, told apart by prefix, history table or schema. */
class WooAiAssistantSitesIT {
    private static final String DIMENSION = "gangway.placeholders.dimension=3";

    private TestDatabase database;

    @BeforeEach
    void open() throws SQLException {
        database = TestServer.newDatabase();
    }

    @AfterEach
    void close() throws SQLException {
        database.close();
    }

    private Pack site(String prefix, String... settings) {
        String[] all = new String[settings.length + 2];
        all[0] = DIMENSION;
        all[1] = "gangway.placeholders.prefix=" + prefix;
        System.arraycopy(settings, 0, all, 2, settings.length);
        return Pack.in(database, WooAiAssistantIT.NAME, all);
    }

    @ParameterizedTest
    @ValueSource(strings = {"wp_", "WP_", "7-Shop_", "select", "a_prefix_of_24_characters"})
    void aPrefixStandsBeforeEveryNameWhateverIsInIt(String written) throws SQLException {
        String prefix = written.substring(0, Math.min(24, written.length()));
        Pack site = site(prefix);
        String before = PgDump.of(database, "--schema-only");
        site.migrate();

        assertThat(site.gangway().validate().valid()).isTrue();
        assertThat(site.column("select relname from pg_class where relnamespace = 'public'::regnamespace"
                        + " and relname not like 'gangway%' union all select proname from pg_proc p"
                        + " where pronamespace = 'public'::regnamespace and not exists"
                        + " (select from pg_depend d where d.objid = p.oid and d.deptype = 'e')"))
                .hasSizeGreaterThan(60)
                .allMatch(name -> name.startsWith(prefix + "woo_ai_"));
        String quoted = "\"" + prefix + "woo_ai_";
        assertThat(site.ask("select " + quoted + "upsert_chunk\"('page', 1, 0, 'We ship', '[1,2,3]')"))
                .isEqualTo("1");
        assertThat(site.ask("select chunk_text from " + quoted + "hybrid_search_knowledge_base\"('ship', '[1,2,3]')"))
                .isEqualTo("We ship");
        assertThat(site.ask("select " + quoted + "set_setting\"('k', '1')")).isEmpty();
        assertThat(site.ask("select count(*) from " + quoted + "action_logs\"")).isEqualTo("1");
        site.gangway().undoTo("0");
        assertThat(PgDump.of(database, "--schema-only", "--exclude-table=gangway_*")
                        .replaceAll("(?m)^(--|CREATE EXT|COMMENT ON EXT).*\\n|\\n+", ""))
                .isEqualTo(before.replaceAll("(?m)^--.*\\n|\\n+", ""));
    }

    @ParameterizedTest
    @ValueSource(strings = {"wp\"_", "wp'_", "a_prefix_of_25_characters", "größe_"})
    void aPrefixThatCannotStandIsRefusedBeforeAnythingIsMade(String prefix) throws SQLException {
        assertThatThrownBy(() -> site(prefix).migrate()).hasMessageContaining("001_initial_schema");

        assertThat(database.ask("select count(*) from pg_class where relname like '%woo\\_ai%'"))
                .isEqualTo("0");
    }

    @Test
    void twoSitesShareASchemaWithHistoriesOfTheirOwn() throws SQLException {
        Pack one = site("wp_", "gangway.historyTable=wp_gangway_history");
        Pack two = site("wp_2_", "gangway.historyTable=wp_2_gangway_history");
        one.migrate();
        two.migrate();
        database.execute(
                "select wp_woo_ai_upsert_chunk('page', 1, 0, 'One', '[1,2,3]'), wp_woo_ai_set_setting('k', '\"first-secret\"', null, true);"
                        + " select wp_2_woo_ai_upsert_chunk('page', 1, 0, 'Two', '[1,2,3]'), wp_2_woo_ai_set_setting('k', '\"other-secret\"', null, true)");

        assertThat(database.ask("select string_agg(chunk_text, ',') from wp_woo_ai_search_knowledge_base('[1,2,3]')"))
                .isEqualTo("One");
        assertThat(database.ask("select wp_2_woo_ai_get_sensitive_setting('k')"))
                .isEqualTo("\"other-secret\"");
        two.gangway().undoTo("0");

        assertThat(one.gangway().validate().valid()).isTrue();
        assertThat(database.ask("select count(*) from pg_class where relname like 'wp\\_2\\_woo%'"))
                .isEqualTo("0");
        assertThat(database.ask("select count(*) from wp_woo_ai_knowledge_base"))
                .isEqualTo("1");
    }

    @Test
    void twoSitesHaveASchemaEachAndResetOnlyTheirOwn() throws SQLException {
        Pack one = site("wp_", "gangway.schema=site_one");
        Pack two = site("wp_", "gangway.schema=site_two");
        one.migrate();
        two.migrate();
        database.execute("select site_one.wp_woo_ai_upsert_chunk('page', 1, 0, 'One', '[1,2,3]')");

        assertThat(database.ask("select count(*) from site_two.wp_woo_ai_search_knowledge_base('[1,2,3]')"))
                .isEqualTo("0");
        two.gangway().undoTo("1");
        assertThat(one.gangway().status().current()).isTrue();
        assertThat(two.gangway().status().current()).isFalse();
        assertThat(database.ask("select to_regclass('site_two.wp_woo_ai_conversation_archive')"))
                .isNull();
        assertThat(database.ask("select count(*) from site_one.wp_woo_ai_knowledge_base"))
                .isEqualTo("1");
    }
}
