package dev.gangway.execute;

/**
 * A relation as it is now.
 *
 * @param schema its schema
 * @param name   its name without the schema
 * @param kind   {@code pg_class.relkind}: r for a table, p for a partitioned one, m for a materialized view, v, f, S, i, I
 * @param rows   an estimate, with those of its partitions and children
 * @param bytes  what it, its indexes and its TOAST take on disk, with its partitions and children
 */
public record ExistingTable(String schema, String name, char kind, long rows, long bytes) {

    /** Pages and tuples, as the server's planner reckons: bytes of a page's header, and of a row's with its line pointer. */
    private static final int PAGE_HEADER = 24;

    private static final int ROW_HEADER = 28;

    /**
     * {@return how many rows a table has, as the planner estimates it: the density that VACUUM or ANALYZE saw, times the pages
     * that there are now; where neither has run, what fits on them by the types of the columns}
     *
     * @param tuples   {@code pg_class.reltuples}: -1 for never counted, until PostgreSQL 13 that is 0
     * @param pages    {@code pg_class.relpages}, of the same time
     * @param bytes    the size now
     * @param pageSize bytes of a page
     * @param width    of a row's columns in bytes
     */
    static long estimate(double tuples, long pages, long bytes, int pageSize, long width) {
        long pagesNow = bytes / pageSize;
        if (tuples > 0) {
            // A foreign table has no pages here.
            return Math.round(pages > 0 && pagesNow > 0 ? tuples / pages * pagesNow : tuples);
        }
        long rowsOfPage = Math.max(1, (pageSize - PAGE_HEADER) / (ROW_HEADER + width));
        return pagesNow * rowsOfPage;
    }

    ExistingTable plus(long moreRows, long moreBytes) {
        return new ExistingTable(schema, name, kind, rows + moreRows, bytes + moreBytes);
    }
}
