package dev.gangway.internal;

import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Durations as people write them in settings and directives: {@code 500ms}, {@code 3s}, {@code 15m}, {@code 1h}.
 *
 * <p>A number without a unit is refused, because PostgreSQL reads it as milliseconds and most pools as seconds; only
 * {@code 0} needs none.
 */
public final class Durations {

    /** For messages: what a duration looks like. */
    public static final String EXAMPLES = "500ms, 3s, 15m or 1h";

    private static final int MOST_DIGITS = 12;

    private static final Map<String, Duration> UNITS = Map.of(
            "ms", Duration.ofMillis(1),
            "s", Duration.ofSeconds(1),
            "m", Duration.ofMinutes(1),
            "h", Duration.ofHours(1));

    private Durations() {}

    /** {@return for the log: how long something took, from a {@link System#nanoTime()}} */
    public static long millisSince(long begin) {
        return Duration.ofNanos(System.nanoTime() - begin).toMillis();
    }

    /** {@return the duration, or empty where the text is none, is negative or lacks its unit} */
    public static Optional<Duration> parse(String text) {
        String trimmed = text.strip().toLowerCase(Locale.ROOT);
        if (trimmed.equals("0")) {
            return Optional.of(Duration.ZERO);
        }
        int digits = Digits.end(trimmed, 0);
        Duration unit = UNITS.get(trimmed.substring(digits).strip());
        if (digits == 0 || digits > MOST_DIGITS || unit == null) {
            return Optional.empty();
        }
        return Optional.of(unit.multipliedBy(Long.parseLong(trimmed.substring(0, digits))));
    }

    /** {@return whether the text is a number whose unit was forgotten} */
    public static boolean lacksUnit(String text) {
        return Digits.isNumber(text.strip(), Integer.MAX_VALUE);
    }

    /** {@return the shortest text that {@link #parse} reads back as this duration; anything below 1 ms is cut off} */
    public static String format(Duration duration) {
        long millis = duration.toMillis();
        if (millis == 0) {
            return "0";
        }
        if (millis % 1000 != 0) {
            return millis + "ms";
        }
        long seconds = millis / 1000;
        if (seconds % 3600 == 0) {
            return seconds / 3600 + "h";
        }
        return seconds % 60 == 0 ? seconds / 60 + "m" : seconds + "s";
    }
}
