package dev.gangway.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A throwaway PostgreSQL with pgvector from the local installation: on a free loopback port, without fsync, in a
 * directory under the build directory, gone with the process that started it.
 *
 * <p>The superuser {@code postgres} needs no password, nor does any other role, except those of
 * {@link #createPasswordRole}. It can be stopped as by a crash and started again on the same port.
 *
 * <p>The queries may run on many threads; starting and stopping may not.
 */
public final class LocalPostgres implements AutoCloseable {

    private static final String READY = "ready to accept"; // "connections", or on a standby "read-only connections"
    private static final int PORT_ATTEMPTS = 5;
    private static final AtomicInteger DATABASES = new AtomicInteger();

    private final PostgresInstallation installation;
    private final Workplace workplace;
    private final Supervisor supervisor;
    private int port;

    private LocalPostgres(PostgresInstallation installation, Workplace workplace) {
        this.installation = installation;
        this.workplace = workplace;
        // QUIT is PostgreSQL's immediate shutdown: no checkpoint, recovery at the next start.
        this.supervisor = new Supervisor(
                workplace.directory(),
                "QUIT",
                workplace.command(installation.program("postgres"), "-D", data(workplace)));
    }

    /** Whether this machine has an installation to start. */
    public static boolean isInstalled() {
        return PostgresInstallation.find().isPresent();
    }

    /** Starts a new, empty server with room for 300 connections. */
    public static LocalPostgres start() {
        return start(Map.of());
    }

    /** @param settings lines of postgresql.conf by name, stronger than the kit's own: {@code max_connections} */
    public static LocalPostgres start(Map<String, String> settings) {
        PostgresInstallation installation = installation();
        Workplace workplace = Workplace.create("pg");
        Path data = data(workplace);
        Command.check(
                workplace.directory(),
                workplace.command(
                        installation.program("initdb"),
                        "--pgdata=" + data,
                        "--username=postgres",
                        "--auth=trust",
                        "--no-locale",
                        "--encoding=UTF8",
                        "--no-sync"));
        write(data.resolve("pg_hba.conf"), """
                host all +%s all scram-sha-256
                host all all 127.0.0.1/32 trust
                host replication all 127.0.0.1/32 trust
                """.formatted(PasswordRoles.GROUP));
        Map<String, String> all = new LinkedHashMap<>();
        all.put("listen_addresses", "127.0.0.1");
        all.put("unix_socket_directories", ""); // their paths have a limit of 107 bytes
        all.put("max_connections", "300");
        all.put("shared_buffers", "128MB");
        all.put("fsync", "off");
        all.putAll(settings);
        return new LocalPostgres(installation, workplace).configured(all);
    }

    /**
     * Starts a streaming standby of a running server, with the same settings. Close it before its primary.
     */
    public static LocalReplica replicaOf(LocalPostgres primary) {
        PostgresInstallation installation = primary.installation;
        Workplace workplace = Workplace.create("pg");
        Command.check(
                workplace.directory(),
                workplace.command(
                        installation.program("pg_basebackup"),
                        "--pgdata=" + data(workplace),
                        "--dbname=host=127.0.0.1 user=postgres port=" + primary.port,
                        "--write-recovery-conf",
                        "--wal-method=stream",
                        "--checkpoint=fast",
                        "--no-sync"));
        return new LocalReplica(primary, new LocalPostgres(installation, workplace).configured(Map.of()));
    }

    /** The loopback port, the same for the server's whole life. */
    public int port() {
        return port;
    }

    /** Where it is, as the superuser. */
    public ServerAddress address() {
        return new ServerAddress("127.0.0.1", port, List.of("user=postgres"));
    }

    /** pgjdbc's URL of a database, as the superuser. */
    public String url(String database) {
        return address().jdbcUrl(database);
    }

    /**
     * Creates an empty database.
     *
     * @param prefix lower case; the name is this, an underscore and a number
     * @return its name, unique in this process
     */
    public String createDatabase(String prefix) throws SQLException {
        String name = prefix + "_" + DATABASES.incrementAndGet();
        address().execute("postgres", "create database " + name + " template template0");
        return name;
    }

    /**
     * Creates a role that may log in and, unlike all others here, has to know its password. Not even a server that logs
     * all statements logs that.
     */
    public void createPasswordRole(String name, String password) throws SQLException {
        new ServerAddress("127.0.0.1", port, List.of("user=postgres", "options=-c%20log_statement=none"))
                .execute("postgres", PasswordRoles.create(name, password));
    }

    /** What the server has logged since it was started last. */
    public String log() {
        return supervisor.output();
    }

    /** Stops the server as a crash does: no checkpoint, clients are cut off. The data stays. */
    public void stopImmediately() {
        supervisor.stop();
    }

    /** Starts the stopped server again on its port, and returns when it accepts connections. */
    public void restart() {
        if (!supervisor.start(READY)) {
            throw new IllegalStateException("PostgreSQL does not start again: " + supervisor.output());
        }
    }

    /** Stops the server and removes its data. */
    @Override
    public void close() {
        supervisor.close();
    }

    private LocalPostgres configured(Map<String, String> settings) {
        StringBuilder lines = new StringBuilder();
        settings.forEach((name, value) -> lines.append("%s = '%s'%n".formatted(name, value.replace("'", "''"))));
        try {
            for (int attempt = 1; ; attempt++) {
                port = Workplace.freePort();
                append(data(workplace).resolve("postgresql.conf"), lines + "port = " + port + "\n");
                if (supervisor.start(READY)) {
                    return this;
                }
                if (attempt == PORT_ATTEMPTS || !supervisor.output().contains("could not bind")) {
                    throw new IllegalStateException("PostgreSQL does not start: " + supervisor.output());
                }
            }
        } catch (RuntimeException | AssertionError e) {
            close();
            throw e;
        }
    }

    private static PostgresInstallation installation() {
        return PostgresInstallation.find()
                .orElseThrow(() -> new IllegalStateException(
                        "This machine has no PostgreSQL with pgvector: run scripts/provision to install it."));
    }

    private static Path data(Workplace workplace) {
        return workplace.directory().resolve("data");
    }

    private static void write(Path file, String text) {
        try {
            Files.writeString(file, text);
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot write " + file, e);
        }
    }

    private static void append(Path file, String text) {
        try {
            Files.writeString(file, text, StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot write " + file, e);
        }
    }
}
