package dev.gangway.search;

import java.sql.CallableStatement;

/** The same around what {@code prepareCall} makes. */
abstract class SearchCall extends SearchStatement implements CallableStatement {
    /** {@link #delegate}, with all that it can do. */
    final CallableStatement call;

    SearchCall(CallableStatement delegate, SearchConnection connection, PreparedSql sql, Searches searches) {
        super(delegate, connection, sql, searches);
        this.call = delegate;
    }
}
