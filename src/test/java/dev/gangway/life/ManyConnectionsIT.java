package dev.gangway.life;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.gangway.GangwayDriver;
import dev.gangway.gate.Gates;
import dev.gangway.testkit.Await;
import dev.gangway.testkit.MigrationFolder;
import dev.gangway.testkit.Sql;
import dev.gangway.testkit.TestDatabase;
import dev.gangway.testkit.TestServer;
import dev.gangway.testkit.Torture;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.management.MBeanServer;
import javax.management.ObjectName;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A process that opens and closes connections for months keeps nothing of them. */
@Timeout(600)
class ManyConnectionsIT {
    /** Of a pool's, half in each mode. */
    private static final int CONNECTIONS = Torture.full() ? 10_000 : 500;

    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final MBeanServer MBEANS = ManagementFactory.getPlatformMBeanServer();

    /** Class and number of instances in a line of a histogram. */
    private static final Pattern LINE = Pattern.compile("\\s*\\d+:\\s+(\\d+)\\s+\\d+\\s+(dev\\.gangway\\.\\S+).*");

    private TestDatabase database;
    private MigrationFolder migrations;

    @BeforeEach
    void createDatabase(@TempDir Path folder) throws SQLException {
        Gates.clear();
        database = TestServer.newDatabase();
        migrations = MigrationFolder.in(folder)
                .add("V1__vector.sql", "create extension vector; create table item(embedding vector(3))")
                .add("V2__deferred.sql", "-- gangway: when=false\nselect 1");
    }

    @AfterEach
    void dropDatabase() throws SQLException {
        Gates.clear();
        database.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"first", "always"})
    void connectionsOfAPoolThatComeAndGoLeaveNothing(String recheck) throws Exception {
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl(url(database.name(), "gangway.recheck=" + recheck));
        config.setMaximumPoolSize(1);
        try (HikariDataSource pool = new HikariDataSource(config)) {
            borrow(pool, CONNECTIONS / 10);
            Await.until("its status is known to JMX", PATIENCE, () -> mbeans() == 1);
            Map<String, Long> before = instances();
            long threads = gangwayThreads();
            borrow(pool, CONNECTIONS / 2);

            assertThat(instances()).isEqualTo(before);
            assertThat(gangwayThreads()).isEqualTo(threads);
            assertThat(mbeans()).isEqualTo(1);
        }
        assertNothingIsLeftOnTheServer();
    }

    @Test
    void failuresAndInterruptsLeaveNothing() throws Exception {
        String url = url(database.name());
        String refused = url(database.name() + "_gone");
        connect(url, 1);
        fail(refused, CONNECTIONS / 50);
        Map<String, Long> before = instances();
        fail(refused, CONNECTIONS / 5);
        for (int i = 0; i < CONNECTIONS / 10; i++) {
            Thread.currentThread().interrupt();
            try {
                connect(url, 1);
            } catch (SQLException e) {
                assertThat(String.valueOf(e.getMessage())).contains("nterrupt");
            } finally {
                Thread.interrupted();
            }
        }

        assertThat(instances()).isEqualTo(before);
        assertNothingIsLeftOnTheServer();
    }

    private String url(String name, String... settings) {
        String[] all = new String[settings.length + 1];
        System.arraycopy(settings, 0, all, 1, settings.length);
        all[0] = "gangway.locations=" + migrations.location();
        return database.server().gangwayUrl(name, all);
    }

    /**
     * Takes a connection from the pool that often, a new one each time. HikariCP refuses a maxLifetime of less than half
     * a minute; what is evicted ends as what has grown too old does.
     */
    private static void borrow(HikariDataSource pool, int times) throws SQLException {
        String last = "";
        for (int i = 0; i < times; i++) {
            try (Connection connection = pool.getConnection()) {
                String session = Sql.ask(
                        connection,
                        "select pg_backend_pid() || ', prepared: ' || (select count(*) from pg_prepared_statements)");
                assertThat(session).endsWith("prepared: 0").isNotEqualTo(last);
                last = session;
                pool.evictConnection(connection);
            }
        }
        Await.until(
                "the pool has its next connection",
                PATIENCE,
                () -> pool.getHikariPoolMXBean().getTotalConnections() == 1
                        && pool.getHikariPoolMXBean().getIdleConnections() == 1);
    }

    private static void connect(String url, int times) throws SQLException {
        for (int i = 0; i < times; i++) {
            try (Connection connection = new GangwayDriver().connect(url, new Properties())) {
                assertThat(connection).isNotNull();
            }
        }
    }

    private static void fail(String url, int times) {
        for (int i = 0; i < times; i++) {
            try {
                connect(url, 1);
                throw new AssertionError("the database is not there");
            } catch (SQLException e) {
                assertThat(e.getSQLState()).isEqualTo("3D000");
            }
        }
    }

    private void assertNothingIsLeftOnTheServer() {
        Await.until("no session and no lock is left", PATIENCE, () -> "0 0"
                .equals(database.ask("select (select count(*) from pg_stat_activity where datname = current_database()"
                        + " and pid <> pg_backend_pid()) || ' ' || (select count(*) from pg_locks where locktype = 'advisory'"
                        + " and database = (select oid from pg_database where datname = current_database()))")));
    }

    private static long gangwayThreads() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().startsWith("gangway"))
                .count();
    }

    private static int mbeans() throws Exception {
        return MBEANS.queryNames(new ObjectName("dev.gangway:type=Gate,*"), null)
                .size();
    }

    /** How many objects of each of the driver's classes live. */
    private static Map<String, Long> instances() throws Exception {
        String histogram = (String) MBEANS.invoke(
                new ObjectName("com.sun.management:type=DiagnosticCommand"),
                "gcClassHistogram",
                new Object[] {new String[0]},
                new String[] {String[].class.getName()});
        Map<String, Long> instances = new TreeMap<>();
        histogram.lines().forEach(line -> {
            Matcher matcher = LINE.matcher(line);
            if (matcher.matches() && !matcher.group(2).matches("dev\\.gangway\\.(testkit|life)\\..*")) {
                instances.put(matcher.group(2), Long.valueOf(matcher.group(1)));
            }
        });
        return instances;
    }
}
