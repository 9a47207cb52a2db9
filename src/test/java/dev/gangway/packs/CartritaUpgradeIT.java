package dev.gangway.packs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gangway.Gangway;
import dev.gangway.command.ResetOptions;
import dev.gangway.command.RestoreOptions;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** From version 1 of {@code cartrita} to version 2, and back. */
class CartritaUpgradeIT {
    private static final String VERSIONS_OF_THE_GUIDE =
            "SELECT version, applied_at FROM schema_migrations ORDER BY applied_at;";
    private static final String FIND =
            "select source_id from similarity_search((select embedding from embeddings where source_id = 'b' limit 1))";
    private static final String WRITE = "select upsert_embedding('message', source, 'hello ' || source,"
            + " (select array_agg(sin(ascii(source) * g)) from generate_series(1, 384) g)::vector)"
            + " from unnest(array['a', 'b', 'c']) source";

    private Pack pack;

    @BeforeEach
    void open() throws SQLException {
        pack = Pack.inNewDatabase("cartrita");
    }

    @AfterEach
    void close() throws SQLException {
        pack.close();
    }

    private List<String> tables() throws SQLException {
        return pack.column("select relname from pg_class where relnamespace = 'public'::regnamespace"
                + " and relkind in ('r', 'v') and relname not like 'gangway%' order by 1");
    }

    @Test
    void goingBackToVersion1KeepsItsRows() throws SQLException {
        pack.migrate("gangway.target=1");
        pack.addRows("1");
        KeptRows kept = KeptRows.of(pack.database());
        pack.migrate();
        pack.execute(WRITE);
        pack.execute(
                "insert into messages (conversation_id, role, content) select id, 'user', 'new' from conversations");
        KeptRows later = KeptRows.of(pack.database());

        pack.gangway().undoTo("1");

        assertThat(tables()).containsExactly("conversations", "messages", "users");
        assertThat(pack.ask("select count(*) from messages where content = 'new'"))
                .isEqualTo("3");
        kept.assertStillIn(pack.database(), "the way to version 2 and back");
        assertThat(later.count()).isGreaterThan(kept.count());
        assertThat(pack.history().stream().filter(row -> row.endsWith(" applied")))
                .containsExactly("1 applied");
        pack.migrate();
        kept.assertStillIn(pack.database(), "migrating again");
    }

    @Test
    void aVersion1MadeByHandIsTakenOver() throws SQLException {
        // Other columns and other keys than the pack's version 1 has.
        pack.execute("""
                create table users (id uuid primary key default gen_random_uuid(), login text not null unique);
                create table chats (id serial primary key, owner uuid references users, text text);
                create table messages (id uuid primary key default gen_random_uuid(), body text not null);
                insert into users (login) select 'user' || n from generate_series(1, 30) n;
                insert into chats (owner, text) select id, 'hello from ' || login from users;
                insert into messages (body) values ('one'), ('two')""");
        KeptRows kept = KeptRows.of(pack.database());

        pack.gangway().baseline("1");
        pack.migrate();

        kept.assertStillIn(pack.database(), "the move to version 2");
        assertThat(pack.history()).startsWith("1 baseline", "2 applied", "2.1 applied");
        assertThat(pack.gangway().validate().valid()).isTrue();
        pack.execute("select upsert_embedding('message', id::text, body, (select array_agg(sin(length(body) * g))"
                + " from generate_series(1, 384) g)::vector) from messages");
        assertThat(pack.ask("select count(*) from embeddings e join messages m on m.id::text = e.source_id"))
                .isEqualTo("2");
        assertThat(pack.column(VERSIONS_OF_THE_GUIDE)).startsWith("1", "2", "2.1");

        pack.gangway().undoTo("1");
        kept.assertStillIn(pack.database(), "the way back");
        assertThat(tables()).containsExactly("chats", "messages", "users");
    }

    @Test
    void theHistoryIsFoundUnderTheNameOfTheGuide() throws SQLException {
        pack.migrate();

        assertThat(pack.column(VERSIONS_OF_THE_GUIDE))
                .containsExactly("1", "2", "2.1", "2.2", "2.3", "2.4", "2.5", "2.6", "2.7");
        assertThat(pack.ask("select count(*) from schema_migrations where applied_at > now() - interval '1 hour'"))
                .isEqualTo("9");
    }

    @Test
    void itIsNotTakenForTheHistoryOfAnotherTool() throws SQLException {
        pack.migrate("gangway.historyTable=applied_versions");
        pack.migrate("gangway.historyTable=applied_versions");
        pack.migrate("gangway.historyTable=applied_versions", "gangway.mode=validate");

        assertThat(pack.column(VERSIONS_OF_THE_GUIDE)).startsWith("1", "2", "2.1");
        assertThat(pack.ask("select count(*) from applied_versions where state = 'adopted'"))
                .isEqualTo("0");
        assertThat(pack.gangway("gangway.historyTable=applied_versions")
                        .status()
                        .current())
                .isTrue();
    }

    @Test
    void anotherApplicationInTheSameSchemaIsNotMisled(@TempDir Path folder) throws SQLException, IOException {
        pack.migrate();
        Files.writeString(folder.resolve("V1__other.sql"), "create table other ();");

        pack.migrate("gangway.locations=filesystem:" + folder, "gangway.historyTable=other_history");

        assertThat(pack.column("select version || ' ' || state from other_history"))
                .containsExactly("1 applied");
    }

    @Test
    void aChangedFileIsRefusedUntilItIsAcceptedByRepair(@TempDir Path folder) throws SQLException, IOException {
        pack.migrate();
        try (Stream<Path> files = Files.list(Path.of("migrations/cartrita"))) {
            files.forEach(file -> copy(file, folder.resolve(file.getFileName().toString())));
        }
        Path changed = folder.resolve("V2.7__schema_migrations.sql");
        Files.writeString(changed, Files.readString(changed).replace(", h.duration_ms", ""));
        String location = "gangway.locations=filesystem:" + folder;

        assertThatThrownBy(() -> pack.migrate(location)).hasMessageStartingWith("GW002");
        Gangway gangway = pack.gangway(location);
        gangway.repair();
        pack.migrate(location);
    }

    private static void copy(Path from, Path to) {
        try {
            Files.copy(from, to);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void aBackupBringsEverythingBackThatSearchesNeed(@TempDir Path folder) throws SQLException {
        pack.migrate();
        pack.execute(WRITE);
        pack.execute("update search_settings set hnsw_min_rows = 1; select rebuild_vector_indexes()");
        Path backup = pack.gangway().backup(folder);
        pack.gangway().undoTo("1");

        pack.gangway().restore(backup, new RestoreOptions(true, true, true));

        pack.migrate();
        assertThat(pack.column(FIND)).hasSize(3).startsWith("b");
        assertThat(pack.ask("select index_kind from vector_search_stats where embeddings > 0"))
                .isEqualTo("hnsw");
        assertThat(pack.gangway().validate().valid()).isTrue();
    }

    @Test
    void resettingTakesTheViewOfTheHistoryAlong() throws SQLException {
        pack.migrate();

        pack.gangway().reset(new ResetOptions(true, true));

        assertThat(tables()).isEmpty();
        pack.migrate();
        assertThat(pack.gangway().validate().valid()).isTrue();
    }
}
