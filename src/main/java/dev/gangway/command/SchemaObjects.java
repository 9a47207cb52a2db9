package dev.gangway.command;

import dev.gangway.pgjdbc.Message;
import dev.gangway.pgjdbc.Quote;
import dev.gangway.pgjdbc.Row;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * What the server's catalogs hold in one schema, and what they hold elsewhere. An object of an extension, and one that
 * belongs to another object (the row type of a table, the sequence of an identity column), is not listed on its own.
 */
final class SchemaObjects {
    /** Each catalog with objects that are in a schema, its column for the schema, and which rows count. */
    private static final String[][] CATALOGS = {
        {
            "pg_class",
            "relnamespace",
            "o.relkind OPERATOR(pg_catalog.=) ANY" + " (ARRAY['r', 'p', 'f', 'v', 'm', 'S']::pg_catalog.\"char\"[])"
        },
        {"pg_proc", "pronamespace", "true"},
        {"pg_type", "typnamespace", "true"},
        {"pg_collation", "collnamespace", "true"},
        {"pg_conversion", "connamespace", "true"},
        {"pg_operator", "oprnamespace", "true"},
        {"pg_opclass", "opcnamespace", "true"},
        {"pg_opfamily", "opfnamespace", "true"},
        {"pg_ts_config", "cfgnamespace", "true"},
        {"pg_ts_dict", "dictnamespace", "true"},
        {"pg_ts_parser", "prsnamespace", "true"},
        {"pg_ts_template", "tmplnamespace", "true"},
        {"pg_statistic_ext", "stxnamespace", "true"},
    };

    /** What can vanish of a table: catalog, column with the table, part of it, and which rows count. */
    private static final String[][] PARTS = {
        {"pg_attribute", "attrelid", "attnum", "o.attnum OPERATOR(pg_catalog.>) 0 AND NOT o.attisdropped"},
        {"pg_constraint", "conrelid", "0", "o.conrelid OPERATOR(pg_catalog.<>) 0"},
        {"pg_attrdef", "adrelid", "0", "true"},
        {"pg_trigger", "tgrelid", "0", "NOT o.tgisinternal"},
        {"pg_rewrite", "ev_class", "0", "true"},
        {"pg_policy", "polrelid", "0", "true"},
    };

    /** By the server's words for a kind, what DROP calls it, where that is not the same. */
    private static final Map<String, String> DROP_WORDS = Map.of(
            "composite type", "TYPE",
            "function", "ROUTINE",
            "procedure", "ROUTINE",
            "aggregate", "ROUTINE",
            "statistics object", "STATISTICS");

    /**
     * One object.
     *
     * @param kind     in the server's words: {@code table}, {@code text search configuration}
     * @param identity qualified and quoted, with what tells it from others of its name
     */
    record SchemaObject(String kind, String identity) {
        String dropSql() {
            // IF EXISTS, because one that was dropped before may have taken it along.
            return "DROP " + DROP_WORDS.getOrDefault(kind, kind.toUpperCase(Locale.ROOT)) + " IF EXISTS " + identity
                    + " CASCADE";
        }

        @Override
        public String toString() {
            return kind + " " + identity;
        }
    }

    private final Connection connection;
    private final String schema;

    SchemaObjects(Connection connection, String schema) {
        this.connection = connection;
        this.schema = schema;
    }

    /** {@return the extensions in the schema that this role may drop} */
    List<SchemaObject> extensions() throws SQLException {
        return list("SELECT 'extension', pg_catalog.quote_ident(e.extname) FROM pg_catalog.pg_extension e"
                + " WHERE e.extnamespace OPERATOR(pg_catalog.=) " + namespace()
                + " AND pg_catalog.pg_has_role(e.extowner, 'USAGE') ORDER BY e.extname");
    }

    /** {@return all else in the schema} */
    List<SchemaObject> all() throws SQLException {
        List<String> parts = new ArrayList<>();
        for (String[] catalog : CATALOGS) {
            parts.add("SELECT i.type, i.identity FROM pg_catalog." + catalog[0] + " o,"
                    + " pg_catalog.pg_identify_object('pg_catalog." + catalog[0] + "'::pg_catalog.regclass, o.oid, 0) i"
                    + " WHERE o." + catalog[1] + " OPERATOR(pg_catalog.=) " + namespace() + " AND " + catalog[2]
                    + " AND NOT EXISTS (SELECT FROM pg_catalog.pg_depend d"
                    + " WHERE d.classid OPERATOR(pg_catalog.=) 'pg_catalog." + catalog[0] + "'::pg_catalog.regclass"
                    + " AND d.objid OPERATOR(pg_catalog.=) o.oid AND d.objsubid OPERATOR(pg_catalog.=) 0"
                    + " AND d.deptype OPERATOR(pg_catalog.=) ANY (ARRAY['e', 'i']::pg_catalog.\"char\"[]))");
        }
        return list(String.join(" UNION ALL ", parts) + " ORDER BY 1, 2");
    }

    private List<SchemaObject> list(String sql) throws SQLException {
        List<SchemaObject> objects = new ArrayList<>();
        for (Row row : Message.send(connection, sql).orThrow().rows(0)) {
            objects.add(new SchemaObject(row.required(0), row.required(1)));
        }
        return objects;
    }

    /**
     * {@return what identifies each object, and each part of one (a column, a constraint), that is in none of the server's
     * own schemas and not in this one}
     */
    Set<String> elsewhere() throws SQLException {
        String other = " OPERATOR(pg_catalog.=) ANY (SELECT n.oid FROM pg_catalog.pg_namespace n WHERE n.nspname"
                + " OPERATOR(pg_catalog.!~) '^pg_' AND n.nspname OPERATOR(pg_catalog.<>) 'information_schema'"
                + " AND n.oid OPERATOR(pg_catalog.<>) " + namespace() + ")";
        List<String> parts = new ArrayList<>();
        for (String[] catalog : CATALOGS) {
            parts.add("SELECT '" + catalog[0] + "', o.oid, 0 FROM pg_catalog." + catalog[0] + " o WHERE o." + catalog[1]
                    + other);
        }
        for (String[] part : PARTS) {
            // The server knows a column as a part of its table.
            boolean column = part[0].equals("pg_attribute");
            parts.add("SELECT '" + (column ? "pg_class" : part[0]) + "', o." + (column ? part[1] : "oid") + ", "
                    + (column ? "o." + part[2] : part[2]) + " FROM pg_catalog." + part[0] + " o"
                    + " JOIN pg_catalog.pg_class c ON c.oid OPERATOR(pg_catalog.=) o." + part[1]
                    + " WHERE c.relnamespace" + other + " AND " + part[3]);
        }
        Set<String> keys = new HashSet<>();
        for (Row row : Message.send(connection, String.join(" UNION ALL ", parts))
                .orThrow()
                .rows(0)) {
            keys.add(row.required(0) + "/" + row.required(1) + "/" + row.required(2));
        }
        return keys;
    }

    /** {@return kind and name of what {@link #elsewhere} has identified, as far as it exists} */
    List<String> describe(Set<String> keys) throws SQLException {
        Set<String> described = new TreeSet<>();
        for (String key : keys) {
            String[] parts = key.split("/");
            String sql = "SELECT i.type, i.identity FROM pg_catalog.pg_identify_object('pg_catalog." + parts[0]
                    + "'::pg_catalog.regclass, " + parts[1] + "::pg_catalog.oid, " + parts[2] + ") i"
                    + " WHERE i.identity IS NOT NULL";
            for (Row row : Message.send(connection, sql).orThrow().rows(0)) {
                described.add(row.required(0) + " " + row.required(1));
            }
        }
        return List.copyOf(described);
    }

    private String namespace() {
        return "(SELECT s.oid FROM pg_catalog.pg_namespace s WHERE s.nspname OPERATOR(pg_catalog.=) "
                + Quote.literal(schema) + ")";
    }
}
