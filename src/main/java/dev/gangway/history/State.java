package dev.gangway.history;

import java.util.Locale;

/** What became of a migration, as the history says. */
public enum State {
    APPLIED,
    BASELINE,
    ADOPTED,
    DEFERRED,
    /** Begun outside a transaction and not known to be finished. */
    STARTED,
    FAILED,
    UNDONE,
    /** A repeatable migration that has run again since. */
    SUPERSEDED;

    /** {@return whether the schema holds what the migration does} */
    public boolean countsAsApplied() {
        return this == APPLIED || this == BASELINE || this == ADOPTED;
    }

    /** {@return whether the next leader has to finish it} */
    public boolean isUnfinished() {
        return this == STARTED || this == FAILED;
    }

    /** {@return the text in the table} */
    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }

    static State of(String text) {
        return valueOf(text.toUpperCase(Locale.ROOT));
    }
}
