package dev.gangway.packs;

import dev.gangway.testkit.Sql;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.SQLWarning;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What is to be known of a search function: which plan it runs by, and how many of the nearest it finds. */
final class Searches {
    private static final String VECTOR_INDEXES = """
            select pg_get_indexdef(x.indexrelid) from pg_catalog.pg_index x
            join pg_catalog.pg_class c on c.oid = x.indexrelid join pg_catalog.pg_am a on a.oid = c.relam
            where a.amname in ('hnsw', 'ivfflat')""";

    private Searches() {}

    /** {@return the names of all vector indexes of the database, unqualified} */
    static List<String> vectorIndexes(Connection connection) throws SQLException {
        return Rows.column(connection, VECTOR_INDEXES.replace("pg_get_indexdef(x.indexrelid)", "c.relname"));
    }

    /**
     * {@return the plans of all statements that ran within the query, those in functions too}
     *
     * @param superuser a connection of the superuser, with whichever role in force; it goes on to tell plans
     */
    static String plans(Connection superuser, String query) throws SQLException {
        tellPlans(superuser);
        try (Statement statement = superuser.createStatement()) {
            boolean rows = statement.execute(query);
            if (rows) {
                try (ResultSet result = statement.getResultSet()) {
                    while (result.next()) {
                        // The plan is told when the query ends.
                    }
                }
            }
            StringBuilder plans = new StringBuilder();
            for (SQLWarning warning = statement.getWarnings(); warning != null; warning = warning.getNextWarning()) {
                plans.append(warning.getMessage()).append('\n');
            }
            return plans.toString();
        }
    }

    /** From now on each statement on this connection of the superuser, whichever role is in force, tells its plan as a warning. */
    static void tellPlans(Connection superuser) throws SQLException {
        String role = Sql.ask(superuser, "select current_user");
        Sql.execute(superuser, """
                reset role;
                load 'auto_explain';
                set auto_explain.log_min_duration = 0;
                set auto_explain.log_nested_statements = on;
                set auto_explain.log_analyze = on;
                set auto_explain.log_level = notice;
                set client_min_messages = notice;
                set role "%s\"""".formatted(role));
    }

    /**
     * {@return the part of the truly nearest that a search finds, from 0 to 1, over all questions}
     *
     * @param found   a query with one parameter, the question as text, that returns a row's key first
     * @param nearest such a query too; it runs without indexes
     */
    static double recall(Connection connection, List<String> questions, String found, String nearest)
            throws SQLException {
        int hits = 0;
        int all = 0;
        for (String question : questions) {
            // A generic plan would be kept: an exact one for a search with the same text, or the other way round.
            Sql.execute(
                    connection,
                    "begin; set local enable_indexscan = off; set local enable_bitmapscan = off;"
                            // The caller may have forced the vector index: then it would be the lesser evil here.
                            + " set local enable_seqscan = on; set local enable_sort = on;"
                            + " set local plan_cache_mode = force_custom_plan");
            List<String> expected = keys(connection, nearest, question);
            Sql.execute(connection, "commit");
            Set<String> actual = new HashSet<>(keys(connection, found, question));
            hits += (int) expected.stream().filter(actual::contains).count();
            all += expected.size();
        }
        return (double) hits / all;
    }

    /** {@return the first column of a query with one parameter} */
    static List<String> keys(Connection connection, String query, @Nullable String question) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(query)) {
            statement.setString(1, question);
            try (ResultSet rows = statement.executeQuery()) {
                List<String> keys = new ArrayList<>();
                while (rows.next()) {
                    keys.add(String.valueOf(rows.getString(1)));
                }
                return keys;
            }
        }
    }

    /** Fills tables that have vector indexes: row by row that takes minutes, and built afterwards they are the same. */
    static void fillWithoutVectorIndexes(Connection superuser, String... statements) throws SQLException {
        List<String> definitions = Rows.column(superuser, VECTOR_INDEXES);
        List<String> names = Rows.column(
                superuser, VECTOR_INDEXES.replace("pg_get_indexdef(x.indexrelid)", "x.indexrelid::regclass"));
        for (String name : names) {
            Sql.execute(superuser, "drop index " + name);
        }
        for (String statement : statements) {
            Sql.execute(superuser, statement);
        }
        Sql.execute(superuser, "set maintenance_work_mem = '512MB'; set max_parallel_maintenance_workers = 0");
        for (String definition : definitions) {
            Sql.execute(superuser, definition);
        }
        Sql.execute(superuser, "analyze");
    }
}
