package dev.gangway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gangway.GangwayException.Code;
import dev.gangway.testkit.Await;
import dev.gangway.testkit.LogCapture;
import dev.gangway.testkit.Sql;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.configuration.FluentConfiguration;
import org.flywaydb.core.api.exception.FlywayValidateException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.postgresql.ds.PGSimpleDataSource;

/** Going over from Flyway, the real one, and back. */
@Timeout(120)
class FlywayAdoptionIT {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final String ROWS = "select t::text from flyway_schema_history t order by installed_rank";

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
    void whatFlywayHasAppliedIsNotAppliedAgainAndWhatIsNewIs() throws SQLException {
        addTwenty();
        flyway().load().migrate();
        List<String> rows = app.column(ROWS);
        String table = definition();
        assertThat(rows).hasSize(20);
        app.add("V100__after_the_switch.sql", "insert into log(entry) values ('V100')");

        try (LogCapture log = LogCapture.start()) {
            app.start();

            assertThat(log.lines())
                    .anyMatch(line -> line.endsWith(" - took over V1__log.sql (adopted, same checksum)"))
                    .anyMatch(line -> line.endsWith(" - took over V2.0.1__with_dots.sql (adopted, same checksum)"))
                    .anyMatch(line -> line.endsWith(" - took over R__entries.sql (adopted, same checksum)"))
                    .anyMatch(line -> line.endsWith(" - took over 20 migrations from Flyway; its table"
                            + " \"public\".\"flyway_schema_history\" stays as it is, and \"public\".\"gangway_history\" has"
                            + " the history from now on"));
        }
        assertThat(entries()).hasSize(20).doesNotHaveDuplicates().endsWith("V100");
        assertThat(app.history())
                .hasSize(21)
                .startsWith("V1__log.sql adopted", "V2.0.1__with_dots.sql adopted")
                .endsWith("R__entries.sql adopted", "V100__after_the_switch.sql applied");
        assertThat(app.column(ROWS)).isEqualTo(rows);
        assertThat(definition()).isEqualTo(table);
        app.start("gangway.mode=validate");
        app.start();
        assertThat(entries()).hasSize(20);
    }

    @Test
    void flywayGoesOnWithItsOwnFilesAfterTheWayBack() throws SQLException {
        addTwenty();
        flyway().load().migrate();
        List<String> rows = app.column(ROWS);
        app.start();

        flyway().load().validate();
        assertThat(flyway().load().migrate().migrationsExecuted).isZero();

        assertThat(app.column(ROWS)).isEqualTo(rows);
    }

    @Test
    void flywayCanBeToldWhatGangwayHasAppliedSince() throws SQLException {
        app.add("V1__log.sql", "create table log(entry text)");
        flyway().load().migrate();
        app.add("V2__entry.sql", "insert into log values ('V2')");
        app.start();

        flyway().skipExecutingMigrations(true).load().migrate();

        flyway().load().validate();
        assertThat(app.column("select entry from log")).containsExactly("V2");
    }

    @Test
    void nothingIsPendingAfterwardsAndAllTheSameTheHistoryIsTakenOver() throws SQLException {
        app.add("V1__log.sql", "create table log(entry text)");
        flyway().load().migrate();

        app.start();

        assertThat(app.history()).containsExactly("V1__log.sql adopted");
        assertThat(app.ask("select checksum is not null and script_text = 'create table log(entry text)'"
                        + " from gangway_history"))
                .isEqualTo("t");
    }

    @Test
    void theUndoScriptOfAnAdoptedMigrationIsKept() throws SQLException {
        app.add("V1__log.sql", "create table log(entry text)");
        flyway().load().migrate();
        app.add("V1__log.undo.sql", "drop table ${gangway:schema}.log");

        app.start();

        assertThat(app.ask("select undo_sql from gangway_history")).isEqualTo("drop table public.log");
    }

    @Test
    void theVersionsUpToABaselineAreNotApplied() throws SQLException {
        app.execute("create table log(entry text)");
        app.add("V1__log.sql", "create table log(entry text)");
        app.add("V2__entry.sql", "insert into log values ('V2')");
        app.add("V3__entry.sql", "insert into log values ('V3')");
        flyway().baselineVersion("2").baselineOnMigrate(true).load().migrate();
        app.add("V4__entry.sql", "insert into log values ('V4')");

        app.start();

        assertThat(app.column("select entry from log")).containsExactly("V3", "V4");
        assertThat(app.history())
                .containsExactly("<< Flyway Baseline >> baseline", "V3__entry.sql adopted", "V4__entry.sql applied");
        app.start("gangway.mode=validate");
    }

    @Test
    void aSchemaThatFlywayHasCreatedItself() throws SQLException {
        app.add("V1__log.sql", "create table log(entry text)");
        flyway().schemas("shop").load().migrate();
        assertThat(app.ask("select type from shop.flyway_schema_history where installed_rank = 0"))
                .isEqualTo("SCHEMA");

        app.start("gangway.schema=shop");

        assertThat(app.column("select script || ' ' || state from shop.gangway_history"))
                .containsExactly("V1__log.sql adopted");
    }

    @Test
    void aRepeatableMigrationWithPlaceholdersIsKnownByItsTextAndElseRunsAgain() throws SQLException {
        app.add("R__greeting.sql", "create or replace view greeting as select '${word}' as word");
        app.add("R__changed.sql", "create or replace view changed as select 1 as n");
        flyway().placeholders(Map.of("word", "hello")).load().migrate();
        app.add("R__changed.sql", "create or replace view changed as select 2 as n");

        app.start("gangway.placeholders.word=hello");

        assertThat(app.history()).containsExactlyInAnyOrder("R__greeting.sql adopted", "R__changed.sql applied");
        assertThat(app.ask("select n from changed")).isEqualTo("2");
    }

    @Test
    void aFileThatWasLeftOutBelowTheHighestVersionComesOutOfOrder() throws SQLException {
        app.add("V1__log.sql", "create table log(entry text)");
        app.add("V3__entry.sql", "insert into log values ('V3')");
        flyway().load().migrate();
        app.add("V2__late.sql", "insert into log values ('V2')");

        app.assertRefused("gangway.outOfOrder=fail")
                .hasMessageContaining("V2__late.sql is new but below version 3, which is applied already");
        app.start();

        assertThat(app.column("select entry from log")).containsExactly("V3", "V2");
    }

    @Test
    void aVersionAboveAllFilesIsThatOfANewerApplication() throws SQLException {
        app.add("V1__log.sql", "create table log(entry text)");
        flyway().load().migrate();
        app.execute("insert into flyway_schema_history values"
                + " (2, '2.0', 'newer', 'SQL', 'V2.0__newer.sql', 5, 'me', now(), 1, true)");

        app.start();

        assertThat(app.history()).containsExactly("V1__log.sql adopted", "V2.0__newer.sql adopted");
        assertThat(app.ask("select checksum is null from gangway_history where version = '2.0'"))
                .isEqualTo("t");
    }

    @Test
    void whatFlywayRanInJavaNeedsNoFile() throws SQLException {
        app.add("V1__log.sql", "create table log(entry text)");
        app.add("V3__entry.sql", "insert into log values ('V3')");
        flyway().load().migrate();
        app.execute("update flyway_schema_history set installed_rank = 3 where version = '3'");
        app.execute("insert into flyway_schema_history values"
                + " (2, '2', 'code', 'JDBC', 'db.migration.V2__code', null, 'me', now(), 1, true)");

        app.start("gangway.onNewerSchema=fail");

        assertThat(app.history())
                .containsExactly("V1__log.sql adopted", "db.migration.V2__code adopted", "V3__entry.sql adopted");
    }

    @Test
    void whatWasUndoneOrDeletedSinceDoesNotCount() throws SQLException {
        app.add("V1__log.sql", "create table log(entry text)");
        flyway().load().migrate();
        app.execute("insert into flyway_schema_history values"
                + " (2, '2', 'gone', 'SQL', 'V2__gone.sql', 5, 'me', now(), 1, true),"
                + " (3, '2', 'gone', 'DELETE', 'V2__gone.sql', 5, 'me', now(), 1, true),"
                + " (4, '1.5', 'undone', 'SQL', 'V1.5__undone.sql', 5, 'me', now(), 1, true),"
                + " (5, '1.5', 'undone', 'UNDO_SQL', 'U1.5__undone.sql', 5, 'me', now(), 1, true)");

        app.start();

        assertThat(app.history()).containsExactly("V1__log.sql adopted");
    }

    @Test
    void changedAndMissingFilesAreAllNamedAndNothingIsDone() throws SQLException {
        app.add("V1__log.sql", "create table log(entry text)");
        flyway().load().migrate();
        String checksum = app.ask("select checksum from flyway_schema_history");
        app.execute("insert into flyway_schema_history values"
                + " (2, '2', 'gone', 'SQL', 'V2__gone.sql', 5, 'me', now(), 1, true)");
        app.add("V1__log.sql", "create table log(id int)");
        app.add("V3__new.sql", "create table new()");

        assertThat(app.failure().code()).isEqualTo(Code.HISTORY_MISMATCH);
        app.assertRefused().hasMessage("""
                GW002 The history of Flyway in the table "public"."flyway_schema_history" cannot be taken over:
                  - V1__log.sql was changed after Flyway had applied it: Flyway's checksum of it is %s, now it is\
                 1519249352 (%s)
                  - version 2 (V2__gone.sql) has no file
                  database: unchanged; nothing was applied
                  next:     put these files back as they were when Flyway applied them; or, if they are right as they\
                 are, let "flyway repair" record their checksums first
                  next:     bring the missing files back, or let "flyway repair" mark them as deleted; then connect again
                  or:       if these migrations have nothing to do with those of Flyway, set gangway.adopt=none""".formatted(checksum, app.file("V1__log.sql")));
        assertThat(app.has("gangway_history")).isFalse();
        assertThat(app.has("new")).isFalse();
    }

    @Test
    void aMigrationThatFailedUnderFlywayIsAMatterForFlyway() throws SQLException {
        app.add("V1__log.sql", "create table log(entry text)");
        flyway().load().migrate();
        app.execute("insert into flyway_schema_history values"
                + " (2, '2', 'broken', 'SQL', 'V2__broken.sql', 5, 'me', now(), 1, false)");
        app.add("V2__broken.sql", "vacuum nothing");

        app.assertRefused().hasMessage("""
                GW002 The history of Flyway in the table "public"."flyway_schema_history" cannot be taken over:
                  - version 2 (V2__broken.sql) has failed under Flyway
                  database: unchanged; nothing was applied
                  next:     find out what they left behind, mend it, and let "flyway repair" remove the failed rows; then\
                 connect again
                  or:       if these migrations have nothing to do with those of Flyway, set gangway.adopt=none""");

        flyway().load().repair();
        app.add("V2__broken.sql", "vacuum log");
        app.start();
        assertThat(app.history()).containsExactly("V1__log.sql adopted", "V2__broken.sql applied");
    }

    @Test
    void gangwayWaitsForAFlywayThatIsMigrating() throws Exception {
        app.add("V1__log.sql", "create table log(entry text)");
        flyway().load().migrate();
        app.add("V2__slow.sql", "select pg_advisory_lock(1); insert into log values ('V2')");
        try (Connection gate = app.database().connect();
                LogCapture log = LogCapture.start()) {
            Sql.execute(gate, "select pg_advisory_lock(1)");
            CompletableFuture<Integer> theirs =
                    CompletableFuture.supplyAsync(() -> flyway().load().migrate().migrationsExecuted);
            Await.until("Flyway is at work", PATIENCE, this::somebodyWaitsForALock);
            CompletableFuture<Void> ours = start();
            Await.until("Gangway says what it waits for", PATIENCE, () -> log.lines().stream()
                    .anyMatch(line ->
                            line.contains("Flyway is migrating this schema; waiting until it is done: Flyway, pid ")));
            assertThat(ours).isNotDone();
            assertThat(app.has("gangway_history")).isFalse();
            Sql.execute(gate, "select pg_advisory_unlock(1)");

            assertThat(theirs.join()).isEqualTo(1);
            ours.join();
        }
        assertThat(app.history()).containsExactly("V1__log.sql adopted", "V2__slow.sql adopted");
        assertThat(app.column("select entry from log")).containsExactly("V2");
    }

    @Test
    void flywayWaitsForAGangwayThatIsMigratingAndAnIndexIsBuiltConcurrentlyMeanwhile() throws Exception {
        app.add("V1__log.sql", "create table log(entry text)");
        flyway().load().migrate();
        Path flywaysOwn = folder.resolve("V1__log.sql");
        app.add("V2__index.sql", "create index concurrently log_entry on log(entry)");
        app.add("V3__slow.sql", "select pg_advisory_lock(1); insert into log values ('V3')");
        try (Connection gate = app.database().connect()) {
            Sql.execute(gate, "select pg_advisory_lock(1)");
            CompletableFuture<Void> ours = start();
            Await.until("Gangway is at work", PATIENCE, this::somebodyWaitsForALock);
            assertThat(app.ask("select indisvalid from pg_index where indexrelid = 'log_entry'::regclass"))
                    .isEqualTo("t");

            assertThatThrownBy(() -> flyway().lockRetryCount(0).load().migrate())
                    .hasMessageContaining("lock");

            Sql.execute(gate, "select pg_advisory_unlock(1)");
            ours.join();
        }
        assertThat(flywaysOwn).exists();
        assertThat(app.column("select entry from log")).containsExactly("V3");
        assertThat(app.ask("select count(*) from pg_locks where locktype = 'advisory'"))
                .isEqualTo("0");
        // As anybody would who goes back with newer files.
        assertThatThrownBy(() -> flyway().load().validate()).isInstanceOf(FlywayValidateException.class);
    }

    private CompletableFuture<Void> start() {
        return CompletableFuture.runAsync(() -> {
            try {
                app.start();
            } catch (SQLException e) {
                throw new CompletionException(e);
            }
        });
    }

    private boolean somebodyWaitsForALock() throws SQLException {
        return "t".equals(app.ask("select exists (select from pg_locks where locktype = 'advisory' and not granted)"));
    }

    private void addTwenty() {
        app.add("V1__log.sql", "create table log(entry text, id serial);\r\ninsert into log(entry)\r\n values ('V1');");
        app.add("V2.0.1__with_dots.sql", "insert into log(entry) values ('V2.0.1');\n");
        for (int i = 3; i <= 19; i++) {
            app.add(
                    "V%d__entry.sql".formatted(i),
                    "-- Größe %1$d\n\ninsert into log(entry) values ('V%1$d');".formatted(i));
        }
        app.add("R__entries.sql", "create or replace view entries as select entry from log");
    }

    private List<String> entries() throws SQLException {
        return new ArrayList<>(app.column("select entry from log order by id"));
    }

    /** Everything about Flyway's table but its rows. */
    private String definition() throws SQLException {
        return app.ask(
                "select string_agg(format('%s %s %s %s', c.relname, c.relfilenode, a.attname, a.atttypid), ',' order by"
                        + " c.relname, a.attnum) from pg_class c join pg_attribute a on a.attrelid = c.oid"
                        + " where c.relname like 'flyway%'");
    }

    private FluentConfiguration flyway() {
        PGSimpleDataSource source = new PGSimpleDataSource();
        source.setUrl(app.database().jdbcUrl());
        return Flyway.configure()
                .dataSource(source)
                .locations("filesystem:" + folder)
                .failOnMissingLocations(true);
    }
}
