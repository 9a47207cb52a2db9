package dev.gangway.adopt;

import dev.gangway.pgjdbc.Quote;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/**
 * A table in which another tool keeps its history.
 *
 * @param schema  where it is
 * @param name    as the tool calls it
 * @param columns each column's type by its name, in the order of names
 */
record ForeignTable(String schema, String name, Map<String, String> columns) {

    ForeignTable {
        columns = Collections.unmodifiableMap(new TreeMap<>(columns));
    }

    /** {@return its name as SQL} */
    String sqlName() {
        return Quote.identifier(schema) + "." + Quote.identifier(name);
    }

    /** {@return whether it has a column of that type} */
    boolean has(String column, String type) {
        return type.equals(columns.get(column));
    }
}
