package dev.gangway.sql;

import dev.gangway.sql.WordReader.QualifiedName;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The tables that a query reads, under the names that {@code FOR UPDATE OF} calls them. Not thread-safe. */
final class QuerySources {
    private final Map<String, List<QualifiedName>> tables = new LinkedHashMap<>();

    void add(String alias, QualifiedName table) {
        tables.computeIfAbsent(alias, name -> new ArrayList<>()).add(table);
    }

    /** @param alias what all of them are called from outside; empty if each keeps its name */
    void addAll(QuerySources inner, String alias) {
        inner.tables.forEach((name, its) -> its.forEach(table -> add(alias.isEmpty() ? name : alias, table)));
    }

    /** Removes and returns those of that name; their rows need no second lock. */
    List<QualifiedName> take(String alias) {
        List<QualifiedName> taken = tables.remove(alias);
        return taken == null ? List.of() : taken;
    }

    List<QualifiedName> takeAll() {
        List<QualifiedName> taken = new ArrayList<>();
        tables.values().forEach(taken::addAll);
        tables.clear();
        return taken;
    }
}
