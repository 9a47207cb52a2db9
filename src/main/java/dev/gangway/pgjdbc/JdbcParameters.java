package dev.gangway.pgjdbc;

import java.sql.SQLException;
import org.postgresql.core.NativeQuery;
import org.postgresql.core.Parser;

/** The parameters of a SQL text as pgjdbc counts them, where a backslash in a string is just that. */
public final class JdbcParameters {
    /** When pgjdbc cannot read the text. */
    public static final int UNKNOWN = -1;

    private JdbcParameters() {}

    /** {@return how many there are} */
    public static int count(String sql) {
        try {
            int count = 0;
            for (NativeQuery query : Parser.parseJdbcSql(sql, true, true, true, false, false)) {
                count += query.bindPositions.length;
            }
            return count;
        } catch (SQLException | LinkageError e) {
            // The parser is pgjdbc's own, and a version may have another one.
            return UNKNOWN;
        }
    }
}
