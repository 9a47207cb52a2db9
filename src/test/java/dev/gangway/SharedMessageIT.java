package dev.gangway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gangway.testkit.Await;
import dev.gangway.testkit.MigrationFolder;
import dev.gangway.testkit.Sql;
import dev.gangway.testkit.TestDatabase;
import dev.gangway.testkit.TestServer;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Properties;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Small migrations travel in one message, and are none the less transactions of their own. */
class SharedMessageIT {
    @TempDir
    Path folder;

    private TestDatabase database;
    private MigrationFolder migrations;

    @BeforeEach
    void open() throws Exception {
        database = TestServer.newDatabase();
        database.execute("create table ran (step int)");
        migrations = MigrationFolder.in(folder);
        for (int step = 1; step <= 5; step++) {
            migrations.add("V" + step + "__step.sql", "insert into ran values (" + step + ");");
        }
    }

    @AfterEach
    void close() throws Exception {
        database.close();
    }

    @Test
    void aRuntimeErrorLeavesTheMigrationsBeforeItAppliedAndThoseAfterItUntouched() throws Exception {
        migrations.add("V3__step.sql", "insert into ran values (3);\nselect 1 / 0;");

        assertThatThrownBy(this::connect)
                .hasMessageContaining("V3__step.sql:2:1")
                .hasMessageContaining("22012");

        assertThat(steps()).isEqualTo("1,2");
        assertThat(history()).isEqualTo("1 applied, 2 applied, 3 failed");
    }

    @Test
    void aSyntaxErrorWhichTheServerFindsBeforeAnythingRunsLeavesThemTheSame() throws Exception {
        migrations.add("V3__step.sql", "insert into ran values (3);\ninsert intoo ran values (3);");

        assertThatThrownBy(this::connect)
                .hasMessageContaining("V3__step.sql:2:8")
                .hasMessageContaining("42601");

        assertThat(steps()).isEqualTo("1,2");
        assertThat(history()).isEqualTo("1 applied, 2 applied, 3 failed");
    }

    @Test
    void aScriptThatTakesAllPreparedStatementsAwayTakesNothingFromTheOthers() throws Exception {
        for (int step = 6; step <= 20; step++) {
            migrations.add("V" + step + "__step.sql", "insert into ran values (" + step + ");");
        }
        migrations
                .add("V3__step.sql", "deallocate all; insert into ran values (3);")
                .add("V12__step.sql", "do $$ begin execute 'deallocate all'; end $$; insert into ran values (12);");

        connect();

        assertThat(steps()).isEqualTo("1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20");
        assertThat(history()).doesNotContain("failed").endsWith("20 applied");
    }

    @Test
    void aSettingOfOneMigrationIsGoneInTheNext() throws Exception {
        migrations
                .add("V3__step.sql", "set search_path = pg_catalog; set work_mem = '9MB';")
                .add("V4__step.sql", "insert into ran select 4 where current_setting('work_mem') <> '9MB';");

        connect().close();

        assertThat(steps()).isEqualTo("1,2,4,5");
    }

    @Test
    void aLockThatIsNotGrantedIsWaitedForByItsMigrationAlone() throws Exception {
        database.execute("create table busy (id int)");
        migrations.add("V3__step.sql", "alter table busy add column more int; insert into ran values (3);");
        CompletableFuture<Void> done;
        try (Connection blocker = Sql.connect(database.jdbcUrl())) {
            blocker.setAutoCommit(false);
            Sql.execute(blocker, "lock table busy");
            done = CompletableFuture.runAsync(() -> {
                try {
                    connect("gangway.lockTimeout=100ms").close();
                } catch (SQLException e) {
                    throw new IllegalStateException(e);
                }
            });
            Await.until("the migrations before it are committed", Duration.ofSeconds(20), () -> "1,2".equals(steps()));
            blocker.rollback();
        }
        done.get(30, TimeUnit.SECONDS);

        assertThat(steps()).isEqualTo("1,2,3,4,5");
        assertThat(database.ask("select count(*) from gangway_history where state = 'applied'"))
                .isEqualTo("5");
    }

    private Connection connect(String... more) throws SQLException {
        String[] parameters = new String[more.length + 1];
        parameters[0] = "gangway.locations=" + migrations.location();
        System.arraycopy(more, 0, parameters, 1, more.length);
        return new GangwayDriver().connect(database.gangwayUrl(parameters), new Properties());
    }

    private String steps() throws SQLException {
        return database.ask("select string_agg(step::text, ',' order by step) from ran");
    }

    private String history() throws SQLException {
        return database.ask("select string_agg(version || ' ' || state, ', ' order by rank) from gangway_history");
    }
}
