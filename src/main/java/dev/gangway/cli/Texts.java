package dev.gangway.cli;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Small pieces of text that several commands show. */
final class Texts {
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss", Locale.ROOT).withZone(ZoneOffset.UTC);

    private Texts() {}

    static String target(String target, String schema) {
        return target + ", schema " + schema;
    }

    static String time(@Nullable Instant instant) {
        return instant == null ? "" : TIME.format(instant);
    }

    /** {@return each line of the text, two blanks further right} */
    static String indent(String text) {
        return text.strip().indent(2);
    }

    static void warnings(StringBuilder text, List<String> warnings, Style style) {
        for (String warning : warnings) {
            text.append(style.attention("warning:")).append(' ').append(warning).append('\n');
        }
    }

    /** {@return {@code 1 migration}, {@code 2 migrations}} */
    static String count(long count, String noun) {
        return count + " " + noun + (count == 1 ? "" : "s");
    }

    static String duration(long millis) {
        return millis < 10_000 ? millis + " ms" : millis / 1000 + " s";
    }

    /** {@return {@code 512 B}, {@code 1.5 kB}, {@code 3.0 GB}, in steps of 1024, as PostgreSQL writes them} */
    static String bytes(long bytes) {
        if (bytes < 1024) {
            return bytes + " B";
        }
        double value = bytes;
        String unit = "B";
        for (String next : List.of("kB", "MB", "GB", "TB")) {
            if (value < 1024) {
                break;
            }
            value /= 1024;
            unit = next;
        }
        return String.format(Locale.ROOT, "%.1f %s", value, unit);
    }
}
