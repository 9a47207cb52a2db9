package dev.gangway.backup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gangway.pgjdbc.Target;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.LinkedHashSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ClientToolsTest {
    private static final Target TARGET = new Target("db:5432", "app", "app");

    @TempDir
    Path temp;

    @Test
    void theLowestVersionThatIsNewEnoughIsTaken() throws Exception {
        ClientTools tools = tools(
                program("a", "pg_dump (PostgreSQL) 18beta1"),
                program("b", "pg_dump (PostgreSQL) 14.9"),
                program("c", "pg_dump (PostgreSQL) 16.3 (Debian 16.3-1.pgdg120+1)"),
                program("d", "pg_dump (PostgreSQL) 16.1"));

        assertThat(find(tools, 14).path()).isEqualTo(temp.resolve("b/pg_dump"));
        assertThat(find(tools, 15).path()).isEqualTo(temp.resolve("c/pg_dump"));
        assertThat(find(tools, 18).major()).isEqualTo(18);
    }

    @Test
    void whatIsNoProgramOfPostgresIsPassedOver() throws Exception {
        Path plain = Files.createDirectories(temp.resolve("plain"));
        Files.createFile(plain.resolve("pg_dump"));
        ClientTools tools = tools(
                temp.resolve("missing"),
                plain,
                Scripts.write(temp.resolve("failing"), "pg_dump", "echo 'pg_dump (PostgreSQL) 15.1'; exit 1"),
                program("silent", ""),
                program("good", "pg_dump (PostgreSQL) 15.2"));

        assertThat(find(tools, 15).version()).isEqualTo("pg_dump (PostgreSQL) 15.2");
    }

    @Test
    void aProgramWithoutItsCompanionIsPassedOver() throws Exception {
        ClientTools tools = tools(program("alone", "pg_dump (PostgreSQL) 15.2"));

        assertThatThrownBy(() -> tools.find("pg_dump", "psql", 15, "why", TARGET))
                .isInstanceOf(SQLException.class)
                .hasMessageContaining("no pg_dump with psql of version 15 or newer");
    }

    @Test
    void whenNoneFitsItSaysWhatIsNeededWhatIsThereAndWhatToInstall() throws Exception {
        ClientTools tools = tools(program("old", "pg_dump (PostgreSQL) 13.4"));

        assertThatThrownBy(() -> find(tools, 17))
                .hasMessageStartingWith("GW004 app@db:5432/app: no pg_dump of version 17 or newer on this machine")
                .hasMessageContaining("needed:   why")
                .hasMessageContaining("found:    " + temp.resolve("old/pg_dump") + " (pg_dump (PostgreSQL) 13.4)")
                .hasMessageContaining("database: unchanged")
                .hasMessageContaining("17");
        assertThatThrownBy(() -> find(tools(temp.resolve("empty")), 17))
                .hasMessageContaining("found:    none; searched " + temp.resolve("empty"));
    }

    private static ClientTool find(ClientTools tools, int atLeast) throws SQLException {
        return tools.find("pg_dump", "pg_dump", atLeast, "why", TARGET);
    }

    private static ClientTools tools(Path... folders) {
        return new ClientTools(new LinkedHashSet<>(Arrays.asList(folders)));
    }

    private Path program(String folder, String version) throws IOException {
        return Scripts.write(temp.resolve(folder), "pg_dump", "echo '" + version + "'");
    }
}
