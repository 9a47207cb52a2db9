package dev.gangway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gangway.testkit.LogCapture;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.sql.SQLException;
import java.util.HexFormat;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Going over from Alembic, golang-migrate, dbmate, Rails and Prisma, with their tables as these tools make them. */
class OtherToolsAdoptionIT {
    private static final String ALEMBIC = "create table alembic_version (version_num varchar(32) not null,"
            + " constraint alembic_version_pkc primary key (version_num));";
    private static final String GOLANG_MIGRATE =
            "create table schema_migrations (version bigint not null primary key, dirty boolean not null);";
    private static final String DBMATE = "create table schema_migrations (version varchar primary key);";
    private static final String RAILS = "create table schema_migrations (version varchar not null primary key);"
            + " create table ar_internal_metadata (key varchar not null primary key, value varchar,"
            + " created_at timestamp(6) not null, updated_at timestamp(6) not null);";
    private static final String PRISMA = "create table _prisma_migrations (id varchar(36) primary key not null,"
            + " checksum varchar(64) not null, finished_at timestamptz, migration_name varchar(255) not null, logs text,"
            + " rolled_back_at timestamptz, started_at timestamptz not null default now(),"
            + " applied_steps_count integer not null default 0);";

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
    void alembicsHeadIsFoundByTheLineThatNamesIt() throws SQLException {
        app.execute(ALEMBIC + "insert into alembic_version values ('ae1027a6acf'); create table a(); create table b()");
        app.add("V1__a.sql", "-- Revision ID: 1975ea83b712\n-- Create Date: 2026-01-01\ncreate table a();");
        app.add("V2__b.sql", "-- Revises: 1975ea83b712\n-- Revision ID: ae1027a6acf\ncreate table b();");
        app.add("V3__c.sql", "-- Revises: ae1027a6acf\n-- Revision ID: 27c6a30d7c24\ncreate table c();");

        try (LogCapture log = LogCapture.start()) {
            app.start();

            assertThat(log.lines())
                    .anyMatch(line -> line.endsWith("took over V1__a.sql (adopted, up to revision ae1027a6acf)"))
                    .anyMatch(line -> line.endsWith(" - took over 2 migrations from Alembic; its table"
                            + " \"public\".\"alembic_version\" stays as it is, and \"public\".\"gangway_history\" has the"
                            + " history from now on"));
        }
        assertThat(app.history()).containsExactly("V1__a.sql adopted", "V2__b.sql adopted", "V3__c.sql applied");
        assertThat(app.ask("select version_num from alembic_version")).isEqualTo("ae1027a6acf");
        app.start("gangway.mode=validate");
    }

    @Test
    void alembicsHeadIsFoundByAWordOfTheFilesName() throws SQLException {
        app.execute(ALEMBIC + "insert into alembic_version values ('ae1027a6acf'); create table a()");
        app.add("001_ae1027a6acf_a.sql", "create table a();");
        app.add("002_27c6a30d7c24_b.sql", "create table b();");

        app.start();

        assertThat(app.history()).containsExactly("001_ae1027a6acf_a.sql adopted", "002_27c6a30d7c24_b.sql applied");
    }

    @Test
    void aHeadOfAlembicThatNoFileNamesIsRefused() throws SQLException {
        app.execute(ALEMBIC + "insert into alembic_version values ('ae1027a6acf')");
        app.add("V1__a.sql", "create table a(); -- see ae1027a6acf");

        app.assertRefused().hasMessage("""
                GW002 The history of Alembic in the table "public"."alembic_version" cannot be taken over:
                  - no file says that it is revision ae1027a6acf, which the schema is at
                  database: unchanged; nothing was applied
                  next:     write the line "-- Revision ID: ae1027a6acf" at the top of the one file up to which this schema\
                 has been migrated, and connect again
                  or:       if these migrations have nothing to do with those of Alembic, set gangway.adopt=none""");
    }

    @Test
    void severalHeadsOfAlembicAreRefused() throws SQLException {
        app.execute(ALEMBIC + "insert into alembic_version values ('b2'), ('a1')");
        app.add("V1__a1.sql", "create table a();");

        app.assertRefused().hasMessage("""
                GW002 The history of Alembic in the table "public"."alembic_version" cannot be taken over:
                  - the schema is at several heads: a1, b2
                  database: unchanged; nothing was applied
                  next:     join them with "alembic merge heads" and "alembic upgrade head", give the file of the merge the\
                 highest version, and connect again
                  or:       if these migrations have nothing to do with those of Alembic, set gangway.adopt=none""");
    }

    @Test
    void golangMigratesVersionStandsForAllUpToIt() throws SQLException {
        app.execute(
                GOLANG_MIGRATE + "insert into schema_migrations values (2, false); create table a(); create table b()");
        app.add("000001_a.sql", "create table a();").add("000001_a.undo.sql", "drop table a;");
        app.add("000002_b.sql", "create table b();");
        app.add("000003_c.sql", "create table c();");

        app.start();

        assertThat(app.history())
                .containsExactly("000001_a.sql adopted", "000002_b.sql adopted", "000003_c.sql applied");
        assertThat(app.ask("select undo_sql from gangway_history where rank = 1"))
                .isEqualTo("drop table a;");
    }

    @Test
    void aDirtyOrUnknownVersionOfGolangMigrateIsRefused() throws SQLException {
        app.execute(GOLANG_MIGRATE + "insert into schema_migrations values (2, true)");
        app.add("000001_a.sql", "create table a();");

        app.assertRefused().hasMessage("""
                GW002 The history of golang-migrate in the table "public"."schema_migrations" cannot be taken over:
                  - version 2 is dirty: its migration has failed, and nobody has said since how far it came
                  database: unchanged; nothing was applied
                  next:     look what of it is in the schema, mend that, and say so with "migrate force VERSION"; then\
                 connect again
                  or:       if these migrations have nothing to do with those of golang-migrate, set gangway.adopt=none""");
        app.execute("update schema_migrations set dirty = false");
        app.assertRefused().hasMessage("""
                GW002 The history of golang-migrate in the table "public"."schema_migrations" cannot be taken over:
                  - no file has version 2, which the schema is at
                  database: unchanged; nothing was applied
                  next:     bring the file of that version back; X.up.sql becomes X.sql, X.down.sql becomes X.undo.sql
                  or:       if these migrations have nothing to do with those of golang-migrate, set gangway.adopt=none""");
    }

    @Test
    void dbmatesVersionsAreThoseOfTheFiles() throws SQLException {
        app.execute(DBMATE + "insert into schema_migrations values ('20240101120000'), ('20240301120000')");
        app.add("20240101120000_a.sql", "create table a();");
        app.add("20240201120000_late.sql", "create table late();");
        app.add("20240301120000_b.sql", "create table b();");

        app.start();

        assertThat(app.history())
                .containsExactly(
                        "20240101120000_a.sql adopted",
                        "20240301120000_b.sql adopted",
                        "20240201120000_late.sql applied");
        assertThat(app.has("a")).isFalse();
        assertThat(app.has("late")).isTrue();
    }

    @Test
    void versionsOfDbmateWithoutAFileAreRefused() throws SQLException {
        app.execute(DBMATE + "insert into schema_migrations values ('20240101120000'), ('20240301120000'), ('x')");
        app.add("20240101120000_a.sql", "create table a();");

        app.assertRefused().hasMessage("""
                GW002 The history of dbmate in the table "public"."schema_migrations" cannot be taken over:
                  - no file has version 20240301120000
                  - no file has version x
                  database: unchanged; nothing was applied
                  next:     bring the files of these versions back, or write them as SQL files with these versions; then\
                 connect again
                  or:       if these migrations have nothing to do with those of dbmate, set gangway.adopt=none""");
    }

    @Test
    void railsIsToldFromDbmateByItsOtherTable() throws SQLException {
        app.execute(RAILS + "insert into schema_migrations values ('20240101120000')");
        app.add("20240101120000_create_users.sql", "create table users();");

        try (LogCapture log = LogCapture.start()) {
            app.start();
            assertThat(log.lines()).anyMatch(line -> line.contains(" - took over 1 migration from Rails; its table"));
        }
        assertThat(app.history()).containsExactly("20240101120000_create_users.sql adopted");
    }

    @Test
    void theTableOfAToolThatIsNotKnownIsRefused() throws SQLException {
        app.execute("create table schema_migrations (version bigint primary key, inserted_at timestamp(0))");
        app.add("V1__a.sql", "create table a();");

        app.assertRefused().hasMessage("""
                GW002 The schema has no history of Gangway's, but the table "public"."schema_migrations", which is called\
                 like the history of a migration tool and has other columns than the tools have that are known here\
                 (inserted_at, version).
                  database: unchanged; nothing was applied
                  next:     if these migrations have nothing to do with it, set gangway.adopt=none""");
    }

    @Test
    void aViewOfThatNameIsNoHistory() throws SQLException {
        app.execute("create view schema_migrations as select '7'::varchar as version");
        app.add("V1__a.sql", "create table a();");

        app.start();

        assertThat(app.history()).containsExactly("V1__a.sql applied");
    }

    @Test
    void aFileThatHoldsItsOwnWayBackIsRefusedBeforeItRuns() throws SQLException {
        app.add("20240101120000_a.sql", "-- migrate:up\ncreate table a();\n\n--  migrate:down\ndrop table a;\n");

        app.assertRefused().hasMessage("""
                GW001 %s: "-- migrate:down" begins the way back, and here the whole file would run: the change, and then\
                 its way back. Keep what follows "-- migrate:up" in 20240101120000_a.sql, and move what follows this line\
                 to 20240101120000_a.undo.sql.
                  database: unchanged; nothing was applied
                  next:     correct the file and connect again""".formatted(app.place("20240101120000_a.sql", 4, 1)));
        app.add("20240101120000_a.sql", "-- +goose Up\ncreate table a();\n-- +goose Down\ndrop table a;\n");
        app.assertRefused().hasMessageContaining("\"-- +goose Down\" begins the way back");
        app.add("20240101120000_a.sql", "-- migrate:up\ncreate table a(); -- not as in migrate:down\n");
        app.start();
        assertThat(app.has("a")).isTrue();
    }

    @Test
    void prismasMigrationsAreKnownByNameAndChecksum() throws Exception {
        String init = "-- CreateTable\r\nCREATE TABLE \"User\" (\"id\" SERIAL NOT NULL);\r\n";
        app.execute(PRISMA);
        prisma("20230101120000_init", init, true, false);
        prisma("20230201120000_second", "wrong", false, true);
        prisma("20230201120000_second", "create table second();", true, false);
        app.add("20230101120000_init.sql", init);
        app.add("20230201120000_second.sql", "create table second();");
        app.add("20230301120000_third.sql", "create table third();");

        app.start();

        assertThat(app.history())
                .containsExactly(
                        "20230101120000_init.sql adopted",
                        "20230201120000_second.sql adopted",
                        "20230301120000_third.sql applied");
    }

    @Test
    void whatPrismaHasChangedFailedOrLostIsRefused() throws Exception {
        app.execute(PRISMA);
        prisma("20230101120000_init", "create table a();", true, false);
        prisma("20230201120000_failed", "create table b();", false, false);
        prisma("20230301120000_lost", "create table c();", true, false);
        app.add("20230101120000_init.sql", "create table a(id int);");

        app.assertRefused().hasMessage("""
                GW002 The history of Prisma in the table "public"."_prisma_migrations" cannot be taken over:
                  - 20230101120000_init.sql is not what Prisma applied: Prisma's SHA-256 of it is %s, now it is %s (%s)
                  - 20230201120000_failed was begun and has failed, or is still running
                  - 20230301120000_lost has no file 20230301120000_lost.sql
                  database: unchanged; nothing was applied
                  next:     put these files back as they were when Prisma applied them, byte for byte
                  next:     let "prisma migrate resolve" say whether it is applied or rolled back; then connect again
                  next:     copy each migrations/NAME/migration.sql to a file NAME.sql; then connect again
                  or:       if these migrations have nothing to do with those of Prisma, set gangway.adopt=none""".formatted(
                sha256("create table a();"), sha256("create table a(id int);"), app.file("20230101120000_init.sql")));
    }

    private void prisma(String name, String script, boolean finished, boolean rolledBack) throws Exception {
        app.execute(("insert into _prisma_migrations (id, checksum, finished_at, migration_name, rolled_back_at,"
                        + " started_at) values (gen_random_uuid(), '%s', %s, '%s', %s, clock_timestamp())")
                .formatted(sha256(script), finished ? "now()" : "null", name, rolledBack ? "now()" : "null"));
    }

    private static String sha256(String text) throws Exception {
        return HexFormat.of()
                .formatHex(MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
    }
}
