package dev.gangway.benchmarks;

import java.util.List;
import java.util.Locale;

/** What is told of figures that were taken several times. */
final class Spread {

    private Spread() {}

    static double median(List<Double> values) {
        List<Double> sorted = values.stream().sorted().toList();
        return sorted.get(sorted.size() / 2);
    }

    /** {@return the median, and from which to which they went} */
    static String of(List<Double> values) {
        List<Double> sorted = values.stream().sorted().toList();
        return String.format(
                Locale.ROOT, "%.2f, %.2f to %.2f", median(values), sorted.get(0), sorted.get(sorted.size() - 1));
    }
}
