package dev.gangway.command;

/**
 * What the caller of {@code restore} takes upon himself.
 *
 * @param confirmed       that everything in the database is replaced; without it nothing is done
 * @param evenIfConnected that other sessions are connected to the database
 * @param dropNewerTables that tables are dropped whose rows the backup does not hold, because they were created later
 */
public record RestoreOptions(boolean confirmed, boolean evenIfConnected, boolean dropNewerTables) {}
