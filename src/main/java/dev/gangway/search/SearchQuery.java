package dev.gangway.search;

import org.jspecify.annotations.Nullable;

/**
 * A SQL text that is a similarity search: one of pgvector's operators stands beside a parameter. Immutable.
 *
 * @param operator    the first such operator, for example {@code <=>}
 * @param table       the table that is searched, as written, with its schema if that is written too; null when it cannot be
 *     told from the text
 * @param limit       the constant of {@code LIMIT} or {@code FETCH FIRST}; {@link #UNKNOWN} without one
 * @param limitParameter the parameter of {@code LIMIT}, counted from 1; 0 for none
 * @param fingerprint the same for texts that differ in constants, white space, comments and capitals only; 16 hexadecimal
 *     digits
 */
record SearchQuery(
        String sql, String operator, @Nullable String table, int limit, int limitParameter, String fingerprint) {

    /** In place of a number that is not known. */
    static final int UNKNOWN = -1;

    /** Ten thousand may wait to be written, and a batch of them is one message. */
    static final int LONGEST_TEXT = Searches.LONGEST_KEPT;

    /** {@return the text, or its beginning where it is longer than anybody reads} */
    static String cut(String sql) {
        if (sql.length() <= LONGEST_TEXT) {
            return sql;
        }
        int end = Character.isHighSurrogate(sql.charAt(LONGEST_TEXT - 1)) ? LONGEST_TEXT - 1 : LONGEST_TEXT;
        return sql.substring(0, end) + "…";
    }

    boolean isCut() {
        return sql.endsWith("…") && sql.length() >= LONGEST_TEXT;
    }
}
