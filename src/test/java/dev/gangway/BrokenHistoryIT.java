package dev.gangway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gangway.testkit.ServerAddress;
import java.nio.file.Path;
import java.sql.SQLException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A history that somebody has edited, or may not read. */
class BrokenHistoryIT {
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
    void aRowThatCannotBeReadIsNamed() throws SQLException {
        app.add("V1__item.sql", "create table item()").start();
        app.add("V2__next.sql", "create table next()");
        app.execute("update gangway_history set state = 'weird'");
        app.assertRefused()
                .hasMessageStartingWith("GW002 ")
                .hasMessageContaining("rank 1")
                .hasMessageContaining("weird")
                .hasMessageContaining("next:");
        app.execute("update gangway_history set state = 'applied', version = 'one'");
        app.assertRefused().hasMessageStartingWith("GW002 ").hasMessageContaining("one");
        app.execute("update gangway_history set version = '1', kind = 'odd'");
        app.assertRefused().hasMessageStartingWith("GW002 ").hasMessageContaining("odd");
        app.execute("update gangway_history set kind = 'versioned'");
        app.start();
        assertThat(app.history()).containsExactly("V1__item.sql applied", "V2__next.sql applied");
    }

    @Test
    void theStateIsMadeAnewWhenItsRowWasDeleted() throws SQLException {
        app.add("V1__item.sql", "create table item()").start();
        app.execute("delete from gangway_state");
        app.start();
        app.add("V2__next.sql", "create table next()").start();
        app.start("gangway.mode=validate");
        assertThat(app.history()).containsExactly("V1__item.sql applied", "V2__next.sql applied");
        app.execute("drop table gangway_state");
        app.add("V3__last.sql", "create table last()").start();
        assertThat(app.history())
                .containsExactly("V1__item.sql applied", "V2__next.sql applied", "V3__last.sql applied");
    }

    @Test
    void modeOffNeedsNoHistoryAndNoRightToReadIt() throws SQLException {
        app.add("V1__item.sql", "create table item()").start();
        String role = app.database().createRole("secret");
        ServerAddress asRole = app.database().server().as(role, "secret");
        assertThatThrownBy(() -> Application.startAt(app.url(asRole))).hasMessageContaining("may not read");
        Application.startAt(app.url(asRole, "gangway.mode=off"));
        app.execute("update gangway_history set state = 'weird'");
        app.start("gangway.mode=off");
    }
}
