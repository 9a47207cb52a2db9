package dev.gangway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gangway.command.RestoreOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Backups before migrations ({@code gangway.backup}), and by command. */
class BackupCommandIT {
    @TempDir
    Path backups;

    private Application app;

    @BeforeEach
    void open(@TempDir Path folder) throws SQLException {
        app = Application.in(folder).add("V1__t.sql", "create table t(id int); insert into t values (1);");
        app.start();
    }

    @AfterEach
    void close() throws SQLException {
        app.close();
    }

    private List<String> files() throws IOException {
        try (Stream<Path> files = Files.list(backups)) {
            return files.map(file -> file.getFileName().toString()).toList();
        }
    }

    @Test
    void theDatabaseIsBackedUpBeforeTheFirstPendingMigrationAndOnlyThen() throws Exception {
        app.add("V2__drop.sql", "drop table t;");

        app.start("gangway.backup=" + backups);
        app.start("gangway.backup=" + backups);

        assertThat(files()).singleElement().asString().contains("before-V2").endsWith(".dump");
        assertThat(app.has("t")).isFalse();
    }

    @Test
    void noMigrationStartsWhenTheBackupFails() throws Exception {
        Path file = Files.writeString(backups.resolve("a-file"), "");
        app.add("V2__drop.sql", "drop table t;");

        app.assertRefused("gangway.backup=" + file).hasMessageContaining(file.toString());

        assertThat(app.has("t")).isTrue();
        assertThat(app.history()).containsExactly("V1__t.sql applied");
    }

    @Test
    void aBackupIsRestoredAfterAMigrationThatShouldNotHaveBeen() throws Exception {
        Gangway gangway = Gangway.to(app.url()).build();
        Path file = gangway.backup(backups);
        app.add("V2__drop.sql", "drop table t;");
        gangway.migrate();

        gangway.restore(file, new RestoreOptions(true, false, false));

        assertThat(app.ask("select id from t")).isEqualTo("1");
        assertThat(app.history()).containsExactly("V1__t.sql applied");
    }

    @Test
    void aRestoreIsConfirmedFirst() throws Exception {
        Gangway gangway = Gangway.to(app.url()).build();
        Path file = gangway.backup(backups);

        assertThatThrownBy(() -> gangway.restore(file, new RestoreOptions(false, false, false)))
                .hasMessageContaining("GW004")
                .hasMessageContaining("--yes");
    }
}
