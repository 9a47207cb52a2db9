package dev.gangway.search;

import java.io.InputStream;
import java.io.Reader;
import java.io.StringWriter;
import java.lang.reflect.Array;
import java.sql.CallableStatement;
import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.ParameterMetaData;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;
import org.postgresql.PGStatement;

/** What came of a call, as a text that is the same for two connections to which the same happened. */
final class Outcome {
    private Outcome() {}

    /**
     * {@return what is returned or thrown}
     *
     * @param connection the one that was called directly or through one of its objects
     */
    static String of(Connection connection, Callable<?> call) throws Exception {
        try {
            return describe(call.call(), connection);
        } catch (SQLException e) {
            return e.getClass().getName() + " " + e.getSQLState() + " " + e.getMessage();
        } catch (NullPointerException e) {
            // The virtual machine writes its message, which names what stands in the code.
            return e.getClass().getName();
        } catch (RuntimeException e) {
            return e.getClass().getName() + " " + e.getMessage();
        }
    }

    private static String describe(@Nullable Object value, Connection connection) throws Exception {
        if (value == null) {
            return "null";
        } else if (value instanceof Connection other) {
            return other == connection ? "the connection" : "another connection: " + other.getClass();
        } else if (value instanceof DatabaseMetaData facts) {
            return "facts about the database through " + describe(facts.getConnection(), connection);
        } else if (value instanceof ResultSet rows) {
            return rows(rows);
        } else if (value instanceof Statement statement) {
            return statement(statement, connection);
        } else if (value instanceof ParameterMetaData parameters) {
            return parameters(parameters);
        } else if (value instanceof ResultSetMetaData columns) {
            return columns(columns);
        } else if (value instanceof SQLException e) {
            return e.getClass().getName() + " " + e.getSQLState() + " " + e.getMessage();
        } else if (value instanceof InputStream bytes) {
            return HexFormat.of().formatHex(bytes.readAllBytes());
        } else if (value instanceof Reader reader) {
            StringWriter text = new StringWriter();
            reader.transferTo(text);
            return text.toString();
        } else if (value instanceof Map<?, ?> map) {
            return new TreeMap<>(map).toString();
        } else if (value instanceof Collection<?> many) {
            return several(many, connection);
        } else if (value.getClass().isArray()) {
            List<Object> elements = new ArrayList<>();
            for (int i = 0; i < Array.getLength(value); i++) {
                elements.add(Array.get(value, i));
            }
            return value.getClass().getSimpleName() + several(elements, connection);
        }
        boolean isValue = value instanceof Comparable || value instanceof java.sql.Array || value instanceof Number;
        return value.getClass().getName() + (isValue ? " " + value : "");
    }

    private static String several(Collection<?> values, Connection connection) throws Exception {
        List<String> described = new ArrayList<>();
        for (Object value : values) {
            described.add(describe(value, connection));
        }
        return described.toString();
    }

    private static String statement(Statement statement, Connection connection) throws SQLException {
        String kind = statement instanceof CallableStatement ? "call" : "plain statement";
        if (statement instanceof PreparedStatement && !(statement instanceof CallableStatement)) {
            kind = "prepared statement";
        }
        return kind + " " + (statement instanceof PreparedStatement ? text(statement) : "") + " "
                + statement.getResultSetType() + " " + statement.getResultSetConcurrency() + " "
                + statement.getResultSetHoldability() + " "
                + (statement.getConnection().equals(connection) || connection.equals(statement.getConnection()));
    }

    /** A vector that travels in binary is shown as a question mark, and an array of Java's as its address. */
    private static String text(Statement statement) {
        return statement
                .toString()
                .replaceAll("\\('\\[[0-9,]+\\]'\\)::vector", "?::vector")
                .replaceAll("\\[F@\\p{XDigit}+", "[F@");
    }

    private static String rows(ResultSet rows) throws SQLException {
        StringBuilder text = new StringBuilder(columns(rows.getMetaData()));
        while (rows.next()) {
            text.append('\n');
            for (int column = 1; column <= rows.getMetaData().getColumnCount(); column++) {
                text.append(rows.getString(column)).append(' ');
            }
        }
        return text.toString();
    }

    private static String columns(ResultSetMetaData columns) throws SQLException {
        StringBuilder text = new StringBuilder("columns");
        for (int column = 1; column <= columns.getColumnCount(); column++) {
            text.append(' ')
                    .append(columns.getColumnLabel(column))
                    .append(' ')
                    .append(columns.getColumnTypeName(column));
        }
        return text.toString();
    }

    private static String parameters(ParameterMetaData parameters) throws SQLException {
        StringBuilder text = new StringBuilder("parameters");
        for (int number = 1; number <= parameters.getParameterCount(); number++) {
            text.append(' ').append(parameters.getParameterTypeName(number));
        }
        return text.toString();
    }

    /** {@return all that a connection tells of itself, and whether it still works} */
    static List<String> state(Connection connection) throws Exception {
        PGConnection own = (PGConnection) connection;
        List<String> state = new ArrayList<>();
        for (Callable<?> question : List.<Callable<?>>of(
                connection::isClosed,
                connection::getAutoCommit,
                connection::isReadOnly,
                connection::getTransactionIsolation,
                connection::getHoldability,
                connection::getCatalog,
                connection::getSchema,
                connection::getNetworkTimeout,
                connection::getClientInfo,
                connection::getWarnings,
                connection::getTypeMap,
                own::getAutosave,
                own::getAdaptiveFetch,
                own::getDefaultFetchSize,
                own::getPrepareThreshold,
                own::getQueryTimeout,
                () -> connection.createStatement().executeQuery("select 1"))) {
            state.add(of(connection, question));
        }
        return state;
    }

    /** {@return all that a statement tells of itself} */
    static List<String> state(PreparedStatement statement, Connection connection) throws Exception {
        PGStatement own = (PGStatement) statement;
        List<String> state = new ArrayList<>();
        for (Callable<?> question : List.<Callable<?>>of(
                statement::isClosed,
                statement::getMaxRows,
                statement::getMaxFieldSize,
                statement::getFetchSize,
                statement::getFetchDirection,
                statement::getQueryTimeout,
                statement::getUpdateCount,
                statement::isPoolable,
                statement::isCloseOnCompletion,
                statement::getWarnings,
                own::getPrepareThreshold,
                own::isUseServerPrepare,
                own::getAdaptiveFetch,
                () -> text(statement))) {
            state.add(of(connection, question));
        }
        return state;
    }
}
