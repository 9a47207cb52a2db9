package dev.gangway.testkit;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * A real PgBouncer in front of a server, on a free loopback port. Forwards every database name; lets the server's
 * superuser in without a password, and no one else. Gone with the process that started it.
 *
 * <p>Like most installations it knows {@code extra_float_digits} as a start parameter and refuses {@code options}.
 */
public final class PgBouncer implements AutoCloseable {

    private static final int PORT_ATTEMPTS = 5;
    private static final String READY = "process up";
    private static final String CONSOLE = "pgbouncer";

    private final ServerAddress address;
    private final Supervisor supervisor;

    private PgBouncer(ServerAddress address, Supervisor supervisor) {
        this.address = address;
        this.supervisor = supervisor;
    }

    /**
     * Starts a pooler and returns when it listens.
     *
     * @param poolMode {@code transaction}, {@code session} or {@code statement}
     * @param poolSize how many connections to the server a pair of user and database gets
     * @param settings more lines of its configuration: {@code query_wait_timeout = 1}
     */
    public static PgBouncer inFrontOf(ServerAddress server, String poolMode, int poolSize, String... settings) {
        for (int attempt = 1; ; attempt++) {
            Workplace workplace = Workplace.create("pgbouncer");
            int port = Workplace.freePort();
            Path configuration = workplace.directory().resolve("pgbouncer.ini");
            write(
                    workplace.directory().resolve("users.txt"),
                    "\"%s\" \"%s\"\n".formatted(server.user(), server.password().orElse("")));
            write(configuration, configuration(server, poolMode, poolSize, port) + String.join("\n", settings) + "\n");
            // KILL: what TERM and QUIT do depends on its version, and it keeps nothing that could get lost.
            Supervisor supervisor =
                    new Supervisor(workplace.directory(), "KILL", workplace.command(program(), configuration));
            if (supervisor.start(READY)) {
                return new PgBouncer(server.throughLocalPort(port), supervisor);
            }
            String output = supervisor.output();
            supervisor.close();
            if (attempt == PORT_ATTEMPTS || !output.contains("in use")) {
                throw new IllegalStateException("PgBouncer does not start: " + output);
            }
        }
    }

    /** The pooler as if it were the server. Its URLs need {@code prepareThreshold=0} in transaction mode. */
    public ServerAddress address() {
        return address;
    }

    /** Kills the pooler, which cuts off its clients and leaves its sessions on the server to the server. */
    public void kill() {
        supervisor.stop();
    }

    /** Starts the killed pooler again on its port, and returns when it listens. */
    public void restart() {
        if (!supervisor.start(READY)) {
            throw new IllegalStateException("PgBouncer does not start again: " + supervisor.output());
        }
    }

    /** Says something to its console, such as {@code PAUSE}, which answers when it is done. */
    public void tell(String command) throws SQLException {
        try (Connection console =
                Sql.connect(address.jdbcUrl(CONSOLE, "preferQueryMode=simple", "assumeMinServerVersion=15"))) {
            Sql.execute(console, command);
        }
    }

    /** Stops the pooler, which cuts off its clients. */
    @Override
    public void close() {
        supervisor.close();
    }

    private static String configuration(ServerAddress server, String poolMode, int poolSize, int port) {
        return """
                [databases]
                * = host=%s port=%d
                [pgbouncer]
                listen_addr = 127.0.0.1
                listen_port = %d
                unix_socket_dir =
                auth_type = trust
                auth_file = users.txt
                admin_users = %s
                pool_mode = %s
                default_pool_size = %d
                max_client_conn = 500
                ignore_startup_parameters = extra_float_digits
                """.formatted(server.host(), server.port(), port, server.user(), poolMode, poolSize);
    }

    private static Path program() {
        List<String> folders = new ArrayList<>();
        Collections.addAll(folders, String.valueOf(System.getenv("PATH")).split(File.pathSeparator));
        Collections.addAll(folders, "/usr/sbin", "/usr/local/bin", "/opt/homebrew/bin");
        return folders.stream()
                .map(folder -> Path.of(folder, "pgbouncer"))
                .filter(Files::isExecutable)
                .findFirst()
                .orElseThrow(() -> new IllegalStateException(
                        "This machine has no PgBouncer: run scripts/provision to install it."));
    }

    private static void write(Path file, String text) {
        try {
            Files.writeString(file, text);
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot write " + file, e);
        }
    }
}
