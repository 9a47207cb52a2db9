package dev.gangway.benchmarks;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gangway.testkit.TestDatabase;
import dev.gangway.testkit.TestServer;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;

/**
 * What a search costs in the application's own process: in time without a server, whose noise would hide it; and in memory
 * with one.
 */
final class Overhead implements Benchmark {

    @Override
    public String name() {
        return "overhead";
    }

    @Override
    public void run(Options options, ObjectNode result) throws Exception {
        result.set(
                "stub",
                Jmh.run(settings(options, StubSearchJmh.class, 3)
                        .mode(Mode.AverageTime)
                        .timeUnit(TimeUnit.NANOSECONDS)));
        try (TestDatabase database = TestServer.newDatabase()) {
            database.execute("create extension vector; create table items_3_1 (id int, embedding vector(3));"
                    + " insert into items_3_1 values (1, '[1,2,3]'); analyze items_3_1");
            result.set(
                    "server",
                    Jmh.run(settings(options, SearchJmh.class, 1)
                            .jvmArgsAppend(
                                    "-D" + SearchJmh.URL + "=" + database.jdbcUrl(),
                                    "-D" + SearchJmh.METRIC + "=" + Metric.COSINE)
                            .param("dimensions", "3")
                            .param("rows", "1")
                            .param("k", "1")
                            .param("binding", "TEXT")
                            .param("variant", Latency.names(List.of(Variant.values())))
                            .mode(Mode.AverageTime)
                            .timeUnit(TimeUnit.MICROSECONDS)));
        }
    }

    private static ChainedOptionsBuilder settings(Options options, Class<?> benchmarks, int forks) {
        TimeValue time = TimeValue.milliseconds(options.choose(1000, 20));
        return Jmh.of(benchmarks)
                .addProfiler(GCProfiler.class)
                .forks(options.choose(forks, 1))
                .warmupIterations(options.choose(5, 1))
                .warmupTime(time)
                .measurementIterations(options.choose(3, 1))
                .measurementTime(time);
    }

    @Override
    public void report(JsonNode result, Report report) throws IOException {
        report.table(
                "overhead",
                "| | ns a search, no server | more than pgjdbc | bytes a search, no server | bytes a search, with a server |"
                        + " more than pgjdbc |\n| --- | --- | --- | --- | --- | --- |\n"
                        + rows(result) + "\n" + Machine.sentence(result));
    }

    private static String rows(JsonNode result) {
        StringBuilder rows = new StringBuilder();
        JsonNode bareStub = run(result.get("stub"), Variant.BARE);
        JsonNode bareServer = run(result.get("server"), Variant.BARE);
        for (Variant variant : Variant.values()) {
            JsonNode stub = run(result.get("stub"), variant);
            JsonNode server = run(result.get("server"), variant);
            rows.append(String.format(
                    Locale.ROOT,
                    "| %s | %s | %.0f | %.0f |%n",
                    variant.label(),
                    stub == null
                            ? " | | "
                            : String.format(
                                    Locale.ROOT,
                                    "%.0f ± %.0f | %.0f | %.0f",
                                    score(stub),
                                    stub.get("primaryMetric").get("scoreError").asDouble(),
                                    score(stub) - score(bareStub),
                                    allocated(stub)),
                    allocated(server),
                    allocated(server) - allocated(bareServer)));
        }
        return rows.toString();
    }

    private static JsonNode run(JsonNode runs, Variant variant) {
        for (JsonNode run : runs) {
            if (run.get("params").get("variant").asText().equals(variant.name())) {
                return run;
            }
        }
        return null;
    }

    private static double score(JsonNode run) {
        return run.get("primaryMetric").get("score").asDouble();
    }

    private static double allocated(JsonNode run) {
        JsonNode metrics = run.get("secondaryMetrics");
        JsonNode metric = metrics.has("gc.alloc.rate.norm")
                ? metrics.get("gc.alloc.rate.norm")
                : metrics.get("·gc.alloc.rate.norm");
        return metric.get("score").asDouble();
    }
}
