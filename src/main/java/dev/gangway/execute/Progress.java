package dev.gangway.execute;

import org.jspecify.annotations.Nullable;

/**
 * How far the server has come with one command. Immutable.
 *
 * @param phase what it is at, in the server's words: {@code building index, loading tuples}
 * @param done  how much of the phase is done
 * @param total how much the phase has; 0 when the server does not know
 * @param unit  of both: {@code blocks}, {@code tuples}, {@code bytes} or {@code sessions}; empty when it does not count
 */
public record Progress(String phase, long done, long total, String unit) {

    /** {@return the part of the phase that is done, from 0 to 1; null when the server does not know} */
    public @Nullable Double fraction() {
        // A table may grow while it is read.
        return total <= 0 ? null : Math.min(1.0, (double) done / total);
    }

    /** {@return for a log line: {@code building index, loading tuples, 43 %}} */
    @Override
    public String toString() {
        if (unit.equals("sessions")) {
            return total <= 0 ? phase : phase + ", " + done + " of " + total;
        }
        if (total > 0) {
            return phase + ", " + Math.min(100, 100 * done / total) + " %";
        }
        return done <= 0 ? phase : phase + ", " + done + " " + unit;
    }
}
