package dev.gangway.benchmarks;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.knowm.xchart.CategoryChart;

/**
 * How long the start of an application takes with Gangway, Flyway and Liquibase: with many migrations pending, with none, and
 * when many processes start at once.
 */
final class Migrations implements Benchmark {
    private static final List<String> TOOLS = List.of("gangway", "flyway", "liquibase");
    private static final List<String> AND_LOOP = List.of("gangway", "flyway", "liquibase", "loop");
    private static final List<String> AND_PGJDBC = List.of("gangway", "flyway", "liquibase", "pgjdbc");
    private static final Map<String, String> NAMES =
            Map.of("gangway", "Gangway", "flyway", "Flyway", "liquibase", "Liquibase");
    private static final Duration NONE = Duration.ZERO;
    private static final Duration DISTANT = Duration.ofMillis(5);

    @Override
    public String name() {
        return "migrations";
    }

    @Override
    public void run(Options options, ObjectNode result) throws Exception {
        result.put("unit", "milliseconds a start in a warm JVM, a value for each round");
        ArrayNode apply = result.putArray("apply");
        ArrayNode nothing = result.putArray("nothing");
        try (Scripts hundred = Scripts.write(options.choose(100, 10))) {
            StartRounds.allPending(hundred, AND_LOOP, NONE)
                    .run(options.choose(3, 0), options.choose(11, 1), apply.addObject());
            StartRounds.allPending(hundred, AND_LOOP, DISTANT).run(0, options.choose(5, 1), apply.addObject());
            StartRounds.nothingPending(hundred, AND_PGJDBC, NONE)
                    .run(options.choose(5, 0), options.choose(21, 1), nothing.addObject());
            StartRounds.nothingPending(hundred, AND_PGJDBC, DISTANT).run(1, options.choose(15, 1), nothing.addObject());
            StartRounds.nothingPendingCold(hundred, AND_PGJDBC)
                    .run(options.choose(1, 0), options.choose(11, 1), result.putObject("cold"));
        }
        if (!options.quick()) {
            try (Scripts thousand = Scripts.write(1000)) {
                StartRounds.allPending(thousand, AND_LOOP, NONE).run(0, 5, apply.addObject());
                StartRounds.allPending(thousand, AND_LOOP, DISTANT).run(0, 1, apply.addObject());
            }
        }
        try (Scripts twenty = Scripts.write(20)) {
            ArrayNode fleets = result.putArray("fleets");
            StartFleet fleet = new StartFleet(twenty, options.choose(32, 2));
            for (String tool : TOOLS) {
                // Liquibase's take minutes.
                int rounds = tool.equals("liquibase") ? 1 : options.choose(3, 1);
                fleet.run(tool, List.of(NONE, DISTANT), rounds, fleets.addObject());
            }
        }
    }

    @Override
    public void report(JsonNode result, Report report) throws IOException {
        report.table(
                "migrations-pending",
                rows(result.get("apply"), "loop", "bare loop", "%d pending, %s", 0) + "\n" + Machine.sentence(result));
        String idle = rows(result.get("nothing"), "pgjdbc", "pgjdbc alone", "nothing pending of %d, %s", 1)
                + rows(Results.newArray(result.get("cold")), "pgjdbc", null, "the same in a fresh JVM, %2$s", 0);
        report.table("migrations-nothing", idle);
        report.table("migrations-round-trips", roundTrips(result));
        report.table("migrations-fleet", fleets(result.get("fleets")));
        report.picture(name(), chart(result));
    }

    private static String rows(JsonNode cases, String reference, String referenceName, String label, int decimals) {
        StringBuilder table = new StringBuilder();
        if (referenceName != null) {
            table.append("| | Gangway | Flyway | Liquibase | ").append(referenceName);
            table.append(" | Flyway to Gangway | Liquibase to Gangway | rounds |\n");
            table.append("| --- | --- | --- | --- | --- | --- | --- | --- |\n");
        }
        for (JsonNode one : cases) {
            JsonNode millis = one.get("millis");
            List<Double> gangway = Results.numbers(millis.get("gangway"));
            List<Double> flyway = Results.numbers(millis.get("flyway"));
            List<Double> liquibase = Results.numbers(millis.get("liquibase"));
            List<Double> other = Results.numbers(millis.get(reference));
            table.append(String.format(
                    Locale.ROOT,
                    "| %s | %s | %s | %s | %s | %s | %s | %d |%n",
                    String.format(Locale.ROOT, label, one.get("migrations").asInt(), delay(one)),
                    Spread.of(gangway, decimals),
                    Spread.of(flyway, decimals),
                    Spread.of(liquibase, decimals),
                    Spread.of(other, decimals),
                    Spread.of(Spread.ratios(flyway, gangway), 1),
                    Spread.of(Spread.ratios(liquibase, gangway), 1),
                    gangway.size()));
        }
        return table.toString();
    }

    private static String delay(JsonNode one) {
        int millis = one.get("delayMillis").asInt();
        return millis == 0 ? "no delay" : millis + " ms of delay";
    }

    private static String roundTrips(JsonNode result) {
        StringBuilder table = new StringBuilder("| | Gangway | Flyway | Liquibase |\n| --- | --- | --- | --- |\n");
        for (String kind : List.of("apply", "nothing")) {
            for (JsonNode one : result.get(kind)) {
                if (!one.has("roundTrips")) {
                    continue;
                }
                String label = kind.equals("apply") ? "%d pending" : "nothing pending of %d";
                table.append("| ")
                        .append(String.format(
                                Locale.ROOT, label, one.get("migrations").asInt()));
                for (String tool : TOOLS) {
                    int connections = one.get("connections").get(tool).asInt();
                    table.append(String.format(
                            Locale.ROOT,
                            " | %d, %d connection%s",
                            one.get("roundTrips").get(tool).asInt(),
                            connections,
                            connections == 1 ? "" : "s"));
                }
                table.append(" |\n");
            }
        }
        return table.toString();
    }

    private static String fleets(JsonNode fleets) {
        StringBuilder table = new StringBuilder("""
                | | delay | the first is ready after | the last that gets ready | failed | not ready at the limit | rounds |
                | --- | --- | --- | --- | --- | --- | --- |
                """);
        for (Duration delay : List.of(NONE, DISTANT)) {
            for (JsonNode fleet : fleets) {
                List<Double> first = new ArrayList<>();
                List<Double> last = new ArrayList<>();
                List<Double> failed = new ArrayList<>();
                List<Double> unfinished = new ArrayList<>();
                for (JsonNode round : fleet.get("rounds")) {
                    if (round.get("delayMillis").asLong() == delay.toMillis()) {
                        List<Double> ready = Results.numbers(round.get("readyAfterMillis"));
                        first.add(Spread.lowest(ready) / 1000);
                        last.add(Spread.highest(ready) / 1000);
                        failed.add(round.get("failed").asDouble());
                        unfinished.add(round.get("unfinished").asDouble());
                    }
                }
                table.append(String.format(
                        Locale.ROOT,
                        "| %s | %d ms | %s | %s | %s of %d | %s | %d |%n",
                        NAMES.get(fleet.get("tool").asText()),
                        delay.toMillis(),
                        seconds(first),
                        seconds(last),
                        counts(failed),
                        fleet.get("processes").asInt(),
                        counts(unfinished),
                        first.size()));
            }
        }
        return table.toString();
    }

    private static String seconds(List<Double> values) {
        return String.format(Locale.ROOT, "%.2f to %.2f s", Spread.lowest(values), Spread.highest(values));
    }

    private static String counts(List<Double> values) {
        int low = (int) Spread.lowest(values);
        int high = (int) Spread.highest(values);
        return low == high ? String.valueOf(low) : low + " to " + high;
    }

    private static CategoryChart chart(JsonNode result) {
        CategoryChart chart = Charts.bars("Start of an application", "milliseconds", true);
        List<JsonNode> pictured = new ArrayList<>();
        result.get("nothing").forEach(pictured::add);
        result.get("apply").forEach(pictured::add);
        for (String tool : TOOLS) {
            List<String> labels = new ArrayList<>();
            List<Double> values = new ArrayList<>();
            // Four groups are what a phone shows; the table has the rest.
            for (JsonNode one : pictured.subList(0, 4)) {
                String pending =
                        values.size() < 2 ? "none" : one.get("migrations").asText();
                labels.add(pending + ", " + one.get("delayMillis").asInt() + " ms");
                values.add(Math.rint(
                        Spread.median(Results.numbers(one.get("millis").get(tool)))));
            }
            chart.addSeries(NAMES.get(tool), labels, values);
        }
        chart.getStyler().setYAxisMin(1.0);
        chart.setXAxisTitle("pending migrations, added network delay");
        return chart;
    }
}
