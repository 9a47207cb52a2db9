package dev.gangway.packs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gangway.testkit.Sql;
import dev.gangway.testkit.TestDatabase;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * All rows of all tables at one moment. A migration keeps them when each of them is still there, with the values that it
 * had in the columns that both know; columns may have been added, and what is generated may be generated anew.
 */
final class KeptRows {
    private static final String TABLES = """
            select c.oid::regclass from pg_catalog.pg_class c
            where c.relkind in ('r', 'p') and not c.relispartition and c.relname not like 'gangway%'
              and c.relnamespace::regnamespace::text not in ('pg_catalog', 'information_schema')
              and not exists (select from pg_catalog.pg_depend d where d.objid = c.oid and d.deptype = 'e')
            order by 1""";

    private final Map<String, List<String>> rows = new TreeMap<>();

    private KeptRows() {}

    static KeptRows of(TestDatabase database) throws SQLException {
        KeptRows kept = new KeptRows();
        try (Connection connection = database.connect()) {
            for (String table : Rows.column(connection, TABLES)) {
                kept.rows.put(table, Rows.column(connection, rows(connection, table)));
            }
        }
        return kept;
    }

    private static String rows(Connection connection, String table) throws SQLException {
        String generated = Sql.ask(
                connection,
                "select coalesce(array_agg(attname), '{}') from pg_catalog.pg_attribute where attgenerated <> ''"
                        + " and attrelid = '" + table + "'::regclass");
        return "select to_jsonb(t) - '" + generated + "'::text[] from " + table + " t";
    }

    int count() {
        return rows.values().stream().mapToInt(List::size).sum();
    }

    /** @param when what happened in between, for the message */
    void assertStillIn(TestDatabase database, String when) throws SQLException {
        try (Connection connection = database.connect()) {
            List<String> lost = new ArrayList<>();
            List<String> tables = Rows.column(connection, TABLES);
            for (Map.Entry<String, List<String>> table : rows.entrySet()) {
                if (!tables.contains(table.getKey())) {
                    lost.add(table.getKey() + " with " + table.getValue().size() + " rows");
                    continue;
                }
                for (String row : table.getValue()) {
                    if (!isStillThere(connection, table.getKey(), row)) {
                        lost.add(table.getKey() + " " + row);
                    }
                }
            }
            assertThat(lost).as("lost by " + when).isEmpty();
        }
    }

    /** Columns that are gone do not count: taking a version back takes the columns back that it added. */
    private static boolean isStillThere(Connection connection, String table, String row) throws SQLException {
        String literal = "'" + row.replace("'", "''") + "'::jsonb";
        String found = Sql.ask(
                connection,
                ("select exists (select from %1$s t where to_jsonb(t) @> (select coalesce(jsonb_object_agg(key, value),"
                                + " '{}') from jsonb_each(%2$s) where to_jsonb(t) ? key))")
                        .formatted(table, literal));
        return "t".equals(found);
    }
}
