package dev.gangway.demo;

import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Turns a text into a vector by feature hashing ("the hashing trick"): each word, and each run of three letters in a
 * word, is hashed to one of {@value #DIMENSION} places, where it adds or subtracts its weight; the result is scaled to
 * length 1.
 *
 * <p>That is all it is. It is no language model: texts are near each other when they share words or parts of words,
 * whatever they mean. It needs no download, and the same text gives the same vector on every machine, which is what a
 * demo and a test want.
 *
 * <p>Stateless.
 */
final class HashingEmbedder {
    static final int DIMENSION = 384;

    private static final Pattern WORD = Pattern.compile("[\\p{L}\\p{N}]+");
    private static final double WORD_WEIGHT = 1.0;
    private static final double TRIGRAM_WEIGHT = 0.3;

    /** Words that nearly every English text shares. */
    private static final Set<String> STOP_WORDS = Set.of(
            ("a an and any are as at be been but by can do does each every for from had has have how i if in into is"
                            + " it its may no not of on one or our own so than that the their them then there these they"
                            + " this to was were what when where which who will with you your")
                    .split(" "));

    private HashingEmbedder() {}

    /** {@return a vector of length 1, or all zeros for a text without words} */
    static float[] embed(String text) {
        double[] sums = new double[DIMENSION];
        features(text).forEach((feature, weight) -> {
            int hash = hash(feature);
            sums[Integer.remainderUnsigned(hash >>> 1, DIMENSION)] += (hash & 1) == 0 ? weight : -weight;
        });
        return normalised(sums);
    }

    /** A word that occurs often counts more than one that occurs once, but not as many times more. */
    private static Map<String, Double> features(String text) {
        Map<String, Integer> counts = new HashMap<>();
        Matcher words = WORD.matcher(text.toLowerCase(Locale.ROOT));
        while (words.find()) {
            if (!STOP_WORDS.contains(words.group())) {
                counts.merge(words.group(), 1, Integer::sum);
            }
        }
        Map<String, Double> weights = new HashMap<>();
        counts.forEach((word, count) -> {
            double often = 1 + Math.log(count);
            weights.merge("word " + word, WORD_WEIGHT * often, Double::sum);
            String edged = "<" + word + ">";
            for (int i = 0; i + 3 <= edged.length(); i++) {
                weights.merge("part " + edged.substring(i, i + 3), TRIGRAM_WEIGHT * often, Double::sum);
            }
        });
        return weights;
    }

    /** FNV-1a over UTF-8, with the last step of MurmurHash3 to spread the bits. */
    private static int hash(String feature) {
        int hash = 0x811C9DC5;
        for (byte b : feature.getBytes(StandardCharsets.UTF_8)) {
            hash = (hash ^ (b & 0xFF)) * 0x01000193;
        }
        hash = (hash ^ (hash >>> 16)) * 0x85EBCA6B;
        hash = (hash ^ (hash >>> 13)) * 0xC2B2AE35;
        return hash ^ (hash >>> 16);
    }

    private static float[] normalised(double[] sums) {
        double squares = 0;
        for (double sum : sums) {
            squares += sum * sum;
        }
        double length = squares == 0 ? 1 : Math.sqrt(squares);
        float[] vector = new float[sums.length];
        for (int i = 0; i < sums.length; i++) {
            vector[i] = (float) (sums[i] / length);
        }
        return vector;
    }
}
