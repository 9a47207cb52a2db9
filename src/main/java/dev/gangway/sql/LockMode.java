package dev.gangway.sql;

/**
 * PostgreSQL's modes of locking a table, from the weakest to the strongest; the same order as the server's own numbers.
 * What a mode blocks is the table of conflicts in the documentation's chapter on explicit locking, told from the side of
 * an application that reads and writes rows.
 */
public enum LockMode {
    /** What reading takes. Stops only ACCESS EXCLUSIVE. */
    ACCESS_SHARE("blocks nothing that an application does"),
    /** What {@code SELECT … FOR UPDATE} takes. */
    ROW_SHARE("blocks nothing that an application does"),
    /** What writing takes. */
    ROW_EXCLUSIVE("blocks nothing that an application does"),
    /** Stops itself, and autovacuum. */
    SHARE_UPDATE_EXCLUSIVE("blocks other DDL only"),
    SHARE("blocks writes"),
    /** As {@link #SHARE}, and stops itself too. */
    SHARE_ROW_EXCLUSIVE("blocks writes"),
    EXCLUSIVE("blocks writes and SELECT … FOR UPDATE"),
    ACCESS_EXCLUSIVE("blocks reads and writes");

    private final String blocks;

    LockMode(String blocks) {
        this.blocks = blocks;
    }

    /** {@return what others cannot do to the table meanwhile, in words for people} */
    public String blocks() {
        return blocks;
    }

    /** {@return the mode as SQL writes it, for example {@code ACCESS EXCLUSIVE}} */
    public String sql() {
        return name().replace('_', ' ');
    }
}
