package dev.gangway.sql;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Where in a file each character stands. Made once for a file, however many texts are made out of it. Thread-safe.
 *
 * <p>Columns are counted in code points, which takes a look at the whole line in front. Whoever asks for one place after the
 * other, as most do, is spared counting from the line's beginning each time: a script of a megabyte may be one line.
 */
final class Lines {
    private final String name;
    private final String text;
    private volatile int @Nullable [] starts;
    private volatile Mark last = new Mark(0, 0);

    /** A place that is known: so many code points stand in front of this offset on its line. */
    private record Mark(int offset, int before) {}

    Lines(String name, String text) {
        this.name = name;
        this.text = text;
    }

    Position positionAt(int offset) {
        int[] known = starts();
        int found = Arrays.binarySearch(known, offset);
        int line = found >= 0 ? found : -found - 2;
        Mark mark = last;
        boolean onwards = mark.offset >= known[line] && mark.offset <= offset;
        int before = onwards
                ? mark.before + text.codePointCount(mark.offset, offset)
                : text.codePointCount(known[line], offset);
        last = new Mark(offset, before);
        return new Position(name, line + 1, before + 1);
    }

    private int[] starts() {
        int[] found = starts;
        if (found == null) {
            found = new int[16];
            int count = 1;
            for (int i = text.indexOf('\n'); i >= 0; i = text.indexOf('\n', i + 1)) {
                if (count == found.length) {
                    found = Arrays.copyOf(found, count * 2);
                }
                found[count++] = i + 1;
            }
            found = Arrays.copyOf(found, count);
            starts = found;
        }
        return found;
    }
}
