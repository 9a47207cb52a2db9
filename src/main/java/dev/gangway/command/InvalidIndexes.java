package dev.gangway.command;

import dev.gangway.pgjdbc.Message;
import dev.gangway.pgjdbc.Quote;
import dev.gangway.pgjdbc.Row;
import dev.gangway.sql.ConcurrentIndex;
import dev.gangway.sql.SqlStatement;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Finds the invalid indexes that interrupted builds of ours have left behind: those that one of our scripts builds
 * concurrently, and what the server calls the halves of a {@code REINDEX CONCURRENTLY}. An invalid index costs every write
 * and serves no query. One that is being built just now is invalid as well, and none of our business.
 */
final class InvalidIndexes {
    private static final Pattern LEFTOVER = Pattern.compile(".*_cc(new|old)[0-9]*");

    private final String schema;
    /** {@code schema.name}, as the catalog has them. */
    private final Set<String> ours = new HashSet<>();

    /** @param schema that of the history, where scripts put what they do not qualify */
    InvalidIndexes(String schema) {
        this.schema = schema;
    }

    /** Takes note of the indexes that these statements build. */
    void learn(List<SqlStatement> statements) {
        for (SqlStatement statement : statements) {
            ConcurrentIndex index = statement.concurrentIndex().orElse(null);
            if (index instanceof ConcurrentIndex.Create create && create.name() != null) {
                ours.add((create.schema() == null ? schema : create.schema()) + "." + create.name());
            }
        }
    }

    /** {@return the qualified names, quoted where that is needed, of those that can be dropped} */
    List<String> find(Connection connection) throws SQLException {
        // Whoever builds an index concurrently holds this lock on its table from the beginning to the end.
        String sql = "SELECT n.nspname, c.relname FROM pg_catalog.pg_index i"
                + " JOIN pg_catalog.pg_class c ON c.oid OPERATOR(pg_catalog.=) i.indexrelid"
                + " JOIN pg_catalog.pg_namespace n ON n.oid OPERATOR(pg_catalog.=) c.relnamespace"
                + " WHERE NOT i.indisvalid AND c.relkind OPERATOR(pg_catalog.=) 'i'"
                + " AND NOT EXISTS (SELECT FROM pg_catalog.pg_locks l"
                + " WHERE l.relation OPERATOR(pg_catalog.=) i.indrelid"
                + " AND l.database OPERATOR(pg_catalog.=) (SELECT d.oid FROM pg_catalog.pg_database d"
                + " WHERE d.datname OPERATOR(pg_catalog.=) pg_catalog.current_database())"
                + " AND l.mode OPERATOR(pg_catalog.=) 'ShareUpdateExclusiveLock')"
                + " AND NOT EXISTS (SELECT FROM pg_catalog.pg_stat_progress_create_index p"
                + " WHERE p.index_relid OPERATOR(pg_catalog.=) i.indexrelid"
                + " OR p.relid OPERATOR(pg_catalog.=) i.indrelid)"
                + " ORDER BY n.nspname, c.relname";
        List<String> found = new ArrayList<>();
        for (Row row : Message.send(connection, sql).orThrow().rows(0)) {
            String namespace = row.required(0);
            String name = row.required(1);
            if (ours.contains(namespace + "." + name)
                    || (namespace.equals(schema) && LEFTOVER.matcher(name).matches())) {
                found.add(Quote.identifier(namespace) + "." + Quote.identifier(name));
            }
        }
        return found;
    }

    /** Drops one; nobody is kept from reading and writing meanwhile. */
    static void drop(Connection connection, String qualifiedName) throws SQLException {
        Message.send(connection, "SET lock_timeout = 0; SET statement_timeout = 0")
                .orThrow();
        Message.send(connection, "DROP INDEX CONCURRENTLY IF EXISTS " + qualifiedName)
                .orThrow();
    }
}
