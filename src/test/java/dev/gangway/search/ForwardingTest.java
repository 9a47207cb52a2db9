package dev.gangway.search;

import static dev.gangway.search.JdbcMethods.signature;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicContainer.dynamicContainer;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import dev.gangway.config.JdbcUrl;
import dev.gangway.config.SettingsReader;
import dev.gangway.pgjdbc.Endpoint;
import dev.gangway.pgvector.VectorType;
import java.io.InputStream;
import java.io.Reader;
import java.io.StringReader;
import java.lang.reflect.Array;
import java.lang.reflect.Field;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.sql.CallableStatement;
import java.sql.DatabaseMetaData;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Calendar;
import java.util.GregorianCalendar;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.TimerTask;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.postgresql.core.BaseConnection;
import org.postgresql.core.BaseStatement;

/**
 * Every method of pgjdbc's objects, called on what stands around them, arrives there as it was called, and so comes back what it
 * returns or throws.
 */
class ForwardingTest {
    private static final String SEARCH = "select id from item order by embedding <=> ?::vector, ? <-> half limit ?";

    /** What is made. */
    enum Made {
        CONNECTION("PgConnection", SearchConnection.class) {
            @Override
            Object around(Recorder recorder, Searches searches, Set<VectorType> binary) {
                return Forwarding.connection(recorder.as(BaseConnection.class), searches, binary);
            }
        },
        STATEMENT("PgPreparedStatement", SearchStatement.class) {
            @Override
            Object around(Recorder recorder, Searches searches, Set<VectorType> binary) {
                return Forwarding.statement(
                        recorder.as(PreparedStatement.class, BaseStatement.class),
                        owner(searches, binary),
                        searches.of(SEARCH),
                        searches);
            }
        },
        CALL("PgCallableStatement", SearchCall.class) {
            @Override
            Object around(Recorder recorder, Searches searches, Set<VectorType> binary) {
                return Forwarding.call(
                        recorder.as(CallableStatement.class, BaseStatement.class),
                        owner(searches, binary),
                        searches.of(SEARCH),
                        searches);
            }
        },
        META_DATA("PgDatabaseMetaData", SearchMetaData.class) {
            @Override
            Object around(Recorder recorder, Searches searches, Set<VectorType> binary) {
                return Forwarding.metaData(recorder.as(DatabaseMetaData.class), owner(searches, binary));
            }
        };

        final Class<?> pgjdbcs;
        final Class<?> ours;

        Made(String pgjdbcs, Class<?> ours) {
            this.pgjdbcs = JdbcMethods.pgjdbc(pgjdbcs);
            this.ours = ours;
        }

        abstract Object around(Recorder recorder, Searches searches, Set<VectorType> binary);

        private static SearchConnection owner(Searches searches, Set<VectorType> binary) {
            Recorder connection = new Recorder();
            connection.asides = STANDARD_STRINGS;
            return Forwarding.connection(connection.as(BaseConnection.class), searches, binary);
        }
    }

    private static final Set<String> OF_CONNECTION = Set.of(
            "getMetaData()",
            "isWrapperFor(Class)",
            "prepareCall(String)",
            "prepareCall(String, int, int)",
            "prepareCall(String, int, int, int)",
            "prepareStatement(String)",
            "prepareStatement(String, String[])",
            "prepareStatement(String, int)",
            "prepareStatement(String, int, int)",
            "prepareStatement(String, int, int, int)",
            "prepareStatement(String, int[])",
            "setSchema(String)",
            "unwrap(Class)");

    private static final Set<String> OF_STATEMENT = Set.of(
            "addBatch()",
            "clearParameters()",
            "execute()",
            "executeBatch()",
            "executeLargeBatch()",
            "executeLargeUpdate()",
            "executeQuery()",
            "executeUpdate()",
            "getConnection()",
            "getParameterMetaData()",
            "isWrapperFor(Class)",
            "setArray(int, Array)",
            "setInt(int, int)",
            "setLong(int, long)",
            "setObject(int, Object)",
            "setObject(int, Object, int)",
            "setObject(int, Object, int, int)",
            "setString(int, String)",
            "unwrap(Class)");

    private static final Set<String> OF_META_DATA = Set.of("getConnection()", "isWrapperFor(Class)", "unwrap(Class)");

    /** Those that answer themselves instead; {@link WrappedObjectsIT} has them. */
    private static final Set<String> ANSWERED_BY_HAND = Set.of("getMetaData()", "isWrapperFor(Class)", "unwrap(Class)");

    /** Whether our lexer reads a text as the server does is asked whenever one is prepared. */
    private static final Map<String, Object> STANDARD_STRINGS = Map.of("getStandardConformingStrings", true);

    private static final String NAMES_THE_CONNECTION = "getConnection()";

    @ParameterizedTest
    @EnumSource
    void itIsAllThatPgjdbcsObjectIs(Made made) throws Exception {
        try (Searches searches = searches("accelerate")) {
            Object around = made.around(new Recorder(), searches, Set.of());
            assertThat(JdbcMethods.interfaces(made.pgjdbcs))
                    .allSatisfy(type -> assertThat(around).isInstanceOf(type));
        }
    }

    @ParameterizedTest
    @EnumSource
    void theMethodsWrittenByHandAreTheseAlone(Made made) {
        Set<String> found = new TreeSet<>();
        Set<String> ofInterfaces = new TreeSet<>();
        JdbcMethods.of(made.ours).forEach(method -> ofInterfaces.add(signature(method)));
        for (Class<?> at = made.ours; at != Object.class; at = at.getSuperclass()) {
            for (Method method : at.getDeclaredMethods()) {
                if (ofInterfaces.contains(signature(method)) && !Modifier.isAbstract(method.getModifiers())) {
                    found.add(signature(method));
                }
            }
        }
        assertThat(found).isEqualTo(new TreeSet<>(byHand(made)));
    }

    private static Set<String> byHand(Made made) {
        return switch (made) {
            case CONNECTION -> OF_CONNECTION;
            case STATEMENT, CALL -> OF_STATEMENT;
            case META_DATA -> OF_META_DATA;
        };
    }

    @TestFactory
    Stream<DynamicNode> everyMethodArrives() {
        List<DynamicNode> groups = new ArrayList<>();
        for (Made made : Made.values()) {
            for (Set<VectorType> binary : List.of(Set.<VectorType>of(), Set.of(VectorType.values()))) {
                groups.add(dynamicContainer(
                        made + (binary.isEmpty() ? "" : " that accelerates"),
                        JdbcMethods.of(made.pgjdbcs).stream()
                                .filter(method -> !isAnsweredByHand(made, method))
                                .map(method ->
                                        dynamicTest(signature(method), () -> assertArrives(made, binary, method)))));
            }
        }
        return groups.stream();
    }

    private static boolean isAnsweredByHand(Made made, Method method) {
        return ANSWERED_BY_HAND.contains(signature(method))
                || (made == Made.META_DATA && signature(method).equals(NAMES_THE_CONNECTION));
    }

    private static void assertArrives(Made made, Set<VectorType> binary, Method method) throws Exception {
        @Nullable Object[] arguments = new Object[method.getParameterCount()];
        for (int i = 0; i < arguments.length; i++) {
            arguments[i] = sample(method.getParameterTypes()[i], i + 1);
        }
        // Without a meter, for which execute() asks how many rows there are.
        try (Searches searches = searches("accelerate")) {
            Recorder recorder = new Recorder();
            recorder.asides = STANDARD_STRINGS.containsKey(method.getName()) ? Map.of() : STANDARD_STRINGS;
            recorder.result = sample(method.getReturnType(), 7);
            Object around = made.around(recorder, searches, binary);

            Object result = method.invoke(around, arguments);

            assertCalledOnce(recorder, method, arguments);
            if (!signature(method).equals(NAMES_THE_CONNECTION)) {
                assertSame(result, recorder.result, method);
            }

            recorder.calls.clear();
            recorder.failure = List.of(method.getExceptionTypes()).contains(SQLException.class)
                    ? new SQLException("no", "99999")
                    : new IllegalStateException("no");
            try {
                method.invoke(around, arguments);
                throw new AssertionError("what it throws does not come out");
            } catch (InvocationTargetException e) {
                assertThat(e.getCause()).isSameAs(recorder.failure);
            }
            assertCalledOnce(recorder, method, arguments);
        }
    }

    private static void assertCalledOnce(Recorder recorder, Method method, @Nullable Object[] arguments) {
        assertThat(recorder.calls).hasSize(1);
        Recorder.Arrived call = recorder.calls.get(0);
        assertThat(signature(call.method())).isEqualTo(signature(method));
        for (int i = 0; i < arguments.length; i++) {
            if (method.getParameterTypes()[i].isPrimitive()) {
                assertThat(call.arguments().get(i)).isEqualTo(arguments[i]);
            } else {
                assertThat(call.arguments().get(i)).isSameAs(arguments[i]);
            }
        }
    }

    /** Values of primitive types come in boxes. */
    private static void assertSame(@Nullable Object actual, @Nullable Object expected, Method method) {
        if (method.getReturnType().isPrimitive()) {
            assertThat(actual).isEqualTo(expected);
        } else {
            // AssertJ would describe it, which an object whose constructor was not called cannot bear.
            assertThat(actual == expected).isTrue();
        }
    }

    @Test
    void ofAMeasuredStatementTheRowsAreAskedForAndNothingElse() throws Exception {
        try (Searches searches = searches("measure")) {
            Recorder recorder = new Recorder();
            recorder.result = true;
            PreparedStatement statement = (PreparedStatement) Made.STATEMENT.around(recorder, searches, Set.of());
            recorder.results = Map.of("getResultSet", sample(java.sql.ResultSet.class, 0));

            assertThat(statement.execute()).isTrue();

            assertThat(recorder.calls)
                    .extracting(call -> call.method().getName())
                    .containsExactly("execute", "getResultSet");
        }
    }

    static Searches searches(String search) throws SQLException {
        return searches(search, null);
    }

    static Searches searches(String search, @Nullable ClassLoader loader) throws SQLException {
        String url = "jdbc:postgresql://localhost:1/nowhere";
        Properties settings = new Properties();
        settings.setProperty("gangway.search", search);
        return Searches.of(
                SettingsReader.read(JdbcUrl.parse("jdbc:gangway:" + url.substring("jdbc:".length())), settings, null),
                Endpoint.of(url, new Properties()),
                loader);
    }

    /** {@return a value of the type, a different one for each number where the type has enough of them} */
    private static @Nullable Object sample(Class<?> type, int number) throws Exception {
        if (type == void.class) {
            return null;
        } else if (type == boolean.class) {
            return true;
        } else if (type == byte.class) {
            return (byte) number;
        } else if (type == short.class) {
            return (short) number;
        } else if (type == int.class) {
            return number;
        } else if (type == long.class) {
            return (long) number;
        } else if (type == float.class) {
            return (float) number;
        } else if (type == double.class) {
            return (double) number;
        } else if (type == String.class) {
            return "a text " + number;
        } else if (type == Class.class) {
            return Integer.class;
        } else if (type.isArray()) {
            return Array.newInstance(type.getComponentType(), number);
        } else if (type.isEnum()) {
            return type.getEnumConstants()[0];
        } else if (type.isInterface()) {
            return new Recorder().as(type);
        } else if (type == InputStream.class) {
            return InputStream.nullInputStream();
        } else if (type == Reader.class) {
            return new StringReader("");
        } else if (type == Calendar.class) {
            return new GregorianCalendar();
        } else if (type == TimerTask.class) {
            return new TimerTask() {
                @Override
                public void run() {}
            };
        }
        return withoutConstructor(type);
    }

    /** Most of pgjdbc's own classes want a server when they are made. */
    private static Object withoutConstructor(Class<?> type) throws ReflectiveOperationException {
        Class<?> unsafe = Class.forName("sun.misc.Unsafe");
        Field field = unsafe.getDeclaredField("theUnsafe");
        field.setAccessible(true);
        return unsafe.getMethod("allocateInstance", Class.class).invoke(field.get(null), type);
    }
}
