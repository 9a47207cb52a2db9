package dev.gangway.benchmarks;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.pgvector.PGvector;
import dev.gangway.GangwayDriver;
import dev.gangway.gate.Gates;
import dev.gangway.testkit.ServerAddress;
import dev.gangway.testkit.TcpProxy;
import dev.gangway.testkit.TestDatabase;
import dev.gangway.testkit.TestServer;
import java.io.IOException;
import java.sql.Connection;
import java.sql.Driver;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import org.knowm.xchart.CategoryChart;
import org.openjdk.jmh.runner.options.TimeValue;

/**
 * What a connection takes when nothing is pending: bare pgjdbc's, the same with pgvector's types registered by hand, and
 * Gangway's, of which the first of a process checks the schema and each later one finds that done.
 */
final class Connect implements Benchmark {
    private static final int MIGRATIONS = 20;
    private static final double CONFIDENCE = 0.99;
    private static final double MARGIN = 0.05;

    /** The counters of {@link ConnectBenchmark}, and what a reader calls them. */
    private static final Map<String, String> WAYS = new LinkedHashMap<>();

    static {
        WAYS.put("later", "Gangway, each later connection");
        WAYS.put("first", "Gangway, first connection of a process");
        WAYS.put("bare", "pgjdbc, types unknown");
        WAYS.put("registerTypes", "pgjdbc and `PGvector.registerTypes`");
    }

    @Override
    public String name() {
        return "connect";
    }

    @Override
    public void run(Options options, ObjectNode result) throws Exception {
        try (Scripts scripts = Scripts.write(MIGRATIONS, "create extension if not exists vector;");
                TestDatabase database = TestServer.newDatabase()) {
            String locations = "gangway.locations=filesystem:" + scripts.folder();
            ServerAddress server = TestServer.address();
            String url = server.gangwayUrl(database.name(), locations);
            new GangwayDriver().connect(url, new Properties()).close();
            result.put("migrations", MIGRATIONS);
            countRoundTrips(server, database, locations, result.putObject("roundTrips"));
            result.set(
                    "jmh",
                    Jmh.run(Jmh.of(ConnectBenchmark.class)
                            .jvmArgsAppend("-D" + ConnectBenchmark.URL + "=" + url)
                            .forks(options.choose(5, 1))
                            .warmupIterations(options.choose(10, 1))
                            .warmupTime(TimeValue.seconds(1))
                            .measurementIterations(options.choose(20, 2))
                            .measurementTime(TimeValue.seconds(1))));
        }
    }

    private static void countRoundTrips(
            ServerAddress server, TestDatabase database, String locations, ObjectNode counts) throws SQLException {
        try (TcpProxy proxy = TcpProxy.to(server)) {
            String bare = proxy.address().jdbcUrl(database.name());
            String gangway = proxy.address().gangwayUrl(database.name(), locations);
            Driver pgjdbc = new org.postgresql.Driver();
            Driver ours = new GangwayDriver();
            counts.put("bare", roundTrips(proxy, pgjdbc, bare, false));
            counts.put("registerTypes", roundTrips(proxy, pgjdbc, bare, true));
            counts.put("first", roundTrips(proxy, ours, gangway, false));
            counts.put("later", roundTrips(proxy, ours, gangway, false));
        }
        Gates.clear();
    }

    /** {@return how often the client waits, the start of the session included} */
    private static int roundTrips(TcpProxy proxy, Driver driver, String url, boolean register) throws SQLException {
        proxy.reset();
        try (Connection connection = driver.connect(url, new Properties())) {
            if (register) {
                PGvector.registerTypes(connection);
            }
            return proxy.startupFlights() + proxy.roundTrips();
        }
    }

    @Override
    public void report(JsonNode result, Report report) throws IOException {
        Map<String, List<Double>> millis = millisByIteration(result);
        List<Double> bare = millis.get("bare");
        StringBuilder table = new StringBuilder(
                "| connection | round trips | milliseconds | more than bare pgjdbc | ratio to bare pgjdbc |\n"
                        + "| --- | --- | --- | --- | --- |\n");
        for (Map.Entry<String, String> way : WAYS.entrySet()) {
            List<Double> own = millis.get(way.getKey());
            table.append(String.format(
                    Locale.ROOT,
                    "| %s | %d | %.2f | %s |%n",
                    way.getValue(),
                    result.get("roundTrips").get(way.getKey()).asInt(),
                    Spread.mean(own),
                    way.getKey().equals("bare") ? "– | –" : compared(own, bare)));
        }
        Spread.Interval later = Spread.bootstrap(millis.get("later"), bare, Connect::ratio, CONFIDENCE);
        boolean equal = later.low() > 1 - MARGIN && later.high() < 1 + MARGIN;
        table.append(String.format(
                Locale.ROOT,
                "%nMilliseconds are the mean over %d iterations of each one's median. In brackets: where it lies with a"
                        + " confidence of %.0f %%, by bootstrap over the iterations. Gangway's later connections %s as fast as"
                        + " bare pgjdbc's within ± %.0f %%.%n",
                bare.size(),
                CONFIDENCE * 100,
                equal ? "are" : "are NOT SHOWN to be",
                MARGIN * 100));
        report.table(name(), table + "\n" + Machine.sentence(result));

        CategoryChart chart = Charts.bars("One connection, nothing pending", "milliseconds", false);
        List<String> labels = List.of("Gangway, later", "Gangway, first", "pgjdbc", "pgjdbc + types");
        List<Double> values = WAYS.keySet().stream()
                .map(way -> round(Spread.mean(millis.get(way))))
                .toList();
        chart.addSeries("milliseconds", labels, values);
        chart.getStyler().setLegendVisible(false);
        report.picture(name(), chart);
    }

    private static double round(double value) {
        return Math.round(value * 100) / 100.0;
    }

    private static String compared(List<Double> own, List<Double> bare) {
        Spread.Interval difference = Spread.bootstrap(own, bare, Connect::difference, CONFIDENCE);
        Spread.Interval ratio = Spread.bootstrap(own, bare, Connect::ratio, CONFIDENCE);
        return String.format(
                Locale.ROOT,
                "%.2f (%.2f to %.2f) ms | %.3f (%.3f to %.3f)",
                difference(own, bare),
                difference.low(),
                difference.high(),
                ratio(own, bare),
                ratio.low(),
                ratio.high());
    }

    private static double difference(List<Double> own, List<Double> bare) {
        return Spread.mean(own) - Spread.mean(bare);
    }

    private static double ratio(List<Double> own, List<Double> bare) {
        return Spread.mean(own) / Spread.mean(bare);
    }

    /** {@return for each way what a connection took, in each iteration of each fork} */
    private static Map<String, List<Double>> millisByIteration(JsonNode result) {
        JsonNode counters = result.get("jmh").get(0).get("secondaryMetrics");
        Map<String, List<Double>> millis = new LinkedHashMap<>();
        for (String way : WAYS.keySet()) {
            List<Double> all = new ArrayList<>();
            for (JsonNode fork : counters.get(way).get("rawData")) {
                fork.forEach(nanos -> all.add(nanos.asDouble() / 1e6));
            }
            millis.put(way, all);
        }
        return millis;
    }
}
