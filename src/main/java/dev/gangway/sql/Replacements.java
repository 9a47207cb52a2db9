package dev.gangway.sql;

import java.util.Arrays;

/**
 * Which stretches of a text replaced which stretches of the original, in ascending order. Immutable once handed to a
 * {@link SourceText}.
 */
final class Replacements {
    static final Replacements NONE = new Replacements();

    private int count;
    private int[] newStarts = new int[0];
    private int[] newEnds = new int[0];
    private int[] oldStarts = new int[0];
    private int[] oldEnds = new int[0];

    void add(int newStart, int newEnd, int oldStart, int oldEnd) {
        if (count == newStarts.length) {
            int size = Math.max(8, count * 2);
            newStarts = Arrays.copyOf(newStarts, size);
            newEnds = Arrays.copyOf(newEnds, size);
            oldStarts = Arrays.copyOf(oldStarts, size);
            oldEnds = Arrays.copyOf(oldEnds, size);
        }
        newStarts[count] = newStart;
        newEnds[count] = newEnd;
        oldStarts[count] = oldStart;
        oldEnds[count] = oldEnd;
        count++;
    }

    /** Adds those that lie between two offsets to another list, in which everything is moved by a number of chars. */
    void copyTo(Replacements other, int from, int to, int shift) {
        for (int i = firstFrom(from); i < count && newStarts[i] < to; i++) {
            if (newEnds[i] > from || newStarts[i] >= from) {
                int start = Math.max(newStarts[i], from);
                int end = Math.min(newEnds[i], to);
                other.add(start + shift, end + shift, oldStarts[i], oldEnds[i]);
            }
        }
    }

    /** {@return where in the original the character stands, or the placeholder that it came out of begins} */
    int originalOffset(int newOffset) {
        int last = lastFrom(newOffset);
        if (last < 0) {
            return newOffset;
        }
        return newOffset < newEnds[last] ? oldStarts[last] : newOffset - newEnds[last] + oldEnds[last];
    }

    /** {@return where in the original a stretch ends that ends there; behind the placeholder that it ends in} */
    int originalEnd(int newEnd) {
        int last = lastFrom(newEnd);
        return last >= 0 && newStarts[last] < newEnd && newEnd < newEnds[last] ? oldEnds[last] : originalOffset(newEnd);
    }

    /** The first replacement that begins there or behind, or the one in front of it, which may reach that far. */
    private int firstFrom(int newOffset) {
        int first = lastFrom(newOffset - 1) + 1;
        return Math.max(0, first - 1);
    }

    /** The last replacement that begins there or before; -1 for none. */
    private int lastFrom(int newOffset) {
        int low = 0;
        int high = count;
        // Not Arrays.binarySearch: empty values make equal starts, and the last of them is wanted.
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (newStarts[middle] <= newOffset) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low - 1;
    }
}
