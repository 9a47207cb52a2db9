package dev.gangway.torture;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * How a schema stands: what the history says, and what is there.
 *
 * @param history a line for each row, in the order of rank, without what differs from run to run
 * @param dump    what pg_dump says, the rows of each table sorted, the history's own left out
 */
record SchemaState(List<String> history, String dump) {

    SchemaState {
        history = List.copyOf(history);
    }

    static SchemaState of(List<String> history, String dump) {
        List<String> lines = new ArrayList<>();
        List<String> rows = null;
        for (String line : dump.split("\n", -1)) {
            if (rows == null) {
                lines.add(line);
                if (line.startsWith("COPY ") && line.endsWith(" FROM stdin;")) {
                    rows = new ArrayList<>();
                }
            } else if (line.equals("\\.")) {
                Collections.sort(rows);
                lines.addAll(rows);
                lines.add(line);
                rows = null;
            } else {
                rows.add(line);
            }
        }
        return new SchemaState(history, String.join("\n", lines));
    }

    /** For the message of a failure: the history, and of the dump what the other one has not. */
    String differenceFrom(SchemaState other) {
        return "history:\n    " + String.join("\n    ", history) + "\n  where the other has\n    "
                + String.join("\n    ", other.history) + "\n  only in this dump:\n    "
                + String.join("\n    ", without(dump, other.dump)) + "\n  only in the other:\n    "
                + String.join("\n    ", without(other.dump, dump));
    }

    private static List<String> without(String text, String other) {
        List<String> lines = new ArrayList<>(List.of(text.split("\n", -1)));
        for (String line : other.split("\n", -1)) {
            lines.remove(line);
        }
        lines.removeIf(line -> line.isBlank() || line.startsWith("--"));
        return lines;
    }
}
