package dev.gangway.cli;

import java.util.function.BiFunction;
import picocli.CommandLine.Option;

/** For commands whose result programs may want. */
final class JsonOption {

    @Option(names = "--json", description = "Print the result as one JSON document.")
    boolean json;

    /** Prints a report as it was asked for. */
    <R extends Record> void print(R report, BiFunction<R, Style, String> text, Console console) {
        console.print(json ? Json.of(report) : text.apply(report, console.outStyle()));
    }
}
