package dev.gangway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gangway.command.MigrateOptions;
import dev.gangway.report.MigrateReport;
import dev.gangway.testkit.Await;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Migrating by command. */
@Timeout(60)
class MigrateCommandIT {
    private Application app;

    @BeforeEach
    void createDatabase(@TempDir Path folder) throws SQLException {
        app = Application.in(folder)
                .add("V1__one.sql", "create table one()")
                .add("V2__two.sql", "create table two()")
                .add("V3__three.sql", "create table three()")
                .add("R__view.sql", "create or replace view seen as select 1 as x");
    }

    @AfterEach
    void dropDatabase() throws SQLException {
        app.close();
    }

    @Test
    void allThatIsPendingIsAppliedAndReported() throws SQLException {
        MigrateReport report = app.gangway().migrate();

        assertThat(report.applied()).containsExactly("V1__one.sql", "V2__two.sql", "V3__three.sql", "R__view.sql");
        assertThat(report.version()).isEqualTo("3");
        assertThat(report.deferred()).isEmpty();
        assertThat(report.target()).endsWith("/" + app.database().name());
        assertThat(app.gangway().migrate().applied()).isEmpty();
        app.start("gangway.mode=validate");
    }

    @Test
    void aTargetACountAndSingleVersionsAreHonoured() throws SQLException {
        app.add("V4__four.sql", "create table four()").add("V5__five.sql", "create table five()");
        Gangway gangway = app.gangway();

        assertThat(gangway.migrate(MigrateOptions.next(2)).applied()).containsExactly("V1__one.sql", "V2__two.sql");
        assertThat(gangway.migrate(MigrateOptions.only(Set.of("4"))).applied()).containsExactly("V4__four.sql");
        assertThat(gangway.migrate(MigrateOptions.upTo("3")).applied()).containsExactly("V3__three.sql", "R__view.sql");
        assertThat(gangway.migrate(MigrateOptions.upTo("3")).applied()).isEmpty();
        assertThat(gangway.migrate().applied()).containsExactly("V5__five.sql");
    }

    @Test
    void aTargetOfTheCommandBeatsThatOfTheSettings() throws SQLException {
        Gangway gangway = app.gangway("gangway.target=2");

        assertThat(gangway.migrate().version()).isEqualTo("2");
        assertThat(gangway.migrate(MigrateOptions.upTo("latest")).version()).isEqualTo("3");
    }

    @Test
    void whatCannotBeChosenIsRefusedBeforeAnythingRuns() throws SQLException {
        Gangway gangway = app.gangway();
        gangway.migrate(MigrateOptions.next(1));

        assertThatThrownBy(() -> gangway.migrate(MigrateOptions.only(Set.of("1"))))
                .hasMessageStartingWith("GW004 Version 1 cannot be applied on its own: it is applied already.");
        assertThatThrownBy(() -> gangway.migrate(MigrateOptions.only(Set.of("9"))))
                .hasMessageStartingWith("GW004 Version 9 cannot be applied on its own: no migration file has it.");
        assertThatThrownBy(() -> gangway.migrate(MigrateOptions.upTo("new")))
                .hasMessageStartingWith("GW004 The target \"new\" is no version.");
        assertThatThrownBy(() -> MigrateOptions.next(0)).isInstanceOf(IllegalArgumentException.class);
        assertThat(app.history()).containsExactly("V1__one.sql applied");
    }

    @Test
    void aVersionOnItsOwnNeedsWhatItRequires() throws SQLException {
        app.add("V4__four.sql", "-- gangway: requires=2\ncreate table four()");

        assertThatThrownBy(() -> app.gangway().migrate(MigrateOptions.only(Set.of("4"))))
                .hasMessageStartingWith("GW002")
                .hasMessageContaining("V4__four.sql requires version 2, which is neither applied nor pending");
        assertThat(app.gangway().migrate(MigrateOptions.only(Set.of("4", "2"))).applied())
                .containsExactly("V2__two.sql", "V4__four.sql");
    }

    @Test
    void theModeThatTheApplicationSharesDoesNotCount() throws SQLException {
        for (String mode : new String[] {"wait", "validate", "off"}) {
            assertThat(app.gangway("gangway.mode=" + mode)
                            .migrate(MigrateOptions.next(1))
                            .applied())
                    .hasSize(1);
        }
    }

    @Test
    void anUnusableUrlIsRefusedAndPgjdbcsOwnFormIsTaken() throws SQLException {
        assertThatThrownBy(() -> Gangway.to("jdbc:mysql://db/app").build())
                .hasMessage("GW004 The URL jdbc:mysql://db/app is not one that Gangway can open. Write it as"
                        + " jdbc:gangway:postgresql://host:port/database");
        assertThatThrownBy(() -> Gangway.to(app.url("gangway.mod=off")).build())
                .hasMessageContaining("Did you mean gangway.mode?");
        Gangway plain = Gangway.to(app.database().jdbcUrl())
                .property("gangway.locations", app.location())
                .build();
        assertThat(plain.migrate().applied()).hasSize(4);
    }

    @Test
    void whatAnotherProcessAppliedMeanwhileIsReportedToo() throws Exception {
        app.add("V4__held.sql", Hold.HERE);
        Hold hold = Hold.on(app.database());
        CompletableFuture<MigrateReport> first = migrating();
        hold.awaitHeld();
        CompletableFuture<MigrateReport> second = migrating();
        Await.until("the second one waits", Duration.ofSeconds(20), () -> "1"
                .equals(app.ask("select count(*) from pg_stat_activity where application_name like 'gangway leader%'"
                        + " and state = 'idle' and datname = current_database()")));
        hold.release();

        assertThat(first.get().applied()).hasSize(5);
        assertThat(second.get().applied()).endsWith("V4__held.sql", "R__view.sql");
        assertThat(app.history()).hasSize(5);
    }

    private CompletableFuture<MigrateReport> migrating() {
        return CompletableFuture.supplyAsync(() -> {
            try {
                return app.gangway().migrate();
            } catch (SQLException e) {
                throw new IllegalStateException(e);
            }
        });
    }

    @Test
    void whatRunsInTheBackgroundIsWaitedFor() throws SQLException {
        app.add("V4__index.sql", "-- gangway: run=background\ncreate index concurrently four on five(id)");
        app.add("V3__three.sql", "create table five(id int)");

        assertThat(app.gangway().migrate(MigrateOptions.next(4)).applied())
                .containsExactly("V1__one.sql", "V2__two.sql", "V3__three.sql", "V4__index.sql");
        assertThat(Observed.in(app.database()).isValid("four")).isEqualTo("t");
        app.add("V5__index.sql", "-- gangway: run=background\ncreate index concurrently five_too on five(id)");
        assertThat(app.gangway().migrate(MigrateOptions.only(Set.of("5"))).applied())
                .containsExactly("V5__index.sql");
        app.add("V6__index.sql", "-- gangway: run=background\ncreate index concurrently six on five(id)");
        assertThat(app.gangway().migrate().applied()).containsExactly("R__view.sql", "V6__index.sql");
    }

    @Test
    void theBuildersPropertiesCountAsAConnectionsDo() throws SQLException {
        String role = app.database().createRole("Zq7");
        app.execute("grant create on schema public to " + role);
        Properties before = (Properties) System.getProperties().clone();
        Gangway gangway = Gangway.to(
                        app.url(app.database().server().as(role, "wrong")).replace("&password=wrong", ""))
                .password("Zq7")
                .build();

        assertThat(gangway.migrate().target()).startsWith(role + "@");
        assertThat(System.getProperties()).isEqualTo(before);
    }
}
