package dev.gangway.history;

import dev.gangway.pgjdbc.Message;
import dev.gangway.pgjdbc.Row;
import dev.gangway.pgvector.VectorExtension;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the server says of itself and of the session, in the same round trip as the check of the history.
 *
 * @param database   the database's name
 * @param user       the current role
 * @param schema     the current schema: the first of the search_path that exists; null when none does
 * @param standby    whether the server is in recovery, so that nothing can be written
 * @param backendPid the server's process id, which behind a pooler differs from the one the connection was told
 * @param searchPath the search_path as it is set
 * @param visible    the schemas on it that exist, in order
 * @param vector     pgvector as installed in this database; null when it is not
 */
public record ServerFacts(
        String database,
        String user,
        @Nullable String schema,
        boolean standby,
        int backendPid,
        String searchPath,
        List<String> visible,
        @Nullable VectorExtension vector) {

    /** One statement, one row; every name qualified, because the search_path is the application's. */
    static final String SQL = """
            SELECT pg_catalog.current_database(), current_user, pg_catalog.current_schema(),
              pg_catalog.pg_is_in_recovery(), pg_catalog.pg_backend_pid(), n.nspname, e.extversion,
              (SELECT pg_catalog.string_agg(pg_catalog.concat_ws(':', t.typname, t.oid, t.typarray), ',')
                 FROM pg_catalog.pg_type t
                WHERE t.typnamespace OPERATOR(pg_catalog.=) e.extnamespace
                  AND t.typname OPERATOR(pg_catalog.=) ANY ('{vector,halfvec,sparsevec}'::pg_catalog.name[])),
              pg_catalog.current_setting('search_path'),
              pg_catalog.array_to_string(pg_catalog.current_schemas(false), E'\\n')
            FROM (SELECT 1) AS always
            LEFT JOIN pg_catalog.pg_extension e ON e.extname OPERATOR(pg_catalog.=) 'vector'
            LEFT JOIN pg_catalog.pg_namespace n ON n.oid OPERATOR(pg_catalog.=) e.extnamespace""";

    /** Asks for the facts alone, in one round trip. */
    public static ServerFacts ask(Connection connection) throws SQLException {
        return of(Message.send(connection, SQL).orThrow().row(0));
    }

    static ServerFacts of(Row row) {
        VectorExtension vector = null;
        if (row.text(6) != null) {
            vector = new VectorExtension(row.required(5), row.required(6), types(row.text(7)));
        }
        return new ServerFacts(
                row.required(0),
                row.required(1),
                row.text(2),
                row.bool(3),
                (int) row.number(4),
                row.required(8),
                List.of(row.required(9).split("\n")),
                vector);
    }

    private static List<VectorExtension.Type> types(@Nullable String list) {
        List<VectorExtension.Type> types = new ArrayList<>();
        if (list != null) {
            for (String entry : list.split(",")) {
                String[] parts = entry.split(":");
                // OIDs are unsigned; pgjdbc keeps them in an int as well.
                types.add(new VectorExtension.Type(
                        parts[0], Integer.parseUnsignedInt(parts[1]), Integer.parseUnsignedInt(parts[2])));
            }
        }
        return types;
    }
}
