package dev.gangway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gangway.testkit.LogCapture;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import liquibase.Scope;
import liquibase.analytics.configuration.AnalyticsArgs;
import liquibase.command.CommandScope;
import liquibase.command.core.UpdateCommandStep;
import liquibase.command.core.helpers.DbUrlConnectionArgumentsCommandStep;
import liquibase.database.Database;
import liquibase.database.DatabaseFactory;
import liquibase.database.jvm.JdbcConnection;
import liquibase.resource.DirectoryResourceAccessor;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Going over from Liquibase, the real one, with changelogs in SQL. */
@Timeout(120)
class LiquibaseAdoptionIT {
    private static final String ROWS = "select t::text from databasechangelog t order by orderexecuted";

    private Application app;
    private Path folder;

    @BeforeEach
    void createDatabase(@TempDir Path directory) throws SQLException {
        folder = directory;
        app = Application.in(directory);
    }

    @AfterEach
    void dropDatabase() throws SQLException {
        app.close();
    }

    @Test
    void whatLiquibaseHasAppliedIsNotAppliedAgainAndWhatIsNewIs() throws Exception {
        addChangelogs();
        liquibase("V1__log.sql", "V2__more.sql", "V3__function.sql", "R__view.sql");
        List<String> rows = app.column(ROWS);
        assertThat(rows).hasSize(6);
        app.add("V4__after_the_switch.sql", "insert into log(entry) values ('V4')");

        try (LogCapture log = LogCapture.start()) {
            app.start();

            assertThat(log.lines())
                    .anyMatch(line -> line.endsWith(" - took over V1__log.sql (adopted, same checksum)"))
                    .anyMatch(line -> line.endsWith(" - took over V2__more.sql (adopted, same checksum)"))
                    .anyMatch(line -> line.endsWith(" - took over V3__function.sql (adopted, same checksum)"))
                    .anyMatch(line -> line.endsWith(" - took over R__view.sql (adopted, same checksum)"))
                    .anyMatch(line -> line.endsWith(" - took over 4 migrations from Liquibase; its table"
                            + " \"public\".\"databasechangelog\" stays as it is, and \"public\".\"gangway_history\" has the"
                            + " history from now on"));
        }
        assertThat(app.column("select entry from log order by id")).containsExactly("a", "b", "V4");
        assertThat(app.history())
                .containsExactly(
                        "V1__log.sql adopted",
                        "V2__more.sql adopted",
                        "V3__function.sql adopted",
                        "R__view.sql adopted",
                        "V4__after_the_switch.sql applied");
        assertThat(app.column(ROWS)).isEqualTo(rows);
        app.start("gangway.mode=validate");
        liquibase("V1__log.sql", "V2__more.sql", "V3__function.sql", "R__view.sql");
        assertThat(app.column(ROWS)).isEqualTo(rows);
    }

    @Test
    void filesMayBeRenamedEvenWhereAllChangesetsHaveTheSameId() throws Exception {
        app.add("users.sql", "--liquibase formatted sql\n--changeset bob:1\ncreate table users(id int);\n");
        app.add("orders.sql", "--liquibase formatted sql\n--changeset bob:1\ncreate table orders(id int);\n");
        liquibase("users.sql", "orders.sql");
        delete("users.sql", "orders.sql");
        app.add("V1__users.sql", "--liquibase formatted sql\n--changeset bob:1\ncreate table users(id int);\n");
        app.add("002_orders.sql", "--liquibase formatted sql\n--changeset bob:1\ncreate table orders(id int);\n");

        app.start();

        assertThat(app.history()).containsExactly("V1__users.sql adopted", "002_orders.sql adopted");
    }

    @Test
    void whereTheNamesDoNotTellWhichIsWhichItIsSaid() throws Exception {
        app.add("users.sql", "--liquibase formatted sql\n--changeset bob:1\ncreate table users(id int);\n");
        app.add("orders.sql", "--liquibase formatted sql\n--changeset bob:1\ncreate table orders(id int);\n");
        liquibase("users.sql", "orders.sql");
        delete("users.sql", "orders.sql");
        app.add("V1__a.sql", "--liquibase formatted sql\n--changeset bob:1\ncreate table users(id int);\n");
        app.add("V2__b.sql", "--liquibase formatted sql\n--changeset bob:1\ncreate table orders(id int);\n");

        app.assertRefused().hasMessage("""
                GW002 The history of Liquibase in the table "public"."databasechangelog" cannot be taken over:
                  - bob:1 (users.sql) may be any of those in V1__a.sql, V2__b.sql
                  - bob:1 (orders.sql) may be any of those in V1__a.sql, V2__b.sql
                  database: unchanged; nothing was applied
                  next:     let the end of each file's name, behind its version, be the name that it has under Liquibase:\
                 users.sql becomes V1__users.sql
                  or:       if these migrations have nothing to do with those of Liquibase, set gangway.adopt=none""");
    }

    @Test
    void aFileThatHasRunInPartIsRefused() throws Exception {
        app.add("V1__log.sql", """
                --liquibase formatted sql
                --changeset ann:1
                create table log(entry text);
                --changeset ann:2 context:test
                insert into log values ('test');
                """);
        liquibase("V1__log.sql");

        app.assertRefused().hasMessage("""
                GW002 The history of Liquibase in the table "public"."databasechangelog" cannot be taken over:
                  - V1__log.sql has run in part under Liquibase: ann:2 has not
                  database: unchanged; nothing was applied
                  next:     let Liquibase run the rest of these files (look at their contexts and labels too), or move what\
                 it has not run into files of their own; then connect again
                  or:       if these migrations have nothing to do with those of Liquibase, set gangway.adopt=none""");
        assertThat(app.has("gangway_history")).isFalse();
    }

    @Test
    void changedAndMissingChangesetsAreAllNamed() throws Exception {
        app.add("V1__log.sql", "--liquibase formatted sql\n--changeset ann:1\ncreate table log(entry text);\n");
        app.add("V2__gone.sql", "--liquibase formatted sql\n--changeset ann:2\ncreate table gone();\n");
        liquibase("V1__log.sql", "V2__gone.sql");
        String sum = app.ask("select md5sum from databasechangelog where id = '1'");
        delete("V2__gone.sql");
        app.add("V1__log.sql", "--liquibase formatted sql\n--changeset ann:1\ncreate table log(entry int);\n");

        app.assertRefused()
                .hasMessageContaining("  - ann:2 (V2__gone.sql) has run under Liquibase, but no file has it\n")
                .hasMessageContaining(
                        "  - ann:1 in %s was changed after Liquibase had applied it: its sum was %s, now it is 9:"
                                .formatted(app.file("V1__log.sql"), sum))
                .hasMessageContaining("  next:     put these changesets back as they were when Liquibase applied them");
    }

    @Test
    void whatCannotBeVerifiedIsTakenOverAndSaid() throws Exception {
        app.add("V1__log.sql", "--liquibase formatted sql\n--changeset ann:1\ncreate table log(entry text);\n");
        app.add("V2__named.sql", """
                --liquibase formatted sql
                --property name:table value:named
                --changeset ann:2
                create table ${table}(entry text);
                """);
        liquibase("V1__log.sql", "V2__named.sql");
        app.execute("update databasechangelog set md5sum = '8:0123456789abcdef0123456789abcdef' where id = '1'");

        try (LogCapture log = LogCapture.start()) {
            app.start("gangway.placeholders.table=named");

            assertThat(log.lines())
                    .anyMatch(line -> line.endsWith(
                            "took over V1__log.sql (adopted, not verified, for the sum cannot be computed: ann:1)"))
                    .anyMatch(line -> line.endsWith(
                            "took over V2__named.sql (adopted, not verified, for the sum cannot be computed: ann:2)"));
        }
    }

    @Test
    void aRepeatableMigrationThatHasChangedSinceRunsAgain() throws Exception {
        String changelog = "--liquibase formatted sql\n--changeset ann:1 runOnChange:true\n";
        app.add("R__view.sql", changelog + "create or replace view one as select 1 as n;\n");
        liquibase("R__view.sql");
        app.add("R__view.sql", changelog + "create or replace view one as select 2 as n;\n");
        app.add("V1__other.sql", "--liquibase formatted sql\n--changeset ann:0\ncreate table other();\n");
        liquibase("V1__other.sql");

        app.start();

        assertThat(app.history()).containsExactly("V1__other.sql adopted", "R__view.sql applied");
        assertThat(app.ask("select n from one")).isEqualTo("2");
    }

    @Test
    void aLockThatLiquibaseHoldsIsHonoured() throws Exception {
        app.add("V1__log.sql", "--liquibase formatted sql\n--changeset ann:1\ncreate table log(entry text);\n");
        liquibase("V1__log.sql");
        app.execute("update databasechangeloglock set locked = true, lockedby = 'pod-7', lockgranted = '2026-01-01'");

        app.assertRefused().hasMessage("""
                GW002 The history of Liquibase in the table "public"."databasechangelog" cannot be taken over:
                  - Liquibase is migrating: its lock is held by pod-7 since 2026-01-01 00:00:00
                  database: unchanged; nothing was applied
                  next:     wait until it is done; if no such process lives, let "liquibase release-locks" free the lock;\
                 then connect again
                  or:       if these migrations have nothing to do with those of Liquibase, set gangway.adopt=none""");
    }

    private void addChangelogs() {
        app.add("V1__log.sql", """
                --liquibase formatted sql

                --changeset ann:1
                --comment: the log
                create table log(
                    entry text, -- what happened
                    id serial
                );
                --rollback drop table log;
                """);
        app.add("V2__more.sql", """
                --liquibase formatted sql
                -- changeset ann:2-a labels:x context:!test
                --preconditions onFail:MARK_RAN
                --precondition-sql-check expectedResult:0 select count(*) from log
                insert into log(entry) values ('a');\t
                /* liquibase rollback
                delete from log;
                */

                --changeset "ann lee":2-b splitStatements:false stripComments:false endDelimiter:;;
                /* a comment */
                insert into log(entry) values ('b');;
                --changeset ann:2-c runInTransaction:false
                create index concurrently log_entry on log(entry);
                """);
        String function = """
                --liquibase formatted sql
                --changeset bob:3 splitStatements:false
                create function one() returns text language plpgsql as $$
                begin
                  return 'Größe'; -- ü
                end $$;
                """;
        app.add("V3__function.sql", function.replace("\n", "\r\n"));
        app.add("R__view.sql", """
                --liquibase formatted sql
                --changeset bob:view runOnChange:true
                create or replace view entries as select entry from log;
                """);
    }

    private void delete(String... files) throws IOException {
        for (String file : files) {
            Files.delete(folder.resolve(file));
        }
    }

    /** Runs Liquibase's update over these changelogs, out of a list in XML. */
    private void liquibase(String... changelogs) throws Exception {
        StringBuilder master = new StringBuilder("""
                <databaseChangeLog xmlns="http://www.liquibase.org/xml/ns/dbchangelog"
                    xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"
                    xsi:schemaLocation="http://www.liquibase.org/xml/ns/dbchangelog
                      http://www.liquibase.org/xml/ns/dbchangelog/dbchangelog-latest.xsd">
                """);
        for (String changelog : changelogs) {
            master.append("  <include file=\"").append(changelog).append("\"/>\n");
        }
        app.add("master.xml", master + "</databaseChangeLog>\n");
        DirectoryResourceAccessor files = new DirectoryResourceAccessor(folder);
        try (Connection connection = app.database().connect()) {
            Database database =
                    DatabaseFactory.getInstance().findCorrectDatabaseImplementation(new JdbcConnection(connection));
            // Nothing of a test leaves this machine.
            Map<String, Object> settings =
                    Map.of("liquibase.analytics.enabled", false, Scope.Attr.resourceAccessor.name(), files);
            Scope.child(settings, () -> {
                assertThat(AnalyticsArgs.ENABLED.getCurrentValue()).isFalse();
                new CommandScope(UpdateCommandStep.COMMAND_NAME)
                        .addArgumentValue(DbUrlConnectionArgumentsCommandStep.DATABASE_ARG, database)
                        .addArgumentValue(UpdateCommandStep.CHANGELOG_FILE_ARG, "master.xml")
                        .addArgumentValue(UpdateCommandStep.CONTEXTS_ARG, "production")
                        .execute();
            });
        }
    }
}
