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
            names = COLOUR,
            paramLabel = "WHEN",
            description =
                    "Colours: ${COMPLETION-CANDIDATES}. auto, the default, means on a terminal, unless NO_COLOR is set.")
    Colour colour = Colour.auto;

    @Option(
            names = {"-v", "--verbose"},
            description = "Log more.")
    boolean verbose;

    @Option(
            names = {"-q", "--quiet"},
            description = "Log warnings only, and show no progress.")
    boolean quiet;

    @Option(names = "--debug", description = "Show the stack trace of an error.")
    boolean debug;

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Show this help.")
    boolean help;
}
