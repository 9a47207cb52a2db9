package dev.gangway.benchmarks;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.StringJoiner;
import org.knowm.xchart.CategoryChart;

/** Tables and pictures of {@link Latency}. */
final class LatencyReport {
    private static final double EQUIVALENT = 0.03;

    private LatencyReport() {}

    static void write(JsonNode result, Report report) throws IOException {
        report.table(
                "latency",
                turns(result) + "\n" + claims(result) + " " + accelerated(result) + "\n\n" + Machine.sentence(result));
        report.table("latency-others", others(result));
        report.table("latency-threads", threads(result));
        report.table("latency-data", data(result));
        picture(result, report);
    }

    private static String turns(JsonNode result) {
        StringBuilder table = new StringBuilder("""
                | dimensions | rows | k | binding | pgjdbc, ms | off | measure | accelerate |
                | --- | --- | --- | --- | --- | --- | --- | --- |
                """);
        for (JsonNode cell : result.get("byTurns")) {
            table.append(String.format(
                    Locale.ROOT,
                    "| %s | %.2f | %s | %s | %s |%n",
                    columns(cell),
                    cell.get("BARE").get("p50").asDouble(),
                    Turns.ratio(cell, Variant.OFF, Variant.BARE),
                    Turns.ratio(cell, Variant.MEASURE, Variant.BARE),
                    Turns.ratio(cell, Variant.ACCELERATE, Variant.BARE)));
        }
        return table.toString();
    }

    private static String columns(JsonNode cell) {
        return String.format(
                Locale.ROOT,
                "%d | %,d | %d | %s",
                cell.get("dimensions").asInt(),
                cell.get("rows").asInt(),
                cell.get("k").asInt(),
                cell.get("binding").asText().toLowerCase(Locale.ROOT));
    }

    private static String claims(JsonNode result) {
        int cells = 0;
        int equivalent = 0;
        int slower = 0;
        int faster = 0;
        List<List<Double>> offs = new ArrayList<>();
        List<List<Double>> bares = new ArrayList<>();
        for (JsonNode cell : result.get("byTurns")) {
            cells++;
            Ratio off = Turns.ratio(cell, Variant.OFF, Variant.BARE);
            Ratio accelerate = Turns.ratio(cell, Variant.ACCELERATE, Variant.BARE);
            offs.addAll(Turns.sets(cell, Variant.OFF));
            bares.addAll(Turns.sets(cell, Variant.BARE));
            equivalent += off.within(EQUIVALENT) ? 1 : 0;
            slower += accelerate.low() > 1 ? 1 : 0;
            faster += accelerate.high() < 1 ? 1 : 0;
        }
        Ratio all = Ratio.of(offs, bares);
        return String.format(
                Locale.ROOT,
                "Off is equivalent to pgjdbc, that is the interval of the ratio lies between 0.97 and 1.03, in %d of %d"
                        + " combinations; over all of them the ratio is %.3f (%.3f to %.3f). Accelerate is faster in %d and"
                        + " slower in %d: there the interval does not contain 1.",
                equivalent,
                cells,
                all.value(),
                all.low(),
                all.high(),
                faster,
                slower);
    }

    /** Of the searches with the most dimensions, bound as text. */
    private static String accelerated(JsonNode result) {
        int most = most(result, "dimensions");
        StringJoiner sentence =
                new StringJoiner(", ", "With " + most + " dimensions, bound as text, accelerate is ", ".");
        for (JsonNode cell : result.get("byTurns")) {
            if (cell.get("dimensions").asInt() == most
                    && cell.get("binding").asText().equals(Binding.TEXT.name())) {
                Ratio ratio = Turns.ratio(cell, Variant.BARE, Variant.ACCELERATE);
                sentence.add(String.format(
                        Locale.ROOT,
                        "%.1f (%.1f to %.1f) times as fast for the %d nearest of %,d",
                        ratio.value(),
                        ratio.low(),
                        ratio.high(),
                        cell.get("k").asInt(),
                        cell.get("rows").asInt()));
            }
        }
        return sentence.toString();
    }

    private static int most(JsonNode result, String property) {
        int most = 0;
        for (JsonNode table : result.get("tables")) {
            most = Math.max(most, table.get(property).asInt());
        }
        return most;
    }

    private static String others(JsonNode result) {
        StringBuilder table = new StringBuilder("""
                | dimensions | rows | k | binding | off | measure | Proxy | p6spy | datasource-proxy |
                | --- | --- | --- | --- | --- | --- | --- | --- | --- |
                """);
        for (JsonNode cell : result.get("byTurns")) {
            if (cell.has(Variant.P6SPY.name())) {
                table.append(String.format(
                        "| %s | %s | %s | %s | %s | %s |%n",
                        columns(cell),
                        Turns.ratio(cell, Variant.OFF, Variant.BARE),
                        Turns.ratio(cell, Variant.MEASURE, Variant.BARE),
                        Turns.ratio(cell, Variant.PROXY, Variant.BARE),
                        Turns.ratio(cell, Variant.P6SPY, Variant.BARE),
                        Turns.ratio(cell, Variant.DATASOURCE_PROXY, Variant.BARE)));
            }
        }
        return table.toString();
    }

    private static String threads(JsonNode result) {
        StringBuilder table = new StringBuilder("""
                | | dimensions | p50, ms | p95, ms | p99, ms | searches/s, 1 thread | 4 threads | 8 threads |
                | --- | --- | --- | --- | --- | --- | --- | --- |
                """);
        for (JsonNode sample : result.get("sampleTime")) {
            JsonNode params = sample.get("params");
            if (!params.get("k").asText().equals("10")) {
                continue;
            }
            JsonNode percentiles = sample.get("primaryMetric").get("scorePercentiles");
            table.append(String.format(
                    Locale.ROOT,
                    "| %s | %s | %.2f | %.2f | %.2f |",
                    Variant.valueOf(params.get("variant").asText()).label(),
                    params.get("dimensions").asText(),
                    percentiles.get("50.0").asDouble(),
                    percentiles.get("95.0").asDouble(),
                    percentiles.get("99.0").asDouble()));
            for (int threads : new int[] {1, 4, 8}) {
                table.append(throughput(result, params, threads)
                        .map(score -> String.format(Locale.ROOT, " %,.0f |", score * 1000))
                        .orElse(" |"));
            }
            table.append('\n');
        }
        return table.toString();
    }

    private static Optional<Double> throughput(JsonNode result, JsonNode params, int threads) {
        for (JsonNode run : result.get("throughput")) {
            if (run.get("threads").asInt() == threads && run.get("params").equals(params)) {
                return Optional.of(run.get("primaryMetric").get("score").asDouble());
            }
        }
        return Optional.empty();
    }

    private static String data(JsonNode result) {
        StringBuilder table = new StringBuilder("""
                | dimensions | rows | recall@10 at ef_search = 40 | data |
                | --- | --- | --- | --- |
                """);
        for (JsonNode data : result.get("tables")) {
            table.append(String.format(
                    Locale.ROOT,
                    "| %d | %,d | %.2f | %s |%n",
                    data.get("dimensions").asInt(),
                    data.get("rows").asInt(),
                    data.get("recallAt10").asDouble(),
                    data.get("data").asText()));
        }
        return table.toString();
    }

    /** Of the searches with the most dimensions and rows, bound as text: where accelerating matters most. */
    private static void picture(JsonNode result, Report report) throws IOException {
        int dimensions = most(result, "dimensions");
        int rows = most(result, "rows");
        for (JsonNode cell : result.get("byTurns")) {
            int k = cell.get("k").asInt();
            if (cell.get("dimensions").asInt() == dimensions
                    && cell.get("rows").asInt() == rows
                    && cell.get("binding").asText().equals(Binding.TEXT.name())) {
                CategoryChart chart = Charts.bars(
                        String.format(Locale.ROOT, "The %d nearest of %,d x %d", k, rows, dimensions), "ms", false);
                for (Variant variant : List.of(Variant.ACCELERATE, Variant.MEASURE, Variant.BARE)) {
                    JsonNode node = cell.get(variant.name());
                    chart.addSeries(
                            variant.label(),
                            List.of("p50", "p95", "p99"),
                            List.of(
                                    node.get("p50").asDouble(),
                                    node.get("p95").asDouble(),
                                    node.get("p99").asDouble()));
                }
                report.picture("latency-k" + k, chart);
            }
        }
    }
}
