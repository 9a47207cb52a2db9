package dev.gangway.search;

import org.jspecify.annotations.Nullable;

/**
 * One search, on its way to the table.
 *
 * @param endedAt  when it was over, in milliseconds since 1970
 * @param nanos    how long it took
 * @param rows     may be {@link SearchQuery#UNKNOWN}, as {@code k} may
 * @param sqlState of a failed search; null also where the failure has none
 */
record MeasuredSearch(
        SearchQuery query,
        long endedAt,
        long nanos,
        int rows,
        int k,
        boolean failed,
        @Nullable String sqlState) {}
