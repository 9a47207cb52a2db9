package dev.gangway.packs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gangway.ConnectMain;
import dev.gangway.command.MigrateOptions;
import dev.gangway.command.ResetOptions;
import dev.gangway.command.RestoreOptions;
import dev.gangway.testkit.Await;
import dev.gangway.testkit.ChildJvm;
import dev.gangway.testkit.Sql;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What the engine does for {@code woo-ai-assistant}: order, checksums, backup, locks, reset. */
@Timeout(60)
class WooAiAssistantMigrationIT {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private static final String ADVISORY_LOCKS = "select count(*) from pg_locks where locktype = 'advisory'"
            + " and database = (select oid from pg_database where datname = current_database())";

    @TempDir
    Path folder;

    private Pack pack;

    @BeforeEach
    void open() throws SQLException {
        pack = Pack.inNewDatabase(WooAiAssistantIT.NAME, "gangway.placeholders.dimension=3");
    }

    @AfterEach
    void close() throws SQLException {
        pack.close();
    }

    /** Copies the pack's files, as one does who wants to change them. */
    private String copied() throws IOException {
        try (Stream<Path> files = Files.list(Path.of("migrations", WooAiAssistantIT.NAME))) {
            for (Path file : files.toList()) {
                Files.copy(file, folder.resolve(file.getFileName().toString()));
            }
        }
        return "gangway.locations=filesystem:" + folder;
    }

    private void edit(String file, String before, String after) throws IOException {
        Path path = folder.resolve(file);
        String text = Files.readString(path);
        assertThat(text).contains(before);
        Files.writeString(path, text.replace(before, after));
    }

    @Test
    void aMigrationIsRefusedWithoutThoseThatItRequires() throws Exception {
        assertThatThrownBy(() -> pack.gangway().migrate(MigrateOptions.only(Set.of("002"))))
                .hasMessageStartingWith("GW002")
                .hasMessageContaining("002_add_conversation_tags.sql requires version 1");

        String copy = copied();
        Files.delete(folder.resolve("001_initial_schema.sql"));
        Files.delete(folder.resolve("001_initial_schema.undo.sql"));
        Files.delete(folder.resolve("001_initial_schema.verify.sql"));
        assertThatThrownBy(() -> pack.connect(copy))
                .hasMessageStartingWith("GW002")
                .hasMessageContaining("requires version 1");
        assertThat(pack.ask("select count(*) from pg_class where relname like 'woo\\_ai%'"))
                .isEqualTo("0");
    }

    @Test
    void aMigrationIsNotTakenBackUnderThoseThatRequireIt() throws SQLException {
        pack.migrate("gangway.target=2");
        pack.gangway().migrate(MigrateOptions.only(Set.of("005", "009")));
        assertThat(pack.history()).containsExactly("001 applied", "002 applied", "005 applied", "009 applied");

        pack.execute("update gangway_history set rank = rank + 100 where version = '002'");
        assertThatThrownBy(() -> pack.gangway().undo(1))
                .hasMessageContaining("009")
                .hasMessageContaining("requires");
    }

    @Test
    void aMigrationThatComesLateIsRefusedWhereTheSettingSaysSo() throws SQLException {
        pack.gangway().migrate(MigrateOptions.only(Set.of("001", "004")));

        assertThatThrownBy(() -> pack.connect("gangway.outOfOrder=fail"))
                .hasMessageStartingWith("GW002")
                .hasMessageContaining("002_add_conversation_tags.sql is new but below version 004");
        pack.migrate();

        assertThat(pack.gangway().validate().valid()).isTrue();
    }

    @Test
    void aFileThatWasEditedAfterItWasAppliedIsRefused() throws Exception {
        String copy = copied();
        pack.migrate(copy);

        edit(
                "002_add_conversation_tags.sql",
                "-- With a constant default no row is rewritten.",
                "--   No row is rewritten.");
        pack.migrate(copy);
        edit("002_add_conversation_tags.sql", "tags text[]", "labels text[]");

        assertThatThrownBy(() -> pack.connect(copy))
                .hasMessageStartingWith("GW002")
                .hasMessageContaining("002_add_conversation_tags.sql");
    }

    @Test
    void theDatabaseIsBackedUpBeforeTheFirstPendingMigrationAndCanBeBroughtBack() throws Exception {
        pack.migrate("gangway.target=1");
        pack.addRows("001");
        String before = pack.ask("select string_agg(m::text, '|' order by id) from woo_ai_messages m");

        pack.migrate("gangway.backup=" + folder);
        pack.execute("truncate woo_ai_conversations, woo_ai_messages, woo_ai_analytics");
        List<Path> backups;
        try (Stream<Path> files = Files.list(folder)) {
            backups = files.toList();
        }
        assertThat(backups).singleElement().asString().contains("before-V002").endsWith(".dump");
        pack.gangway().restore(backups.get(0), new RestoreOptions(true, true, true));

        assertThat(pack.history()).containsExactly("001 applied");
        assertThat(pack.ask("select string_agg(m::text, '|' order by id) from woo_ai_messages m"))
                .isEqualTo(before);
        pack.migrate();
        assertThat(pack.gangway().validate().valid()).isTrue();
    }

    @Test
    void aProcessThatIsKilledInTheMiddleOfAMigrationLeavesNoLockBehind() throws Exception {
        pack.migrate("gangway.target=1");
        try (Connection reader = pack.database().connect();
                ChildJvm child = ChildJvm.start(ConnectMain.class, patientUrl())) {
            int waiting = holdUp(reader);
            child.kill9();
            pack.execute("select pg_terminate_backend(" + waiting + ")");
            Await.until("no lock is left", PATIENCE, () -> "0".equals(pack.ask(ADVISORY_LOCKS)));
            assertThat(pack.history()).containsExactly("001 applied");
            reader.rollback();
        }
        pack.migrate();

        assertThat(pack.gangway().validate().valid()).isTrue();
    }

    @Test
    void unlockEndsTheSessionsOfAProcessThatHangs() throws Exception {
        pack.migrate("gangway.target=1");
        try (Connection reader = pack.database().connect();
                ChildJvm child = ChildJvm.start(ConnectMain.class, patientUrl())) {
            holdUp(reader);
            child.pause();

            assertThat(pack.gangway().unlock().ended()).hasSize(2);
            Await.until("no lock is left", PATIENCE, () -> "0".equals(pack.ask(ADVISORY_LOCKS)));
            reader.rollback();
            pack.migrate();
            child.goOn();
            child.kill9();
        }
        assertThat(pack.gangway().validate().valid()).isTrue();
    }

    /** For a process that waits for a lock as long as it takes. */
    private String patientUrl() {
        String[] settings = {"gangway.lockTimeout=0"};
        return pack.url(settings);
    }

    /** A reader that is in the way of 002; returns the session that waits for it. */
    private int holdUp(Connection reader) throws SQLException {
        reader.setAutoCommit(false);
        Sql.execute(reader, "select count(*) from woo_ai_conversations");
        String waiting = "select coalesce(max(pid), 0) from pg_locks where not granted"
                + " and relation = 'woo_ai_conversations'::regclass";
        Await.until("002 waits", PATIENCE, () -> !"0".equals(pack.ask(waiting)));
        return Integer.parseInt(String.valueOf(pack.ask(waiting)));
    }

    @Test
    void theSchemaGoesBackToAVersionWithItsRowsAndForwardAgain() throws SQLException {
        pack.migrate();
        pack.addRows("001");
        KeptRows kept = KeptRows.of(pack.database());

        assertThat(pack.gangway().undoTo("001").undone()).hasSize(9);

        assertThat(pack.gangway().status().version()).isEqualTo("001");
        assertThat(pack.ask("select count(*) from woo_ai_conversation_summary where message_count > 0"))
                .isEqualTo("4");
        pack.migrate();
        kept.assertStillIn(pack.database(), "going to 001 and back");
    }

    @Test
    void resetDropsEverythingAndTheNextConnectionBuildsItAnew() throws SQLException {
        pack.migrate();
        pack.addRows("001");
        assertThatThrownBy(() -> pack.gangway().reset(new ResetOptions(false, true)))
                .hasMessageContaining("--yes");

        pack.gangway().reset(new ResetOptions(true, true));
        assertThat(pack.ask("select count(*) from pg_class where relname like 'woo\\_ai%'"))
                .isEqualTo("0");
        pack.migrate();

        assertThat(pack.ask("select count(*) from woo_ai_conversations")).isEqualTo("0");
        assertThat(pack.gangway().validate().valid()).isTrue();
    }

    @Test
    void validateNamesWhatSomebodyHasChangedByHand() throws SQLException {
        pack.migrate();
        pack.execute(
                "drop index woo_ai_messages_conversation_idx; alter table woo_ai_conversations drop column rating cascade;"
                        + " alter table woo_ai_messages alter model_used type varchar(50);"
                        + " alter table woo_ai_analytics drop constraint woo_ai_analytics_conversation_id_fkey;"
                        + " alter table woo_ai_action_logs disable trigger woo_ai_redact_action_log");

        assertThat(pack.gangway().validate().checks().stream()
                        .filter(check -> !check.passed())
                        .map(check -> check.category() + ": " + check.name()))
                .contains(
                        "indexes: messages(conversation_id, id)",
                        "columns: conversations.rating is smallint",
                        "columns: messages.model_used is text",
                        "foreign keys: analytics.conversation_id, on delete set null",
                        "triggers: woo_ai_redact_action_log is enabled");
    }
}
