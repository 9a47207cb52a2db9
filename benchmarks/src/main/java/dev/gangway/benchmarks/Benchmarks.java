package dev.gangway.benchmarks;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Runs all benchmarks, or those that are named, and makes tables and pictures of what they measured.
 *
 * <p>Usage: {@code Benchmarks [--quick | --report] [--data FILE] [NAME...]}, from the folder of the checkout.
 */
public final class Benchmarks {
    private static final List<Benchmark> ALL = List.of(
            new Connect(),
            new Migrations(),
            new Latency(),
            new Overhead(),
            new Recall(),
            new Loading(),
            new PackSearches(),
            new BackgroundBuild());

    private static final Path RESULTS = Path.of("benchmarks", "results");
    private static final Path QUICK_RESULTS = Path.of("benchmarks", "target", "quick");
    private static final Path PAGE = Path.of("docs", "benchmarks.md");

    private Benchmarks() {}

    public static void main(String[] args) {
        int status = 1;
        try {
            measure(args);
            status = 0;
        } catch (UsageException e) {
            System.err.println("benchmark: " + e.getMessage());
            status = 2;
        } catch (Exception e) {
            e.printStackTrace();
        } finally {
            // Whatever of a library's threads is left must not keep the JVM.
            System.exit(status);
        }
    }

    private static void measure(String[] args) throws Exception {
        boolean quick = false;
        boolean reportOnly = false;
        List<Benchmark> chosen = new ArrayList<>();
        Path data = null;
        Iterator<String> rest = List.of(args).iterator();
        while (rest.hasNext()) {
            String arg = rest.next();
            switch (arg) {
                case "--quick" -> quick = true;
                case "--report" -> reportOnly = true;
                case "--data" -> data = Path.of(rest.next());
                default -> chosen.add(byName(arg));
            }
        }
        Results results = new Results(quick ? QUICK_RESULTS : RESULTS);
        for (Benchmark benchmark : chosen.isEmpty() ? ALL : chosen) {
            if (!reportOnly) {
                run(benchmark, new Options(quick, data), results);
            }
            if (results.has(benchmark.name())) {
                JsonNode result = results.read(benchmark.name());
                benchmark.report(result, new Report(results.folder(), quick ? null : PAGE));
            }
        }
    }

    private static void run(Benchmark benchmark, Options options, Results results) throws Exception {
        System.err.println("benchmark: " + benchmark.name());
        long begin = System.nanoTime();
        ObjectNode result = Results.newObject();
        result.set("machine", Machine.describe());
        benchmark.run(options, result);
        Duration took = Duration.ofNanos(System.nanoTime() - begin);
        result.put("tookSeconds", took.toSeconds());
        results.write(benchmark.name(), result);
        System.err.println("benchmark: " + benchmark.name() + " took " + took.toSeconds() + " s");
    }

    private static Benchmark byName(String name) {
        return ALL.stream()
                .filter(benchmark -> benchmark.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new UsageException("No benchmark is called " + name + "; there are "
                        + ALL.stream().map(Benchmark::name).collect(Collectors.joining(", "))));
    }

    private static final class UsageException extends RuntimeException {
        private static final long serialVersionUID = 1;

        UsageException(String message) {
            super(message);
        }
    }
}
