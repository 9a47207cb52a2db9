package dev.gangway.benchmarks;

import dev.gangway.GangwayDriver;
import dev.gangway.testkit.Sql;
import dev.gangway.testkit.TcpProxy;
import dev.gangway.testkit.TestDatabase;
import dev.gangway.testkit.TestServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Properties;

/**
 * How long it takes to apply many small migrations, against a bare loop that sends the same scripts with one insert into
 * a history table each. Both in turn, in one process, on fresh databases; what counts is the ratio.
 *
 * <p>Usage: {@code PendingMigrations [rounds]}.
 */
public final class PendingMigrations {
    private static final int DEFAULT_ROUNDS = 7;

    private PendingMigrations() {}

    public static void main(String[] args) throws Exception {
        int rounds = args.length == 0 ? DEFAULT_ROUNDS : Integer.parseInt(args[0]);
        System.out.println("pending  delay   loop, 2 statements  loop, 1 message   gangway  round trips"
                + "   ratio to 2 statements   ratio to 1 message  (median ms; ratios: median, lowest to highest)");
        compare(100, Duration.ZERO, rounds);
        compare(1000, Duration.ZERO, rounds);
        compare(100, Duration.ofMillis(5), rounds);
    }

    private static void compare(int migrations, Duration delay, int rounds) throws Exception {
        Path folder = Files.createTempDirectory("gangway-benchmark");
        List<String> scripts = write(folder, migrations);
        List<Double> statements = new ArrayList<>();
        List<Double> messages = new ArrayList<>();
        List<Double> gangway = new ArrayList<>();
        List<Double> toStatements = new ArrayList<>();
        List<Double> toMessages = new ArrayList<>();
        int roundTrips = 0;
        try (TcpProxy proxy = TcpProxy.to(TestServer.address())) {
            proxy.delay(delay);
            // The first round warms up all three alike and is not counted.
            for (int round = 0; round <= rounds; round++) {
                double two = loop(proxy, scripts, false);
                double one = loop(proxy, scripts, true);
                proxy.reset();
                double ours = gangway(proxy, folder);
                roundTrips = proxy.roundTrips();
                if (round > 0) {
                    statements.add(two);
                    messages.add(one);
                    gangway.add(ours);
                    toStatements.add(ours / two);
                    toMessages.add(ours / one);
                }
            }
        } finally {
            delete(folder);
        }
        System.out.printf(
                Locale.ROOT,
                "%7d  %3d ms  %18.0f  %15.0f  %8.0f  %11d  %22s  %19s%n",
                migrations,
                delay.toMillis(),
                Spread.median(statements),
                Spread.median(messages),
                Spread.median(gangway),
                roundTrips,
                Spread.of(toStatements),
                Spread.of(toMessages));
    }

    private static double loop(TcpProxy proxy, List<String> scripts, boolean oneMessage) throws SQLException {
        try (TestDatabase database = TestServer.newDatabase()) {
            long begin = System.nanoTime();
            String url = proxy.address().jdbcUrl(database.name()) + "&preferQueryMode=simple";
            try (Connection connection = Sql.connect(url);
                    Statement statement = connection.createStatement()) {
                statement.execute("create table history (version text primary key, checksum text, at timestamptz)");
                int version = 0;
                for (String script : scripts) {
                    String insert = "insert into history values ('" + ++version + "', 'sum', now())";
                    if (oneMessage) {
                        statement.execute("begin; " + script + " " + insert + "; commit");
                    } else {
                        statement.execute(script);
                        statement.execute(insert);
                    }
                }
            }
            return (System.nanoTime() - begin) / 1e6;
        }
    }

    private static double gangway(TcpProxy proxy, Path folder) throws SQLException {
        try (TestDatabase database = TestServer.newDatabase()) {
            String url = proxy.address().gangwayUrl(database.name(), "gangway.locations=filesystem:" + folder);
            long begin = System.nanoTime();
            new GangwayDriver().connect(url, new Properties()).close();
            return (System.nanoTime() - begin) / 1e6;
        }
    }

    private static List<String> write(Path folder, int migrations) throws IOException {
        List<String> scripts = new ArrayList<>();
        for (int i = 1; i <= migrations; i++) {
            String script = String.format(
                    Locale.ROOT,
                    "create table t%1$d (id int primary key, name text); insert into t%1$d values (%1$d, 'x');",
                    i);
            scripts.add(script);
            Files.writeString(folder.resolve(String.format(Locale.ROOT, "V%04d__step.sql", i)), script);
        }
        return scripts;
    }

    private static void delete(Path folder) throws IOException {
        try (var files = Files.list(folder)) {
            for (Path file : (Iterable<Path>) files::iterator) {
                Files.delete(file);
            }
        }
        Files.delete(folder);
    }
}
