package dev.gangway.packs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gangway.Gangway;
import dev.gangway.command.RestoreOptions;
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

/** The pack {@code discord-rag-bot}: its backups, made and restored by an owner who is nothing more. */
class DiscordRagBotBackupIT {
    private DiscordRagBotPack pack;
    private String owner;

    @TempDir
    Path folder;

    @BeforeEach
    void open() throws SQLException {
        pack = DiscordRagBotPack.inNewDatabase();
        owner = pack.pack().database().createRole("secret");
        pack.pack()
                .execute("create extension vector; create schema store authorization %s; alter database %s owner to %s"
                        .formatted(owner, pack.pack().database().name(), owner));
    }

    @AfterEach
    void close() throws SQLException {
        pack.pack().close();
    }

    @Test
    void anOrdinaryOwnerIsBackedUpBeforeALaterMigration() throws SQLException, IOException {
        pack.pack().connectAs(owner, "gangway.schema=store", "gangway.target=5").close();
        say("ann", "a");

        pack.pack()
                .connectAs(owner, "gangway.schema=store", "gangway.backup=" + folder)
                .close();

        try (Stream<Path> files = Files.list(folder)) {
            assertThat(files).hasSize(1).allMatch(file -> file.toString().endsWith("-before-V006.dump"));
        }
        assertThat(pack.pack().ask("select max(version) from store.gangway_history"))
                .isEqualTo("009");
    }

    @Test
    void whatIsRestoredWorksAndIsGuardedAsBefore() throws SQLException {
        pack.pack().connectAs(owner, "gangway.schema=store").close();
        say("ann", "a");
        say("bob", "b");
        Gangway gangway =
                Gangway.to(pack.pack().urlAs(owner, "gangway.schema=store")).build();
        Path backup = gangway.backup(folder);
        say("bob", "later");

        gangway.restore(backup, new RestoreOptions(true, true, false));

        assertThat(pack.pack().column("select query_text from store.query_history order by id"))
                .containsExactly("a", "b");
        assertThat(gangway.validate().valid()).isTrue();
        say("carl", "c");
        try (Connection user = pack.loginAsAuthenticated()) {
            Sql.execute(user, "select store.set_user_context('ann')");

            assertThat(Rows.column(user, "select query_text from store.query_history"))
                    .isEqualTo(List.of("a"));
        }
    }

    private void say(String user, String text) throws SQLException {
        try (Connection service = pack.loginAsService()) {
            Sql.execute(
                    service,
                    "insert into store.query_history (user_id, query_text) values ('%s', '%s')".formatted(user, text));
        }
    }
}
