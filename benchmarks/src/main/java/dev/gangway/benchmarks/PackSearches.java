package dev.gangway.benchmarks;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gangway.packs.SearchScenario;
import dev.gangway.packs.SearchScenarios;
import dev.gangway.testkit.TestDatabase;
import dev.gangway.testkit.TestServer;
import java.io.IOException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * What the search functions of the packs take over 20,000 rows: the hybrid search beside the plain one, and the plain one
 * beside the bare query for the ten nearest. In each round all three ask the same questions in turn, on one connection;
 * what counts is the ratio.
 */
final class PackSearches implements Benchmark {
    private static final int QUESTIONS = 50;

    @Override
    public String name() {
        return "packs";
    }

    @Override
    public void run(Options options, ObjectNode result) throws Exception {
        int rows = options.choose(20_000, 500);
        result.put("rows", rows);
        result.put("questions", QUESTIONS);
        result.put("unit", "milliseconds a search, a value for each round");
        ArrayNode packs = result.putArray("packs");
        for (SearchScenario scenario : SearchScenarios.all()) {
            try (TestDatabase database = TestServer.newDatabase()) {
                measure(scenario, database, rows, options.choose(15, 1), packs.addObject());
            }
        }
    }

    private static void measure(SearchScenario scenario, TestDatabase database, int rows, int rounds, ObjectNode result)
            throws SQLException {
        List<String> questions = scenario.prepare(database, rows, QUESTIONS);
        List<Double> bare = new ArrayList<>();
        List<Double> similarity = new ArrayList<>();
        List<Double> hybrid = new ArrayList<>();
        try (Connection connection = database.connect()) {
            // The first round warms up all three alike, past the switch of plans, and is not counted.
            for (int round = 0; round <= rounds; round++) {
                double one = ask(connection, scenario.exact(), questions);
                double two = ask(connection, scenario.similarity(), questions);
                double three = ask(connection, scenario.hybrid(), questions);
                if (round > 0) {
                    bare.add(one);
                    similarity.add(two);
                    hybrid.add(three);
                }
            }
        }
        result.put("pack", scenario.pack());
        result.put("dimensions", scenario.dimensions());
        result.set("bare", Results.array(bare));
        result.set("similarity", Results.array(similarity));
        result.set("hybrid", Results.array(hybrid));
    }

    @Override
    public void report(JsonNode result, Report report) throws IOException {
        StringBuilder table = new StringBuilder("""
                | pack | dimensions | bare query | similarity | hybrid | similarity to bare | hybrid to similarity |
                | --- | --- | --- | --- | --- | --- | --- |
                """);
        for (JsonNode pack : result.get("packs")) {
            List<Double> bare = Results.numbers(pack.get("bare"));
            List<Double> similarity = Results.numbers(pack.get("similarity"));
            List<Double> hybrid = Results.numbers(pack.get("hybrid"));
            table.append(String.format(
                    Locale.ROOT,
                    "| %s | %d | %.2f | %.2f | %.2f | %s | %s |%n",
                    pack.get("pack").asText(),
                    pack.get("dimensions").asInt(),
                    Spread.median(bare),
                    Spread.median(similarity),
                    Spread.median(hybrid),
                    Spread.of(Spread.ratios(similarity, bare)),
                    Spread.of(Spread.ratios(hybrid, similarity))));
        }
        report.table(name(), table + "\n" + Machine.sentence(result));
    }

    /** {@return milliseconds a search} */
    private static double ask(Connection connection, String query, List<String> questions) throws SQLException {
        long begin = System.nanoTime();
        try (PreparedStatement statement = connection.prepareStatement(query)) {
            for (String question : questions) {
                statement.setString(1, question);
                try (ResultSet rows = statement.executeQuery()) {
                    while (rows.next()) {
                        rows.getString(1);
                    }
                }
            }
        }
        return (System.nanoTime() - begin) / 1e6 / questions.size();
    }
}
