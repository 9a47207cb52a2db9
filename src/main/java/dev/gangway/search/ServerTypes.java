package dev.gangway.search;

import dev.gangway.pgvector.VectorType;
import dev.gangway.search.PreparedSql.Takes;
import java.sql.ParameterMetaData;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.IdentityHashMap;
import org.jspecify.annotations.Nullable;
import org.postgresql.core.BaseConnection;
import org.postgresql.core.TransactionState;

/**
 * Which types the server gives to parameters that stand beside an operator without a cast, on one connection: another one may
 * have another search_path.
 *
 * <p>Asked once for each text, and only when it was executed before and no transaction is open. So the question, which is a
 * round trip, neither fails where the statement does not, nor breaks a transaction, nor is asked for a search that is made
 * once.
 *
 * <p>As thread-safe as a connection.
 */
final class ServerTypes {
    /** More texts than an application has that write their searches without casts. */
    private static final int MOST_TEXTS = 256;

    private static final @Nullable VectorType[] NOT_ASKED = {};

    private final BaseConnection connection;
    private final IdentityHashMap<PreparedSql, @Nullable VectorType[]> types = new IdentityHashMap<>();

    ServerTypes(BaseConnection connection) {
        this.connection = connection;
    }

    /** The statement was executed, which means that the server understands it. */
    synchronized void executed(PreparedSql sql) {
        SearchQuery search = sql.search();
        if (search == null || search.isCut()) {
            // Such a text is not kept, and comes with another object each time.
            return;
        }
        if (types.size() >= MOST_TEXTS && !types.containsKey(sql)) {
            types.clear();
        }
        types.putIfAbsent(sql, NOT_ASKED);
    }

    /** The statement failed, perhaps because what it names is something else by now; then it is asked anew. */
    synchronized void failed(PreparedSql sql) {
        types.remove(sql);
    }

    /** The names in all statements may mean something else from now on. */
    synchronized void forget() {
        types.clear();
    }

    /**
     * {@return the type of the parameter; null when it has none of pgvector's, or is not known yet}
     *
     * @param statement of pgjdbc's, for that text
     */
    synchronized @Nullable VectorType of(PreparedSql sql, int parameter, PreparedStatement statement) {
        @Nullable VectorType[] known = types.get(sql);
        if (known == NOT_ASKED && connection.getTransactionState() == TransactionState.IDLE) {
            known = ask(sql, statement);
            types.put(sql, known);
        }
        return known == null || known == NOT_ASKED ? null : known[parameter - 1];
    }

    private static @Nullable VectorType[] ask(PreparedSql sql, PreparedStatement statement) {
        @Nullable VectorType[] told = new VectorType[sql.parameters().length];
        try {
            ParameterMetaData parameters = statement.getParameterMetaData();
            for (int number = 1; number <= told.length; number++) {
                if (sql.takes(number) == Takes.SERVER_KNOWS) {
                    told[number - 1] = VectorType.ofName(parameters.getParameterTypeName(number));
                }
            }
        } catch (SQLException e) {
            // Then it goes on as without us.
        }
        return told;
    }
}
