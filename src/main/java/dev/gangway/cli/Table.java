package dev.gangway.cli;

import dev.gangway.cli.Style.Meaning;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Text in aligned columns. Where the terminal is too narrow for it, the widest column is cut; a pipe always gets
 * everything. Not thread-safe.
 */
final class Table {
    private static final String GAP = "  ";
    private static final int LEAST = 8;

    private record Cell(String text, Meaning meaning) {}

    private final List<List<Cell>> rows = new ArrayList<>();
    private final int columns;

    Table(String... headings) {
        columns = headings.length;
        List<Cell> row = new ArrayList<>();
        for (String heading : headings) {
            row.add(new Cell(heading, Meaning.HEADING));
        }
        rows.add(row);
    }

    /** Begins a row. */
    Table row() {
        rows.add(new ArrayList<>());
        return this;
    }

    /** Adds a cell to the row; null shows as nothing, and what spans lines as its first. */
    Table cell(@Nullable Object value) {
        return cell(value, Meaning.NONE);
    }

    /** The same in a colour. */
    Table cell(@Nullable Object value, Meaning meaning) {
        String text = value == null ? "" : value.toString().strip();
        int line = text.indexOf('\n');
        rows.get(rows.size() - 1).add(new Cell(line < 0 ? text : text.substring(0, line) + " …", meaning));
        return this;
    }

    /** {@return whether there are no rows but the headings} */
    boolean isEmpty() {
        return rows.size() == 1;
    }

    /** {@return all rows, each ended by a line feed} */
    String render(Style style) {
        int[] widths = widths(style.width());
        StringBuilder text = new StringBuilder();
        for (List<Cell> row : rows) {
            int last = lastFilled(row);
            for (int column = 0; column <= last; column++) {
                Cell cell = row.get(column);
                String shown = cut(cell.text(), widths[column]);
                text.append(column == 0 ? "" : GAP).append(style.paint(cell.meaning(), shown));
                if (column < last) {
                    text.append(" ".repeat(widths[column] - shown.length()));
                }
            }
            text.append('\n');
        }
        return text.toString();
    }

    private int[] widths(int limit) {
        int[] widths = new int[columns];
        int total = GAP.length() * (columns - 1);
        for (int column = 0; column < columns; column++) {
            for (List<Cell> row : rows) {
                if (column < row.size()) {
                    widths[column] =
                            Math.max(widths[column], row.get(column).text().length());
                }
            }
            total += widths[column];
        }
        while (total > limit) {
            int widest = 0;
            for (int column = 1; column < columns; column++) {
                widest = widths[column] > widths[widest] ? column : widest;
            }
            if (widths[widest] <= LEAST) {
                return widths;
            }
            widths[widest]--;
            total--;
        }
        return widths;
    }

    private static int lastFilled(List<Cell> row) {
        int last = row.size() - 1;
        while (last >= 0 && row.get(last).text().isEmpty()) {
            last--;
        }
        return last;
    }

    private static String cut(String text, int width) {
        return text.length() <= width ? text : text.substring(0, width - 1) + "…";
    }
}
