package dev.gangway.cli;

import dev.gangway.GangwayException;
import dev.gangway.GangwayException.Code;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/** What goes wrong, as one message on standard error and an exit code. */
final class Problems {
    private static final String WRONG_PASSWORD = "28P01";

    private final Console console;

    Problems(Console console) {
        this.console = console;
    }

    /** Arguments that cannot be understood. */
    int usage(ParameterException exception, String[] args) {
        CommandLine command = exception.getCommandLine();
        String name = command.getCommandSpec().qualifiedName();
        if (isPasswordGiven(List.of(args))) {
            say("--password takes no value, so that it shows nowhere: it asks for one."
                    + " Or use --password-file, or GANGWAY_PASSWORD in the environment.");
        } else {
            say(String.valueOf(exception.getMessage()));
            UnmatchedArgumentException.printSuggestions(
                    exception, new PrintWriter(lines(), true, StandardCharsets.UTF_8));
        }
        lines().println("See: " + name + " --help");
        return ExitCode.USAGE.value();
    }

    /** A command that has failed. */
    int failure(Exception exception, boolean debug) {
        say(message(exception));
        if (debug) {
            exception.printStackTrace(lines());
        }
        return exception instanceof GangwayException own && own.code() == Code.SETTING_WRONG
                ? ExitCode.USAGE.value()
                : ExitCode.FAILED.value();
    }

    private void say(String message) {
        lines().println(console.errStyle().bad("gangway:") + " " + message);
    }

    private PrintStream lines() {
        return console.err().lines();
    }

    /** {@return what happened, and what pgjdbc leaves to the causes} */
    static String message(Exception exception) {
        if (exception instanceof GangwayException) {
            return String.valueOf(exception.getMessage());
        }
        if (!(exception instanceof SQLException sql)) {
            return exception + "\n  This should not happen. With --debug there is more to see.";
        }
        Throwable root = sql;
        while (root.getCause() != null && root.getCause() != root) {
            root = root.getCause();
        }
        if (root instanceof UnknownHostException) {
            return "The host %s is not known.\n  next: correct the URL".formatted(root.getMessage());
        }
        if (WRONG_PASSWORD.equals(sql.getSQLState())) {
            return sql.getMessage()
                    + "\n  next: give the role with --user, and its password with --password, --password-file or GANGWAY_PASSWORD";
        }
        String message = String.valueOf(sql.getMessage());
        String cause = String.valueOf(root.getMessage());
        return message.contains(cause) || root.getMessage() == null ? message : message + " (" + cause + ")";
    }

    private static boolean isPasswordGiven(List<String> args) {
        for (int at = 0; at < args.size(); at++) {
            if (args.get(at).startsWith(TargetOptions.PASSWORD + "=")) {
                return true;
            }
            if (args.get(at).equals(TargetOptions.PASSWORD)
                    && at + 1 < args.size()
                    && !args.get(at + 1).startsWith("-")) {
                return true;
            }
        }
        return false;
    }
}
