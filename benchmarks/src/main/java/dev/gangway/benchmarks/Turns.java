package dev.gangway.benchmarks;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.HdrHistogram.Histogram;

/**
 * Lets variants search by turns, so that what disturbs the machine disturbs all of them alike: in each round every variant
 * asks the same {@link #BLOCK} questions, in an order that is drawn anew. After some rounds all connect again, because two
 * processes of the server are never equally fast, for as long as they live.
 */
final class Turns {
    private static final int BLOCK = 20;
    private static final int LEAST_ROUNDS = 5;
    private static final long LONGEST_NANOS = 60_000_000_000L;

    private final Random random = new Random(7);
    private final Map<Variant, Histogram> histograms = new EnumMap<>(Variant.class);
    private final Map<Variant, List<List<Double>>> medians = new EnumMap<>(Variant.class);

    interface Opener {
        Searcher open(Variant variant) throws SQLException;
    }

    /** @param seconds of each set, which is all variants connected once */
    void run(List<Variant> variants, Opener opener, int sets, double seconds) throws SQLException {
        for (int set = 0; set < sets; set++) {
            Map<Variant, Searcher> searchers = new EnumMap<>(Variant.class);
            try {
                for (Variant variant : variants) {
                    searchers.put(variant, opener.open(variant));
                    medians.computeIfAbsent(variant, v -> new ArrayList<>()).add(new ArrayList<>());
                    histograms.computeIfAbsent(variant, v -> new Histogram(LONGEST_NANOS, 3));
                }
                warmUp(searchers);
                set(searchers, seconds);
            } finally {
                for (Searcher searcher : searchers.values()) {
                    searcher.close();
                }
            }
        }
    }

    private static void warmUp(Map<Variant, Searcher> searchers) throws SQLException {
        for (Searcher searcher : searchers.values()) {
            for (int i = 0; i < 2 * Searcher.PAST_THE_SWITCH_OF_PLANS; i++) {
                searcher.search();
            }
        }
    }

    private void set(Map<Variant, Searcher> searchers, double seconds) throws SQLException {
        long end = System.nanoTime() + (long) (seconds * 1e9);
        List<Variant> order = new ArrayList<>(searchers.keySet());
        for (int round = 0; round < LEAST_ROUNDS || System.nanoTime() < end; round++) {
            Collections.shuffle(order, random);
            for (Variant variant : order) {
                Searcher searcher = searchers.get(variant);
                searcher.seek(round * BLOCK);
                block(variant, searcher);
            }
        }
    }

    private void block(Variant variant, Searcher searcher) throws SQLException {
        long[] nanos = new long[BLOCK];
        for (int i = 0; i < BLOCK; i++) {
            long begin = System.nanoTime();
            searcher.search();
            nanos[i] = System.nanoTime() - begin;
            histograms.get(variant).recordValue(Math.min(nanos[i], LONGEST_NANOS));
        }
        Arrays.sort(nanos);
        List<List<Double>> sets = medians.get(variant);
        sets.get(sets.size() - 1).add((nanos[BLOCK / 2 - 1] + nanos[BLOCK / 2]) / 2e6);
    }

    /** Puts what was measured into the result, for each variant: milliseconds. */
    void write(ObjectNode result) {
        histograms.forEach((variant, histogram) -> {
            ObjectNode node = result.putObject(variant.name());
            node.put("searches", histogram.getTotalCount());
            node.put("p50", millis(histogram, 50));
            node.put("p95", millis(histogram, 95));
            node.put("p99", millis(histogram, 99));
            ArrayNode sets = node.putArray("medianOfEachBlock");
            medians.get(variant).forEach(set -> sets.add(Results.array(set)));
        });
    }

    private static double millis(Histogram histogram, double percentile) {
        return Math.round(histogram.getValueAtPercentile(percentile) / 1e3) / 1e3;
    }

    /** {@return how much longer one variant takes than another one, from what {@link #write} has put down} */
    static Ratio ratio(JsonNode cell, Variant variant, Variant to) {
        return Ratio.of(sets(cell, variant), sets(cell, to));
    }

    /** {@return the medians of the blocks of each set} */
    static List<List<Double>> sets(JsonNode cell, Variant variant) {
        List<List<Double>> sets = new ArrayList<>();
        cell.get(variant.name()).get("medianOfEachBlock").forEach(set -> sets.add(Results.numbers(set)));
        return sets;
    }
}
