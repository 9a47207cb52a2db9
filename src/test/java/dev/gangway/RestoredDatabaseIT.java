package dev.gangway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import dev.gangway.GangwayException.Code;
import dev.gangway.gate.Gates;
import dev.gangway.testkit.PgClient;
import dev.gangway.testkit.TestDatabase;
import dev.gangway.testkit.TestServer;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A database that was dumped and restored elsewhere, by PostgreSQL's own programs, is taken for what it is. */
class RestoredDatabaseIT {
    private static final String[] HISTORY = {"V1__vector.sql applied", "V2__row.sql applied", "V3__index.sql applied"};

    @TempDir
    Path folder;

    private Application app;
    private TestDatabase elsewhere;

    @BeforeEach
    void migrate() throws SQLException {
        app = Application.in(folder.resolve("migrations"));
        elsewhere = TestServer.newDatabase();
        app.add("V1__vector.sql", "create extension vector; create table item(id int, embedding vector(3))");
        // Would neither fail nor go unnoticed if it ran again.
        app.add("V2__row.sql", "insert into item values (1, '[1,2,3]')");
        app.add("V3__index.sql", "create index concurrently item_id on item(id)");
        app.start();
    }

    @AfterEach
    void drop() throws SQLException {
        Gates.clear();
        elsewhere.close();
        app.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"plain", "custom", "no-owner", "schema first, data after"})
    void nothingRunsAgainAndWhatIsNewIsApplied(String how) throws SQLException {
        switch (how) {
            case "plain" -> restore(dump("plain"));
            case "custom" -> restore(dump("custom"));
            case "no-owner" -> restore(dump("custom", "--no-owner", "--no-privileges"), "--no-owner");
            default -> {
                restore(dump("plain", "--schema-only"));
                restore(dump("plain", "--data-only"));
            }
        }
        assertGoesOn(elsewhere);
    }

    @Test
    void aCopyByTemplateGoesOnAsWell() throws SQLException {
        String name = app.database().name() + "_copy";
        app.database()
                .server()
                .execute(
                        "postgres",
                        "create database " + name + " template "
                                + app.database().name());
        try {
            Application.startAt(app.url().replace("/" + app.database().name() + "?", "/" + name + "?"));
            assertThat(app.database().server().ask(name, "select count(*) from item"))
                    .isEqualTo("1");
        } finally {
            app.database().server().execute("postgres", "drop database " + name + " with (force)");
        }
    }

    @Test
    void aSchemaWithoutTheRowsOfItsHistoryIsRefusedUntilSomebodySaysWhatItHolds() throws SQLException {
        restore(dump("plain", "--schema-only"));
        GangwayException.Permanent failure = Application.failureAt(url(elsewhere));
        assertThat(failure.code()).isEqualTo(Code.HISTORY_MISMATCH);
        assertThat(failure.getMessage()).isEqualTo("""
                GW002 The migration history "public"."gangway_history" is there but empty, as after a restore of the schema\
                 without its rows, or after a TRUNCATE, so it cannot be told what the schema holds.
                  database: unchanged; nothing was applied
                  next:     bring the rows of "public"."gangway_history" and "public"."gangway_state" back (pg_dump\
                 --data-only --table), or say with the command baseline up to which version the schema holds the\
                 migrations; if it holds none of them, drop both tables; then connect again""");
        assertThat(elsewhere.ask("select count(*) from item")).isEqualTo("0");
        assertThat(elsewhere.ask("select count(*) from gangway_history")).isEqualTo("0");

        Gangway.to(url(elsewhere)).build().baseline("3");
        app.add("V4__next.sql", "create table next()");
        Application.startAt(url(elsewhere));
        assertThat(elsewhere.ask("select string_agg(script || ' ' || state, ', ' order by rank) from gangway_history"))
                .isEqualTo("baseline baseline, V4__next.sql applied");
    }

    @Test
    void theMigrateCommandAndTheBackgroundRefuseItToo() throws SQLException {
        app.execute("truncate gangway_history, gangway_state");
        assertThatCode(() -> app.gangway().migrate()).hasMessageStartingWith("GW002 The migration history");
        for (String file : new String[] {"V1__vector.sql", "V2__row.sql", "V3__index.sql"}) {
            app.remove(file);
        }
        app.add("V4__index.sql", "-- gangway: run=background\ncreate index concurrently item_id on item(id)");
        assertThatCode(() -> app.gangway().migrate()).hasMessageStartingWith("GW002 The migration history");
    }

    /** As pg_upgrade and a failover to a restored server do: what a type is called stays, its number does not. */
    @Test
    void aProcessThatRechecksLearnsTheNewNumbersOfItsTypes() throws SQLException {
        String url = app.url("gangway.recheck=always");
        Gates.clear();
        Application.open(url).close();
        app.execute("create table kept as select id, embedding::text as embedding from item; drop table item;"
                + " drop extension vector; create extension vector;"
                + " create table item as select id, embedding::vector from kept");
        try (Connection connection = Application.open(url);
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("select embedding from item")) {
            assertThat(rows.next()).isTrue();
            assertThat(rows.getObject(1))
                    .isInstanceOf(com.pgvector.PGvector.class)
                    .hasToString("[1.0,2.0,3.0]");
        }
    }

    private void assertGoesOn(TestDatabase restored) throws SQLException {
        Application.startAt(url(restored));
        app.add("V4__next.sql", "create table next()");
        Application.startAt(url(restored));
        assertThat(restored.ask("select count(*) from item")).isEqualTo("1");
        assertThat(restored.ask("select string_agg(script || ' ' || state, ', ' order by rank) from gangway_history"))
                .isEqualTo(String.join(", ", HISTORY) + ", V4__next.sql applied");
    }

    private String url(TestDatabase other) {
        return app.url().replace("/" + app.database().name() + "?", "/" + other.name() + "?");
    }

    private Path dump(String format, String... options) {
        Path file = folder.resolve(String.join("", options) + "." + format);
        PgClient.of(app.database()).dump(file, format, options);
        return file;
    }

    private void restore(Path dump, String... options) {
        PgClient.of(elsewhere).restore(dump, options);
    }
}
