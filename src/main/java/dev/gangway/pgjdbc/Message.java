package dev.gangway.pgjdbc;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLWarning;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.postgresql.core.BaseConnection;
import org.postgresql.core.Encoding;
import org.postgresql.core.Field;
import org.postgresql.core.NativeQuery;
import org.postgresql.core.Query;
import org.postgresql.core.QueryExecutor;
import org.postgresql.core.ResultCursor;
import org.postgresql.core.ResultHandlerBase;
import org.postgresql.core.SqlCommand;
import org.postgresql.core.SqlCommandType;
import org.postgresql.core.Tuple;
import org.postgresql.jdbc.PreferQueryMode;

/**
 * Sends SQL as one message of the simple query protocol, which costs one round trip however many statements it holds,
 * and keeps what the server answered up to the first error.
 *
 * <p>{@link java.sql.Statement} serves neither need: it splits the text with a lexer that gives up after
 * {@code BEGIN ATOMIC}, and when a statement fails it drops the results of those before it, so that nobody can tell
 * which one it was. A runtime error carries no position either; the number of completed commands does tell.
 *
 * <p>A second reason for the simple protocol: an extended-protocol query leaves its unnamed portal open, and with it a
 * registered snapshot, for which {@code CREATE INDEX CONCURRENTLY} on another connection would wait for ever if the
 * transaction is the one that holds the leader lock.
 */
public final class Message {

    /** No lambda, for the sake of the first connection. */
    private static final NoticeListener NOBODY = new NoticeListener() {
        @Override
        public void notice(int command, SQLWarning notice) {}
    };

    private Message() {}

    /** Hears what the server remarks. */
    @FunctionalInterface
    public interface NoticeListener {
        /**
         * @param command the index of the command that is running
         * @param notice  a notice or a warning
         */
        void notice(int command, SQLWarning notice);
    }

    /**
     * Sends the text and waits for the whole answer. The connection's transaction state is whatever the text makes it;
     * no {@code BEGIN} is added, whatever the auto-commit mode.
     *
     * @param notices hears each notice and warning of the server, in order, on this thread
     * @return what was answered; an error of the server or of the connection stands in {@link Reply#error()}
     * @throws SQLException only when the connection is none of pgjdbc's
     */
    public static Reply send(Connection connection, String sql, NoticeListener notices) throws SQLException {
        BaseConnection base = connection.unwrap(BaseConnection.class);
        QueryExecutor executor = base.getQueryExecutor();
        Collector collector = new Collector(base.getEncoding(), notices);
        // Not createSimpleQuery: that would split the text into several messages.
        Query query =
                executor.wrap(List.of(new NativeQuery(sql, SqlCommand.createStatementTypeInfo(SqlCommandType.BLANK))));
        PreferQueryMode mode = executor.getPreferQueryMode();
        // In the default mode pgjdbc drops the flag that asks for the simple protocol.
        executor.setPreferQueryMode(PreferQueryMode.SIMPLE);
        try {
            executor.execute(
                    query,
                    null,
                    collector,
                    0,
                    0,
                    QueryExecutor.QUERY_EXECUTE_AS_SIMPLE | QueryExecutor.QUERY_SUPPRESS_BEGIN);
        } catch (SQLException e) {
            return collector.reply(e);
        } finally {
            executor.setPreferQueryMode(mode);
        }
        return collector.reply(null);
    }

    /** As {@link #send(Connection, String, NoticeListener)}, for our own statements, whose notices interest nobody. */
    public static Reply send(Connection connection, String sql) throws SQLException {
        return send(connection, sql, NOBODY);
    }

    /** Counts commands and keeps rows; pgjdbc calls it on the thread that sent the message. */
    private static final class Collector extends ResultHandlerBase {
        private final Encoding encoding;
        private final NoticeListener notices;
        private final List<List<Row>> results = new ArrayList<>();
        private final List<Long> counts = new ArrayList<>();
        private int completedBeforeError = -1;

        Collector(Encoding encoding, NoticeListener notices) {
            this.encoding = encoding;
            this.notices = notices;
        }

        @Override
        public void handleCommandStatus(String status, long updateCount, long insertOid) {
            results.add(List.of());
            counts.add(Math.max(0, updateCount));
        }

        @Override
        public void handleResultRows(
                Query fromQuery, Field[] fields, List<Tuple> tuples, @Nullable ResultCursor cursor) {
            List<Row> rows = new ArrayList<>(tuples.size());
            for (Tuple tuple : tuples) {
                rows.add(decode(tuple));
            }
            results.add(rows);
            counts.add((long) rows.size());
        }

        @Override
        public void handleWarning(SQLWarning warning) {
            notices.notice(results.size(), warning);
        }

        @Override
        public void handleError(SQLException error) {
            // After an error pgjdbc may still report a ROLLBACK of its own; that is not one of our commands.
            if (completedBeforeError < 0) {
                completedBeforeError = results.size();
            }
            super.handleError(error);
        }

        Reply reply(@Nullable SQLException error) {
            int completed = completedBeforeError < 0 ? results.size() : completedBeforeError;
            return new Reply(
                    List.copyOf(results.subList(0, completed)), List.copyOf(counts.subList(0, completed)), error);
        }

        private Row decode(Tuple tuple) {
            @Nullable String[] values = new @Nullable String[tuple.fieldCount()];
            for (int i = 0; i < values.length; i++) {
                byte @Nullable [] bytes = tuple.get(i);
                if (bytes != null) {
                    try {
                        values[i] = encoding.decode(bytes);
                    } catch (IOException e) {
                        throw new UncheckedIOException(e);
                    }
                }
            }
            return new Row(values);
        }
    }
}
