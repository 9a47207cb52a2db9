package dev.gangway.backup;

import dev.gangway.GangwayException;
import dev.gangway.GangwayException.Code;
import dev.gangway.pgjdbc.Connections;
import dev.gangway.pgjdbc.Endpoint;
import dev.gangway.pgjdbc.Target;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Saves a whole database with pg_dump, in its custom format. {@link Restore} is the way back.
 *
 * <p>pg_dump opens a connection of its own and sees the database as it was at one moment; it blocks nobody who reads or
 * writes. A file has its final name only when pg_dump has said that it is complete.
 *
 * @param file     the dump
 * @param bytes    its size
 * @param duration how long it took
 */
public record Backup(Path file, long bytes, Duration duration) {
    private static final Logger LOG = LoggerFactory.getLogger(Backup.class);

    /** What administrators see in {@code pg_stat_activity}. */
    static final String APPLICATION_NAME = "gangway backup";

    /** With milliseconds, so that names come in the order of time. */
    private static final DateTimeFormatter TIMESTAMP =
            DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmssSSS'Z'").withZone(ZoneOffset.UTC);

    /** What libpq says in English of a connection that is gone or could not be had, and a server that is just starting. */
    private static final List<String> CONNECTION_LOST = List.of(
            "server closed the connection unexpectedly",
            "SSL connection has been closed unexpectedly",
            "SSL SYSCALL error",
            "could not receive data from server",
            "could not send data to server",
            "no connection to the server",
            "Connection refused",
            "timeout expired",
            "the database system is ");

    /** How long pg_dump waits for a table that somebody has locked for good: not for ever. */
    private static final Duration LOCK_WAIT = Duration.ofMinutes(1);

    /**
     * Writes {@code <database>-<UTC timestamp>-<label>.dump}. Ends pg_dump and leaves no file behind when it fails, when
     * the thread is interrupted, or when the JVM shuts down.
     *
     * @param endpoint the server itself, not a pooler in transaction mode; its role has to be able to read everything
     * @param folder   made if it does not exist
     * @param label    what the backup is for, such as {@code before-V12}
     * @throws SQLException when there is no complete backup; says why, and the database is unchanged. With the SQLState
     *     08006 when pg_dump has lost its connection, which another attempt may well mend
     */
    public static Backup take(Endpoint endpoint, Path folder, String label) throws SQLException {
        return take(endpoint, folder, label, ClientTools.installed());
    }

    static Backup take(Endpoint endpoint, Path folder, String label, ClientTools tools) throws SQLException {
        long began = System.nanoTime();
        Target target = endpoint.target();
        Map<String, String> environment = environment(endpoint);
        int major = serverMajor(endpoint);
        ClientTool pgDump = tools.find(
                "pg_dump",
                "pg_dump",
                major,
                "the server has version " + major + ", and pg_dump reads no newer one",
                target);
        Path file = folder.toAbsolutePath().resolve(name(target, label));
        try (PartFile part = create(file, target)) {
            LOG.info("{} - backing up to {} with {}", target, file, pgDump);
            run(pgDump, part, environment, target);
            part.complete();
            Backup backup = new Backup(file, Files.size(file), Duration.ofNanos(System.nanoTime() - began));
            LOG.info("{} - backed up: {} bytes in {} ms", target, backup.bytes, backup.duration.toMillis());
            return backup;
        } catch (IOException | UncheckedIOException e) {
            throw Failures.unusable(
                    "%s: the backup %s cannot be put in its place: %s\n  database: unchanged\n  next:     look at the folder"
                            .formatted(target, file, e),
                    e);
        }
    }

    private static void run(ClientTool pgDump, PartFile part, Map<String, String> environment, Target target)
            throws SQLException {
        // Nothing secret on the command line: everybody on the machine can read it.
        List<String> command = List.of(
                pgDump.path().toString(),
                "--format=custom",
                "--no-password",
                "--lock-wait-timeout=" + LOCK_WAIT.toMillis(),
                "--file=" + part.path());
        ProcessBuilder builder = new ProcessBuilder(command).redirectOutput(ProcessBuilder.Redirect.DISCARD);
        Map<String, String> inEnglish = new HashMap<>(environment);
        inEnglish.put("LC_ALL", "C");
        try (Child child = Child.start(builder, inEnglish, part::remove)) {
            int status = child.await();
            if (status != 0) {
                String complaint = child.complaint();
                throw CONNECTION_LOST.stream().anyMatch(complaint::contains)
                        ? lost(complaint, target)
                        : failed(status, complaint, environment, target);
            }
        } catch (InterruptedException e) {
            throw Failures.interrupted(pgDump.path(), e);
        }
    }

    /** The environment for a program of libpq that works for us. */
    static Map<String, String> environment(Endpoint endpoint) throws SQLException {
        Map<String, String> environment = new HashMap<>(endpoint.libpqEnvironment());
        environment.put("PGAPPNAME", APPLICATION_NAME);
        return environment;
    }

    /** Also finds out whether the server can be reached and lets us in, which pgjdbc says better than pg_dump. */
    private static int serverMajor(Endpoint endpoint) throws SQLException {
        Connection connection = endpoint.connectForMigration(APPLICATION_NAME);
        try {
            return connection.getMetaData().getDatabaseMajorVersion();
        } finally {
            Connections.close(connection);
        }
    }

    private static PartFile create(Path file, Target target) throws SQLException {
        try {
            Files.createDirectories(file.getParent());
            return PartFile.create(file);
        } catch (IOException e) {
            throw Failures.unusable(
                    "%s: the backup cannot be written into %s: %s\n  database: unchanged\n  next:     "
                                    .formatted(target, file.getParent(), e)
                            + "name a folder in gangway.backup that this process can create or write to",
                    e);
        }
    }

    /** As pgjdbc says it of a connection of its own, so that whoever waits for the backup begins anew. */
    private static SQLException lost(String complaint, Target target) {
        return new SQLException(
                target + ": the backup was broken off, pg_dump has lost its connection"
                        + Failures.details(
                                "pg_dump",
                                complaint,
                                "unchanged; the incomplete file was removed",
                                "see whether the server is there, and back up again"),
                "08006");
    }

    private static SQLException failed(int status, String complaint, Map<String, String> environment, Target target) {
        String next = "see what it says; the role has to be able to read every table (the owner of all, or a member of"
                + " pg_read_all_data), and the disk has to have room";
        if (environment.containsKey("PGSSLKEY")) {
            next +=
                    "\nsslkey: libpq reads keys in PEM, and those in DER from OpenSSL 3 on at most; pgjdbc's usual key is"
                            + " PKCS-8 DER";
        }
        return new GangwayException.Permanent(
                Code.MIGRATION_FAILED,
                "%s: the backup failed, pg_dump ended with status %d".formatted(target, status)
                        + Failures.details("pg_dump", complaint, "unchanged; the incomplete file was removed", next));
    }

    /** Only what every file system takes; a database's name may be anything. */
    private static String name(Target target, String label) {
        String name = target.database() + "-" + TIMESTAMP.format(Instant.now()) + "-" + label;
        return name.replaceAll("[^\\p{L}\\p{N}._-]", "_") + ".dump";
    }
}
