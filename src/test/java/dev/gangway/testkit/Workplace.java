package dev.gangway.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A directory of its own under the build directory, and the way to run a server in it that refuses to run as root.
 *
 * @param directory exists, belongs to whoever the commands run as
 * @param runAs what a command line begins with; empty unless this process is root
 */
record Workplace(Path directory, List<String> runAs) {

    private static final AtomicInteger COUNT = new AtomicInteger();

    /** @param kind the folder under the build directory: {@code pg} */
    static Workplace create(String kind) {
        Path directory =
                buildDirectory().resolve(kind).resolve(ProcessHandle.current().pid() + "-" + COUNT.incrementAndGet());
        try {
            Files.createDirectories(directory);
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot create " + directory, e);
        }
        return new Workplace(directory, runAs(directory));
    }

    List<String> command(Object... words) {
        List<String> command = new ArrayList<>(runAs);
        for (Object word : words) {
            command.add(word.toString());
        }
        return command;
    }

    /** The build directory that the build tells its tests, or else {@code target} below the working directory. */
    private static Path buildDirectory() {
        return Path.of(System.getProperty("project.build.directory", "target")).toAbsolutePath();
    }

    private static List<String> runAs(Path directory) {
        if (!Command.check(directory, List.of("id", "-u")).equals("0")) {
            return List.of();
        }
        List<String> asPostgres = List.of("setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups", "--");
        if (Command.succeeds(directory, List.of("chown", "postgres:", directory.toString()))
                && canWrite(asPostgres, directory)) {
            return asPostgres;
        }
        // A checkout below root's home is closed to every other user. In a user namespace root is nobody, but still
        // owns its files.
        Command.check(directory, List.of("chown", "root:", directory.toString()));
        List<String> asNobody = List.of("unshare", "-U", "--");
        if (canWrite(asNobody, directory)) {
            return asNobody;
        }
        throw new IllegalStateException("PostgreSQL does not run as root, and neither the user postgres nor a user"
                + " namespace can use " + directory + ": run the tests as another user.");
    }

    private static boolean canWrite(List<String> runAs, Path directory) {
        List<String> command = new ArrayList<>(runAs);
        command.addAll(List.of("test", "-w", directory.toString()));
        return Command.succeeds(directory, command);
    }

    /**
     * A loopback port that is free now. Below the range from which systems take the ports of outgoing connections, so
     * that a client of the tests cannot take it while its server restarts.
     */
    static int freePort() {
        for (int attempt = 0; attempt < 100; attempt++) {
            int port = ThreadLocalRandom.current().nextInt(20_000, 32_000);
            if (isFree(port)) {
                return port;
            }
        }
        throw new IllegalStateException("No free port between 20000 and 32000");
    }

    private static boolean isFree(int port) {
        try (ServerSocket probe = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
            return probe.isBound();
        } catch (IOException e) {
            return false;
        }
    }
}
