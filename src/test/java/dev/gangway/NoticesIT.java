package dev.gangway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gangway.testkit.LogCapture;
import java.nio.file.Path;
import java.sql.SQLException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the server remarks while a migration runs reaches the log. */
class NoticesIT {
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
    void noticesAndWarningsAreLogged() throws SQLException {
        app.add("V1__talk.sql", """
                do $$ begin
                  raise notice 'for your %', 'information';
                  raise warning 'mind the gap';
                  raise debug 'inaudible';
                end $$;
                """);
        try (LogCapture log = LogCapture.start()) {
            app.start();
            assertThat(log.lines())
                    .anyMatch(line -> line.matches("INFO .* - V1__talk.sql: .*for your information"))
                    .anyMatch(line -> line.matches("WARN .* - V1__talk.sql: .*mind the gap"))
                    .noneMatch(line -> line.contains("inaudible"));
        }
    }

    @Test
    void aNoticeIsToldOfTheScriptThatItComesFrom() throws SQLException {
        app.add("V1__first.sql", "select 1; do $$ begin raise notice 'one'; end $$");
        app.add("V2__second.sql", "do $$ begin raise notice 'two'; end $$; select 2");
        try (LogCapture log = LogCapture.start()) {
            app.start();
            assertThat(log.lines())
                    .anyMatch(line -> line.matches("INFO .* - V1__first.sql: one"))
                    .anyMatch(line -> line.matches("INFO .* - V2__second.sql: two"));
        }
    }

    @Test
    void anIvfflatIndexOnAnEmptyTableIsAWarning() throws SQLException {
        app.add("V1__index.sql", """
                create extension vector;
                create table item(embedding vector(3));
                create index on item using ivfflat (embedding vector_l2_ops);
                """);
        try (LogCapture log = LogCapture.start()) {
            app.start();
            assertThat(log.lines())
                    .anyMatch(line -> line.matches("(?s)WARN .*ivfflat index created with little data.*low recall.*"));
        }
    }

    @Test
    void theSameWarningComesFromAnIndexThatIsBuiltConcurrently() throws SQLException {
        app.add("V1__index.sql", """
                create extension vector;
                create table item(embedding vector(3));
                create index concurrently item_embedding on item using ivfflat (embedding vector_l2_ops);
                """);
        try (LogCapture log = LogCapture.start()) {
            app.start();
            assertThat(log.lines()).anyMatch(line -> line.matches("(?s)WARN .*created with little data.*"));
        }
    }
}
