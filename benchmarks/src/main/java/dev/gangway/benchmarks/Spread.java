package dev.gangway.benchmarks;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.function.ToDoubleBiFunction;

/** What is told of figures that were taken several times. */
final class Spread {
    private static final int RESAMPLES = 10_000;

    private Spread() {}

    static double median(List<Double> values) {
        List<Double> sorted = values.stream().sorted().toList();
        int middle = sorted.size() / 2;
        return sorted.size() % 2 == 1 ? sorted.get(middle) : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
    }

    static double mean(List<Double> values) {
        return values.stream().mapToDouble(Double::doubleValue).average().orElse(Double.NaN);
    }

    static double lowest(List<Double> values) {
        return values.stream().mapToDouble(Double::doubleValue).min().orElse(Double.NaN);
    }

    static double highest(List<Double> values) {
        return values.stream().mapToDouble(Double::doubleValue).max().orElse(Double.NaN);
    }

    /** {@return the quotients of what was measured in the same round} */
    static List<Double> ratios(List<Double> values, List<Double> to) {
        List<Double> ratios = new ArrayList<>();
        for (int i = 0; i < values.size(); i++) {
            ratios.add(values.get(i) / to.get(i));
        }
        return ratios;
    }

    /** {@return the median, and from which to which they went} */
    static String of(List<Double> values) {
        return of(values, 2);
    }

    static String of(List<Double> values, int decimals) {
        String number = "%." + decimals + "f";
        return String.format(
                Locale.ROOT,
                number + " (" + number + " to " + number + ")",
                median(values),
                lowest(values),
                highest(values));
    }

    /**
     * From where to where a figure goes, with some confidence.
     *
     * @param low  the lower end
     * @param high the upper end
     */
    record Interval(double low, double high) {}

    /** {@return the percentile bootstrap interval of a figure about values that were taken in pairs; the same each time} */
    static Interval bootstrap(
            List<Double> values,
            List<Double> others,
            ToDoubleBiFunction<List<Double>, List<Double>> figure,
            double confidence) {
        Random random = new Random(1);
        List<Double> figures = new ArrayList<>();
        for (int i = 0; i < RESAMPLES; i++) {
            List<Double> some = new ArrayList<>();
            List<Double> theirs = new ArrayList<>();
            for (int j = 0; j < values.size(); j++) {
                int drawn = random.nextInt(values.size());
                some.add(values.get(drawn));
                theirs.add(others.get(drawn));
            }
            figures.add(figure.applyAsDouble(some, theirs));
        }
        figures.sort(null);
        int tail = (int) Math.round((1 - confidence) / 2 * RESAMPLES);
        return new Interval(figures.get(tail), figures.get(RESAMPLES - 1 - tail));
    }
}
