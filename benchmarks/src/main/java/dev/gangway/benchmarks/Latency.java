package dev.gangway.benchmarks;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.pgvector.PGvector;
import dev.gangway.testkit.Sql;
import dev.gangway.testkit.TestDatabase;
import dev.gangway.testkit.TestServer;
import java.sql.Connection;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.runner.options.TimeValue;

/**
 * How long a search takes that applications send, with Gangway and with what else is put between an application and pgjdbc:
 * by turns on one thread, in every combination; and by JMH on one to eight threads, in some.
 */
final class Latency implements Benchmark {
    private static final int[] DIMENSIONS = {384, 768, 1536};
    private static final int[] K = {10, 100};
    private static final int QUESTIONS = 50;

    /** A table that is ready to be searched in. */
    private record Place(SearchTable table, VectorData data, double recall) {}

    @Override
    public String name() {
        return "latency";
    }

    @Override
    public void run(Options options, ObjectNode result) throws Exception {
        try (TestDatabase database = TestServer.newDatabase()) {
            database.execute("create extension vector");
            List<Place> places = places(database, options);
            ArrayNode tables = result.putArray("tables");
            for (Place place : places) {
                ObjectNode table = tables.addObject();
                table.put("data", place.data().description());
                table.put("dimensions", place.data().dimensions());
                table.put("rows", place.data().rows());
                table.put("recallAt10", Math.round(place.recall() * 1000) / 1000.0);
            }
            turns(database, places, options, result.putArray("byTurns"));
            jmh(database, places, options, result);
        }
    }

    private static List<Place> places(TestDatabase database, Options options) throws Exception {
        List<VectorData> sets = new ArrayList<>();
        if (options.data() != null) {
            sets.add(VectorFile.read(options.data()));
        } else if (options.quick()) {
            sets.add(VectorData.clustered(300, 32));
        } else {
            // The largest first, so that two threads are done at about the same time.
            for (int rows : new int[] {100_000, 10_000}) {
                for (int i = DIMENSIONS.length - 1; i >= 0; i--) {
                    sets.add(VectorData.clustered(rows, DIMENSIONS[i]));
                }
            }
        }
        ExecutorService threads =
                Executors.newFixedThreadPool(Math.min(4, Runtime.getRuntime().availableProcessors()));
        try {
            List<Callable<Place>> tasks = new ArrayList<>();
            sets.forEach(data -> tasks.add(() -> place(database, data)));
            List<Place> places = new ArrayList<>();
            for (Future<Place> place : threads.invokeAll(tasks)) {
                places.add(0, place.get());
            }
            return places;
        } finally {
            threads.shutdown();
        }
    }

    private static Place place(TestDatabase database, VectorData data) throws Exception {
        try (Connection connection = database.connect()) {
            String name = SearchJmh.table(data.dimensions(), data.rows());
            SearchTable table = SearchTable.load(connection, name, data);
            table.hnsw(connection);
            Sql.execute(connection, "checkpoint");
            PGvector.registerTypes(connection);
            PGvector[] questions =
                    Arrays.stream(data.questions(QUESTIONS)).map(PGvector::new).toArray(PGvector[]::new);
            List<Set<Integer>> nearest = table.exact(connection, questions, 10, "true");
            return new Place(table, data, table.recall(connection, questions, 10, nearest));
        }
    }

    private static void turns(TestDatabase database, List<Place> places, Options options, ArrayNode cells)
            throws Exception {
        String url = database.jdbcUrl();
        for (Place place : places) {
            for (Binding binding : Binding.values()) {
                Object[] questions = binding.values(place.data().questions(QUESTIONS));
                for (int k : K) {
                    ObjectNode cell = cells.addObject();
                    cell.put("dimensions", place.data().dimensions());
                    cell.put("rows", place.data().rows());
                    cell.put("k", k);
                    cell.put("binding", binding.name());
                    // The others are compared where a search is short, so that what they cost shows most.
                    boolean all = place.data().rows() <= 10_000 && place.data().dimensions() != 768;
                    Turns turns = new Turns();
                    turns.run(
                            all ? List.of(Variant.values()) : Variant.GANGWAY,
                            variant -> Searcher.open(variant, url, place.table(), k, binding, questions),
                            options.choose(3, 1),
                            (all ? 3.5 : 2) * options.choose(100, 1) / 100);
                    turns.write(cell);
                }
            }
        }
    }

    private static void jmh(TestDatabase database, List<Place> places, Options options, ObjectNode result)
            throws Exception {
        Place first = places.get(0);
        String[] dimensions = places.stream()
                .filter(place -> place.data().rows() == first.data().rows())
                .map(place -> place.data().dimensions())
                .filter(d -> d != 768 || options.data() != null)
                .map(String::valueOf)
                .toArray(String[]::new);
        TimeValue time = TimeValue.milliseconds(options.choose(1000, 20));
        for (Mode mode : List.of(Mode.SampleTime, Mode.Throughput)) {
            ArrayNode runs = result.putArray(mode == Mode.SampleTime ? "sampleTime" : "throughput");
            for (int threads : mode == Mode.SampleTime ? new int[] {1} : new int[] {1, 4, 8}) {
                JsonNode run = Jmh.run(Jmh.of(SearchJmh.class)
                        .jvmArgsAppend(
                                "-D" + SearchJmh.URL + "=" + database.jdbcUrl(),
                                "-D" + SearchJmh.METRIC + "=" + first.data().metric(),
                                "-D" + SearchJmh.FILE + "=" + (options.data() == null ? "" : options.data()))
                        .param("dimensions", dimensions)
                        .param("rows", String.valueOf(first.data().rows()))
                        .param("k", mode == Mode.SampleTime ? new String[] {"10", "100"} : new String[] {"10"})
                        .param(
                                "variant",
                                names(
                                        options.quick()
                                                ? List.of(Variant.BARE, Variant.P6SPY)
                                                : List.of(Variant.values())))
                        .mode(mode)
                        .threads(threads)
                        .forks(1)
                        .warmupIterations(1)
                        .warmupTime(time)
                        .measurementIterations(options.choose(mode == Mode.SampleTime ? 3 : 1, 1))
                        .measurementTime(time));
                run.forEach(runs::add);
            }
        }
    }

    static String[] names(List<Variant> variants) {
        return variants.stream().map(Enum::name).toArray(String[]::new);
    }

    @Override
    public void report(JsonNode result, Report report) throws Exception {
        LatencyReport.write(result, report);
    }
}
