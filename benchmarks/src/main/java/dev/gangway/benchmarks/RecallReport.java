package dev.gangway.benchmarks;

import com.fasterxml.jackson.databind.JsonNode;
import java.awt.Color;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYSeries;

/** Tables and the picture of {@link Recall}. */
final class RecallReport {

    private RecallReport() {}

    static void write(JsonNode result, Report report) throws IOException {
        String data = String.format(
                Locale.ROOT,
                "%,d vectors of %d dimensions (%s). ",
                result.get("rows").asInt(),
                result.get("dimensions").asInt(),
                result.get("data").asText());
        String picture = "\n\n![Recall against searches a second](../benchmarks/results/recall.svg)";
        report.table(
                "recall", builds(result) + "\n" + points(result) + "\n" + data + Machine.sentence(result) + picture);
        report.table("recall-filters", filters(result));
        XYChart chart = Charts.lines("Searches a second, one client", "recall@10", "searches/s");
        for (JsonNode series : result.get("series")) {
            List<Double> recall = new ArrayList<>();
            List<Double> rate = new ArrayList<>();
            for (JsonNode point : series.get("points")) {
                recall.add(point.get("recall").asDouble());
                rate.add(point.get("searchesPerSecond").asDouble());
            }
            XYSeries line = Charts.line(chart, label(series), recall, rate);
            if (series.get("index").asText().equals("exact")) {
                line.setMarkerColor(Color.BLACK);
                line.setLineColor(Color.BLACK);
            }
        }
        chart.getStyler().setYAxisLogarithmic(true);
        report.picture("recall", chart);
    }

    private static String label(JsonNode series) {
        return switch (series.get("index").asText()) {
            case "exact" -> "no index";
            case "ivfflat" -> "IVFFlat";
            case "halfvec" -> "HNSW, halfvec";
            case "binary quantisation" -> "HNSW, bits";
            default -> "HNSW";
        };
    }

    private static String builds(JsonNode result) {
        StringBuilder table = new StringBuilder("| index | built in, s | MB |\n| --- | --- | --- |\n");
        for (JsonNode series : result.get("series")) {
            if (series.has("bytes")) {
                table.append(String.format(
                        Locale.ROOT,
                        "| %s | %.0f | %,.0f |%n",
                        label(series),
                        series.get("buildSeconds").asDouble(),
                        series.get("bytes").asDouble() / 1e6));
            }
        }
        return table.toString();
    }

    private static String points(JsonNode result) {
        StringBuilder table =
                new StringBuilder("| index | setting | recall@10 | searches/s |\n| --- | --- | --- | --- |\n");
        for (JsonNode series : result.get("series")) {
            for (JsonNode point : series.get("points")) {
                table.append(String.format(
                        Locale.ROOT,
                        "| %s | %s | %.2f | %,.0f |%n",
                        label(series),
                        series.has("setting")
                                ? series.get("setting").asText().replaceFirst(".*\\.", "") + " = "
                                        + point.get("value").asInt()
                                : "",
                        point.get("recall").asDouble(),
                        point.get("searchesPerSecond").asDouble()));
            }
        }
        return table.toString();
    }

    private static String filters(JsonNode result) {
        StringBuilder table = new StringBuilder("""
                | rows that pass | iterative_scan | plan | recall@10 | rows returned | ms |
                | --- | --- | --- | --- | --- | --- |
                """);
        for (JsonNode filter : result.get("filters")) {
            table.append(String.format(
                    Locale.ROOT,
                    "| %.1f %% | %s | %s%s | %.2f | %.1f | %.1f |%n",
                    filter.get("passing").asDouble() * 100,
                    filter.get("iterativeScan").asText(),
                    filter.get("plan").asText(),
                    filter.get("planner").asText().equals("free") ? ", the planner's choice" : "",
                    filter.get("recall").asDouble(),
                    filter.get("rowsReturned").asDouble(),
                    filter.get("milliseconds").asDouble()));
        }
        return table.toString();
    }
}
