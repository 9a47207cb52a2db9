package dev.gangway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gangway.GangwayException.Code;
import dev.gangway.testkit.LogCapture;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An older version of the application meets a schema that a newer one has moved on. */
class NewerSchemaIT {
    private Application app;

    @BeforeEach
    void createDatabase(@TempDir Path folder) throws SQLException {
        app = Application.in(folder);
    }

    @AfterEach
    void dropDatabase() throws SQLException {
        app.close();
    }

    @Test
    void anOlderApplicationStartsWithAWarning() throws Exception {
        moveOn("create table second()");
        try (LogCapture log = LogCapture.start()) {
            app.start();
            assertThat(log.lines())
                    .anyMatch(line -> line.startsWith("WARN ")
                            && line.contains("V2__second.sql")
                            && line.contains("a newer version of the application was here"));
        }
    }

    @Test
    void itCanBeRefused() throws Exception {
        moveOn("create table second()");
        assertThat(app.failure("gangway.onNewerSchema=fail").code()).isEqualTo(Code.SCHEMA_TOO_NEW);
        app.assertRefused("gangway.onNewerSchema=fail")
                .hasMessageContaining("GW005 The schema is newer than this application: V2__second.sql")
                .hasMessageContaining("gangway.onNewerSchema=fail")
                .hasMessageContaining("next:     start a version of the application that has this migration");
    }

    @Test
    void itIsRefusedBehindABreakingMigration() throws Exception {
        moveOn("-- gangway: breaking=true\ncreate table second()");
        assertThat(app.failure().code()).isEqualTo(Code.SCHEMA_TOO_NEW);
        app.assertRefused()
                .hasMessageContaining("GW005 The schema is newer than this application: V2__second.sql")
                .hasMessageContaining("marked as breaking");
    }

    private void moveOn(String second) throws Exception {
        app.add("V1__first.sql", "create table first()");
        app.add("V2__second.sql", second).start();
        Files.delete(Path.of(app.file("V2__second.sql")));
    }
}
