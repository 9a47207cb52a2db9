package dev.gangway.benchmarks;

import java.nio.file.Path;

/**
 * How to measure.
 *
 * @param quick a smoke run: just enough that everything has run once, in half a minute at most; its figures mean nothing
 * @param data  vectors of the user's to search in, as {@link VectorFile} reads them; null for made ones
 */
record Options(boolean quick, Path data) {

    /** {@return how often or how much: the first number, or the second in a quick run} */
    int choose(int full, int quickly) {
        return quick ? quickly : full;
    }
}
