package dev.gangway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.sql.SQLException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Beginning with a schema that was built otherwise. */
class BaselineIT {
    private Application app;

    @BeforeEach
    void createDatabase(@TempDir Path folder) throws SQLException {
        app = Application.in(folder)
                .add("V1__one.sql", "create table one()")
                .add("V2__two.sql", "create table two()")
                .add("V3__three.sql", "create table three()");
    }

    @AfterEach
    void dropDatabase() throws SQLException {
        app.close();
    }

    @Test
    void whatItCoversIsNeverRun() throws SQLException {
        app.execute("create table one(); create table two()");
        app.gangway().baseline("2");

        assertThat(app.gangway().migrate().applied()).containsExactly("V3__three.sql");
        assertThat(app.history()).containsExactly("baseline baseline", "V3__three.sql applied");
        assertThat(app.gangway().status().migrations())
                .extracting(info -> info.script() + " " + info.status().text())
                .containsExactly("V1__one.sql baseline", "baseline baseline", "V3__three.sql applied");
        app.start("gangway.mode=validate");
    }

    @Test
    void theSameOneAgainChangesNothingAndAnotherOneIsRefused() throws SQLException {
        app.gangway().baseline("2");
        String state = app.ask("select s::text from gangway_state s");
        app.gangway().baseline("2.0");

        assertThat(app.ask("select s::text from gangway_state s")).isEqualTo(state);
        assertThatThrownBy(() -> app.gangway().baseline("3"))
                .hasMessageStartingWith("GW002 There can be no baseline any more: version 2 is the baseline since");
        assertThatThrownBy(() -> app.gangway().undo(1)).hasMessageContaining("version 2 is a baseline");
        assertThatThrownBy(() -> app.gangway().baseline("two"))
                .hasMessageStartingWith("GW004 The baseline \"two\" is no version.");
    }

    @Test
    void aSchemaThatGangwayHasMigratedGetsNone() throws SQLException {
        app.gangway().migrate();

        assertThatThrownBy(() -> app.gangway().baseline("3"))
                .hasMessageStartingWith("GW002 There can be no baseline any more: V1__one.sql is applied since")
                .hasMessageContaining("and 2 more");
    }

    @Test
    void besideAnotherToolsHistoryItIsRefusedUnlessThatIsWanted() throws SQLException {
        app.execute("create table flyway_schema_history(installed_rank int)");

        assertThatThrownBy(() -> app.gangway().baseline("1"))
                .hasMessageStartingWith("GW002")
                .hasMessageContaining("flyway_schema_history");
        assertThat(app.has("gangway_history")).isFalse();
        app.gangway("gangway.adopt=none").baseline("1");
        assertThat(app.history()).containsExactly("baseline baseline");
    }
}
