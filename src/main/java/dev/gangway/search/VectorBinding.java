package dev.gangway.search;

import com.pgvector.PGhalfvec;
import com.pgvector.PGvector;
import dev.gangway.pgvector.BinaryVector;
import dev.gangway.pgvector.VectorType;
import dev.gangway.search.PreparedSql.Takes;
import java.sql.Array;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Types;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.postgresql.core.BaseConnection;
import org.postgresql.jdbc.PgArray;
import org.postgresql.util.PGobject;

/**
 * Binds the vectors of one statement in binary, and remembers what the application gave in their place. As thread-safe as a
 * statement.
 */
final class VectorBinding {

    /**
     * What an application gave.
     *
     * @param type  of {@link Types}, or one of those below
     * @param scale or length; {@link #NOT_GIVEN} where there was none
     */
    private record Given(Object value, int type, int scale) {
        void bind(int parameter, PreparedStatement statement) throws SQLException {
            if (type == AS_STRING) {
                statement.setString(parameter, (String) value);
            } else if (type == AS_ARRAY) {
                statement.setArray(parameter, (Array) value);
            } else if (type == NOT_GIVEN) {
                statement.setObject(parameter, value);
            } else if (scale == NOT_GIVEN) {
                statement.setObject(parameter, value, type);
            } else {
                statement.setObject(parameter, value, type, scale);
            }
        }
    }

    /** No constant of {@link Types}: given to {@code setString}. */
    static final int AS_STRING = Integer.MIN_VALUE;
    /** No constant of {@link Types}, and no scale. */
    static final int NOT_GIVEN = Integer.MIN_VALUE + 1;

    /** No constant of {@link Types}: given to {@code setArray}. */
    static final int AS_ARRAY = Integer.MIN_VALUE + 2;

    /** What the server says to a type's OID that does not exist any more. */
    private static final String INTERNAL_ERROR = "XX000";

    private final PreparedSql sql;
    private final PreparedStatement statement;
    private final SearchConnection connection;
    private final @Nullable Given[] given;
    private final @Nullable BinaryVector[] bound;
    /** Whether a text went as it was, because nobody knows yet what the parameter takes. */
    private boolean wouldAsk;

    private boolean givenIsBound;

    VectorBinding(PreparedSql sql, PreparedStatement statement, SearchConnection connection) {
        this.sql = sql;
        this.statement = statement;
        this.connection = connection;
        this.given = new @Nullable Given[sql.parameters().length];
        this.bound = new @Nullable BinaryVector[given.length];
    }

    /**
     * Binds the value in binary if it is a vector and the parameter takes one.
     *
     * @return false when nothing was done, and the value is to be bound as it is
     */
    boolean bind(int parameter, @Nullable Object value, int type, int scale) throws SQLException {
        forget(parameter);
        Takes takes = sql.takes(parameter);
        if (takes == Takes.ANYTHING || value == null) {
            return false;
        }
        BinaryVector vector = vector(parameter, takes, value, type);
        if (vector == null) {
            return false;
        }
        statement.setObject(parameter, vector);
        given[parameter - 1] = new Given(value instanceof PgArray array ? copy(array) : value, type, scale);
        bound[parameter - 1] = vector;
        return true;
    }

    /** The application may free its own as soon as it is bound. */
    private PgArray copy(PgArray array) throws SQLException {
        BaseConnection pgjdbc = connection.delegate;
        return new PgArray(pgjdbc, pgjdbc.getTypeInfo().getPGArrayType(array.getBaseTypeName()), array.toBytes());
    }

    private @Nullable BinaryVector vector(int parameter, Takes takes, Object value, int type) {
        if (value instanceof String text) {
            if (!isText(type)) {
                return null;
            }
            VectorType target = takes.type() != null ? takes.type() : told(parameter, type);
            return target != null && connection.sendsInBinary(target) ? BinaryVector.ofText(target, text) : null;
        }
        if (value instanceof PgArray array) {
            // As Hibernate binds its vectors.
            boolean asArray = type == AS_ARRAY || type == NOT_GIVEN || type == Types.ARRAY;
            VectorType target = takes.type();
            byte[] bytes = array.toBytes();
            return asArray && bytes != null && target != null && connection.sendsInBinary(target)
                    ? BinaryVector.ofArray(target, bytes)
                    : null;
        }
        boolean untyped = type == NOT_GIVEN || type == Types.OTHER;
        if (value instanceof PGobject object) {
            return untyped ? vector(takes, object) : null;
        }
        if (!untyped && type != Types.ARRAY) {
            return null;
        }
        // pgjdbc would send an array of numbers, for which no operator of pgvector's is made.
        VectorType target = takes.type() != null ? takes.type() : VectorType.VECTOR;
        if (!connection.sendsInBinary(target)) {
            return null;
        } else if (value instanceof float[] numbers) {
            return BinaryVector.of(target, numbers);
        } else if (value instanceof double[] numbers) {
            return BinaryVector.of(target, numbers);
        } else if (value instanceof List<?> numbers) {
            return BinaryVector.of(target, numbers);
        }
        return null;
    }

    private static boolean isText(int type) {
        return switch (type) {
            case AS_STRING, NOT_GIVEN, Types.OTHER, Types.VARCHAR, Types.LONGVARCHAR, Types.CHAR -> true;
            default -> false;
        };
    }

    /** {@return what the server makes of a text without a type beside an operator; null when it is not known, or no vector} */
    private @Nullable VectorType told(int parameter, int type) {
        if (type != Types.OTHER && connection.bindsStringsAsVarchar()) {
            // The server refuses it, and shall.
            return null;
        }
        VectorType told = connection.serverTypes().of(sql, parameter, statement);
        wouldAsk = told == null;
        return told;
    }

    /** A value that says itself of which type it is, and goes in text so far. */
    private @Nullable BinaryVector vector(Takes takes, PGobject value) {
        VectorType own = value.getType() == null ? null : VectorType.ofName(value.getType());
        VectorType target = takes.type() != null ? takes.type() : own;
        if (own == null || target == null || !connection.sendsInBinary(target)) {
            return null;
        }
        if (value instanceof PGvector vector) {
            // As a vector it travels in binary anyway. As a halfvec the server would make one of it for each row.
            return target == VectorType.HALFVEC ? ofNumbers(target, vector.toArray()) : null;
        }
        if (own != target) {
            return null;
        }
        if (value instanceof PGhalfvec vector) {
            return ofNumbers(target, vector.toArray());
        }
        String text = value.getClass() == PGobject.class ? value.getValue() : null;
        return text == null ? null : BinaryVector.ofText(target, text);
    }

    /** @param numbers null for an object that stands for a null */
    private static @Nullable BinaryVector ofNumbers(VectorType target, float @Nullable [] numbers) {
        return numbers == null ? null : BinaryVector.of(target, numbers);
    }

    /** Something else is bound in its place. */
    void forget(int parameter) {
        if (parameter >= 1 && parameter <= given.length) {
            given[parameter - 1] = null;
            bound[parameter - 1] = null;
        }
    }

    void forgetAll() {
        for (int parameter = 1; parameter <= given.length; parameter++) {
            forget(parameter);
        }
    }

    /** The statement was executed, and the server had no objection. */
    void executed() {
        if (wouldAsk) {
            wouldAsk = false;
            connection.serverTypes().executed(sql);
        }
    }

    /** The statement failed. */
    void failed(SQLException failure) {
        wouldAsk = false;
        if (INTERNAL_ERROR.equals(failure.getSQLState())) {
            connection.sendNoneInBinary();
        }
        connection.serverTypes().failed(sql);
    }

    /** Binds what was given as pgjdbc would have bound it, until {@link #bindVectors}. */
    void bindGiven() throws SQLException {
        for (int i = 0; i < given.length; i++) {
            Given value = given[i];
            // pgjdbc takes no list.
            if (value != null && !(value.value() instanceof List)) {
                value.bind(i + 1, statement);
                givenIsBound = true;
            }
        }
    }

    /** Before the statement is executed: what it takes are the vectors. */
    void bindVectors() throws SQLException {
        if (!givenIsBound) {
            return;
        }
        givenIsBound = false;
        for (int i = 0; i < bound.length; i++) {
            BinaryVector vector = bound[i];
            if (vector != null) {
                statement.setObject(i + 1, vector);
            }
        }
    }
}
