package dev.gangway.pgjdbc;

import org.jspecify.annotations.Nullable;

/** One row of a result in the server's text form. Columns count from 0. */
public final class Row {
    private final @Nullable String[] values;

    Row(@Nullable String[] values) {
        this.values = values;
    }

    /** {@return the number of columns} */
    public int size() {
        return values.length;
    }

    /** {@return the column's text, or null for SQL NULL} */
    public @Nullable String text(int column) {
        return values[column];
    }

    /** {@return the column's text; only for columns that cannot be NULL} */
    public String required(int column) {
        String value = values[column];
        if (value == null) {
            throw new NullPointerException("column " + column + " is NULL");
        }
        return value;
    }

    /** {@return whether the boolean column is true; false for SQL NULL too} */
    public boolean bool(int column) {
        return "t".equals(values[column]);
    }

    /** {@return the integer in the column; only for columns that cannot be NULL} */
    public long number(int column) {
        return Long.parseLong(required(column));
    }
}
