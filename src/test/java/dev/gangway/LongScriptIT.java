package dev.gangway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gangway.testkit.TcpProxy;
import java.nio.file.Path;
import java.sql.SQLException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Scripts of many megabytes, which a server could not hold in memory as a whole. */
class LongScriptIT {
    private static final String ROW = "insert into item values ('" + "x".repeat(1000) + "');\n";

    private Application app;

    @BeforeEach
    void createDatabase(@TempDir Path folder) throws SQLException {
        app = Application.in(folder);
        app.add("V1__item.sql", "create table item(name text)").start();
    }

    @AfterEach
    void dropDatabase() throws SQLException {
        app.close();
    }

    @Test
    void itTravelsInSeveralMessagesThatAreOneTransaction() throws SQLException {
        app.add("V2__rows.sql", ROW.repeat(2500));
        try (TcpProxy proxy = TcpProxy.to(app.database().server())) {
            Application.startAt(app.url(proxy.address()));
            assertThat(proxy.sql().stream().filter(sql -> sql.contains("insert into item")))
                    .hasSize(3)
                    .allMatch(sql -> sql.length() < 1_100_000);
        }
        assertThat(app.ask("select count(distinct xmin::text) || ' ' || count(*) from item"))
                .isEqualTo("1 2500");
        assertThat(app.history()).containsExactly("V1__item.sql applied", "V2__rows.sql applied");
    }

    @Test
    void anErrorAtItsEndTakesAllOfItBack() throws SQLException {
        app.add("V2__rows.sql", ROW.repeat(2500) + "select 1/0;\n");
        app.assertRefused().hasMessageContaining(app.place("V2__rows.sql", 2501, 1));
        assertThat(app.ask("select count(*) from item")).isEqualTo("0");

        app.add("V2__rows.sql", ROW.repeat(2500) + "select  nothing;\n");
        app.assertRefused().hasMessageContaining(app.place("V2__rows.sql", 2501, 9));
        assertThat(app.history()).containsExactly("V1__item.sql applied", "V2__rows.sql failed");
    }
}
