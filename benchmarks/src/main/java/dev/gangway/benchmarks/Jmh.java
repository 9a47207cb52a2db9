package dev.gangway.benchmarks;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.openjdk.jmh.results.format.ResultFormatType;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.OptionsBuilder;

/** Runs JMH, whose forks are JVMs of their own: what they have to know is a system property or a parameter. */
final class Jmh {

    private Jmh() {}

    /** {@return options for the benchmarks of a class, to be completed} */
    static ChainedOptionsBuilder of(Class<?> benchmarks) {
        return new OptionsBuilder()
                .include("^" + benchmarks.getName().replace("$", "\\.") + "\\.")
                .shouldFailOnError(true);
    }

    /** {@return what JMH's {@code -rf json} writes, all raw data included, without the paths of this machine} */
    static JsonNode run(ChainedOptionsBuilder options) throws IOException, RunnerException {
        Path file = Files.createTempFile("gangway-jmh", ".json");
        try {
            new Runner(options.resultFormat(ResultFormatType.JSON)
                            .result(file.toString())
                            .build())
                    .run();
            JsonNode runs = Results.JSON.readTree(file.toFile());
            for (JsonNode run : runs) {
                ((ObjectNode) run).remove(List.of("jvm", "jvmArgs"));
            }
            return runs;
        } finally {
            Files.delete(file);
        }
    }

    /** {@return the raw data of one benchmark, a list for each fork} */
    static List<List<Double>> raw(JsonNode runs, String method) {
        for (JsonNode run : runs) {
            if (run.get("benchmark").asText().endsWith("." + method)) {
                List<List<Double>> forks = new ArrayList<>();
                run.get("primaryMetric").get("rawData").forEach(fork -> forks.add(Results.numbers(fork)));
                return forks;
            }
        }
        throw new IllegalArgumentException("JMH has not run " + method);
    }
}
