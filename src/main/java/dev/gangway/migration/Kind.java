package dev.gangway.migration;

import java.util.Locale;

/** When a migration runs. */
public enum Kind {
    /** Once, in the order of versions. */
    VERSIONED,
    /** After the versioned ones, again whenever its checksum has changed. */
    REPEATABLE;

    /** {@return how the history and the command line write it: {@code versioned}, {@code repeatable}} */
    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** {@return the kind that is written so} */
    public static Kind of(String text) {
        return valueOf(text.toUpperCase(Locale.ROOT));
    }
}
