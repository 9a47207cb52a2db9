package dev.gangway.packs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gangway.GangwayException;
import dev.gangway.testkit.Sql;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The pack {@code discord-rag-bot}: server_config.json goes into the database, every key of it. */
class DiscordRagBotConfigIT {
    /** Quotes, apostrophes, backslashes, dollar signs, unicode, placeholders that are none, and an odd layout. */
    private static final String JSON = """
            {
              "1187654321098765432": {"name": "Zoë's \\"Kitchen\\" 🍳", "enabled": true, "channels": ["1", "2"],
                                      "system_prompt": "Don't say \\"I'm a bot\\".\\nCosts: $$5$$ \\\\ 100 %", "temperature": 0.30},
              "1187654321098765433":   {"enabled": false, "limits": {"per_minute": 10, "burst": null}},
              "default": {"language": "日本語", "max_tokens": 9007199254740993, "empty": {}}
            }
            """;

    private DiscordRagBotPack pack;

    @TempDir
    private Path folder;

    @BeforeEach
    void open() throws SQLException {
        pack = DiscordRagBotPack.inNewDatabase();
    }

    @AfterEach
    void close() throws SQLException {
        pack.pack().close();
    }

    @Test
    void aCopyOfTheFolderTakesItsOwnFileOver() throws SQLException, IOException {
        copyThePack();
        Files.writeString(folder.resolve("server_config.json"), JSON);

        pack.pack().migrate("gangway.locations=filesystem:" + folder);

        assertEverythingArrived();
        assertThat(pack.pack()
                        .gangway("gangway.locations=filesystem:" + folder)
                        .validate()
                        .valid())
                .isTrue();
    }

    @Test
    void aMigrationBesideThePackTakesItsOwnFileOver() throws SQLException, IOException {
        Files.writeString(folder.resolve("100_server_config.sql"), """
                -- gangway: type=data
                -- gangway: requires=6
                SELECT * FROM import_server_config(
                    ${gangway:file:server_config.json}::jsonb, ${gangway:file:server_config.json});
                """);
        Files.writeString(folder.resolve("server_config.json"), JSON);

        pack.pack().migrate("gangway.locations=pack:discord-rag-bot,filesystem:" + folder);

        assertEverythingArrived();
    }

    @Test
    void theOwnerOfTheTablesImportsLikeAnyMigration() throws SQLException, IOException {
        String owner = pack.pack().database().createRole("secret");
        pack.pack().execute("create extension vector; create schema store authorization " + owner);
        copyThePack();
        Files.writeString(folder.resolve("server_config.json"), JSON);

        pack.pack()
                .connectAs(owner, "gangway.schema=store", "gangway.locations=filesystem:" + folder)
                .close();

        assertThat(pack.pack().ask("select count(*) from store.server_configs")).isEqualTo("3");
        assertThat(pack.pack().ask("select count(*) from store.audit_logs where event_type = 'insert'"))
                .isEqualTo("3");
    }

    private void assertEverythingArrived() throws SQLException {
        assertThat(pack.pack().ask("select original from server_config_backups"))
                .isEqualTo(JSON);
        assertThat(pack.pack().ask("""
                select count(*) from server_config_backups b, jsonb_each(b.original::jsonb) g, jsonb_each(g.value) s
                join server_configs c on true where c.guild_id = g.key and c.settings -> s.key = s.value""")).isEqualTo("10");
        assertThat(
                        pack.pack()
                                .column(
                                        "select concat_ws(' ', guild_id, guild_name, is_enabled) from server_configs order by 1"))
                .containsExactly("1187654321098765432 Zoë's \"Kitchen\" 🍳 t", "1187654321098765433 f", "default t");
        assertThat(pack.pack()
                        .ask("select settings ->> 'system_prompt' from server_configs where guild_name is not null"))
                .isEqualTo("Don't say \"I'm a bot\".\nCosts: $$5$$ \\ 100 %");
        assertThat(pack.pack().ask("select settings ->> 'max_tokens' from server_configs where guild_id = 'default'"))
                .isEqualTo("9007199254740993");
    }

    @Test
    void aGuildThatIsThereKeepsItsOtherSettingsAndEachOutcomeIsTold() throws SQLException {
        pack.pack().migrate();
        pack.pack().execute("""
                insert into server_configs (guild_id, guild_name, is_enabled, settings) values
                    ('g1', 'One', false, '{"a": 1, "b": 2}'), ('g2', 'Two', true, '{"a": 1}')""");

        try (Connection service = pack.loginAsService()) {
            assertThat(
                            Rows.column(
                                    service,
                                    "select concat_ws(' ', guild_id, action, settings_imported)"
                                            + " from import_server_config('{\"g1\": {\"b\": 3}, \"g2\": {\"a\": 1}, \"g3\": {}}')"))
                    .containsExactly("g1 updated 1", "g2 unchanged 1", "g3 inserted 0");
        }
        assertThat(
                        pack.pack()
                                .column(
                                        "select concat_ws(' ', guild_name, is_enabled, settings) from server_configs order by 1"))
                .containsExactly("One f {\"a\": 1, \"b\": 3}", "Two t {\"a\": 1}", "t {}");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "[1]            | The configuration is array, not an object",
                "null           | The configuration is null, not an object",
                "{\"g1\": 5, \"g2\": {}, \"g3\": []} | \"g1\" is number, \"g3\" is array",
                "{\"\": {}}     | \"\" is object",
            })
    void whatIsNoConfigurationIsRefusedAsAWhole(String json, String message) throws SQLException {
        pack.pack().migrate();

        assertThatThrownBy(() -> pack.pack().execute("select * from import_server_config('" + json + "')"))
                .hasMessageContaining(message)
                .hasMessageContaining("{\"guild id\": {\"setting\": value, …}, …}");
        assertThat(pack.pack().ask("select count(*) from server_configs")).isEqualTo("0");
    }

    @Test
    void aSettingThatDidNotArriveRollsTheImportBack() throws SQLException, IOException {
        copyThePack();
        Files.writeString(folder.resolve("server_config.json"), JSON);
        Files.writeString(folder.resolve("V5.5__lossy.sql"), """
                CREATE FUNCTION forget() RETURNS trigger LANGUAGE plpgsql AS $$
                BEGIN NEW.settings := NEW.settings - 'channels'; RETURN NEW; END $$;
                CREATE TRIGGER forget BEFORE INSERT ON server_configs FOR EACH ROW EXECUTE FUNCTION forget();
                """);

        assertThatThrownBy(() -> pack.pack().migrate("gangway.locations=filesystem:" + folder))
                .isInstanceOf(GangwayException.class)
                .hasMessageContaining("every imported setting is in server_configs")
                .hasMessageContaining("channels of 1187654321098765432: [\"1\", \"2\"] became nothing");
        assertThat(pack.pack().ask("select count(*) from server_configs")).isEqualTo("0");
    }

    @Test
    void whatIsChangedOrRemovedLaterIsNoFaultOfTheImport() throws SQLException {
        pack.pack().migrate();
        pack.pack()
                .execute("select import_server_config('{\"g1\": {\"a\": 1}, \"g2\": {\"a\": 1}, \"g3\": {\"a\": 1}}')");
        pack.pack().execute("update server_configs set settings = '{\"a\": 2}' where guild_id = 'g1'");
        pack.pack().execute("delete from server_configs where guild_id = 'g2'");

        assertThat(pack.pack().gangway().validate().valid()).isTrue();
        pack.pack()
                .execute("alter table server_configs disable trigger server_configs_updated_at;"
                        + " update server_configs set settings = '{}' where guild_id = 'g3';"
                        + " alter table server_configs enable trigger server_configs_updated_at");
        assertThat(pack.pack().column("select guild_id || ' ' || setting from server_config_import_differences()"))
                .containsExactly("g3 a");
    }

    @Test
    void everyChangeOfAConfigurationIsWrittenDown() throws SQLException {
        pack.pack().migrate();
        try (Connection service = pack.loginAsService()) {
            Sql.execute(service, "select set_user_context('ann')");
            Sql.execute(service, "insert into server_configs (guild_id, settings) values ('g1', '{\"a\": 1}')");
            Sql.execute(service, "update server_configs set settings = '{\"a\": 2}'");
            Sql.execute(service, "update server_configs set settings = '{\"a\": 2}'");
            Sql.execute(service, "delete from server_configs");
        }
        assertThat(pack.pack().column("""
                select concat_ws(' ', event_type, row_id, user_id, old_values #>> '{settings,a}', '->', new_values #>> '{settings,a}')
                from audit_logs order by id"""))
                .isEqualTo(List.of("insert g1 ann -> 1", "update g1 ann 1 -> 2", "delete g1 ann 2 ->"));
        assertThat(pack.pack().ask("select string_agg(distinct database_role, ' ') from audit_logs"))
                .isEqualTo(pack.service());
    }

    private void copyThePack() throws IOException {
        try (Stream<Path> files = Files.list(Path.of("migrations", DiscordRagBotPack.NAME))) {
            for (Path file : files.toList()) {
                Files.copy(file, folder.resolve(file.getFileName()));
            }
        }
    }
}
