package dev.gangway.cli;

import picocli.CommandLine.Option;

/** What every command takes. */
final class OutputOptions {
    static final String COLOUR = "--color";

    /** When there are colours. */
    enum Colour {
        auto,
        always,
        never
    }

    /** Read by {@link Console} already; here for help and for values that there are not. */
    @Option(
            order = 201,
            names = COLOUR,
            paramLabel = "WHEN",
            description =
                    "Colours: ${COMPLETION-CANDIDATES}. auto, the default, means on a terminal, unless NO_COLOR is set.")
    Colour colour = Colour.auto;

    @Option(
            order = 202,
            names = {"-v", "--verbose"},
            description = "Log more.")
    boolean verbose;

    @Option(
            order = 203,
            names = {"-q", "--quiet"},
            description = "Log warnings only, and show no progress.")
    boolean quiet;

    @Option(order = 204, names = "--debug", description = "Show the stack trace of an error.")
    boolean debug;

    @Option(
            order = 205,
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Show this help.")
    boolean help;
}
