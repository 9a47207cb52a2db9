package dev.gangway.report;

import java.util.Locale;

/** How a migration stands, as the files and the history together say. */
public enum MigrationStatus {
    /** Not applied yet; the next connection applies it. */
    PENDING,
    /** Runs beside the application once the next connection was handed out, or runs just now. */
    BACKGROUND,
    /** Its condition did not hold when it was last asked, or it requires one that waits for its condition. */
    DEFERRED,
    /** Above the target, or left out by {@code gangway.outOfOrder=ignore}. */
    IGNORED,
    /** Applied by Gangway. */
    APPLIED,
    /** Applied, but the file has been changed since. */
    CHANGED,
    /** Covered by a baseline. */
    BASELINE,
    /** Applied by another tool, whose history was taken over. */
    ADOPTED,
    /** Applied, but there is no such file: a newer version of the application was here. */
    NEWER,
    /** Begun outside a transaction and not finished. */
    STARTED,
    /** Failed; the next connection tries it again. */
    FAILED,
    /** Applied and taken back. */
    UNDONE,
    /** An earlier run of a repeatable migration. */
    SUPERSEDED;

    /** {@return the status as it is shown, in small letters} */
    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }
}
