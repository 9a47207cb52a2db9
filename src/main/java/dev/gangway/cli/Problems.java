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
    private static final String REJECTED = "08004";
    private static final String NEXT = "\n  next:";

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
            say(usage(exception));
            UnmatchedArgumentException.printSuggestions(
                    exception, new PrintWriter(lines(), true, StandardCharsets.UTF_8));
        }
        lines().println("See: " + name + " --help");
        return ExitCode.USAGE.value();
    }

    private static String usage(ParameterException exception) {
        if (exception instanceof UnmatchedArgumentException unmatched
                && exception.getCommandLine().getParent() == null
                && !unmatched.isUnknownOption()) {
            return "There is no command '%s'."
                    .formatted(unmatched.getUnmatched().get(0));
        }
        return String.valueOf(exception.getMessage()).replaceFirst("^Error: ", "");
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
        String message = String.valueOf(sql.getMessage());
        if (isAboutThePassword(sql)) {
            int next = message.indexOf(NEXT);
            return (next < 0 ? message : message.substring(0, next)) + NEXT
                    + "   give the role with --user, and its password with --password, --password-file or GANGWAY_PASSWORD";
        }
        String cause = root.getMessage();
        return cause == null || message.contains(cause) ? message : withCause(message, cause);
    }

    /** pgjdbc has the same state for a password that is missing and for SSL that the server does not speak. */
    private static boolean isAboutThePassword(SQLException failure) {
        String state = failure.getSQLState();
        return WRONG_PASSWORD.equals(state)
                || (REJECTED.equals(state)
                        && String.valueOf(failure.getMessage()).contains("no password"));
    }

    /** Behind the first line, which it explains, not behind the advice. */
    private static String withCause(String message, String cause) {
        int end = message.indexOf('\n');
        String first = end < 0 ? message : message.substring(0, end);
        return first + " (" + cause + ")" + message.substring(first.length());
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
