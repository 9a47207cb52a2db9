package dev.gangway.benchmarks;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.pgvector.PGvector;
import dev.gangway.testkit.Sql;
import dev.gangway.testkit.TestDatabase;
import dev.gangway.testkit.TestServer;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** How much of the ten nearest pgvector's indexes find, and how fast; with filters too. */
final class Recall implements Benchmark {
    private static final int K = 10;
    private static final int[] EF_SEARCH = {10, 20, 40, 80, 120, 200, 400, 800};
    private static final int[] PROBES = {1, 2, 5, 10, 20, 50, 100};

    /** Of {@link VectorData#BUCKETS} so many pass the filter. */
    private static final int[] BUCKETS = {100, 10, 1};

    /** An open table and what is asked there. */
    private record Work(
            Connection connection, SearchTable table, VectorData data, PGvector[] questions, Options options) {}

    @Override
    public String name() {
        return "recall";
    }

    @Override
    public void run(Options options, ObjectNode result) throws Exception {
        VectorData data = data(options);
        try (TestDatabase database = TestServer.newDatabase();
                Connection connection = database.connect()) {
            database.execute("create extension vector");
            PGvector.registerTypes(connection);
            result.put("data", data.description());
            result.put("rows", data.rows());
            result.put("dimensions", data.dimensions());
            SearchTable table = SearchTable.load(connection, "items", data);
            PGvector[] questions = Arrays.stream(data.questions(options.choose(100, 10)))
                    .map(PGvector::new)
                    .toArray(PGvector[]::new);
            measure(new Work(connection, table, data, questions, options), result);
        }
    }

    private static VectorData data(Options options) throws IOException {
        if (options.data() != null) {
            return VectorFile.read(options.data());
        }
        if (options.quick()) {
            SmallFiles.fvecs();
            return SmallFiles.hdf5();
        }
        return VectorData.clustered(30_000, 768);
    }

    private static void measure(Work work, ObjectNode result) throws SQLException {
        ArrayNode series = result.putArray("series");
        Connection connection = work.connection();
        List<Set<Integer>> nearest = exact(work, series.addObject());
        int rows = work.data().rows();
        int dimensions = work.data().dimensions();
        String vector = work.table().metric().operatorClass("vector");

        int lists = Math.max(10, rows / 1000);
        ObjectNode ivfflat = built(
                work, series.addObject(), "ivfflat", "ivfflat (embedding " + vector + ") with (lists = " + lists + ")");
        sweep(work, ivfflat, "ivfflat.probes", PROBES, work.table().query(K), nearest);

        ObjectNode halfvec = built(
                work,
                series.addObject(),
                "halfvec",
                "hnsw ((embedding::halfvec(" + dimensions + ")) "
                        + work.table().metric().operatorClass("halfvec") + ")");
        String operator = work.table().metric().operator();
        sweep(
                work,
                halfvec,
                "hnsw.ef_search",
                EF_SEARCH,
                "select id from items order by embedding::halfvec(" + dimensions + ") " + operator + " ?::halfvec("
                        + dimensions + ") limit " + K,
                nearest);

        ObjectNode binary = built(
                work,
                series.addObject(),
                "binary quantisation",
                "hnsw ((binary_quantize(embedding)::bit(" + dimensions + ")) bit_hamming_ops)");
        // As many candidates as the index can give are put into order by their own distances.
        sweep(
                work,
                binary,
                "hnsw.ef_search",
                EF_SEARCH,
                "with question as (select ?::vector as vector) select id from (select id, embedding from items order by"
                        + " binary_quantize(embedding)::bit(" + dimensions
                        + ") <~> (select binary_quantize(vector)::bit(" + dimensions
                        + ") from question) limit current_setting('hnsw.ef_search')::int) as candidates"
                        + " order by embedding " + operator + " (select vector from question) limit " + K,
                nearest);

        ObjectNode hnsw = built(work, series.addObject(), "hnsw", "hnsw (embedding " + vector + ")");
        sweep(work, hnsw, "hnsw.ef_search", EF_SEARCH, work.table().query(K), nearest);
        filters(work, result.putArray("filters"));
        Sql.execute(connection, "reset all");
    }

    private static List<Set<Integer>> exact(Work work, ObjectNode node) throws SQLException {
        long begin = System.nanoTime();
        List<Set<Integer>> found = work.table().exact(work.connection(), work.questions(), K, "true");
        double seconds = (System.nanoTime() - begin) / 1e9;
        Optional<int[][]> given = work.data().nearest();
        List<Set<Integer>> nearest = given.isEmpty() ? found : first(given.get(), work.questions().length);
        node.put("index", "exact");
        ObjectNode point = node.putArray("points").addObject();
        point.put("recall", recall(found, nearest));
        point.put("searchesPerSecond", round(work.questions().length / seconds));
        return nearest;
    }

    private static List<Set<Integer>> first(int[][] given, int questions) {
        List<Set<Integer>> nearest = new ArrayList<>();
        for (int i = 0; i < questions; i++) {
            Set<Integer> ids = new HashSet<>();
            for (int j = 0; j < K; j++) {
                ids.add(given[i][j]);
            }
            nearest.add(ids);
        }
        return nearest;
    }

    private static ObjectNode built(Work work, ObjectNode node, String name, String definition) throws SQLException {
        node.put("index", name);
        node.put("definition", definition);
        node.put("buildSeconds", round(work.table().index(work.connection(), definition)));
        node.put("bytes", work.table().indexBytes(work.connection()));
        return node;
    }

    private static void sweep(
            Work work, ObjectNode node, String setting, int[] values, String query, List<Set<Integer>> nearest)
            throws SQLException {
        Sql.execute(work.connection(), "set enable_seqscan = off");
        node.put("setting", setting);
        ArrayNode points = node.putArray("points");
        for (int value : values) {
            Sql.execute(work.connection(), "set " + setting + " = " + value);
            ObjectNode point = points.addObject();
            point.put("value", value);
            ask(work, query, nearest, point);
            point.put("plan", plan(work, query));
        }
        Sql.execute(work.connection(), "set enable_seqscan = on");
    }

    /** One round warms up, and counts what is found; the next ones are timed. */
    private static void ask(Work work, String query, List<Set<Integer>> nearest, ObjectNode point) throws SQLException {
        List<Set<Integer>> found = new ArrayList<>();
        int rows = 0;
        for (PGvector question : work.questions()) {
            List<Integer> ids = SearchTable.ids(work.connection(), query, question);
            rows += ids.size();
            found.add(new HashSet<>(ids));
        }
        long begin = System.nanoTime();
        long enough = (long) (work.options().choose(1500, 10) * 1e6);
        int searches = 0;
        while (System.nanoTime() - begin < enough) {
            for (PGvector question : work.questions()) {
                SearchTable.ids(work.connection(), query, question);
                searches++;
            }
        }
        double seconds = (System.nanoTime() - begin) / 1e9;
        point.put("recall", recall(found, nearest));
        point.put("rowsReturned", round(rows / (double) work.questions().length));
        point.put("searchesPerSecond", round(searches / seconds));
        point.put("milliseconds", round(seconds * 1000 / searches));
    }

    private static void filters(Work work, ArrayNode filters) throws SQLException {
        Connection connection = work.connection();
        Sql.execute(connection, "set hnsw.ef_search = 40");
        for (int buckets : BUCKETS) {
            String where = "bucket < " + buckets;
            List<Set<Integer>> nearest = work.table().exact(connection, work.questions(), K, where);
            for (String scan : List.of("off", "strict_order", "relaxed_order")) {
                Sql.execute(connection, "set hnsw.iterative_scan = " + scan);
                for (boolean free : new boolean[] {false, true}) {
                    Sql.execute(connection, "set enable_seqscan = " + (free ? "on" : "off"));
                    // A comment of its own, so that no plan is kept that was made under other settings.
                    String query = "/* " + scan + " " + free + " */ select id, embedding "
                            + work.table().metric().operator() + " ?::vector as distance from items where " + where
                            + " order by distance limit " + K;
                    ObjectNode filter = filters.addObject();
                    filter.put("passing", buckets / (double) VectorData.BUCKETS);
                    filter.put("iterativeScan", scan);
                    filter.put("planner", free ? "free" : "index");
                    ask(work, query, nearest, filter);
                    filter.put("plan", plan(work, query));
                }
            }
        }
    }

    /** {@return whether the index is used, or all rows are read} */
    private static String plan(Work work, String query) throws SQLException {
        String explained = Sql.ask(
                work.connection(), "explain (format json) " + query.replace("?", "'" + work.questions()[0] + "'"));
        return explained.contains("items_index") ? "index" : "all rows";
    }

    private static double recall(List<Set<Integer>> found, List<Set<Integer>> nearest) {
        double sum = 0;
        for (int i = 0; i < found.size(); i++) {
            Set<Integer> all = nearest.get(i);
            // A filter may leave fewer than K.
            sum += all.isEmpty()
                    ? 1
                    : found.get(i).stream().filter(all::contains).count() / (double) all.size();
        }
        return round(sum / found.size());
    }

    private static double round(double value) {
        return Math.round(value * 1000) / 1000.0;
    }

    @Override
    public void report(JsonNode result, Report report) throws Exception {
        RecallReport.write(result, report);
    }
}
