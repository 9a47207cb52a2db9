package dev.gangway.search;

import java.time.Instant;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The columns that are filled where the table has them, in the order of {@link SearchTable#ddl}. */
enum SearchColumn {
    SEARCHED_AT("timestamptz NOT NULL"),
    /** In place of {@link #SEARCHED_AT} where the table has no such column. */
    CREATED_AT("timestamptz NOT NULL"),
    EXECUTION_TIME_MS("double precision NOT NULL"),
    SEARCH_TYPE("text NOT NULL"),
    RESULTS_COUNT("int"),
    REQUESTED("int"),
    OPERATOR("text NOT NULL"),
    TABLE_NAME("text"),
    FINGERPRINT("text NOT NULL"),
    SQL("text NOT NULL"),
    FAILED("boolean NOT NULL"),
    SQLSTATE("text"),
    /** The same for all searches of a {@link SearchTable}. */
    TARGET("text NOT NULL"),
    /** As {@link #TARGET}. */
    APPLICATION("text NOT NULL");

    private final String type;

    SearchColumn(String type) {
        this.type = type;
    }

    String columnName() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** {@return the type as it should be} */
    String type() {
        return type;
    }

    /** {@return the value as text; null when the search does not tell} */
    @Nullable
    String value(MeasuredSearch search) {
        return switch (this) {
            case SEARCHED_AT, CREATED_AT ->
                Instant.ofEpochMilli(search.endedAt()).toString();
            case EXECUTION_TIME_MS -> Double.toString(search.nanos() / 1_000_000.0);
            case SEARCH_TYPE -> "similarity";
            case RESULTS_COUNT -> number(search.rows());
            case REQUESTED -> number(search.k());
            case OPERATOR -> search.query().operator();
            case TABLE_NAME -> search.query().table();
            case FINGERPRINT -> search.query().fingerprint();
            // PostgreSQL has no text with a NUL in it, but a search that failed for that reason may.
            case SQL -> search.query().sql().replace("\0", "");
            case FAILED -> Boolean.toString(search.failed());
            case SQLSTATE -> search.sqlState();
            case TARGET, APPLICATION -> null;
        };
    }

    private static @Nullable String number(int number) {
        return number == SearchQuery.UNKNOWN ? null : Integer.toString(number);
    }

    /** {@return what stands for an unknown value where the column takes no null} */
    String inPlaceOfNull() {
        return this == RESULTS_COUNT || this == REQUESTED ? Integer.toString(SearchQuery.UNKNOWN) : "";
    }
}
