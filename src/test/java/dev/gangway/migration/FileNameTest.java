package dev.gangway.migration;

import static org.assertj.core.api.Assertions.assertThat;

import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FileNameTest {

    @ParameterizedTest
    @CsvSource({
        "V1__init.sql, 1, init",
        "V1.2__add_users.sql, 1.2, add users",
        "V1_2__add_users.sql, 1.2, add users",
        "V20240101120000__x.sql, 20240101120000, x",
        "V1__a__b.sql, 1, a  b",
        "V1.sql, 1, ''",
        "V1_2.sql, 1.2, ''",
        "V1__.sql, 1, ''",
        "001_initial_schema.sql, 001, initial schema",
        "20240101_x.sql, 20240101, x",
        "001__x.sql, 001, x",
        "V1__1_user.sql, 1, 1 user",
    })
    void versionedNames(String name, String version, String description) {
        assertThat(FileName.parse(name)).isEqualTo(new FileName.Versioned(Version.parse(version), description));
    }

    @Test
    void repeatableNames() {
        assertThat(FileName.parse("R__user_view.sql")).isEqualTo(new FileName.Repeatable("user view"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"V1__x", "001_x", "R__x"})
    void companionsStandBesideTheirMigration(String name) {
        assertThat(FileName.parse(name + ".undo.sql")).isEqualTo(new FileName.Undo(name + ".sql"));
        assertThat(FileName.parse(name + ".verify.sql")).isEqualTo(new FileName.Verify(name + ".sql"));
    }

    @Test
    void undoInFlywaysWayOfWriting() {
        assertThat(FileName.parse("U1.2__whatever.sql")).isEqualTo(new FileName.UndoVersion(Version.parse("1.2")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"README.md", "V1__x.java", "V1__x.sql.bak", "V1__x", ".gitkeep", "seed.csv"})
    void whatIsNoSqlIsIgnored(String name) {
        assertThat(FileName.parse(name)).isEqualTo(new FileName.Ignored());
    }

    @ParameterizedTest
    @CsvSource({
        "V1_add_users.sql, Rename it to V1__add_users.sql",
        "V1.2_x.sql, Rename it to V1.2__x.sql",
        "V1-x.sql, Rename it to V1__x.sql",
        "v1__x.sql, Rename it to V1__x.sql",
        "u1__x.sql, Rename it to U1__x.sql",
        "r__x.sql, Rename it to R__x.sql",
        "r_x.sql, Rename it to R__x.sql",
        "R_x.sql, Rename it to R__x.sql",
        "R1__x.sql, Rename it to R__x.sql",
        "R__.sql, Rename it to R__description.sql",
        "U1_x.sql, Rename it to U1__x.sql",
        "V1__x.SQL, Rename it to V1__x.sql",
        "V1__x.Sql, Rename it to V1__x.sql",
        "001_x.up.sql, Rename it to 001_x.sql",
        "001_x.down.sql, Rename it to 001_x.undo.sql",
        "001.sql, Rename it to V001__description.sql",
        "1.2_x.sql, Rename it to V1.2__x.sql",
        "V__x.sql, Name it for example V1.4__add_users.sql",
        "V1.x__y.sql, Name it for example V1.4__add_users.sql",
        "Vx.sql, Name it for example V1.4__add_users.sql",
        "B1__x.sql, baseline migrations are not supported",
        "afterMigrate.sql, R__afterMigrate.sql",
        "beforeEachMigrate__x.sql, R__beforeEachMigrate__x.sql",
        "schema.sql, V1.4__add_users.sql",
        ".sql, V1.4__add_users.sql",
        "V1_x.undo.sql, Rename it to V1__x.sql",
        "U1__x.verify.sql, Delete it",
    })
    void aMistakenNameSaysTheRightOne(String name, String advice) {
        assertThat(FileName.parse(name))
                .asInstanceOf(InstanceOfAssertFactories.type(FileName.Malformed.class))
                .extracting(FileName.Malformed::problem)
                .asString()
                .contains(advice);
    }
}
