package dev.gangway.migration;

import dev.gangway.internal.Digits;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.StringJoiner;
import org.jspecify.annotations.Nullable;

/**
 * A migration's version, with Flyway's rules: whole numbers of any length separated by {@code .} or {@code _}, compared
 * part by part as numbers; a missing part is 0, so that {@code 1} and {@code 1.0} are the same version. Immutable.
 */
public final class Version implements Comparable<Version> {

    private final String text;
    /** Without zeros at the end, so that equal versions have equal parts. */
    private final List<BigInteger> parts;

    private Version(String text, List<BigInteger> parts) {
        this.text = text;
        this.parts = parts;
    }

    /** {@return whether the text is a version} */
    static boolean isVersion(String text) {
        int part = 0;
        while (true) {
            int end = Digits.end(text, part);
            if (end == part) {
                return false;
            }
            if (end == text.length()) {
                return true;
            }
            if (text.charAt(end) != '.' && text.charAt(end) != '_') {
                return false;
            }
            part = end + 1;
        }
    }

    /**
     * {@return the version}
     *
     * @throws IllegalArgumentException when the text is none; the message says what one looks like
     */
    public static Version parse(String text) {
        if (!isVersion(text)) {
            throw new IllegalArgumentException(
                    "\"%s\" is not a version. Write whole numbers separated by dots, such as 1.4".formatted(text));
        }
        String dotted = text.replace('_', '.');
        List<BigInteger> parts = new ArrayList<>();
        for (String part : dotted.split("\\.")) {
            parts.add(new BigInteger(part));
        }
        while (parts.size() > 1 && parts.get(parts.size() - 1).signum() == 0) {
            parts.remove(parts.size() - 1);
        }
        return new Version(dotted, List.copyOf(parts));
    }

    /** {@return the one text that all equal versions share: no zeros in front, none at the end} */
    public String canonical() {
        StringJoiner joined = new StringJoiner(".");
        for (BigInteger part : parts) {
            joined.add(part.toString());
        }
        return joined.toString();
    }

    @Override
    public int compareTo(Version other) {
        for (int i = 0; i < Math.max(parts.size(), other.parts.size()); i++) {
            int order = part(i).compareTo(other.part(i));
            if (order != 0) {
                return order;
            }
        }
        return 0;
    }

    private BigInteger part(int index) {
        return index < parts.size() ? parts.get(index) : BigInteger.ZERO;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Version that && parts.equals(that.parts);
    }

    @Override
    public int hashCode() {
        return parts.hashCode();
    }

    /** {@return the version as it was written, with dots: {@code 1.2}, {@code 001}} */
    @Override
    public String toString() {
        return text;
    }
}
