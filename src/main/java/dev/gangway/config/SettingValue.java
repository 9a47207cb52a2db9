package dev.gangway.config;

import dev.gangway.GangwayException;
import dev.gangway.GangwayException.Code;
import dev.gangway.internal.Digits;
import dev.gangway.internal.Durations;
import dev.gangway.internal.Sizes;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Locale;

/**
 * A setting as somebody wrote it, and how to read it as each type.
 *
 * @param key the name as written: {@code gangway.mode}, or {@code GANGWAY_MODE} in the environment
 * @param text the value as written
 * @param place where it stands, for messages
 */
record SettingValue(Setting setting, String key, String text, SettingSource source, String place) {

    String required() throws SQLException {
        if (text.isBlank()) {
            throw wrong("it is empty. Give it a value or leave it out");
        }
        return text.strip();
    }

    <E extends Enum<E>> E choice(Class<E> type) throws SQLException {
        try {
            return Enum.valueOf(type, text.strip().toUpperCase(Locale.ROOT));
        } catch (IllegalArgumentException unknown) {
            throw wrong("it is one of " + String.join(", ", setting.choices()));
        }
    }

    /** PostgreSQL and pools take milliseconds as an int, which is about 24 days. */
    Duration duration() throws SQLException {
        Duration duration = Durations.parse(text).orElse(null);
        if (duration == null) {
            throw wrong(
                    Durations.lacksUnit(text)
                            ? "its unit is missing. Write %1$ss or %1$sms".formatted(text.strip())
                            : "it is a duration such as " + Durations.EXAMPLES);
        }
        if (duration.compareTo(Duration.ofMillis(Integer.MAX_VALUE)) > 0) {
            throw wrong("it is longer than 24 days. Write 0 for no limit");
        }
        return duration;
    }

    /** PostgreSQL takes no less than a megabyte for its maintenance. */
    long kilobytes() throws SQLException {
        Long kilobytes = Sizes.parseKilobytes(text).orElse(null);
        if (kilobytes == null) {
            throw wrong(
                    Sizes.lacksUnit(text)
                            ? "its unit is missing. Write %1$sMB or %1$skB".formatted(text.strip())
                            : "it is auto, off or a size such as " + Sizes.EXAMPLES);
        }
        if (kilobytes < 1024) {
            throw wrong("it is less than 1MB. Write off to leave the server's settings alone");
        }
        return kilobytes;
    }

    int count() throws SQLException {
        String digits = text.strip();
        if (!Digits.isNumber(digits, 6)) {
            throw wrong("it is a whole number from 0 to 999999, such as " + setting.defaultText());
        }
        return Integer.parseInt(digits);
    }

    /** {@return GW004 that says which value is wrong, where it stands, and {@code rule}} */
    SQLException wrong(String rule) {
        String shown = setting.secret() || Secrets.isSecret(key) ? Secrets.MASK : Secrets.mask(text);
        return new GangwayException.Permanent(
                Code.SETTING_WRONG, "The value \"%s\" of %s in %s is wrong: %s.".formatted(shown, key, place, rule));
    }
}
