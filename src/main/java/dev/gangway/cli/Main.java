package dev.gangway.cli;

import dev.gangway.internal.Build;

/**
 * Where a process of the command line begins.
 *
 * <p>Knows no class of a library itself, so that the thin jar, whose users have none of them, can still say what to do.
 */
public final class Main {

    private Main() {}

    /** Runs one command and ends the process with its exit code. */
    public static void main(String[] args) {
        System.exit(run(args));
    }

    private static int run(String[] args) {
        try {
            return Cli.ofThisProcess(args).run();
        } catch (NoClassDefFoundError missing) {
            System.err.println(
                    "The command line needs the jar that has everything inside. Run it as: java -jar gangway-"
                            + Build.VERSION + "-all.jar (missing: " + missing.getMessage() + ")");
            return ExitCode.USAGE.value();
        }
    }
}
