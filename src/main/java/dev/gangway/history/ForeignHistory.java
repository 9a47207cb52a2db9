package dev.gangway.history;

import dev.gangway.pgjdbc.Message;
import dev.gangway.pgjdbc.Quote;
import dev.gangway.pgjdbc.Row;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The histories of other tools: Flyway, Liquibase, Alembic, golang-migrate, dbmate and Rails, Prisma. */
public final class ForeignHistory {
    private static final List<String> TABLES = List.of(
            "flyway_schema_history", "databasechangelog", "alembic_version", "schema_migrations", "_prisma_migrations");

    private ForeignHistory() {}

    /** {@return the name of such a table in that schema, or null} */
    public static @Nullable String find(Connection connection, String schema) throws SQLException {
        String names = TABLES.stream().map(Quote::literal).collect(Collectors.joining(", "));
        List<Row> rows = Message.send(
                        connection,
                        "SELECT c.relname FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n"
                                + " ON n.oid OPERATOR(pg_catalog.=) c.relnamespace"
                                + " WHERE n.nspname OPERATOR(pg_catalog.=) " + Quote.literal(schema)
                                + " AND c.relkind OPERATOR(pg_catalog.=) ANY (ARRAY['r', 'p', 'v']::pg_catalog.\"char\"[])"
                                + " AND c.relname OPERATOR(pg_catalog.=) ANY (ARRAY[" + names
                                + "]::pg_catalog.name[])")
                .orThrow()
                .rows(0);
        return rows.isEmpty() ? null : rows.get(0).required(0);
    }
}
