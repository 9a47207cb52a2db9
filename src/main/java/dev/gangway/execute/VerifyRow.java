package dev.gangway.execute;

import dev.gangway.pgjdbc.Row;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One row that a query of a verify script has returned.
 *
 * @param passed false also for SQL NULL
 */
public record VerifyRow(
        String category,
        String name,
        boolean passed,
        @Nullable String detail) {

    /** @throws IllegalArgumentException when a verify query may not return such a row; says what it may return */
    static VerifyRow of(Row row) {
        if (row.size() < 3) {
            throw new IllegalArgumentException("a verify query returns (category text, name text, passed boolean"
                    + " [, detail text]), but this one has " + row.size() + " column(s)");
        }
        return new VerifyRow(
                Objects.requireNonNullElse(row.text(0), ""),
                Objects.requireNonNullElse(row.text(1), ""),
                row.bool(2),
                row.size() > 3 ? row.text(3) : null);
    }
}
