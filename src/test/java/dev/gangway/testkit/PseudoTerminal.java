package dev.gangway.testkit;

import java.util.List;
import java.util.stream.Collectors;

/** Makes a command believe that it runs on a terminal, by util-linux's {@code script} or that of macOS. */
public final class PseudoTerminal {

    private PseudoTerminal() {}

    /** {@return the command line that runs the command on a terminal of that many columns, with its exit status} */
    public static List<String> around(List<String> command, int columns) {
        String line = "stty cols " + columns + "; exec "
                + command.stream().map(PseudoTerminal::quoted).collect(Collectors.joining(" "));
        return System.getProperty("os.name", "").startsWith("Mac")
                ? List.of("script", "-q", "/dev/null", "sh", "-c", line)
                : List.of("script", "-qec", "sh -c " + quoted(line), "/dev/null");
    }

    private static String quoted(String word) {
        return "'" + word.replace("'", "'\\''") + "'";
    }
}
