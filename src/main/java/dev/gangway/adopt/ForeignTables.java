package dev.gangway.adopt;

import dev.gangway.history.HistoryTable;
import dev.gangway.pgjdbc.Message;
import dev.gangway.pgjdbc.Quote;
import dev.gangway.pgjdbc.Row;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What a schema without a history of ours holds of other tools.
 *
 * @param histories  their histories, by name
 * @param companions tables that tell more about a history beside them, by name
 */
record ForeignTables(List<ForeignTable> histories, List<ForeignTable> companions) {
    static final String FLYWAY = "flyway_schema_history";
    static final String LIQUIBASE = "databasechangelog";
    static final String ALEMBIC = "alembic_version";
    static final String SCHEMA_MIGRATIONS = "schema_migrations";
    static final String PRISMA = "_prisma_migrations";

    /** Only Rails has it, beside a {@link #SCHEMA_MIGRATIONS} that looks like dbmate's. */
    static final String RAILS_METADATA = "ar_internal_metadata";

    static final String LIQUIBASE_LOCK = "databasechangeloglock";

    private static final List<String> HISTORIES = List.of(FLYWAY, LIQUIBASE, ALEMBIC, SCHEMA_MIGRATIONS, PRISMA);
    private static final List<String> COMPANIONS = List.of(RAILS_METADATA, LIQUIBASE_LOCK);
    private static final ForeignTables NONE = new ForeignTables(List.of(), List.of());

    /**
     * {@return what is in the history's schema; nothing when our own history is there too: it has lost its state table
     * then, and knows best itself}
     */
    static ForeignTables find(Connection connection, HistoryTable ours) throws SQLException {
        String schema = Objects.requireNonNull(ours.schema());
        List<Row> rows =
                Message.send(connection, sql(schema, ours.history())).orThrow().rows(0);
        Map<String, Map<String, String>> found = new TreeMap<>();
        for (Row row : rows) {
            Map<String, String> columns = found.computeIfAbsent(row.required(0), name -> new TreeMap<>());
            if (row.text(1) != null) {
                columns.put(row.required(1), row.required(2));
            }
        }
        if (found.containsKey(ours.history())) {
            return NONE;
        }
        return new ForeignTables(pick(HISTORIES, schema, found), pick(COMPANIONS, schema, found));
    }

    private static List<ForeignTable> pick(List<String> names, String schema, Map<String, Map<String, String>> found) {
        return names.stream()
                .filter(found::containsKey)
                .map(name -> new ForeignTable(schema, name, found.getOrDefault(name, Map.of())))
                .toList();
    }

    /** Tables only: no tool keeps its history in a view, but an application may have one over ours by such a name. */
    private static String sql(String schema, String ourHistory) {
        String names = Stream.of(HISTORIES, COMPANIONS, List.of(ourHistory))
                .flatMap(List::stream)
                .map(Quote::literal)
                .collect(Collectors.joining(", "));
        return "SELECT c.relname, a.attname, pg_catalog.format_type(a.atttypid, NULL)"
                + " FROM pg_catalog.pg_class c"
                + " JOIN pg_catalog.pg_namespace n ON n.oid OPERATOR(pg_catalog.=) c.relnamespace"
                + " LEFT JOIN pg_catalog.pg_attribute a ON a.attrelid OPERATOR(pg_catalog.=) c.oid"
                + " AND a.attnum OPERATOR(pg_catalog.>) 0 AND NOT a.attisdropped"
                + " WHERE n.nspname OPERATOR(pg_catalog.=) " + Quote.literal(schema)
                + " AND c.relkind OPERATOR(pg_catalog.=) ANY (ARRAY['r', 'p']::pg_catalog.\"char\"[])"
                + " AND c.relname OPERATOR(pg_catalog.=) ANY (ARRAY[" + names + "]::pg_catalog.name[])";
    }

    /** {@return the companion of that name, or null} */
    @Nullable
    ForeignTable companion(String name) {
        return companions.stream()
                .filter(table -> table.name().equals(name))
                .findFirst()
                .orElse(null);
    }
}
