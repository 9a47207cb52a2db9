package dev.gangway.search;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What stands between two parentheses, or all of a text: what it reads, and how many rows of it. Not thread-safe. */
final class QueryBlock {

    /**
     * Something that is read.
     *
     * @param table   its name as written; null for what stands in parentheses
     * @param block   what stands in parentheses; null for a table
     * @param aliases the names by which its columns may be called, as the server takes them
     */
    record Source(@Nullable String table, @Nullable QueryBlock block, List<String> aliases) {}

    private final @Nullable QueryBlock parent;
    private final List<Source> sources = new ArrayList<>();
    private int limit = SearchQuery.UNKNOWN;
    private int limitParameter;
    /** Whether the tokens that are read now list what is read. */
    boolean inFrom;

    QueryBlock(@Nullable QueryBlock parent) {
        this.parent = parent;
    }

    @Nullable
    QueryBlock parent() {
        return parent;
    }

    void reads(Source source) {
        sources.add(source);
    }

    void limit(int rows, int parameter) {
        limit = rows;
        limitParameter = parameter;
    }

    /** {@return the innermost block around this one that has a limit, itself included; itself when none has} */
    QueryBlock limited() {
        for (QueryBlock block = this; block != null; block = block.parent) {
            if (block.limit != SearchQuery.UNKNOWN || block.limitParameter != 0) {
                return block;
            }
        }
        return this;
    }

    int limit() {
        return limit;
    }

    int limitParameter() {
        return limitParameter;
    }

    /**
     * {@return the table that a column comes from; null when that cannot be told}
     *
     * @param qualifier what stands in front of the column's name; null for nothing
     */
    @Nullable
    String table(@Nullable String qualifier) {
        for (QueryBlock block = this; block != null; block = block.parent) {
            for (Source source : block.sources) {
                if (qualifier == null || source.aliases().contains(qualifier)) {
                    QueryBlock inner = source.block();
                    return inner == null ? source.table() : inner.ownTable();
                }
            }
        }
        return null;
    }

    private @Nullable String ownTable() {
        QueryBlock block = this;
        while (!block.sources.isEmpty()) {
            Source first = block.sources.get(0);
            if (first.block() == null) {
                return first.table();
            }
            block = first.block();
        }
        return null;
    }
}
