package dev.gangway.benchmarks;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Random;

/**
 * How much longer one thing takes than another one that took turns with it.
 *
 * @param value the geometric mean
 * @param low   the lower end of its 95 % confidence interval
 * @param high  the upper end
 */
record Ratio(double value, double low, double high) {
    private static final int RESAMPLES = 4000;

    /**
     * Two values of the same set and place were measured one after the other. The interval is the bootstrap's over sets and
     * then over their values, since values of a set resemble each other.
     */
    static Ratio of(List<List<Double>> values, List<List<Double>> to) {
        List<double[]> sets = new ArrayList<>();
        for (int set = 0; set < values.size(); set++) {
            double[] logs = new double[values.get(set).size()];
            for (int i = 0; i < logs.length; i++) {
                logs[i] = Math.log(values.get(set).get(i) / to.get(set).get(i));
            }
            sets.add(logs);
        }
        return of(sets);
    }

    private static Ratio of(List<double[]> sets) {
        Random random = new Random(1);
        double[] means = new double[RESAMPLES];
        for (int i = 0; i < RESAMPLES; i++) {
            double sum = 0;
            int count = 0;
            for (int j = 0; j < sets.size(); j++) {
                double[] logs = sets.get(random.nextInt(sets.size()));
                for (int n = 0; n < logs.length; n++) {
                    sum += logs[random.nextInt(logs.length)];
                }
                count += logs.length;
            }
            means[i] = sum / count;
        }
        Arrays.sort(means);
        double mean = sets.stream().flatMapToDouble(Arrays::stream).average().orElse(Double.NaN);
        int tail = (int) (0.025 * RESAMPLES);
        return new Ratio(Math.exp(mean), Math.exp(means[tail]), Math.exp(means[RESAMPLES - 1 - tail]));
    }

    boolean within(double tolerance) {
        return low >= 1 - tolerance && high <= 1 + tolerance;
    }

    @Override
    public String toString() {
        return String.format(Locale.ROOT, "%.2f (%.2f to %.2f)", value, low, high);
    }
}
