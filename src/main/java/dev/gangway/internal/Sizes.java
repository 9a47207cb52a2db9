package dev.gangway.internal;

import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Amounts of memory as PostgreSQL writes them: {@code 512MB}, {@code 2GB}. Units count in steps of 1024, and their case
 * does not matter. A number without a unit is refused, because PostgreSQL reads it differently from setting to setting.
 */
public final class Sizes {

    /** For messages: what a size looks like. */
    public static final String EXAMPLES = "65536kB, 512MB or 2GB";

    private static final int MOST_DIGITS = 9;

    private static final Map<String, Integer> KILOBYTES_AS_SHIFT = Map.of("kb", 0, "mb", 10, "gb", 20, "tb", 30);

    private Sizes() {}

    /** {@return the size in kB, or empty where the text is none, is negative or lacks its unit} */
    public static Optional<Long> parseKilobytes(String text) {
        String trimmed = text.strip().toLowerCase(Locale.ROOT);
        int digits = Digits.end(trimmed, 0);
        Integer shift = KILOBYTES_AS_SHIFT.get(trimmed.substring(digits).strip());
        if (digits == 0 || digits > MOST_DIGITS || shift == null) {
            return Optional.empty();
        }
        return Optional.of(Long.parseLong(trimmed.substring(0, digits)) << shift);
    }

    /** {@return whether the text is a number whose unit was forgotten} */
    public static boolean lacksUnit(String text) {
        return Digits.isNumber(text.strip(), Integer.MAX_VALUE);
    }

    /** {@return the size in the largest unit that has no remainder} */
    public static String format(long kilobytes) {
        if (kilobytes == 0 || kilobytes % 1024 != 0) {
            return kilobytes + "kB";
        }
        long megabytes = kilobytes / 1024;
        if (megabytes % 1024 != 0) {
            return megabytes + "MB";
        }
        long gigabytes = megabytes / 1024;
        return gigabytes % 1024 == 0 ? gigabytes / 1024 + "TB" : gigabytes + "GB";
    }
}
