package dev.gangway.internal;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;

/**
 * The difference between two texts in unified format, as {@code diff -u} and {@code patch} know it, with three lines of
 * context. Finds a shortest edit script by Eugene W. Myers' algorithm ("An O(ND) Difference Algorithm and Its Variations",
 * 1986). Pure.
 */
public final class UnifiedDiff {
    private static final int CONTEXT = 3;

    /** Beyond so many edits the texts are two different ones, and the search would take more memory than it is worth. */
    private static final int MOST_EDITS = 2_000;

    private static final String NO_NEWLINE = "\\ No newline at end of file\n";

    /** One line of the whole comparison: ' ' is in both, '-' only in the old text, '+' only in the new one. */
    private record Line(char sign, String text) {}

    private UnifiedDiff() {}

    /**
     * {@return what to change in the old text to get the new one; empty when they are equal}
     *
     * @param oldName stands in the first line of the header
     * @param newName stands in the second
     */
    public static String of(String oldName, String newName, String oldText, String newText) {
        if (oldText.equals(newText)) {
            return "";
        }
        List<Line> lines = compare(lines(oldText), lines(newText));
        StringBuilder diff = new StringBuilder("--- " + oldName + "\n+++ " + newName + "\n");
        int oldLine = 1;
        int newLine = 1;
        int at = 0;
        while (at < lines.size()) {
            int end = hunkEnd(lines, at);
            if (end < 0) {
                break;
            }
            int start = Math.max(at, firstChange(lines, at) - CONTEXT);
            oldLine += start - at;
            newLine += start - at;
            List<Line> hunk = lines.subList(start, end);
            int olds = (int) hunk.stream().filter(line -> line.sign() != '+').count();
            int news = (int) hunk.stream().filter(line -> line.sign() != '-').count();
            diff.append("@@ -").append(range(oldLine, olds));
            diff.append(" +").append(range(newLine, news)).append(" @@\n");
            for (Line line : hunk) {
                diff.append(line.sign()).append(line.text());
                if (!line.text().endsWith("\n")) {
                    diff.append('\n').append(NO_NEWLINE);
                }
            }
            oldLine += olds;
            newLine += news;
            at = end;
        }
        return diff.toString();
    }

    private static String range(int line, int count) {
        // An empty range stands behind the line before it.
        return count == 1 ? Integer.toString(line) : (count == 0 ? line - 1 : line) + "," + count;
    }

    private static int firstChange(List<Line> lines, int from) {
        int at = from;
        while (at < lines.size() && lines.get(at).sign() == ' ') {
            at++;
        }
        return at;
    }

    /** The end of the hunk that the next change begins; -1 when there is none. Changes that are near share a hunk. */
    private static int hunkEnd(List<Line> lines, int from) {
        int at = firstChange(lines, from);
        if (at == lines.size()) {
            return -1;
        }
        while (true) {
            while (at < lines.size() && lines.get(at).sign() != ' ') {
                at++;
            }
            int next = firstChange(lines, at);
            if (next == lines.size() || next - at > 2 * CONTEXT) {
                return Math.min(lines.size(), at + CONTEXT);
            }
            at = next;
        }
    }

    /** The lines with what ends them, so that a last line without its end differs from one with it. */
    private static List<String> lines(String text) {
        List<String> lines = new ArrayList<>();
        int start = 0;
        while (start < text.length()) {
            int newline = text.indexOf('\n', start);
            int end = newline < 0 ? text.length() : newline + 1;
            lines.add(text.substring(start, end));
            start = end;
        }
        return lines;
    }

    private static List<Line> compare(List<String> old, List<String> now) {
        int prefix = 0;
        while (prefix < old.size() && prefix < now.size() && old.get(prefix).equals(now.get(prefix))) {
            prefix++;
        }
        int suffix = 0;
        while (suffix < old.size() - prefix
                && suffix < now.size() - prefix
                && old.get(old.size() - 1 - suffix).equals(now.get(now.size() - 1 - suffix))) {
            suffix++;
        }
        List<Line> lines = new ArrayList<>();
        old.subList(0, prefix).forEach(line -> lines.add(new Line(' ', line)));
        lines.addAll(middle(old.subList(prefix, old.size() - suffix), now.subList(prefix, now.size() - suffix)));
        old.subList(old.size() - suffix, old.size()).forEach(line -> lines.add(new Line(' ', line)));
        return lines;
    }

    /** Remembers, for each number of edits, how far each diagonal was reached, and walks back from the end. */
    private static List<Line> middle(List<String> old, List<String> now) {
        int most = Math.min(MOST_EDITS, old.size() + now.size());
        int[] reached = new int[2 * most + 3];
        int zero = most + 1;
        List<int[]> trace = new ArrayList<>();
        for (int edits = 0; edits <= most; edits++) {
            // Only the diagonals that this round can reach are kept, or long texts would need memory by the square.
            trace.add(Arrays.copyOfRange(reached, zero - edits - 1, zero + edits + 2));
            for (int diagonal = -edits; diagonal <= edits; diagonal += 2) {
                boolean down = diagonal == -edits
                        || (diagonal != edits && reached[zero + diagonal - 1] < reached[zero + diagonal + 1]);
                int x = down ? reached[zero + diagonal + 1] : reached[zero + diagonal - 1] + 1;
                while (x < old.size() && x - diagonal < now.size() && old.get(x).equals(now.get(x - diagonal))) {
                    x++;
                }
                reached[zero + diagonal] = x;
                if (x >= old.size() && x - diagonal >= now.size()) {
                    return walkBack(old, now, trace);
                }
            }
        }
        List<Line> replaced = new ArrayList<>();
        old.forEach(line -> replaced.add(new Line('-', line)));
        now.forEach(line -> replaced.add(new Line('+', line)));
        return replaced;
    }

    private static List<Line> walkBack(List<String> old, List<String> now, List<int[]> trace) {
        List<Line> backwards = new ArrayList<>();
        int x = old.size();
        int y = now.size();
        for (int edits = trace.size() - 1; edits >= 0; edits--) {
            int[] before = trace.get(edits);
            int zero = edits + 1;
            int diagonal = x - y;
            boolean down = diagonal == -edits
                    || (diagonal != edits && before[zero + diagonal - 1] < before[zero + diagonal + 1]);
            int previousDiagonal = down ? diagonal + 1 : diagonal - 1;
            int previousX = edits == 0 ? 0 : before[zero + previousDiagonal];
            int previousY = edits == 0 ? 0 : previousX - previousDiagonal;
            while (x > previousX && y > previousY) {
                x--;
                y--;
                backwards.add(new Line(' ', old.get(x)));
            }
            if (edits > 0) {
                if (down) {
                    y--;
                    backwards.add(new Line('+', now.get(y)));
                } else {
                    x--;
                    backwards.add(new Line('-', old.get(x)));
                }
            }
        }
        Collections.reverse(backwards);
        return backwards;
    }
}
