package dev.gangway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gangway.testkit.LocalPostgres;
import dev.gangway.testkit.MigrationFolder;
import dev.gangway.testkit.PgDump;
import java.nio.file.Path;
import java.sql.SQLException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Verify scripts beside a migration. */
class VerifyIT {
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
    void aFalseRowRollsTheMigrationBack() throws SQLException {
        app.add("V1__item.sql", "create table item(id int)");
        app.add("V1__item.verify.sql", """
                select 'table', 'item exists', to_regclass('item') is not null;

                select 'rows', 'item is filled', count(*) > 0, count(*) || ' rows' from item;
                """);
        app.assertRefused()
                .hasMessageContaining("GW001 Migration V1__item.sql failed")
                .hasMessageContaining("file:      " + app.place("V1__item.verify.sql", 3, 1))
                .hasMessageContaining("server:    verification failed: rows / item is filled: 0 rows")
                .hasMessageContaining("this migration was rolled back as a whole");
        assertThat(app.has("item")).isFalse();

        app.add("V1__item.sql", "create table item(id int); insert into item values (1)")
                .start();
        assertThat(app.history()).containsExactly("V1__item.sql applied");
    }

    @Test
    void aQueryOfAnotherShapeIsRefused() throws SQLException {
        app.add("V1__item.sql", "create table item(id int)");
        app.add("V1__item.verify.sql", "select 1");
        app.assertRefused()
                .hasMessageContaining(app.place("V1__item.verify.sql", 1, 1))
                .hasMessageContaining(
                        "a verify query returns (category text, name text, passed boolean [, detail text])");
        assertThat(app.has("item")).isFalse();
    }

    @Test
    void aMissingAnswerIsNotAPassedOne() {
        app.add("V1__item.sql", "create table item(id int)");
        app.add("V1__item.verify.sql", "select 'rows', 'all positive', bool_and(id > 0) from item");
        app.assertRefused().hasMessageContaining("verification failed: rows / all positive");
    }

    @Test
    void aFailingVerifyLeavesTheDumpAsItWasByteForByte(@TempDir Path folder) throws SQLException {
        // A server of its own, so that pg_dump is there and of its version.
        try (LocalPostgres server = LocalPostgres.start()) {
            String database = server.createDatabase("verify");
            MigrationFolder migrations = MigrationFolder.in(folder)
                    .add("V1__item.sql", "create table item(id int); insert into item values (1)");
            String url = server.address().gangwayUrl(database, "gangway.locations=" + migrations.location());
            Application.startAt(url);
            migrations
                    .add(
                            "V2__more.sql",
                            "alter table item add name text; create table more(); update item set name = 'x'")
                    .add("V2__more.verify.sql", "select 'a', 'b', false");
            // The attempt itself is recorded there.
            String butHistory = "--exclude-table-data=gangway_*";
            String before = PgDump.of(server, database, butHistory);

            assertThat(Application.failureAt(url).getMessage()).contains("verification failed: a / b");

            assertThat(PgDump.of(server, database, butHistory)).isEqualTo(before);
        }
    }
}
