package dev.gangway.execute;

import dev.gangway.config.MemoryLimit;
import dev.gangway.pgjdbc.Quote;
import dev.gangway.pgvector.IndexMemory;
import dev.gangway.sql.ConcurrentIndex;
import dev.gangway.sql.VectorIndexBuild;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The two commands that stand around the build of a vector index. The server itself computes what the build needs, from
 * what it knows when the build is due: so this costs no round trip, and a table that was filled a statement earlier
 * counts with its rows.
 *
 * <p>What the first command has set is kept for the second in two settings of our own, {@code gangway.restore_memory} and
 * {@code gangway.restore_workers}: empty where nothing was set, {@code reset}, or the value to go back to. Going back is
 * {@code set_config} with NULL, which is RESET: it takes the setting's source back to what it was, too, and by its source
 * the next build tells whether the script has set it itself.
 */
final class VectorIndexSql {
    /** CVE-2026-3172: a buffer overflow in parallel HNSW builds, from 0.6.0 on. Versions compare as arrays of numbers. */
    private static final String FIRST_AFFECTED = "ARRAY[0,6]";

    private static final String FIRST_MENDED = "ARRAY[0,8,2]";

    private VectorIndexSql() {}

    /**
     * {@return a query that sets what the build needs} It returns one row, or none where no vector index will be built:
     * method, rows (null when the size of the values is not known), dimensions, maintenance_work_mem before and after
     * (null when not set), kilobytes needed if the limit is below that, pgvector's version if parallel builds are not
     * safe with it, whether parallel workers were taken away.
     *
     * @param serial whether to build without parallel workers in any case
     * @param local  whether the settings end with the transaction
     */
    static String prepare(VectorIndexBuild build, MemoryLimit limit, boolean serial, boolean local) {
        String index = build instanceof VectorIndexBuild.Create create
                ? index(create)
                : index((VectorIndexBuild.Rebuild) build);
        boolean partitions = !(build instanceof VectorIndexBuild.Create create && create.only());
        return "WITH index (relid, method, type, dimensions, m, lists) AS (" + index + "), sized AS ("
                + "SELECT i.*, " + bytes("i.type", "i.dimensions") + " AS bytes FROM index i)"
                + ", need AS (" + need(partitions) + "), plan AS MATERIALIZED (" + plan(limit, serial) + ")"
                + " SELECT p.method, p.rows, p.dimensions, p.before,"
                + " CASE WHEN p.raise THEN " + set("maintenance_work_mem", concat("p.target", "'kB'"), local) + " END,"
                + " CASE WHEN p.missed THEN p.wanted END, p.unsafe,"
                + " CASE WHEN p.serial THEN " + set("max_parallel_maintenance_workers", "'0'", local)
                + " END IS NOT NULL, "
                + set("gangway.restore_memory", "CASE WHEN p.raise THEN 'reset' ELSE '' END", local) + ", "
                + set("gangway.restore_workers", "CASE WHEN p.serial THEN p.restore_workers ELSE '' END", local)
                + " FROM plan p";
    }

    /** {@return a query that takes back what {@link #prepare} has set, if it has set anything} */
    static String restore(boolean local) {
        return "WITH was AS MATERIALIZED (SELECT"
                + " COALESCE(pg_catalog.current_setting('gangway.restore_memory', true), '') AS memory,"
                + " COALESCE(pg_catalog.current_setting('gangway.restore_workers', true), '') AS workers)"
                + " SELECT CASE WHEN memory OPERATOR(pg_catalog.<>) '' THEN "
                + set("maintenance_work_mem", "NULL", local) + " END,"
                + " CASE WHEN workers OPERATOR(pg_catalog.<>) '' THEN "
                + set(
                        "max_parallel_maintenance_workers",
                        "CASE WHEN workers OPERATOR(pg_catalog.<>) 'reset' THEN workers END",
                        local)
                + " END, " + set("gangway.restore_memory", "''", local) + ", "
                + set("gangway.restore_workers", "''", local) + " FROM was";
    }

    /** What is going to be built, from the text and, where it names a column, from the catalog. */
    private static String index(VectorIndexBuild.Create create) {
        String table = relation(create.schema(), create.table());
        String method = literal(create.method().name().toLowerCase(Locale.ROOT));
        String m = number(create.m(), IndexMemory.DEFAULT_M);
        String lists = number(create.lists(), IndexMemory.DEFAULT_LISTS);
        if (create.key() instanceof VectorIndexBuild.IndexKey.Column column) {
            return "SELECT a.attrelid, " + method + ", " + text("t.typname") + ", "
                    + "CASE WHEN a.atttypmod OPERATOR(pg_catalog.>) 0 THEN a.atttypmod::pg_catalog.int8 END, "
                    + m + ", " + lists
                    + " FROM pg_catalog.pg_attribute a"
                    + " JOIN pg_catalog.pg_type t ON t.oid OPERATOR(pg_catalog.=) a.atttypid"
                    + " WHERE a.attrelid OPERATOR(pg_catalog.=) " + table
                    + " AND a.attname OPERATOR(pg_catalog.=) " + Quote.literal(column.name());
        }
        String type = "NULL::pg_catalog.text, NULL::pg_catalog.int8";
        if (create.key() instanceof VectorIndexBuild.IndexKey.Cast cast) {
            type = literal(cast.type()) + ", " + cast.dimensions() + "::pg_catalog.int8";
        }
        return "SELECT " + table + "::pg_catalog.oid, " + method + ", " + type + ", " + m + ", " + lists + " WHERE "
                + table + " IS NOT NULL";
    }

    /** The vector indexes that are there and will be built again. */
    private static String index(VectorIndexBuild.Rebuild rebuild) {
        String name = rebuild.name();
        String which = "true";
        if (name != null && rebuild.target() == ConcurrentIndex.Target.SCHEMA) {
            which = "r.relnamespace OPERATOR(pg_catalog.=) pg_catalog.to_regnamespace("
                    + Quote.literal(Quote.identifier(name)) + ")";
        } else if (name != null && rebuild.target() != ConcurrentIndex.Target.DATABASE) {
            String relation = relation(rebuild.schema(), name);
            String column = rebuild.target() == ConcurrentIndex.Target.INDEX ? "x.indexrelid" : "x.indrelid";
            which = "(" + column + " OPERATOR(pg_catalog.=) " + relation + " OR " + column
                    + " OPERATOR(pg_catalog.=) ANY (SELECT p.relid FROM pg_catalog.pg_partition_tree(" + relation
                    + ") p))";
        }
        return "SELECT x.indrelid, " + text("am.amname") + ", " + text("t.typname") + ", "
                + "CASE WHEN a.atttypmod OPERATOR(pg_catalog.>) 0 THEN a.atttypmod::pg_catalog.int8 END, "
                + option("m", IndexMemory.DEFAULT_M) + ", " + option("lists", IndexMemory.DEFAULT_LISTS)
                + " FROM pg_catalog.pg_index x"
                + " JOIN pg_catalog.pg_class c ON c.oid OPERATOR(pg_catalog.=) x.indexrelid"
                + " JOIN pg_catalog.pg_class r ON r.oid OPERATOR(pg_catalog.=) x.indrelid"
                + " JOIN pg_catalog.pg_am am ON am.oid OPERATOR(pg_catalog.=) c.relam"
                + " JOIN pg_catalog.pg_attribute a ON a.attrelid OPERATOR(pg_catalog.=) c.oid"
                + " AND a.attnum OPERATOR(pg_catalog.=) 1"
                + " JOIN pg_catalog.pg_type t ON t.oid OPERATOR(pg_catalog.=) a.atttypid"
                + " WHERE am.amname OPERATOR(pg_catalog.=) ANY (ARRAY['hnsw', 'ivfflat']::pg_catalog.name[]) AND "
                + which;
    }

    /**
     * The build that needs most; of a partitioned table's, that of its largest partition. How many rows there are is
     * what the last ANALYZE found, scaled to the table's present size; and never more than its bytes can hold, values in
     * TOAST included, which is all there is to go by before the first ANALYZE.
     */
    private static String need(boolean partitions) {
        String leaves = "SELECT s.relid"
                + (partitions
                        ? " UNION ALL SELECT t.relid::pg_catalog.oid"
                                + " FROM pg_catalog.pg_partition_tree(s.relid::pg_catalog.regclass) t WHERE t.isleaf"
                        : "");
        String width = "SELECT COALESCE(pg_catalog.sum(CASE"
                + " WHEN a.attlen OPERATOR(pg_catalog.>) 0 THEN a.attlen::pg_catalog.int8"
                + " WHEN a.atttypmod OPERATOR(pg_catalog.>) 0 THEN "
                + bytes(text("t.typname"), "a.atttypmod::pg_catalog.int8")
                + " END), 0)::pg_catalog.int8 OPERATOR(pg_catalog.+) 28"
                + " FROM pg_catalog.pg_attribute a"
                + " JOIN pg_catalog.pg_type t ON t.oid OPERATOR(pg_catalog.=) a.atttypid"
                + " WHERE a.attrelid OPERATOR(pg_catalog.=) c.oid AND a.attnum OPERATOR(pg_catalog.>) 0"
                + " AND NOT a.attisdropped";
        String pages = "pg_catalog.pg_relation_size(c.oid) OPERATOR(pg_catalog./)"
                + " pg_catalog.current_setting('block_size')::pg_catalog.int8";
        String rows = "LEAST(pg_catalog.pg_table_size(c.oid) OPERATOR(pg_catalog./) w.width,"
                + " CASE WHEN c.relpages OPERATOR(pg_catalog.>) 0 AND c.reltuples OPERATOR(pg_catalog.>) 0"
                + " THEN (c.reltuples::pg_catalog.float8 OPERATOR(pg_catalog./) c.relpages::pg_catalog.float8"
                + " OPERATOR(pg_catalog.*) (" + pages + ")::pg_catalog.float8)::pg_catalog.int8 END)";
        return "SELECT s.method, s.dimensions, CASE WHEN s.bytes IS NOT NULL THEN n.rows END AS rows,"
                + " CASE WHEN s.method OPERATOR(pg_catalog.=) 'hnsw' THEN "
                + IndexMemory.hnswSql("n.rows", "s.bytes", "s.m")
                + " ELSE " + IndexMemory.ivfflatSql("s.lists", "s.dimensions", "s.bytes") + " END AS bytes"
                + " FROM sized s CROSS JOIN LATERAL (" + leaves + ") l"
                + " JOIN pg_catalog.pg_class c ON c.oid OPERATOR(pg_catalog.=) l.relid"
                + " CROSS JOIN LATERAL (" + width + ") w (width)"
                + " CROSS JOIN LATERAL (SELECT " + rows + ") n (rows)"
                + " ORDER BY 4 DESC NULLS LAST LIMIT 1";
    }

    /** Decides. In a CTE of its own, because all of it must be known before the first setting changes. */
    private static String plan(MemoryLimit limit, boolean serial) {
        String cap = limit.kind() == MemoryLimit.Kind.SIZE
                ? limit.kilobytes() + "::pg_catalog.int8"
                : "(SELECT b.setting::pg_catalog.int8 OPERATOR(pg_catalog.*)"
                        + " pg_catalog.current_setting('block_size')::pg_catalog.int8 OPERATOR(pg_catalog./) 512"
                        + " FROM pg_catalog.pg_settings b WHERE b.name OPERATOR(pg_catalog.=) 'shared_buffers')";
        String unsafe = "(SELECT e.extversion FROM pg_catalog.pg_extension e,"
                + " LATERAL (SELECT pg_catalog.string_to_array(pg_catalog.substring(e.extversion,"
                + " '^[0-9]{1,6}(?:[.][0-9]{1,6})*'), '.')::pg_catalog.int4[]) v (version)"
                + " WHERE e.extname OPERATOR(pg_catalog.=) 'vector'"
                + " AND v.version OPERATOR(pg_catalog.>=) " + FIRST_AFFECTED
                + " AND v.version OPERATOR(pg_catalog.<) " + FIRST_MENDED
                + " AND EXISTS (SELECT FROM index h WHERE h.method OPERATOR(pg_catalog.=) 'hnsw'))";
        // To the next full MB, and one more for what the formulas leave out.
        String wanted =
                "(n.bytes OPERATOR(pg_catalog./) 1048576 OPERATOR(pg_catalog.+) 2)" + " OPERATOR(pg_catalog.*) 1024";
        return "SELECT q.*, q.free AND q.target OPERATOR(pg_catalog.>) q.present AS raise,"
                + " q.free AND q.wanted OPERATOR(pg_catalog.>) GREATEST(q.target, q.present) AS missed,"
                + " q.workers OPERATOR(pg_catalog.<>) '0' AND (" + serial + " OR q.unsafe IS NOT NULL) AS serial"
                + " FROM (SELECT n.method, n.rows, n.dimensions, " + wanted + " AS wanted,"
                + " LEAST(" + wanted + ", " + cap + ", m.max_val::pg_catalog.int8) AS target,"
                + " m.setting::pg_catalog.int8 AS present,"
                // Whoever has set it for this session, which is the script, has had a reason.
                + " n.bytes IS NOT NULL AND m.source OPERATOR(pg_catalog.<>) 'session' AS free,"
                + " pg_catalog.current_setting('maintenance_work_mem') AS before,"
                + " w.setting AS workers, CASE WHEN w.source OPERATOR(pg_catalog.=) 'session' THEN w.setting"
                + " ELSE 'reset' END AS restore_workers, " + unsafe + " AS unsafe"
                + " FROM need n, pg_catalog.pg_settings m, pg_catalog.pg_settings w"
                + " WHERE m.name OPERATOR(pg_catalog.=) 'maintenance_work_mem'"
                + " AND w.name OPERATOR(pg_catalog.=) 'max_parallel_maintenance_workers') q";
    }

    private static String bytes(String type, String dimensions) {
        return "CASE WHEN " + type + " OPERATOR(pg_catalog.=) 'vector' THEN " + IndexMemory.vectorSql(dimensions)
                + " WHEN " + type + " OPERATOR(pg_catalog.=) 'halfvec' THEN " + IndexMemory.halfvecSql(dimensions)
                + " WHEN " + type + " OPERATOR(pg_catalog.=) 'bit' THEN " + IndexMemory.bitSql(dimensions) + " END";
    }

    private static String option(String name, int otherwise) {
        return "COALESCE((SELECT o.option_value::pg_catalog.int8 FROM pg_catalog.pg_options_to_table(c.reloptions) o"
                + " WHERE o.option_name OPERATOR(pg_catalog.=) '" + name + "'), " + otherwise + ")";
    }

    private static String set(String name, String value, boolean local) {
        return "pg_catalog.set_config('" + name + "', " + value + ", " + local + ")";
    }

    private static String concat(String left, String right) {
        return "(" + text(left) + " OPERATOR(pg_catalog.||) " + right + ")";
    }

    private static String relation(@Nullable String schema, String name) {
        String qualified = (schema == null ? "" : Quote.identifier(schema) + ".") + Quote.identifier(name);
        return "pg_catalog.to_regclass(" + Quote.literal(qualified) + ")";
    }

    private static String number(@Nullable Integer written, int otherwise) {
        return (written == null ? otherwise : written) + "::pg_catalog.int8";
    }

    private static String literal(String text) {
        return Quote.literal(text) + "::pg_catalog.text";
    }

    private static String text(String expression) {
        return expression + "::pg_catalog.text";
    }
}
