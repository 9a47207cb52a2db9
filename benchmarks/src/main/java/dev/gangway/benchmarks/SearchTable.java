package dev.gangway.benchmarks;

import com.pgvector.PGvector;
import dev.gangway.testkit.Sql;
import dev.gangway.testkit.VectorCopy;
import java.io.IOException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** A table {@code (id int, bucket int, embedding vector)} that is searched in. */
record SearchTable(String name, Metric metric) {
    /** The index is built in memory, and without parallel workers: pgvector before 0.8.2 has CVE-2026-3172. */
    private static final String BUILD = "set maintenance_work_mem = '2GB'; set max_parallel_maintenance_workers = 0; ";

    /** Creates and fills it; there is no index but that of the primary key. */
    static SearchTable load(Connection connection, String name, VectorData data) throws SQLException, IOException {
        Sql.execute(
                connection,
                String.format(
                        Locale.ROOT,
                        "create unlogged table %s (id int, bucket int, embedding vector(%d)) with (autovacuum_enabled = off)",
                        name,
                        data.dimensions()));
        try (VectorCopy copy = VectorCopy.into(connection, name)) {
            data.copyTo(copy);
        }
        Sql.execute(connection, "alter table " + name + " add primary key (id)");
        Sql.execute(connection, "vacuum (analyze) " + name);
        return new SearchTable(name, data.metric());
    }

    /**
     * Builds an index called like the table, in place of an earlier one.
     *
     * @param definition as it stands behind {@code using}
     * @return how many seconds that took
     */
    double index(Connection connection, String definition) throws SQLException {
        Sql.execute(connection, "drop index if exists " + name + "_index");
        Sql.execute(connection, BUILD);
        long begin = System.nanoTime();
        Sql.execute(connection, "create index " + name + "_index on " + name + " using " + definition);
        return (System.nanoTime() - begin) / 1e9;
    }

    /** {@return the seconds that it took to build an index of the usual kind, with pgvector's defaults} */
    double hnsw(Connection connection) throws SQLException {
        return index(connection, "hnsw (embedding " + metric.operatorClass("vector") + ")");
    }

    /** {@return how many bytes the index has} */
    long indexBytes(Connection connection) throws SQLException {
        return Long.parseLong(String.valueOf(Sql.ask(connection, "select pg_relation_size('" + name + "_index')")));
    }

    /** {@return the search with one parameter, the question, that applications send} */
    String query(int k) {
        return "select id, embedding " + metric.operator() + " ?::vector as distance from " + name
                + " order by distance limit " + k;
    }

    /** {@return the ids of the nearest rows of each question, found without an index} */
    List<Set<Integer>> exact(Connection connection, PGvector[] questions, int k, String where) throws SQLException {
        Sql.execute(
                connection, "begin; set local enable_indexscan = off; set local max_parallel_workers_per_gather = 0");
        try {
            String query = "select id from " + name + " where " + where + " order by embedding " + metric.operator()
                    + " ?::vector limit " + k;
            List<Set<Integer>> nearest = new ArrayList<>();
            for (PGvector question : questions) {
                nearest.add(new HashSet<>(ids(connection, query, question)));
            }
            return nearest;
        } finally {
            Sql.execute(connection, "rollback");
        }
    }

    /** On a connection that knows pgvector's types, so that the question goes there in binary. */
    static List<Integer> ids(Connection connection, String query, PGvector question) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(query)) {
            statement.setObject(1, question);
            try (ResultSet rows = statement.executeQuery()) {
                List<Integer> ids = new ArrayList<>();
                while (rows.next()) {
                    ids.add(rows.getInt(1));
                }
                return ids;
            }
        }
    }

    /** {@return how many of the nearest were found, between 0 and 1} */
    double recall(Connection connection, PGvector[] questions, int k, List<Set<Integer>> nearest) throws SQLException {
        double found = 0;
        for (int i = 0; i < questions.length; i++) {
            List<Integer> ids = ids(connection, query(k), questions[i]);
            found += ids.stream().filter(nearest.get(i)::contains).count() / (double) k;
        }
        return found / questions.length;
    }
}
