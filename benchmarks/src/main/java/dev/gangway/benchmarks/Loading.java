package dev.gangway.benchmarks;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gangway.GangwayDriver;
import dev.gangway.testkit.Sql;
import dev.gangway.testkit.TestDatabase;
import dev.gangway.testkit.TestServer;
import dev.gangway.testkit.VectorCopy;
import java.io.IOException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;

/**
 * How fast embeddings get into a table, and how long an HNSW index is built there by plain SQL and by a migration: all ways
 * take turns.
 */
final class Loading implements Benchmark {
    private static final int BATCH = 500;

    /** How rows are sent. */
    private enum Way {
        TEXT("batch, text", Variant.BARE, Binding.TEXT),
        TEXT_ACCELERATED("batch, text, Gangway accelerate", Variant.ACCELERATE, Binding.TEXT),
        BINARY("batch, PGvector", Variant.BARE, Binding.BINARY),
        COPY("COPY, binary", Variant.BARE, null);

        private final String label;
        private final Variant variant;
        private final Binding binding;

        Way(String label, Variant variant, Binding binding) {
            this.label = label;
            this.variant = variant;
            this.binding = binding;
        }
    }

    @Override
    public String name() {
        return "loading";
    }

    @Override
    public void run(Options options, ObjectNode result) throws Exception {
        int rows = options.choose(10_000, 200);
        result.put("rows", rows);
        ArrayNode loads = result.putArray("loads");
        for (int dimensions : new int[] {384, 1536}) {
            try (TestDatabase database = TestServer.newDatabase()) {
                database.execute("create extension vector");
                database.execute("create table items (id int, bucket int, embedding vector(" + dimensions + "))");
                load(database, dimensions, rows, options.choose(5, 1), loads.addObject());
            }
        }
        build(options, result.putObject("build"));
    }

    private static void load(TestDatabase database, int dimensions, int rows, int rounds, ObjectNode result)
            throws Exception {
        VectorData data = VectorData.clustered(rows, dimensions);
        float[][] vectors = data.questions(rows);
        Map<Way, List<Double>> rates = new EnumMap<>(Way.class);
        // The first round warms up all ways alike and is not counted.
        for (int round = 0; round <= rounds; round++) {
            for (Way way : Way.values()) {
                database.execute("truncate items; checkpoint");
                // The text is there already: making it of numbers is the application's affair.
                Object[] values = way.binding == null ? vectors : way.binding.values(vectors);
                try (Connection connection = way.variant.open(database.jdbcUrl("reWriteBatchedInserts=false"))) {
                    long begin = System.nanoTime();
                    send(connection, way, values);
                    double seconds = (System.nanoTime() - begin) / 1e9;
                    if (round > 0) {
                        rates.computeIfAbsent(way, w -> new ArrayList<>()).add(rows / seconds);
                    }
                }
                if (!String.valueOf(rows).equals(database.ask("select count(*) from items"))) {
                    throw new IllegalStateException("Not all rows are there: " + way);
                }
            }
        }
        result.put("dimensions", dimensions);
        ObjectNode perSecond = result.putObject("rowsPerSecondInEachRound");
        rates.forEach((way, values) -> perSecond.set(way.name(), Results.array(values)));
    }

    private static void send(Connection connection, Way way, Object[] values) throws SQLException {
        if (way.binding == null) {
            try (VectorCopy copy = VectorCopy.into(connection, "items")) {
                for (int n = 0; n < values.length; n++) {
                    copy.row(n, 0, (float[]) values[n]);
                }
            }
            return;
        }
        connection.setAutoCommit(false);
        try (PreparedStatement insert =
                connection.prepareStatement("insert into items (id, bucket, embedding) values (?, ?, ?::vector)")) {
            for (int n = 0; n < values.length; n++) {
                insert.setInt(1, n);
                insert.setInt(2, 0);
                way.binding.bind(insert, 3, values[n]);
                insert.addBatch();
                if (n % BATCH == BATCH - 1 || n == values.length - 1) {
                    insert.executeBatch();
                }
            }
        }
        connection.commit();
    }

    private static void build(Options options, ObjectNode result) throws Exception {
        VectorData data = VectorData.clustered(options.choose(25_000, 500), options.choose(768, 64));
        List<Double> plain = new ArrayList<>();
        List<Double> gangway = new ArrayList<>();
        String index = "create index items_embedding on items using hnsw (embedding vector_cosine_ops)";
        try (TestDatabase database = TestServer.newDatabase();
                Scripts scripts = Scripts.write(1, index + ";");
                Connection connection = database.connect()) {
            database.execute("create extension vector");
            database.execute("create table items (id int, bucket int, embedding vector(" + data.dimensions() + "))");
            try (VectorCopy copy = VectorCopy.into(connection, "items")) {
                data.copyTo(copy);
            }
            database.execute("vacuum (analyze) items");
            database.execute("checkpoint");
            for (int round = 0; round < options.choose(2, 1); round++) {
                long begin = System.nanoTime();
                Sql.execute(connection, index);
                plain.add((System.nanoTime() - begin) / 1e9);
                database.execute("drop index items_embedding");

                String schema = "gangway.historyTable=history_" + round;
                String url = database.gangwayUrl("gangway.locations=filesystem:" + scripts.folder(), schema);
                begin = System.nanoTime();
                new GangwayDriver().connect(url, new Properties()).close();
                gangway.add((System.nanoTime() - begin) / 1e9);
                database.execute("drop index items_embedding; drop table t1");
            }
            result.put("maintenanceWorkMem", database.ask("show maintenance_work_mem"));
        }
        result.put("rows", data.rows());
        result.put("dimensions", data.dimensions());
        result.set("plainSeconds", Results.array(plain));
        result.set("gangwaySeconds", Results.array(gangway));
    }

    @Override
    public void report(JsonNode result, Report report) throws IOException {
        StringBuilder table =
                new StringBuilder("| dimensions | way | rows/s | times batch, text |\n| --- | --- | --- | --- |\n");
        for (JsonNode load : result.get("loads")) {
            JsonNode rates = load.get("rowsPerSecondInEachRound");
            List<Double> text = Results.numbers(rates.get(Way.TEXT.name()));
            for (Way way : Way.values()) {
                List<Double> own = Results.numbers(rates.get(way.name()));
                table.append(String.format(
                        Locale.ROOT,
                        "| %d | %s | %,.0f | %s |%n",
                        load.get("dimensions").asInt(),
                        way.label,
                        Spread.median(own),
                        Spread.of(Spread.ratios(own, text), 1)));
            }
        }
        report.table(name(), table + "\n" + Machine.sentence(result));
        JsonNode build = result.get("build");
        List<Double> plain = Results.numbers(build.get("plainSeconds"));
        List<Double> gangway = Results.numbers(build.get("gangwaySeconds"));
        report.table(
                "loading-index",
                String.format(
                        Locale.ROOT,
                        "| HNSW over %,d vectors of %d dimensions | s | to plain SQL |%n| --- | --- | --- |%n"
                                + "| plain SQL, maintenance_work_mem = %s | %s | |%n| a migration | %s | %s |%n",
                        build.get("rows").asInt(),
                        build.get("dimensions").asInt(),
                        build.get("maintenanceWorkMem").asText(),
                        Spread.of(plain, 0),
                        Spread.of(gangway, 0),
                        Spread.of(Spread.ratios(gangway, plain))));
    }
}
