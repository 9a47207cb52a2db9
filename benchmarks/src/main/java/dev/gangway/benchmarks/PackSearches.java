package dev.gangway.benchmarks;

import dev.gangway.packs.SearchScenario;
import dev.gangway.packs.SearchScenarios;
import dev.gangway.testkit.TestDatabase;
import dev.gangway.testkit.TestServer;
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
 *
 * <p>Usage: {@code PackSearches [rounds]}.
 */
public final class PackSearches {
    private static final int DEFAULT_ROUNDS = 15;
    private static final int ROWS = 20_000;
    private static final int QUESTIONS = 50;

    private PackSearches() {}

    public static void main(String[] args) throws Exception {
        int rounds = args.length == 0 ? DEFAULT_ROUNDS : Integer.parseInt(args[0]);
        System.out.println("pack               dimensions   bare query  similarity      hybrid   similarity to bare"
                + "    hybrid to similarity   (ms a search; median of rounds; ratios: median, lowest to highest)");
        for (SearchScenario scenario : SearchScenarios.all()) {
            try (TestDatabase database = TestServer.newDatabase()) {
                measure(scenario, database, rounds);
            }
        }
    }

    private static void measure(SearchScenario scenario, TestDatabase database, int rounds) throws SQLException {
        List<String> questions = scenario.prepare(database, ROWS, QUESTIONS);
        List<Double> bare = new ArrayList<>();
        List<Double> similarity = new ArrayList<>();
        List<Double> hybrid = new ArrayList<>();
        List<Double> toBare = new ArrayList<>();
        List<Double> toSimilarity = new ArrayList<>();
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
                    toBare.add(two / one);
                    toSimilarity.add(three / two);
                }
            }
        }
        System.out.printf(
                Locale.ROOT,
                "%-18s %10d  %11.2f %11.2f %11.2f  %19s %23s%n",
                scenario.pack(),
                scenario.dimensions(),
                Spread.median(bare),
                Spread.median(similarity),
                Spread.median(hybrid),
                Spread.of(toBare),
                Spread.of(toSimilarity));
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
