package dev.gangway.backup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.gangway.GangwayException;
import dev.gangway.pgjdbc.Endpoint;
import dev.gangway.testkit.Await;
import dev.gangway.testkit.ChildJvm;
import dev.gangway.testkit.ChildMain;
import dev.gangway.testkit.LogCapture;
import dev.gangway.testkit.Sql;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A backup is either complete or not there, and it tells nobody the password. */
class BackupIT {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @TempDir
    Path temp;

    private Path folder;
    private OwnedDatabase database;

    @BeforeEach
    void createDatabase() throws SQLException {
        folder = temp.resolve("made/on/demand");
        database = OwnedDatabase.create();
        database.execute("create table docs(id int primary key, v public.vector(3));"
                + " insert into docs select i, array[i, 1, 2] from generate_series(1, 1000) i");
    }

    @AfterEach
    void dropDatabase() throws SQLException {
        database.close();
    }

    @Test
    void aBackupIsAFileWithASpeakingNameThatOnlyItsOwnerMayRead() throws Exception {
        try (LogCapture log = LogCapture.start()) {
            Backup backup = Backup.take(database.endpoint(), folder, "before-V1.2");

            assertThat(backup.file().getParent()).isEqualTo(folder);
            assertThat(backup.file().getFileName().toString())
                    .matches(database.name() + "-\\d{8}T\\d{9}Z-before-V1\\.2\\.dump");
            assertThat(backup.bytes()).isEqualTo(Files.size(backup.file())).isGreaterThan(1000);
            assertThat(backup.duration()).isPositive();
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(backup.file())))
                    .isEqualTo("rw-------");
            assertThat(files()).containsExactly(backup.file().getFileName().toString());
            assertThat(log.lines()).hasSize(2);
            assertThat(log.lines().get(0))
                    .startsWith("INFO " + database.endpoint().target() + " - backing up to ");
            assertThat(log.lines().get(1)).contains(" - backed up: " + backup.bytes() + " bytes in ");
        }
        DumpHeader header = DumpHeader.read(folder.resolve(files().get(0)));
        assertThat(header.database()).isEqualTo(database.name());
        assertThat(header.serverMajor()).isEqualTo(database.serverMajor());
        assertThat(header.toolMajor()).isGreaterThanOrEqualTo(header.serverMajor());
    }

    @Test
    void namesThatNoFileMayHaveAreWrittenOtherwise() throws Exception {
        Backup backup = Backup.take(database.endpoint(), folder, "before/../V 1");

        assertThat(backup.file().getParent()).isEqualTo(folder);
        assertThat(backup.file().getFileName().toString()).endsWith("Z-before_.._V_1.dump");
    }

    @Test
    void thePasswordIsOnNoCommandLineAndInNoLog() throws Exception {
        try (LogCapture log = LogCapture.start();
                Waiting waiting = new Waiting()) {
            ProcessHandle child = waiting.pgDump();
            String commandLine = child.info().commandLine().orElseThrow();
            assertThat(commandLine).contains("--format=custom").doesNotContain("Zq7");
            child.destroyForcibly();

            assertThat(waiting.failure()).hasMessageNotContaining("Zq7");
            assertThat(log.lines().toString()).doesNotContain("Zq7");
        }
    }

    @Test
    void aKilledPgDumpLeavesNothingBehind() throws Exception {
        try (Waiting waiting = new Waiting()) {
            assertThat(files()).singleElement().asString().endsWith(".dump.part");
            waiting.pgDump().destroyForcibly();

            assertThat(waiting.failure())
                    .isInstanceOf(GangwayException.Permanent.class)
                    .hasMessageStartingWith("GW001 " + database.endpoint().target() + ": the backup failed")
                    .hasMessageContaining("status 137")
                    .hasMessageContaining("database: unchanged");
            assertThat(files()).isEmpty();
        }
    }

    @Test
    void aServerThatEndsTheSessionLeavesNothingBehindAndIsALostConnection() throws Exception {
        try (Waiting waiting = new Waiting()) {
            database.ask("select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database()"
                    + " and application_name = 'gangway backup'");

            assertThat(waiting.failure())
                    .hasMessageContaining("terminating connection due to administrator command")
                    .isNotInstanceOf(GangwayException.class)
                    .isInstanceOfSatisfying(
                            SQLException.class, e -> assertThat(e.getSQLState()).isEqualTo("08006"));
            assertThat(files()).isEmpty();
        }
    }

    @Test
    void anInterruptEndsPgDump() throws Exception {
        try (Waiting waiting = new Waiting()) {
            ProcessHandle child = waiting.pgDump();
            waiting.thread.interrupt();

            assertThat(waiting.failure())
                    .isInstanceOf(GangwayException.Transient.class)
                    .hasMessageContaining("Interrupted while pg_dump was running");
            assertThat(waiting.interruptedAfterwards).isTrue();
            assertThat(child.isAlive()).isFalse();
            assertThat(files()).isEmpty();
        }
    }

    @Test
    void theEndOfTheJvmEndsPgDump() throws Exception {
        try (Connection locker = database.connectAsSuperuser();
                ChildJvm jvm = ChildJvm.start(BackupMain.class, database.url(), folder.toString())) {
            lock(locker);
            jvm.send("go");
            awaitWaitingPgDump();
            ProcessHandle process = ProcessHandle.of(jvm.pid()).orElseThrow();
            ProcessHandle child = process.descendants().findFirst().orElseThrow();
            process.destroy();

            assertThat(jvm.exitCode(PATIENCE)).isEqualTo(143);
            assertThat(child.isAlive()).isFalse();
            assertThat(files()).isEmpty();
        }
    }

    @Test
    void aFullDiskLeavesNothingBehind() throws Exception {
        ClientTool pgDump = database.pgDump();
        database.execute("create table big as select md5(i::text) from generate_series(1, 50000) i");
        Path small = script("pg_dump", """
                case $1 in --version) exec %1$s --version;; esac
                trap '' XFSZ
                ulimit -f 8
                exec %1$s "$@"
                """.formatted(pgDump.path()));

        assertThatThrownBy(() -> Backup.take(database.endpoint(), folder, "x", new ClientTools(Set.of(small))))
                .hasMessageStartingWith("GW001 ")
                .hasMessageContaining("could not write")
                .hasMessageContaining("the disk has to have room");
        assertThat(files()).isEmpty();
    }

    @Test
    void aFolderThatCannotBeMadeIsNamed() throws IOException {
        Path file = Files.createFile(temp.resolve("file"));

        assertThatThrownBy(() -> Backup.take(database.endpoint(), file.resolve("folder"), "x"))
                .hasMessageStartingWith("GW004 ")
                .hasMessageContaining(file + "/folder")
                .hasMessageContaining("gangway.backup");
    }

    @Test
    void aWrongPasswordIsSaidByTheServerBeforeAnythingIsWritten() {
        assertThatThrownBy(() -> Backup.take(database.endpoint().as(null, "Zq7wrong"), folder, "x"))
                .isInstanceOfSatisfying(
                        SQLException.class, e -> assertThat(e.getSQLState()).isEqualTo("28P01"))
                .hasMessageNotContaining("Zq7");
        assertThat(folder).doesNotExist();
    }

    @Test
    void aServerThatIsNotThereIsNamedBeforeAnythingIsWritten() throws SQLException {
        Endpoint nowhere = Endpoint.of("jdbc:postgresql://127.0.0.1:1/nothing?user=nobody", new Properties());

        assertThatThrownBy(() -> Backup.take(nowhere, folder, "x")).hasMessageContaining("nobody@127.0.0.1:1/nothing");
        assertThat(folder).doesNotExist();
    }

    @Test
    void aTableThatTheRoleMayNotReadFailsTheBackup() throws Exception {
        database.executeAsSuperuser("create table private()");

        assertThatThrownBy(() -> Backup.take(database.endpoint(), folder, "x"))
                .hasMessageContaining("permission denied for table private")
                .hasMessageContaining("pg_read_all_data");
        assertThat(files()).isEmpty();
    }

    @Test
    void aPgDumpOlderThanTheServerIsNotUsed() throws Exception {
        Path old = script("pg_dump", "echo 'pg_dump (PostgreSQL) 9.6.24'");

        assertThatThrownBy(() -> Backup.take(database.endpoint(), folder, "x", new ClientTools(Set.of(old))))
                .hasMessageStartingWith("GW004 ")
                .hasMessageContaining("no pg_dump of version " + database.serverMajor() + " or newer")
                .hasMessageContaining(old.resolve("pg_dump") + " (pg_dump (PostgreSQL) 9.6.24)")
                .hasMessageContaining("postgresql-client-" + database.serverMajor());
        assertThat(folder).doesNotExist();
    }

    private Path script(String name, String text) throws IOException {
        return Scripts.write(temp.resolve("bin"), name, text);
    }

    private List<String> files() throws IOException {
        try (var all = Files.list(folder)) {
            return all.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }

    private static void lock(Connection connection) throws SQLException {
        connection.setAutoCommit(false);
        Sql.execute(connection, "lock table docs in access exclusive mode");
    }

    private void awaitWaitingPgDump() {
        Await.until("pg_dump waits for the lock", PATIENCE, () -> "1"
                .equals(database.ask("select count(*) from pg_stat_activity where datname = current_database()"
                        + " and application_name = 'gangway backup' and wait_event_type = 'Lock'")));
    }

    /** A backup that waits, because somebody has locked a table. */
    private final class Waiting implements AutoCloseable {
        private final Connection locker = database.connectAsSuperuser();
        private final AtomicReference<@Nullable Throwable> thrown = new AtomicReference<>();
        private final CompletableFuture<Boolean> done = new CompletableFuture<>();
        private volatile boolean interruptedAfterwards;
        private final Thread thread = new Thread(() -> {
            thrown.set(catchThrowable(() -> Backup.take(database.endpoint(), folder, "x")));
            interruptedAfterwards = Thread.currentThread().isInterrupted();
            done.complete(true);
        });

        Waiting() throws SQLException {
            lock(locker);
            thread.start();
            awaitWaitingPgDump();
        }

        ProcessHandle pgDump() {
            return ProcessHandle.current()
                    .descendants()
                    .filter(process -> process.info().commandLine().orElse("").contains(folder.toString()))
                    .findFirst()
                    .orElseThrow();
        }

        Throwable failure() {
            done.orTimeout(PATIENCE.toSeconds(), TimeUnit.SECONDS).join();
            return Objects.requireNonNull(thrown.get(), "the backup did not fail");
        }

        @Override
        public void close() throws SQLException {
            locker.close();
            done.join();
        }
    }

    /** A process that backs up when it is told to. */
    public static final class BackupMain {
        private BackupMain() {}

        public static void main(String[] args) throws Exception {
            ChildMain.nextLine();
            Backup.take(Endpoint.of(args[0], new Properties()), Path.of(args[1]), "x");
        }
    }
}
