package dev.gangway.benchmarks;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

/**
 * One of the benchmarks that {@code scripts/benchmark} runs. To add one, write a class and name it in {@link Benchmarks};
 * {@code docs/benchmarks.md} needs a place for each of its tables.
 */
interface Benchmark {

    /** What it is called on the command line; its result is {@code benchmarks/results/NAME.json}. */
    String name();

    /**
     * Measures, on the one server that {@code TestServer} provides.
     *
     * @param result to be filled with all that was measured, raw data included; the machine is described already. No paths and
     *     no names of hosts
     */
    void run(Options options, ObjectNode result) throws Exception;

    /** Makes tables and pictures of a result, which may have been measured long ago. */
    void report(JsonNode result, Report report) throws Exception;
}
