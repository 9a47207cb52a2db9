package dev.gangway.cli;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * All that a command has to do with the world around it, but for databases and files.
 *
 * @param out      results
 * @param err      the log, progress, and what went wrong
 * @param outStyle how text looks on {@code out}
 * @param errStyle how text looks on {@code err}
 */
record Console(
        PrintStream out,
        Screen err,
        Terminal terminal,
        Style outStyle,
        Style errStyle,
        Map<String, String> environment) {

    /** {@return the console of this process; from now on, {@link System#err} goes past its progress bar} */
    static Console ofThisProcess(List<String> args) {
        // JSON is UTF-8 by definition, and terminals are, also where the locale is not set, as in most containers.
        PrintStream out = new PrintStream(new FileOutputStream(FileDescriptor.out), true, StandardCharsets.UTF_8);
        Screen err = new Screen(new FileOutputStream(FileDescriptor.err));
        System.setErr(err.lines());
        return of(out, err, Terminal.ofThisProcess(), System.getenv(), args);
    }

    static Console of(
            PrintStream out, Screen err, Terminal terminal, Map<String, String> environment, List<String> args) {
        String colour = colourOption(args);
        boolean wanted = !colour.equals("never")
                && environment.getOrDefault("NO_COLOR", "").isEmpty();
        boolean always = colour.equals("always");
        return new Console(
                out,
                err,
                terminal,
                new Style(always || (wanted && terminal.out()), terminal.width()),
                new Style(always || (wanted && terminal.err()), terminal.width()),
                environment);
    }

    /** Read before anything is parsed, because help and mistakes in the arguments have colours too. */
    private static String colourOption(List<String> args) {
        for (int at = 0; at < args.size(); at++) {
            String arg = args.get(at);
            if (arg.startsWith(OutputOptions.COLOUR + "=")) {
                return arg.substring(OutputOptions.COLOUR.length() + 1);
            }
            if (arg.equals(OutputOptions.COLOUR) && at + 1 < args.size()) {
                return args.get(at + 1);
            }
        }
        return "auto";
    }

    /** {@return the variable's value; null where it is not set or empty} */
    @Nullable
    String variable(String name) {
        String value = environment.get(name);
        return value == null || value.isEmpty() ? null : value;
    }

    /** Writes a whole result. */
    void print(String text) {
        out.print(text);
        out.flush();
    }
}
