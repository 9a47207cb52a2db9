package dev.gangway.testkit;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.postgresql.PostgreSQLContainer;
import org.testcontainers.utility.DockerImageName;

/**
 * The one PostgreSQL with pgvector that all tests of a run share. Started by the first that asks, stopped when the
 * JVM ends.
 *
 * <p>It is what the environment's {@code GANGWAY_TEST_URL} names, a superuser's {@code jdbc:postgresql:} URL; else a
 * container, where a Docker engine answers; else a {@link LocalPostgres}.
 *
 * <p>Roles belong to the whole server: create them through {@link TestDatabase#createRole}, which removes them too.
 * Safe for use by many threads.
 */
public final class TestServer {

    private static final String IMAGE = "pgvector/pgvector:0.8.6-pg17";

    /** Benchmarks search in more than fits into the usual 128 MB. */
    private static final String SHARED_BUFFERS = System.getProperty("test.sharedBuffers", "128MB");

    private static final AtomicInteger DATABASES = new AtomicInteger();
    private static final int RUN = ThreadLocalRandom.current().nextInt(0x1000, 0x10000);

    private static @Nullable ServerAddress address;

    private TestServer() {}

    /** Creates an empty database for one test. */
    public static TestDatabase newDatabase() throws SQLException {
        String name = nextName();
        address().execute("postgres", "create database " + name + " template template0");
        return new TestDatabase(address(), name);
    }

    /** Creates a database with everything that is in another one, to which nobody may be connected. */
    public static TestDatabase copyOf(TestDatabase template) throws SQLException {
        String name = nextName();
        address().execute("postgres", "create database " + name + " template " + template.name());
        return new TestDatabase(address(), name);
    }

    private static String nextName() {
        return "t%d_%x_%d".formatted(ProcessHandle.current().pid(), RUN, DATABASES.incrementAndGet());
    }

    /**
     * Where the server is.
     *
     * @throws IllegalStateException when there is none to be had; says what to do
     */
    public static synchronized ServerAddress address() {
        if (address == null) {
            address = start();
        }
        return address;
    }

    private static ServerAddress start() {
        String url = System.getenv("GANGWAY_TEST_URL");
        if (url != null && !url.isBlank()) {
            return ServerAddress.parse(url);
        }
        if (isDockerUsable()) {
            return startContainer();
        }
        if (LocalPostgres.isInstalled()) {
            LocalPostgres server = LocalPostgres.start(Map.of("shared_buffers", SHARED_BUFFERS));
            closeAtExit(server);
            return server.address();
        }
        throw new IllegalStateException("The tests found no PostgreSQL with pgvector: run scripts/provision to"
                + " install it, or start Docker, or set GANGWAY_TEST_URL to a superuser's jdbc:postgresql: URL.");
    }

    @SuppressWarnings("resource") // lives as long as the JVM
    private static ServerAddress startContainer() {
        PostgreSQLContainer container = new PostgreSQLContainer(
                        DockerImageName.parse(IMAGE).asCompatibleSubstituteFor("postgres"))
                .withUsername("postgres")
                .withPassword("postgres")
                .withCommand(
                        "postgres",
                        "-c",
                        "fsync=off",
                        "-c",
                        "max_connections=300",
                        "-c",
                        "shared_buffers=" + SHARED_BUFFERS);
        container.start();
        closeAtExit(container);
        return new ServerAddress(
                container.getHost(),
                container.getMappedPort(PostgreSQLContainer.POSTGRESQL_PORT),
                List.of("user=postgres", "password=postgres"));
    }

    /** Testcontainers searches long and loudly for an engine that is not there: look for its socket first. */
    private static boolean isDockerUsable() {
        boolean likely = System.getenv("DOCKER_HOST") != null
                || Files.exists(Path.of(System.getProperty("user.home"), ".testcontainers.properties"))
                || Files.exists(Path.of("/var/run/docker.sock"))
                || Files.exists(Path.of(System.getProperty("user.home"), ".docker/run/docker.sock"))
                || Files.exists(Path.of(String.valueOf(System.getenv("XDG_RUNTIME_DIR")), "docker.sock"));
        return likely && DockerClientFactory.instance().isDockerAvailable();
    }

    private static void closeAtExit(AutoCloseable server) {
        Runtime.getRuntime().addShutdownHook(new Thread(() -> {
            try {
                server.close();
            } catch (Exception e) {
                throw new IllegalStateException("The test server does not stop", e);
            }
        }));
    }
}
