package dev.gangway.cli;

import java.io.File;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;

/**
 * Which of the standard streams are a terminal, and how wide it is.
 *
 * <p>The JDK tells only whether input and output both are ({@link System#console}). Standard error is where the progress
 * bar goes, and it may be a file when output is none, so the shell is asked about each.
 *
 * @param width in columns; {@link #UNLIMITED} where output is no terminal
 */
record Terminal(boolean in, boolean out, boolean err, int width) {

    static final int UNLIMITED = Integer.MAX_VALUE;

    /** No terminal at all, as in a pipe. */
    static final Terminal NONE = new Terminal(false, false, false, UNLIMITED);

    private static final int DEFAULT_WIDTH = 80;
    private static final int LEAST_WIDTH = 40;

    private static final String ASK =
            "r=0; test -t 0 && r=$((r+1)); test -t 1 && r=$((r+2)); test -t 2 && r=$((r+4)); exit $r";

    /** {@return what this process has} */
    static Terminal ofThisProcess() {
        int flags = File.separatorChar == '/' ? flags() : -1;
        if (flags < 0) {
            // No shell: on Windows, or in an image that holds nothing but Java.
            boolean all = isConsole();
            return new Terminal(all, all, all, all ? DEFAULT_WIDTH : UNLIMITED);
        }
        boolean out = (flags & 2) != 0;
        return new Terminal((flags & 1) != 0, out, (flags & 4) != 0, out ? columns() : UNLIMITED);
    }

    private static int flags() {
        try {
            int flags = new ProcessBuilder("sh", "-c", ASK).inheritIO().start().waitFor();
            return flags > 7 ? -1 : flags;
        } catch (IOException noShell) {
            return -1;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return -1;
        }
    }

    /** From JDK 22 on there is a console in a pipe too, and it says itself whether it is a terminal. */
    @SuppressWarnings("SystemConsoleNull")
    private static boolean isConsole() {
        java.io.Console console = System.console();
        try {
            return console != null
                    && (boolean) java.io.Console.class.getMethod("isTerminal").invoke(console);
        } catch (ReflectiveOperationException before22) {
            return true;
        }
    }

    /** The answer has to come through a pipe, so the terminal is asked by its own name. */
    private static int columns() {
        try {
            Process stty = new ProcessBuilder("sh", "-c", "stty size </dev/tty")
                    .redirectError(Redirect.DISCARD)
                    .start();
            String answer = new String(stty.getInputStream().readAllBytes(), StandardCharsets.US_ASCII).strip();
            int columns = Integer.parseInt(answer.substring(answer.indexOf(' ') + 1));
            return columns == 0 ? DEFAULT_WIDTH : Math.max(columns, LEAST_WIDTH);
        } catch (IOException | NumberFormatException unknown) {
            return DEFAULT_WIDTH;
        }
    }
}
