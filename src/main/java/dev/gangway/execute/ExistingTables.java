package dev.gangway.execute;

import dev.gangway.pgjdbc.Message;
import dev.gangway.pgjdbc.Quote;
import dev.gangway.pgjdbc.Reply;
import dev.gangway.pgjdbc.Row;
import dev.gangway.sql.TableLock;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The tables that locks are about, as they exist on the server before anything of a plan has run. What the plan itself
 * creates is not among them, and its locks cost nobody anything. Immutable and thread-safe.
 */
public final class ExistingTables {

    /**
     * Who asks for the size of a table waits for whoever holds ACCESS EXCLUSIVE on it, or on one of its indexes; looking must
     * not do that, so that for them the size of the last ANALYZE counts.
     */
    private static final String TABLES = """
            WITH RECURSIVE asked(n, kind, schema, name) AS (VALUES %s),
            named AS MATERIALIZED (
              SELECT a.n, a.kind, CASE WHEN a.schema IS NULL
                  THEN pg_catalog.to_regclass(pg_catalog.quote_ident(a.name))::pg_catalog.oid
                  ELSE (SELECT c.oid FROM pg_catalog.pg_class c
                          JOIN pg_catalog.pg_namespace s ON s.oid OPERATOR(pg_catalog.=) c.relnamespace
                         WHERE s.nspname OPERATOR(pg_catalog.=) a.schema::pg_catalog.name
                           AND c.relname OPERATOR(pg_catalog.=) a.name::pg_catalog.name) END AS oid
                FROM asked a),
            found AS (
              SELECT n, oid FROM named WHERE kind OPERATOR(pg_catalog.=) 'RELATION' AND oid IS NOT NULL
              UNION
              SELECT n, i.indrelid FROM named JOIN pg_catalog.pg_index i ON i.indexrelid OPERATOR(pg_catalog.=) named.oid
               WHERE kind OPERATOR(pg_catalog.=) 'TABLE_OF_INDEX'
              UNION
              SELECT n, f.confrelid FROM named JOIN pg_catalog.pg_constraint f ON f.conrelid OPERATOR(pg_catalog.=) named.oid
               WHERE kind OPERATOR(pg_catalog.=) 'TIED_TABLES' AND f.contype OPERATOR(pg_catalog.=) 'f'
                 AND f.confrelid OPERATOR(pg_catalog.<>) f.conrelid
              UNION
              SELECT n, h.inhparent FROM named JOIN pg_catalog.pg_inherits h ON h.inhrelid OPERATOR(pg_catalog.=) named.oid
                JOIN pg_catalog.pg_class c ON c.oid OPERATOR(pg_catalog.=) named.oid
               WHERE kind OPERATOR(pg_catalog.=) 'TIED_TABLES' AND c.relispartition),
            tree(n, root, oid) AS (
              SELECT n, oid, oid FROM found
              UNION
              SELECT t.n, t.root, h.inhrelid FROM tree t
                JOIN pg_catalog.pg_inherits h ON h.inhparent OPERATOR(pg_catalog.=) t.oid),
            closed AS MATERIALIZED (
              SELECT l.relation FROM pg_catalog.pg_locks l
               WHERE l.locktype OPERATOR(pg_catalog.=) 'relation' AND l.mode OPERATOR(pg_catalog.=) 'AccessExclusiveLock'),
            members AS MATERIALIZED (
              SELECT t.n, t.root, c.oid, c.relkind, c.reltuples, c.relpages, EXISTS (
                  SELECT FROM closed WHERE closed.relation OPERATOR(pg_catalog.=) c.oid
                      OR closed.relation OPERATOR(pg_catalog.=) c.reltoastrelid
                      OR closed.relation OPERATOR(pg_catalog.=) ANY (ARRAY(
                         SELECT i.indexrelid FROM pg_catalog.pg_index i
                          WHERE i.indrelid OPERATOR(pg_catalog.=) c.oid))) AS closed
                FROM tree t JOIN pg_catalog.pg_class c ON c.oid OPERATOR(pg_catalog.=) t.oid)
            SELECT m.n, s.nspname, r.relname, r.relkind, m.relkind, m.reltuples, m.relpages,
                CASE WHEN NOT m.closed THEN pg_catalog.pg_relation_size(m.oid) END,
                CASE WHEN NOT m.closed THEN pg_catalog.pg_total_relation_size(m.oid) END,
                (SELECT pg_catalog.sum(CASE WHEN a.attlen OPERATOR(pg_catalog.>) 0 THEN a.attlen ELSE 32 END)
                   FROM pg_catalog.pg_attribute a
                  WHERE a.attrelid OPERATOR(pg_catalog.=) m.oid AND a.attnum OPERATOR(pg_catalog.>) 0 AND NOT a.attisdropped),
                pg_catalog.current_setting('block_size')
              FROM members m
              JOIN pg_catalog.pg_class r ON r.oid OPERATOR(pg_catalog.=) m.root
              JOIN pg_catalog.pg_namespace s ON s.oid OPERATOR(pg_catalog.=) r.relnamespace
             ORDER BY m.n, s.nspname, r.relname""";

    private final Map<Name, List<ExistingTable>> tables;

    private ExistingTables(Map<Name, List<ExistingTable>> tables) {
        this.tables = Map.copyOf(tables);
    }

    /** A name as a statement writes it, and what of it is meant. */
    private record Name(TableLock.Kind kind, @Nullable String schema, String name) {
        static Name of(TableLock lock) {
            return new Name(lock.kind(), lock.schema(), lock.table());
        }

        String row(int n) {
            return "(%d, %s, %s::pg_catalog.text, %s)"
                    .formatted(n, Quote.literal(kind.name()), Quote.literal(schema), Quote.literal(name));
        }
    }

    /**
     * Looks for the tables of all these locks, in one round trip, or none for no locks. Reads the catalogs only and waits for
     * nobody.
     *
     * @param connection in no transaction, and in none afterwards
     * @param searchPath the search_path that finds names without a schema; null for the session's own
     */
    public static ExistingTables find(Connection connection, Collection<TableLock> locks, @Nullable String searchPath)
            throws SQLException {
        List<Name> names = locks.stream().map(Name::of).distinct().toList();
        Map<Name, List<ExistingTable>> tables = new LinkedHashMap<>();
        if (!names.isEmpty()) {
            for (Row row : ask(connection, names, searchPath)) {
                add(tables.computeIfAbsent(names.get((int) row.number(0)), name -> new ArrayList<>()), row);
            }
            tables.replaceAll((name, found) -> List.copyOf(found));
        }
        return new ExistingTables(tables);
    }

    /**
     * {@return the tables that the lock is on: none when there are none yet, more than one only for
     * {@link TableLock.Kind#TIED_TABLES}; unmodifiable}
     */
    public List<ExistingTable> of(TableLock lock) {
        return tables.getOrDefault(Name.of(lock), List.of());
    }

    private static List<Row> ask(Connection connection, List<Name> names, @Nullable String searchPath)
            throws SQLException {
        List<String> rows = new ArrayList<>();
        for (int i = 0; i < names.size(); i++) {
            rows.add(names.get(i).row(i));
        }
        String path = searchPath == null ? "pg_catalog.current_setting('search_path')" : Quote.literal(searchPath);
        Reply reply = Message.send(
                connection,
                "BEGIN READ ONLY; SELECT pg_catalog.set_config('search_path', " + path + ", true); "
                        + TABLES.formatted(String.join(", ", rows)) + "; COMMIT");
        if (reply.error() != null) {
            Message.send(connection, "ROLLBACK");
        }
        return reply.orThrow().rows(2);
    }

    /** Adds one table of a tree to the table at its root, which is the last in the list if it is there. */
    private static void add(List<ExistingTable> found, Row row) {
        ExistingTable root = new ExistingTable(
                row.required(1), row.required(2), row.required(3).charAt(0), 0, 0);
        int last = found.size() - 1;
        if (last >= 0
                && found.get(last).schema().equals(root.schema())
                && found.get(last).name().equals(root.name())) {
            root = found.remove(last);
        }
        int pageSize = Integer.parseInt(row.required(10));
        long pages = row.number(6);
        long bytes = row.text(7) == null ? pages * pageSize : row.number(7);
        long allBytes = row.text(8) == null ? bytes : row.number(8);
        // Partitioned tables, views and sequences hold no rows; of a partitioned table ANALYZE counts those of its
        // partitions.
        boolean holdsRows = "rmfi".contains(row.required(4));
        long width = row.text(9) == null ? 0 : row.number(9);
        long rows = holdsRows
                ? ExistingTable.estimate(Double.parseDouble(row.required(5)), pages, bytes, pageSize, width)
                : 0;
        found.add(root.plus(rows, allBytes));
    }
}
