package dev.gangway.lock;

import dev.gangway.pgjdbc.Quote;

/**
 * The lock that Flyway holds while it migrates a schema: an advisory lock as well, whose key is made of the name of
 * Flyway's history table. It is held together with ours, so that both tools can be in use while a fleet goes over from
 * one to the other.
 *
 * @param schema the schema of the history
 */
public record FlywayLock(String schema) {
    /** Flyway's own magic number. */
    private static final long FLYWAY = 77_431_708_279_161L;

    private static final String TABLE = "flyway_schema_history";

    /** What {@link #tryLockSql} answers when Flyway holds its lock. */
    static final String HELD = "flyway";

    private String table() {
        return Quote.identifier(schema) + "." + Quote.identifier(TABLE);
    }

    /** {@return the key under which Flyway locks} */
    public LockKey key() {
        return new LockKey(FLYWAY + table().hashCode());
    }

    /**
     * {@return a query that tries our lock, and then Flyway's if there is a table of Flyway's; it answers true, false, or
     * {@link #HELD}}
     *
     * <p>Functions only: a query on the catalogs would leave locks on them until the transaction ends. And to_regclass
     * fails, where the role may not use the schema, instead of finding nothing.
     */
    String tryLockSql(LockKey ours) {
        String mayLook = "pg_catalog.has_schema_privilege(pg_catalog.to_regnamespace("
                + Quote.literal(Quote.identifier(schema)) + ")::pg_catalog.oid, 'USAGE')";
        String exists = "CASE WHEN " + mayLook + " THEN pg_catalog.to_regclass(" + Quote.literal(table())
                + ") IS NOT NULL ELSE false END";
        return "SELECT CASE WHEN NOT pg_catalog.pg_try_advisory_xact_lock(" + ours.value() + ") THEN 'f'"
                + " WHEN NOT " + exists + " THEN 't'"
                + " WHEN pg_catalog.pg_try_advisory_xact_lock(" + key().value() + ") THEN 't'"
                + " ELSE '" + HELD + "' END";
    }
}
