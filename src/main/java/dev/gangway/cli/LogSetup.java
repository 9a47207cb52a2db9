package dev.gangway.cli;

/**
 * Sets up the log of the process: short lines on standard error, by slf4j-simple.
 *
 * <p>Its provider is named, not found: the {@code -all} jar does not register it, so that applications which have that jar
 * as their driver keep the provider that they have. All of it can be set otherwise by {@code -D}.
 */
final class LogSetup {
    /** A literal, which is relocated together with the class. */
    private static final String PROVIDER = "org.slf4j.simple.SimpleServiceProvider";

    private static final String SIMPLE = "org.slf4j.simpleLogger.";

    /** What these log below a warning is what the command prints in the end. */
    private static final String[] TOLD_BY_THE_RESULT = {"Repair", "Undo", "Unlock"};

    private LogSetup() {}

    /** To be called before anything logs. */
    static void apply(OutputOptions options) {
        setDefault("slf4j.provider", PROVIDER);
        // SLF4J itself would tell that it was given a provider.
        setDefault("slf4j.internal.verbosity", "WARN");
        setDefault(SIMPLE + "defaultLogLevel", options.verbose ? "info" : "warn");
        setDefault(SIMPLE + "log.dev.gangway", options.quiet ? "warn" : options.verbose ? "debug" : "info");
        for (String command : TOLD_BY_THE_RESULT) {
            setDefault(SIMPLE + "log.dev.gangway.command." + command, options.verbose ? "debug" : "warn");
        }
        setDefault(SIMPLE + "showThreadName", "false");
        setDefault(SIMPLE + "showLogName", "false");
    }

    private static void setDefault(String name, String value) {
        if (System.getProperty(name) == null) {
            System.setProperty(name, value);
        }
    }
}
