package dev.gangway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gangway.GangwayException.Code;
import dev.gangway.testkit.Await;
import dev.gangway.testkit.LogCapture;
import dev.gangway.testkit.Sql;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Scripts whose data lies in files beside them. */
class DataFilesIT {
    private static final String MANUALS = """
            [{"id": 1, "title": "It's an \\"anchor\\""},
             {"id": 2, "title": "C:\\\\ship $$ ${x} é😀"}]
            """;
    private static final String FROM_JSON = """
            create table manuals(id int, title text);
            INSERT INTO manuals SELECT * FROM jsonb_to_recordset(${gangway:file:manuals.json}::jsonb) AS m(id int, title text);
            """;

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private Application app;
    private Path folder;

    @BeforeEach
    void createDatabase(@TempDir Path path) throws SQLException {
        folder = path;
        app = Application.in(path.resolve("migrations"));
    }

    @AfterEach
    void dropDatabase() throws SQLException {
        app.close();
    }

    @Test
    void theTextOfAFileIsOneLiteral() throws SQLException {
        app.add("manuals.json", "\uFEFF" + MANUALS);
        app.add("V1__manuals.sql", FROM_JSON).start();

        assertThat(app.column("select id || ' ' || title from manuals order by id"))
                .containsExactly("1 It's an \"anchor\"", "2 C:\\ship $$ ${x} é😀");
    }

    @Test
    void theLiteralIsTheFileToTheLastCharacter() throws SQLException {
        String text = "'\"\\ \\n $1 $$ $a$ ''' -- /* */\r\n\ttab\r\rend\u00A0\u0001😀\n\n";
        app.add("note.txt", text);
        app.add("V1__note.sql", """
                -- what ${gangway:file:note.txt} holds
                create table note(one text, two text); /* ${gangway:file:note.txt} */
                create function note() returns text language sql as $$ select ${gangway:file:note.txt}::text $$;
                insert into note values (${gangway:file:note.txt}, note());
                """).start();

        assertThat(app.ask("select one from note")).isEqualTo(text);
        assertThat(app.ask("select two from note")).isEqualTo(text);
    }

    @Test
    void theErrorInAFileLeadsToTheScriptAndToWhatTheServerSaysOfTheFile() throws SQLException {
        app.add("manuals.json", "[{\"id\": 1,\n broken}]");
        app.add("V1__manuals.sql", FROM_JSON);

        app.assertRefused()
                .hasMessageContaining("file:      " + app.place("V1__manuals.sql", 2, 54))
                .hasMessageContaining("jsonb_to_recordset(${gangway:file:manuals")
                .hasMessageContaining("invalid input syntax for type json")
                .hasMessageContaining("context: JSON data, line 2");
        assertThat(app.has("manuals")).isFalse();
    }

    @Test
    void aRepeatableMigrationRunsAgainWhenItsFileHasChanged() throws SQLException {
        app.add("manuals.json", MANUALS);
        app.add("R__manuals.sql", "drop table if exists manuals;\n" + FROM_JSON).start();
        app.start();
        assertThat(app.history()).containsExactly("R__manuals.sql applied");

        app.add("manuals.json", "[{\"id\": 3, \"title\": \"new\"}]").start();

        assertThat(app.column("select title from manuals")).containsExactly("new");
        assertThat(app.history()).containsExactly("R__manuals.sql superseded", "R__manuals.sql applied");
    }

    @Test
    void aFileThatChangesUnderAnAppliedMigrationIsAMismatchThatNamesIt() throws SQLException {
        app.add("manuals.json", MANUALS);
        app.add("V1__manuals.sql", FROM_JSON).start();
        app.add("manuals.json", MANUALS + " ");

        app.assertRefused()
                .hasMessageContaining("GW002")
                .hasMessageContaining("file: " + app.file("V1__manuals.sql"))
                .hasMessageContaining("or one of its data files: " + app.file("manuals.json"));
    }

    @Test
    void rowsAreCopiedFromAFile() throws SQLException {
        app.add("data/item.csv", "\uFEFFid,name\r\n1,\"a, b\"\r\n2,\"two\r\nlines\"\r\n");
        app.add("item.txt", "3\t\\N\n4\té😀\n");
        app.add("V1__item.sql", """
                create table item(id int, name text, seen bigint default txid_current());
                \\copy item (id, name) from 'data/item.csv' with (format csv, header)
                \\COPY public.item(id, name) FROM item.txt;
                insert into item select 5, 'last';
                """);
        try (LogCapture log = LogCapture.start()) {
            app.start();
            assertThat(log.lines()).anyMatch(line -> line.endsWith("V1__item.sql: 2 rows loaded from data/item.csv"));
        }
        assertThat(app.column("select id || ' ' || coalesce(name, 'null') from item order by id"))
                .containsExactly("1 a, b", "2 two\r\nlines", "3 null", "4 é😀", "5 last");
        assertThat(app.ask("select count(distinct seen) from item")).isEqualTo("1");
        assertThat(app.history()).containsExactly("V1__item.sql applied");
    }

    @Test
    void aFileOfAnotherEncodingIsCopiedWhenTheOptionsSaySo() throws Exception {
        Files.write(migrations("item.csv"), "é\n".getBytes(StandardCharsets.ISO_8859_1));
        app.add("V1__item.sql", "create table item(name text);\n\\copy item from item.csv (encoding 'latin1')")
                .start();

        assertThat(app.column("select name from item")).containsExactly("é");
    }

    @Test
    void manyRowsWithVectorsAreStreamed() throws Exception {
        int rows = 200_000;
        try (BufferedWriter csv = Files.newBufferedWriter(migrations("documents.csv"))) {
            csv.write("id,embedding\n");
            for (int i = 0; i < rows; i++) {
                csv.write(i + ",\"[" + i % 7 + ",0.5,-1," + i % 11 + "]\"\n");
            }
        }
        app.add("V1__documents.sql", """
                create extension vector;
                create table documents(id int, embedding vector(4));
                \\copy documents from 'documents.csv' csv header
                create index on documents(id);
                """).start();

        assertThat(app.ask("select count(*) from documents")).isEqualTo(String.valueOf(rows));
        assertThat(app.ask("select embedding from documents where id = 123456")).isEqualTo("[4,0.5,-1,3]");
    }

    @Test
    void aBrokenRowTakesEverythingBackAndIsNamedWithItsLine() throws Exception {
        try (BufferedWriter csv = Files.newBufferedWriter(migrations("documents.csv"))) {
            csv.write("id,embedding\n");
            for (int i = 2; i <= 60_000; i++) {
                csv.write(i + (i == 50_001 ? ",\"[1,2]\"\n" : ",\"[1,2,3]\"\n"));
            }
        }
        app.add("V1__first.sql", "create extension vector");
        app.add("V2__documents.sql", """
                create table documents(id int, embedding vector(3));

                  \\copy documents from 'documents.csv' with (format csv, header)
                create table after();
                """);

        app.assertRefused()
                .hasMessageContaining("GW001 Migration V2__documents.sql failed at line 3, column 3")
                .hasMessageContaining("\n  file:      " + app.place("V2__documents.sql", 3, 3))
                .hasMessageContaining("\n  statement: \\copy documents from 'documents.csv' with (format csv, header)")
                .hasMessageContaining("\n  data file: " + app.file("documents.csv") + " line 50001\n")
                .hasMessageContaining("expected 3 dimensions, not 2")
                .hasMessageContaining("COPY documents, line 50001, column embedding")
                .hasMessageContaining("rolled back as a whole");
        assertThat(app.has("documents")).isFalse();
        assertThat(app.history()).containsExactly("V1__first.sql applied", "V2__documents.sql failed");

        Files.writeString(migrations("documents.csv"), "id,embedding\n1,\"[1,2,3]\"\n");
        app.start();
        assertThat(app.ask("select count(*) from documents")).isEqualTo("1");
    }

    @Test
    void theLineIsFoundBehindWhatATriggerSays() throws SQLException {
        app.execute("create function refuse() returns trigger language plpgsql as"
                + " $$ begin if new.id = 2 then raise 'no 2'; end if; return new; end $$");
        app.add("item.csv", "1\n2\n");
        app.add("V1__item.sql", """
                create table item(id int);
                create trigger refuse before insert on item for each row execute function refuse();
                \\copy item from item.csv
                """);

        app.assertRefused().hasMessageContaining("data file: " + app.file("item.csv") + " line 2\n");
    }

    @Test
    void aMigrationThatIsTriedAgainReadsItsFileAgain() throws Exception {
        app.execute("create table item(id int)");
        app.add("item.csv", "1\n2\n");
        app.add(
                "V1__item.sql",
                "create table rows(id int);\n\\copy rows from item.csv\nalter table item add column n int;");
        try (Connection blocker = app.database().connect();
                LogCapture log = LogCapture.start()) {
            Sql.execute(blocker, "begin; lock table item");
            CompletableFuture<Void> start = inBackground("gangway.lockTimeout=200ms");
            Await.until("it is tried again", PATIENCE, () -> log.lines().stream()
                    .anyMatch(line -> line.contains("V1__item.sql is rolled back and tried again (1 of 20)")));
            Sql.execute(blocker, "rollback");
            start.join();
        }
        assertThat(app.column("select id from rows order by id")).containsExactly("1", "2");
    }

    @Test
    void aFileThatChangesBetweenItsChecksumAndItsLoadingIsNotLoaded() throws Exception {
        Hold hold = Hold.on(app.database());
        app.add("item.csv", "1\n2\n");
        app.add("V1__item.sql", "create table item(id int);\n" + Hold.HERE + "\n\\copy item from item.csv");
        CompletableFuture<Void> start = inBackground();
        hold.awaitHeld();
        app.add("item.csv", "1\n2\n3\n");
        hold.release();

        assertThatThrownBy(start::join)
                .hasMessageContaining("data file: " + app.file("item.csv") + "\n")
                .hasMessageContaining("the data file was changed after its checksum had been taken");
        assertThat(app.has("item")).isFalse();
        app.start();
        assertThat(app.ask("select count(*) from item")).isEqualTo("3");
    }

    private CompletableFuture<Void> inBackground(String... settings) {
        return CompletableFuture.runAsync(() -> {
            try {
                app.start(settings);
            } catch (SQLException e) {
                throw new CompletionException(e);
            }
        });
    }

    @Test
    void rowsBehindALineThatEndsTheDataAreNotDroppedInSilence() throws SQLException {
        app.add("item.txt", "one\ntwo\n\\.\nthree\n");
        app.add("V1__item.sql", "create table item(name text);\n\\copy item from item.txt");

        app.assertRefused().hasMessageContaining("line 3 of the data file item.txt ends the data for the server (\\.)");
        assertThat(app.has("item")).isFalse();

        app.add("item.txt", "one\ntwo\n\\.\n");
        app.start();
        assertThat(app.ask("select string_agg(name, ' ' order by name) from item"))
                .isEqualTo("one two");
    }

    @Test
    void whatLooksLikeTheEndOfTheDataWithinQuotesIsAValueInCsv() throws SQLException {
        app.add("item.csv", "name\n\"\\.\"\n\"a\n\\.\nb\"\nlast\n");
        app.add("V1__item.sql", "create table item(name text);\n\\copy item from item.csv with (format csv, header)");
        app.start();
        assertThat(app.ask("select count(*) from item where name in ('\\.', e'a\\n\\\\.\\nb', 'last')"))
                .isEqualTo("3");
    }

    @Test
    void aMistakeInTheOptionsIsShownInTheScript() throws SQLException {
        app.add("item.csv", "1\n");
        app.add("V1__item.sql", "create table item(id int);\n\\copy item from 'item.csv' with (format csv heder)");

        app.assertRefused().hasMessageContaining("file:      " + app.place("V1__item.sql", 2, 45));
    }

    @Test
    void aMissingFileIsFoundBeforeTheFirstMigrationRuns() throws SQLException {
        app.add("V1__first.sql", "create table first()");
        app.add("items.csv", "");
        app.add("V2__item.sql", "create table item(id int);\n\\copy item from 'item.csv'");

        app.assertRefused()
                .hasMessageContaining(
                        "GW001 " + app.place("V2__item.sql", 2, 17) + ": The file \"item.csv\" is missing")
                .hasMessageContaining("there is no " + app.file("item.csv"))
                .hasMessageContaining("There is \"items.csv\"; is that the one?");
        assertThat(app.has("first")).isFalse();
    }

    @Test
    void whatIsNoTextIsRefusedBeforeTheFirstMigrationRuns() throws Exception {
        app.add("V1__first.sql", "create table first()");
        app.add("V2__note.sql", "select ${gangway:file:note.txt}");
        Files.write(migrations("note.txt"), new byte[] {'a', '\n', 'b', 0, 'c'});
        app.assertRefused().hasMessageContaining("GW001 " + app.place("note.txt", 2, 2) + ": There is a zero byte");
        Files.write(migrations("note.txt"), new byte[] {'a', '\n', (byte) 0xE4, 'c'});
        app.assertRefused()
                .hasMessageContaining("GW001 " + app.place("note.txt", 2, 1) + ": The byte 0xE4 here is not UTF-8");
        assertThat(app.has("first")).isFalse();
    }

    @Test
    void aTextThatIsTooLongForOneValueIsRefused() throws Exception {
        app.add("V1__note.sql", "select length(${gangway:file:note.txt})");
        try (OutputStream out = Files.newOutputStream(migrations("note.txt"))) {
            byte[] megabyte = "x".repeat(1 << 20).getBytes(StandardCharsets.UTF_8);
            for (int i = 0; i < 64; i++) {
                out.write(megabyte);
            }
            out.write('x');
        }

        app.assertRefused()
                .hasMessageContaining("GW001 " + app.place("V1__note.sql", 1, 15))
                .hasMessageContaining("longer than 64 MB")
                .hasMessageContaining("\\copy");
    }

    @Test
    void theUndoScriptIsStoredWithTheTextOfItsFile() throws SQLException {
        app.add("V1__note.sql", "create table note(t text)");
        app.add("V1__note.undo.sql", "insert into note values (${gangway:file:note.txt})");
        app.add("note.txt", "it's\ngone");
        app.start();

        assertThat(app.ask("select undo_sql from gangway_history"))
                .isEqualTo("insert into note values ( E'it''s\\ngone')");
    }

    @Test
    void anUndoScriptCannotCopyFromAFile() throws SQLException {
        app.add("V1__note.sql", "create table note(t text)");
        app.add("V1__note.undo.sql", "delete from note;\n\\copy note from note.txt");
        app.add("note.txt", "gone");

        app.assertRefused()
                .hasMessageContaining("GW001 " + app.place("V1__note.undo.sql", 2, 17))
                .hasMessageContaining("\\copy cannot stand in an undo script");
        assertThat(app.has("note")).isFalse();
    }

    @Test
    void aVerifyScriptComparesWithAFile() throws SQLException {
        app.add("item.csv", "1\n2\n").add("expected.json", "[1, 2, 3]");
        app.add("V1__item.sql", "create table item(id int);\n\\copy item from item.csv");
        app.add("V1__item.verify.sql", """
                select 'items', 'all there', count(*) = jsonb_array_length(${gangway:file:expected.json}) from item
                """);
        app.assertRefused().hasMessageContaining("verification failed: items / all there");

        app.add("item.csv", "1\n2\n3\n").start();
        assertThat(app.history()).containsExactly("V1__item.sql applied");
    }

    @Test
    void aVerifyScriptCannotCopyFromAFile() throws SQLException {
        app.add("item.csv", "1\n");
        app.add("V1__item.sql", "create table item(id int)");
        app.add("V1__item.verify.sql", "\\copy item from item.csv");

        app.assertRefused()
                .hasMessageContaining("GW001 " + app.place("V1__item.verify.sql", 1, 17))
                .hasMessageContaining("\\copy cannot stand in a verify script");
        assertThat(app.has("item")).isFalse();
    }

    @Test
    void aScriptWithoutATransactionGoesOnBehindTheRowsThatWereLoaded() throws SQLException {
        app.add("item.csv", "1\n2\n");
        app.add("more.csv", "3\nx\n");
        app.add("V1__item.sql", """
                -- gangway: transaction=off
                create table item(id int);
                \\copy item from item.csv
                \\copy item from more.csv
                create table after();
                """);
        app.assertRefused()
                .hasMessageContaining("data file: " + app.file("more.csv") + " line 2")
                .hasMessageContaining("the first 2 of 4 statements are done and stay");
        assertThat(app.column("select id from item order by id")).containsExactly("1", "2");

        app.add("item.csv", "1\n2\n9\n").add("more.csv", "3\n4\n");
        assertThat(app.failure().code()).isEqualTo(Code.HISTORY_MISMATCH);
        app.assertRefused().hasMessageContaining("no longer what stands in the file and the data files that it loads");

        app.add("item.csv", "1\n2\n").start();
        assertThat(app.column("select id from item order by id")).containsExactly("1", "2", "3", "4");
        assertThat(app.history()).containsExactly("V1__item.sql applied");
        app.start();
    }

    @Test
    void aBatchThatIsRepeatedCannotLoadAFile() throws SQLException {
        app.add("item.csv", "1\n");
        app.add("V1__item.sql", "-- gangway: repeat=until-no-rows\n\\copy item from item.csv\ndelete from item");

        app.assertRefused().hasMessageContaining("a batch is one transaction, to which line 2 does not belong");
    }

    @Test
    void aConditionCannotTakeAFile() throws SQLException {
        app.add("yes.txt", "t");
        app.add("V1__item.sql", "-- gangway: when=${gangway:file:yes.txt}::boolean\ncreate table item()");

        app.assertRefused().hasMessageContaining("A file's text can stand in a script, but not here");
    }

    @Test
    void aPlaceholderCannotBringInAnotherFile() throws SQLException {
        app.add("a.csv", "").add("b.csv", "");
        app.add("V1__item.sql", "create table item(id int);\n\\copy ${table} from 'a.csv'");

        app.assertRefused("gangway.placeholders.table=item from 'b.csv' --")
                .hasMessageContaining(app.place("V1__item.sql", 2, 1))
                .hasMessageContaining("\"b.csv\", came out of a placeholder");
        assertThat(app.has("item")).isFalse();
    }

    @Test
    void filesInAJarOnTheClassPathServeAsWell() throws Exception {
        Path jar = folder.resolve("app.jar");
        try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(jar))) {
            entry(out, "db/migration/V1__manuals.sql", FROM_JSON + "\\copy manuals from 'more/manuals.csv' csv\n");
            entry(out, "db/migration/manuals.json", MANUALS);
            entry(out, "db/migration/more/manuals.csv", "3,\"from a jar\"\n");
        }
        Thread thread = Thread.currentThread();
        ClassLoader before = thread.getContextClassLoader();
        try (URLClassLoader loader = new URLClassLoader(new URL[] {jar.toUri().toURL()}, before)) {
            thread.setContextClassLoader(loader);
            app.start("gangway.locations=classpath:db/migration");
            app.start("gangway.locations=classpath:db/migration");
        } finally {
            thread.setContextClassLoader(before);
        }
        assertThat(app.column("select title from manuals order by id"))
                .containsExactly("It's an \"anchor\"", "C:\\ship $$ ${x} é😀", "from a jar");
    }

    private static void entry(JarOutputStream jar, String name, String content) throws IOException {
        jar.putNextEntry(new JarEntry(name));
        jar.write(content.getBytes(StandardCharsets.UTF_8));
        jar.closeEntry();
    }

    private Path migrations(String name) {
        return Path.of(app.file(name));
    }
}
