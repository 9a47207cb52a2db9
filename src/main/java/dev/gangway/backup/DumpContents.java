package dev.gangway.backup;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/**
 * What a dump holds, as {@code pg_restore --list} prints it: an entry a line, such as
 * {@code 216; 1259 16720 TABLE public documents app}. Immutable.
 *
 * @param lines of the list, comments left out
 */
record DumpContents(List<String> lines) {

    DumpContents {
        lines = List.copyOf(lines);
    }

    /** {@return the contents that a list names} */
    static DumpContents parse(Collection<String> list) {
        return new DumpContents(list.stream()
                .filter(line -> !line.isBlank() && !line.startsWith(";"))
                .toList());
    }

    /**
     * {@return the list without some entries, for {@code pg_restore --use-list}}
     *
     * @param entries kind, schema and name as in {@code EXTENSION - vector}; an entry's comment goes with it
     */
    List<String> without(Collection<String> entries) {
        List<String> kept = new ArrayList<>();
        for (String line : lines) {
            String entry = entry(line);
            if (entries.stream().noneMatch(name -> isFor(entry, name) || isFor(entry, comment(name)))) {
                kept.add(line);
            }
        }
        return kept;
    }

    /** {@return whether it holds an entry of this kind, schema and name, such as {@code TABLE DATA public documents}} */
    boolean has(String name) {
        return lines.stream().anyMatch(line -> isFor(entry(line), name));
    }

    /** {@code COMMENT - EXTENSION vector} belongs to {@code EXTENSION - vector}. */
    private static String comment(String entry) {
        return "COMMENT - " + entry.replaceFirst(" - ", " ");
    }

    /** The owner, which may be empty, stands behind the name and a space. */
    private static boolean isFor(String entry, String name) {
        return entry.startsWith(name) && (entry.length() == name.length() || entry.charAt(name.length()) == ' ');
    }

    /** Without the dump's own number and the two of the catalog. */
    private static String entry(String line) {
        String[] parts = line.split(" ", 4);
        return parts.length < 4 ? line : parts[3];
    }
}
