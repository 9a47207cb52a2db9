package dev.gangway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.gangway.GangwayException.Code;
import dev.gangway.testkit.Await;
import dev.gangway.testkit.FleetOfClassLoaders;
import dev.gangway.testkit.FleetOfClassLoaders.Outcome;
import dev.gangway.testkit.LogCapture;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Properties;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Taking over another tool's history, whichever tool it is. */
@Timeout(120)
class AdoptionIT {
    private Application app;

    @BeforeEach
    void createDatabase(@TempDir Path folder) throws SQLException {
        app = Application.in(folder);
        app.execute("create table schema_migrations (version bigint not null primary key, dirty boolean not null);"
                + " insert into schema_migrations values (2, false); create table a(); create table b()");
        app.add("V1__a.sql", "create table a()");
        app.add("V2__b.sql", "create table b()");
    }

    @AfterEach
    void dropDatabase() throws SQLException {
        app.close();
    }

    @Test
    void withAdoptNoneNothingIsTakenOver() throws SQLException {
        app.execute("drop table a; drop table b");

        app.start("gangway.adopt=none");

        assertThat(app.history()).containsExactly("V1__a.sql applied", "V2__b.sql applied");
    }

    @Test
    void aHistoryOfOursIsNeverTakenOverAgain() throws SQLException {
        app.start();
        app.execute("update schema_migrations set version = 3");
        app.add("V3__c.sql", "create table c()");
        app.start();
        assertThat(app.history()).containsExactly("V1__a.sql adopted", "V2__b.sql adopted", "V3__c.sql applied");

        // As after a dump without that table.
        app.execute("drop table gangway_state");
        app.start();
        assertThat(app.history()).containsExactly("V1__a.sql adopted", "V2__b.sql adopted", "V3__c.sql applied");
    }

    @Test
    void theCommandTakesItOverTooAndReportsOnlyWhatItHasApplied() throws SQLException {
        app.add("V3__c.sql", "create table c()");

        assertThat(app.gangway().migrate().applied()).containsExactly("V3__c.sql");

        assertThat(app.history()).containsExactly("V1__a.sql adopted", "V2__b.sql adopted", "V3__c.sql applied");
    }

    @Test
    void whatRunsInTheBackgroundDoesNotComeBeforeIt() throws SQLException {
        app.add("V1__a.sql", "-- gangway: run=background\n-- gangway: transaction=off\ncreate table a()");
        app.add("V2__b.sql", "-- gangway: run=background\n-- gangway: transaction=off\ncreate table b()");
        try (LogCapture log = LogCapture.start()) {
            app.start();

            Await.until("the background is told", Duration.ofSeconds(30), () -> log.lines().stream()
                    .anyMatch(line ->
                            line.contains("nothing runs in the background, for the schema has another tool's")));
        }
        assertThat(app.has("gangway_history")).isFalse();
    }

    @Test
    void aTableInWhichNothingIsRecordedIsPassedOver() throws SQLException {
        app.execute("drop table a; drop table b; truncate schema_migrations");

        try (LogCapture log = LogCapture.start()) {
            app.start();

            assertThat(log.lines())
                    .anyMatch(line ->
                            line.endsWith(" - nothing to take over: golang-migrate has applied nothing according to"
                                    + " \"public\".\"schema_migrations\""));
        }
        assertThat(app.history()).containsExactly("V1__a.sql applied", "V2__b.sql applied");
    }

    @Test
    void ofSeveralToolsNoneIsChosen() throws SQLException {
        app.execute("create table alembic_version (version_num varchar(32) not null)");

        assertThat(app.failure().code()).isEqualTo(Code.HISTORY_MISMATCH);
        app.assertRefused().hasMessage("""
                GW002 The schema has the histories of several migration tools, and it cannot be told which one built it:\
                 "public"."alembic_version", "public"."schema_migrations".
                  database: unchanged; nothing was applied
                  next:     rename or drop the tables that are no longer used, and connect again; or, if none of them has\
                 to do with these migrations, set gangway.adopt=none""");
        assertThat(app.has("gangway_history")).isFalse();
    }

    @Test
    void validateSaysThatTheHistoryWillBeTakenOver() throws SQLException {
        assertThat(app.failure("gangway.mode=validate").code()).isEqualTo(Code.HISTORY_MISMATCH);
        app.assertRefused("gangway.mode=validate").hasMessage("""
                GW002 The schema has no history of Gangway's but the table schema_migrations of another migration tool, and\
                 gangway.mode=validate takes nothing over.
                  next: start a process that has gangway.mode=migrate: it takes that history over and applies what is\
                 pending then; then connect again""");
        app.start();
        app.start("gangway.mode=validate");
    }

    @Test
    void waitingLeavesItToAnotherProcess() throws SQLException {
        GangwayException.Transient failure = catchThrowableOfType(
                GangwayException.Transient.class, () -> app.start("gangway.mode=wait", "gangway.waitTimeout=1ms"));
        assertThat(failure.code()).isEqualTo(Code.WAIT_TIMED_OUT);
        assertThat(app.has("gangway_history")).isFalse();
        app.start();
        app.start("gangway.mode=wait");
    }

    @Test
    void aTableThatMayNotBeReadIsReportedWithTheGrant() throws SQLException {
        String role = app.database().createRole("secret");
        app.execute("grant create on schema public to " + role);
        String url = app.url(app.database().server().as(role, "secret"));

        GangwayException.Permanent failure = Application.failureAt(url);

        assertThat(failure.code()).isEqualTo(Code.MISSING_PRIVILEGE);
        assertThat(failure.getMessage())
                .isEqualTo("""
                GW007 The role "%1$s" may not read the history of the tool that has migrated this schema, so it cannot be\
                 taken over.
                  server:   ERROR: permission denied for table schema_migrations (SQLState 42501)
                  database: unchanged; nothing was applied
                  next:     let its owner run, in database "%2$s":  GRANT USAGE ON SCHEMA "public" TO "%1$s"; GRANT SELECT ON\
                 "public"."schema_migrations" TO "%1$s";
                            or, if these migrations have nothing to do with it, set gangway.adopt=none""".formatted(role, app.database().name()));
        app.execute("grant select on schema_migrations to " + role);
        Application.startAt(url);
        assertThat(app.history()).containsExactly("V1__a.sql adopted", "V2__b.sql adopted");
    }

    @Test
    void eightProcessesAtOnceTakeItOverOnce() throws Exception {
        app.add("V3__c.sql", "create table c()");
        try (FleetOfClassLoaders fleet = FleetOfClassLoaders.of(8)) {
            List<Outcome<Connection>> outcomes = fleet.connectAll(app.url(), new Properties());

            assertThat(outcomes).extracting(Outcome::failure).containsOnlyNulls();
            for (Outcome<Connection> outcome : outcomes) {
                outcome.get().close();
            }
        }
        assertThat(app.history()).containsExactly("V1__a.sql adopted", "V2__b.sql adopted", "V3__c.sql applied");
    }
}
