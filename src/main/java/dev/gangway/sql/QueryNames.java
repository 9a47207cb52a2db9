package dev.gangway.sql;

import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The names that WITH gives to queries, as far as they are known in a query; those of the queries around it too. Not thread-safe. */
final class QueryNames {
    private final @Nullable QueryNames outer;
    private final Set<String> own = new HashSet<>();

    QueryNames(@Nullable QueryNames outer) {
        this.outer = outer;
    }

    void add(String name) {
        own.add(name);
    }

    boolean contains(String name) {
        for (QueryNames names = this; names != null; names = names.outer) {
            if (names.own.contains(name)) {
                return true;
            }
        }
        return false;
    }
}
