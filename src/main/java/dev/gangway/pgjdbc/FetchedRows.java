package dev.gangway.pgjdbc;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.sql.ResultSet;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.postgresql.jdbc.PgResultSet;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** How many rows pgjdbc holds of a result: all of them, unless they come in portions through a cursor. */
public final class FetchedRows {
    private static final Logger LOG = LoggerFactory.getLogger(FetchedRows.class);

    /** When that cannot be told. */
    public static final int UNKNOWN = -1;

    /** pgjdbc tells nobody before all rows were read one by one, so its field is looked at. */
    private static final @Nullable VarHandle ROWS = rows();

    private FetchedRows() {}

    /** {@return the number of rows, {@link #UNKNOWN} for a result that is not pgjdbc's} */
    public static int count(ResultSet result) {
        if (ROWS == null || !(result instanceof PgResultSet own)) {
            return UNKNOWN;
        }
        List<?> rows = (List<?>) ROWS.get(own);
        return rows == null ? UNKNOWN : rows.size();
    }

    private static @Nullable VarHandle rows() {
        try {
            return MethodHandles.privateLookupIn(PgResultSet.class, MethodHandles.lookup())
                    .findVarHandle(PgResultSet.class, "rows", List.class);
        } catch (ReflectiveOperationException | RuntimeException e) {
            LOG.debug("this version of pgjdbc keeps its rows elsewhere; they are not counted", e);
            return null;
        }
    }
}
