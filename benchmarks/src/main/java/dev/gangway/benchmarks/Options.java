package dev.gangway.benchmarks;

/**
 * How to measure.
 *
 * @param quick a smoke run: just enough that everything has run once, in half a minute at most; its figures mean nothing
 */
record Options(boolean quick) {

    /** {@return how often or how much: the first number, or the second in a quick run} */
    int choose(int full, int quickly) {
        return quick ? quickly : full;
    }
}
