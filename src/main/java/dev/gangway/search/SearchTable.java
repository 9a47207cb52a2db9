package dev.gangway.search;

import dev.gangway.internal.QualifiedName;
import dev.gangway.pgjdbc.Message;
import dev.gangway.pgjdbc.Quote;
import dev.gangway.pgjdbc.Row;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.StringJoiner;
import org.jspecify.annotations.Nullable;

/** The table that searches are written to, as it was found in the database. Immutable. */
final class SearchTable {

    /** Why nothing can be written to it, and what would help. */
    static final class Unsuitable extends Exception {
        private static final long serialVersionUID = 1L;

        Unsuitable(String message) {
            super(message);
        }
    }

    /** @param takesNull what else stands for an unknown value depends on whether the column has a default */
    private record Column(SearchColumn known, boolean takesNull, boolean hasDefault) {}

    private final String name;
    private final List<Column> columns;
    private final Map<SearchColumn, String> sameForAll;

    private SearchTable(String name, List<Column> columns, Map<SearchColumn, String> sameForAll) {
        this.name = name;
        this.columns = List.copyOf(columns);
        this.sameForAll = Map.copyOf(sameForAll);
    }

    /**
     * Looks the table up.
     *
     * @param sameForAll the values of the columns that no search brings with it
     */
    static SearchTable find(Connection connection, QualifiedName name, Map<SearchColumn, String> sameForAll)
            throws SQLException, Unsuitable {
        List<Row> rows = Message.send(connection, lookup(name)).orThrow().rows(0);
        if (rows.isEmpty()) {
            throw new Unsuitable("there is no such table"
                    + (name.schema() == null ? " in the schemas of the search_path" : "") + suggestion(name));
        }
        Map<String, SearchColumn> known = new LinkedHashMap<>();
        for (SearchColumn column : SearchColumn.values()) {
            known.put(column.columnName(), column);
        }
        if (rows.stream().anyMatch(row -> row.required(2).equals(SearchColumn.SEARCHED_AT.columnName()))) {
            known.remove(SearchColumn.CREATED_AT.columnName());
        }
        List<Column> columns = new ArrayList<>();
        List<String> unknown = new ArrayList<>();
        for (Row row : rows) {
            String column = row.required(2);
            boolean takesNull = !row.bool(3);
            boolean hasDefault = row.bool(4);
            boolean generated = row.bool(5);
            SearchColumn filled = generated ? null : known.get(column);
            if (filled != null) {
                columns.add(new Column(filled, takesNull, hasDefault));
            } else if (!takesNull && !hasDefault) {
                unknown.add(column);
            }
        }
        if (!unknown.isEmpty()) {
            throw new Unsuitable("of its columns " + String.join(", ", unknown)
                    + " may not be null, and Gangway does not know what to write there: give each a default, or use another"
                    + " table" + suggestion(name));
        }
        if (columns.isEmpty()) {
            throw new Unsuitable("it has none of the columns that Gangway fills" + suggestion(name));
        }
        String found = Quote.identifier(rows.get(0).required(0)) + "."
                + Quote.identifier(rows.get(0).required(1));
        return new SearchTable(found, columns, sameForAll);
    }

    private static String lookup(QualifiedName name) {
        return "SELECT n.nspname, c.relname, a.attname, a.attnotnull,"
                + " a.atthasdef OR a.attidentity OPERATOR(pg_catalog.<>) '',"
                + " a.attgenerated OPERATOR(pg_catalog.<>) '' OR a.attidentity OPERATOR(pg_catalog.=) 'a'"
                + " FROM pg_catalog.pg_class c"
                + " JOIN pg_catalog.pg_namespace n ON n.oid OPERATOR(pg_catalog.=) c.relnamespace"
                + " JOIN pg_catalog.pg_attribute a ON a.attrelid OPERATOR(pg_catalog.=) c.oid"
                + " WHERE c.oid OPERATOR(pg_catalog.=) pg_catalog.to_regclass(" + Quote.literal(quoted(name)) + ")"
                + " AND a.attnum OPERATOR(pg_catalog.>) 0 AND NOT a.attisdropped ORDER BY a.attnum";
    }

    private static String quoted(QualifiedName name) {
        String table = Quote.identifier(name.name());
        return name.schema() == null ? table : Quote.identifier(name.schema()) + "." + table;
    }

    private static String suggestion(QualifiedName name) {
        return ". This one would do:\n" + ddl(quoted(name));
    }

    /** {@return a table with all columns that are filled} */
    static String ddl(String name) {
        StringJoiner columns = new StringJoiner(",\n", "CREATE TABLE " + name + " (\n", "\n);");
        for (SearchColumn column : SearchColumn.values()) {
            if (column != SearchColumn.CREATED_AT) {
                columns.add("    %-17s %s".formatted(column.columnName(), column.type()));
            }
        }
        return columns.toString();
    }

    /**
     * {@return the one statement that writes all these searches}
     *
     * <p>Its values are literals without a type, which PostgreSQL reads as what the column is: whether a number is kept as
     * {@code double precision}, {@code real} or {@code numeric} is the table's own affair.
     */
    String insert(List<MeasuredSearch> searches) {
        StringJoiner names = new StringJoiner(", ");
        for (Column column : columns) {
            names.add(Quote.identifier(column.known().columnName()));
        }
        StringJoiner rows = new StringJoiner(", ");
        for (MeasuredSearch search : searches) {
            StringJoiner values = new StringJoiner(", ", "(", ")");
            for (Column column : columns) {
                values.add(value(column, search));
            }
            rows.add(values.toString());
        }
        return "INSERT INTO " + name + " (" + names + ") VALUES " + rows;
    }

    private String value(Column column, MeasuredSearch search) {
        String common = sameForAll.get(column.known());
        @Nullable String value = common == null ? column.known().value(search) : common;
        if (value != null || column.takesNull()) {
            return Quote.literal(value);
        }
        return column.hasDefault() ? "DEFAULT" : Quote.literal(column.known().inPlaceOfNull());
    }
}
