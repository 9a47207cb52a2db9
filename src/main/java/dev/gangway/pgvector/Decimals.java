package dev.gangway.pgvector;

/**
 * Reads decimal numbers as the C library's {@code strtof} does, several times faster than {@link Float#parseFloat} and with
 * the same result to the last bit.
 *
 * <p>Digits and power of ten are brought together in double precision (Clinger, "How to read floating point numbers
 * accurately", 1990), of which a float takes 24 of 53 bits. The double is wrong by less than {@value #ERROR} units in its last
 * place, so it rounds to the right float unless the middle between two floats is that close. That is seen from its low bits,
 * and then {@link Float#parseFloat} is asked.
 *
 * <p>Not thread-safe; reads one text from its beginning.
 */
final class Decimals {

    /** Half a unit each for the digits, for the power of ten and for the operation, a digit that was left out, and reserve. */
    private static final int ERROR = 8;

    /** As many as fit into a long whatever they are. */
    private static final int MOST_DIGITS = 18;

    /** Beyond that there are no floats, or only those without all their bits. */
    private static final int LARGEST_POWER = 60;

    private static final int SPARE_BITS = 52 - 23;
    private static final long SPARE = (1L << SPARE_BITS) - 1;
    private static final long MIDDLE = 1L << (SPARE_BITS - 1);

    private static final double[] POWERS = powers();

    private final String text;
    private int at;

    Decimals(String text) {
        this.text = text;
    }

    boolean atEnd() {
        return at == text.length();
    }

    /** Passes what PostgreSQL's {@code isspace} in the C locale passes, then the char if it is the next; {@return whether it was} */
    boolean skip(char c) {
        skipSpace();
        if (at < text.length() && text.charAt(at) == c) {
            at++;
            return true;
        }
        return false;
    }

    void skipSpace() {
        while (at < text.length() && isSpace(text.charAt(at))) {
            at++;
        }
    }

    private static boolean isSpace(char c) {
        return c == ' ' || (c >= '\t' && c <= '\r');
    }

    /**
     * {@return the number that begins here, behind which the text goes on; NaN when it has another form than digits with a
     * point and an exponent, or is too large for a float: then its beginning is all that was read}
     */
    float next() {
        skipSpace();
        int start = at;
        boolean negative = false;
        if (at < text.length() && (text.charAt(at) == '-' || text.charAt(at) == '+')) {
            negative = text.charAt(at) == '-';
            at++;
        }
        long digits = 0;
        int taken = 0;
        int seen = 0;
        int power = 0;
        boolean fraction = false;
        for (; at < text.length(); at++) {
            char c = text.charAt(at);
            if (c >= '0' && c <= '9') {
                seen++;
                if (taken < MOST_DIGITS) {
                    digits = 10 * digits + (c - '0');
                    taken += digits == 0 ? 0 : 1;
                    power -= fraction ? 1 : 0;
                } else {
                    power += fraction ? 0 : 1;
                }
            } else if (c == '.' && !fraction) {
                fraction = true;
            } else {
                break;
            }
        }
        if (seen == 0) {
            return Float.NaN;
        }
        if (at < text.length() && (text.charAt(at) == 'e' || text.charAt(at) == 'E')) {
            int exponent = exponent();
            if (exponent == Integer.MIN_VALUE) {
                return Float.NaN;
            }
            power += exponent;
        }
        float value = digits == 0 ? 0.0f : rounded(digits, power, start);
        return negative ? -value : value;
    }

    /** {@return the whole number of at most nine digits that begins here; -1 for anything else} */
    int nextInt() {
        skipSpace();
        int start = at;
        int number = 0;
        while (at < text.length() && at - start < 10 && text.charAt(at) >= '0' && text.charAt(at) <= '9') {
            number = 10 * number + (text.charAt(at) - '0');
            at++;
        }
        return at == start || at - start == 10 ? -1 : number;
    }

    /** {@return the exponent that begins at the letter; the smallest int when there is none} */
    private int exponent() {
        at++;
        boolean negative = false;
        if (at < text.length() && (text.charAt(at) == '-' || text.charAt(at) == '+')) {
            negative = text.charAt(at) == '-';
            at++;
        }
        int start = at;
        int exponent = 0;
        while (at < text.length() && text.charAt(at) >= '0' && text.charAt(at) <= '9') {
            exponent = Math.min(10 * exponent + (text.charAt(at) - '0'), 100_000);
            at++;
        }
        if (at == start) {
            return Integer.MIN_VALUE;
        }
        return negative ? -exponent : exponent;
    }

    /** {@return the float next to digits times ten to that power; NaN when there is none} */
    private float rounded(long digits, int power, int start) {
        if (power >= -LARGEST_POWER && power <= LARGEST_POWER) {
            double nearly = power < 0 ? digits / POWERS[-power] : digits * POWERS[power];
            if (nearly >= Float.MIN_NORMAL && nearly < Float.MAX_VALUE) {
                long spare = Double.doubleToRawLongBits(nearly) & SPARE;
                if (Math.abs(spare - MIDDLE) > ERROR) {
                    return (float) nearly;
                }
            }
        }
        char first = text.charAt(start);
        int unsigned = first == '-' || first == '+' ? start + 1 : start;
        float value = Float.parseFloat(text.substring(unsigned, at));
        return Float.isInfinite(value) ? Float.NaN : value;
    }

    private static double[] powers() {
        double[] powers = new double[LARGEST_POWER + 1];
        for (int power = 0; power <= LARGEST_POWER; power++) {
            // Rounded once: repeated multiplication would not be.
            powers[power] = Double.parseDouble("1e" + power);
        }
        return powers;
    }
}
