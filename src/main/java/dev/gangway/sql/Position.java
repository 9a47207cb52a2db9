package dev.gangway.sql;

import java.io.Serializable;

/**
 * A place in a file as an editor shows it.
 *
 * @param file the file's name as users know it, for example {@code classpath:db/migration/V1__x.sql}
 * @param line 1-based
 * @param column 1-based; counts characters (code points), a tab is one
 */
public record Position(String file, int line, int column) implements Serializable {

    /** {@return {@code file:line:column}, which terminals and editors turn into a link} */
    @Override
    public String toString() {
        return file + ":" + line + ":" + column;
    }
}
