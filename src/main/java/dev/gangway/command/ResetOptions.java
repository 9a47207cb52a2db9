package dev.gangway.command;

/**
 * What the caller of {@code reset} takes upon himself.
 *
 * @param confirmed       that everything in the schema is dropped; without it nothing is done
 * @param evenIfConnected that other sessions are connected to the database
 */
public record ResetOptions(boolean confirmed, boolean evenIfConnected) {}
