package dev.gangway.search;

import com.pgvector.PGvector;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.io.Reader;
import java.io.StringReader;
import java.lang.reflect.Method;
import java.math.BigDecimal;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.Date;
import java.sql.JDBCType;
import java.sql.Ref;
import java.sql.RowId;
import java.sql.SQLException;
import java.sql.SQLType;
import java.sql.SQLXML;
import java.sql.Savepoint;
import java.sql.ShardingKey;
import java.sql.Statement;
import java.sql.Time;
import java.sql.Timestamp;
import java.sql.Types;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Calendar;
import java.util.GregorianCalendar;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.TimeZone;
import java.util.TimerTask;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;
import org.postgresql.core.BaseConnection;
import org.postgresql.core.CachedQuery;
import org.postgresql.core.Field;
import org.postgresql.core.Query;
import org.postgresql.core.QueryExecutor;
import org.postgresql.core.ResultCursor;
import org.postgresql.core.ServerVersion;
import org.postgresql.core.Version;
import org.postgresql.jdbc.AutoSave;

/** Values to call methods with, several of each type; made anew for each call, for there are some that can be used once. */
final class JdbcArguments {
    /** Makes a value; of the connection that it is for, where it belongs to one. */
    interface Value {
        @Nullable
        Object on(BaseConnection connection) throws Exception;
    }

    private static final String SEARCH = "select id from item order by embedding <=> ?::vector limit 1";

    /** More than any type has values; not all combinations are of use. */
    private static final int MOST_SETS = 8;

    private static final Value NULL = connection -> null;

    private JdbcArguments() {}

    /** {@return how many sets of arguments there are for the method} */
    static int sets(Method method) {
        int sets = 1;
        for (List<Value> of : values(method)) {
            sets *= of.size();
        }
        return Math.min(sets, MOST_SETS);
    }

    /** {@return one of the sets} */
    static @Nullable Object[] of(Method method, int set, BaseConnection connection) throws Exception {
        List<List<Value>> values = values(method);
        @Nullable Object[] arguments = new Object[values.size()];
        int rest = set;
        for (int i = 0; i < arguments.length; i++) {
            List<Value> of = values.get(i);
            // The first parameter takes all of its values with the first of the second, and so on; shifted, so that
            // where
            // there are more combinations than sets the later parameters have others too.
            arguments[i] = of.get((rest + (i == 0 ? 0 : set)) % of.size()).on(connection);
            rest /= of.size();
        }
        return arguments;
    }

    private static List<List<Value>> values(Method method) {
        switch (JdbcMethods.signature(method)) {
            case "getNotifications(int)" -> {
                // Nought waits for ever.
                return List.of(plain(-1, 1));
            }
            case "executeWithFlags(int)" -> {
                // Others have pgjdbc mix up what it keeps of the statement.
                return List.of(plain(0, QueryExecutor.QUERY_ONESHOT));
            }
            case "setNetworkTimeout(Executor, int)" -> {
                return List.of(plain((Executor) Runnable::run, null), plain(0, -1, 60_000));
            }
            default -> {}
        }
        List<List<Value>> values = new ArrayList<>();
        for (int i = 0; i < method.getParameterCount(); i++) {
            values.add(values(method, i));
        }
        return values;
    }

    private static List<Value> values(Method method, int parameter) {
        Class<?> type = method.getParameterTypes()[parameter];
        boolean ofFacts = method.getDeclaringClass() == java.sql.DatabaseMetaData.class;
        if (type == String.class && ofFacts) {
            // The catalog, the schema, the table, the column.
            String name = new String[] {null, "public", "item", "%"}[parameter % 4];
            return plain(name, "nothing");
        } else if (type == String.class && Connection.class.isAssignableFrom(method.getDeclaringClass())) {
            return plain(SEARCH, "select 1", "ApplicationName", "", null);
        } else if (type == String.class) {
            return plain("[3,2,1]", "vector", "select 1", "", null);
        } else if (type == Object.class) {
            return List.of(
                    c -> "[3,2,1]",
                    c -> 3,
                    c -> new float[] {3, 2, 1},
                    c -> new PGvector(new float[] {3, 2, 1}),
                    c -> List.of(3f, 2f, 1f),
                    NULL);
        } else if (type == int.class || type == Integer.class) {
            return Connection.class.isAssignableFrom(method.getDeclaringClass())
                    ? plain(Types.OTHER, 1, 2, java.sql.ResultSet.TYPE_SCROLL_INSENSITIVE, 1007, 0, -1)
                    : parameter == 0 ? plain(1, 2, 3, 9, 0, -1) : plain(Types.OTHER, 1, Types.VARCHAR, Types.INTEGER);
        }
        List<Value> known = KNOWN.get(type);
        if (known == null) {
            // No method is left out silently.
            throw new AssertionError("no value is known for a parameter of " + type + " in " + method);
        }
        return known;
    }

    private static final Map<Class<?>, List<Value>> KNOWN = Map.ofEntries(
            Map.entry(boolean.class, plain(true, false)),
            Map.entry(byte.class, plain((byte) 1)),
            Map.entry(short.class, plain((short) 2)),
            Map.entry(long.class, plain(3L, 0L, -1L)),
            Map.entry(float.class, plain(1.5f)),
            Map.entry(double.class, plain(2.5)),
            Map.entry(byte[].class, List.of(c -> new byte[] {1, 2}, NULL)),
            Map.entry(char[].class, List.of(c -> "secret".toCharArray(), NULL)),
            Map.entry(int[].class, List.of(c -> new int[] {1}, c -> new int[0], NULL)),
            Map.entry(String[].class, List.of(c -> new String[] {"id"}, c -> new String[0], NULL)),
            Map.entry(Object[].class, List.of(c -> new Object[] {1f, 2f}, NULL)),
            Map.entry(BigDecimal.class, plain(BigDecimal.TEN, null)),
            Map.entry(Class.class, plain(PGConnection.class, Statement.class, Runnable.class, null)),
            Map.entry(
                    java.net.URL.class,
                    List.of(c -> URI.create("http://localhost/").toURL(), NULL)),
            Map.entry(Date.class, plain(Date.valueOf("2026-01-02"), null)),
            Map.entry(Time.class, plain(Time.valueOf("03:04:05"), null)),
            Map.entry(Timestamp.class, plain(Timestamp.valueOf("2026-01-02 03:04:05"), null)),
            Map.entry(Calendar.class, List.of(c -> new GregorianCalendar(TimeZone.getTimeZone("Asia/Tokyo")), NULL)),
            Map.entry(
                    InputStream.class,
                    List.of(c -> new ByteArrayInputStream("[3,2,1]".getBytes(StandardCharsets.UTF_8)), NULL)),
            Map.entry(Reader.class, List.of(c -> new StringReader("[3,2,1]"), NULL)),
            Map.entry(java.sql.Array.class, List.of(c -> c.createArrayOf("float4", new Float[] {3f, 2f, 1f}), NULL)),
            Map.entry(java.sql.Blob.class, List.of(NULL)),
            Map.entry(java.sql.Clob.class, List.of(NULL)),
            Map.entry(java.sql.NClob.class, List.of(NULL)),
            Map.entry(Ref.class, List.of(NULL)),
            Map.entry(RowId.class, List.of(NULL)),
            Map.entry(ShardingKey.class, List.of(NULL)),
            Map.entry(SQLXML.class, List.of(JdbcArguments::xml, NULL)),
            Map.entry(SQLType.class, plain(JDBCType.OTHER, JDBCType.VARCHAR, JDBCType.INTEGER, null)),
            Map.entry(Savepoint.class, List.of(JdbcArguments::savepoint, NULL)),
            Map.entry(Executor.class, plain((Executor) Runnable::run, null)),
            Map.entry(Map.class, List.of(c -> Map.of(), c -> Map.of("vector", PGvector.class), NULL)),
            Map.entry(Properties.class, List.of(JdbcArguments::clientInfo, c -> new Properties())),
            Map.entry(TimerTask.class, List.of(c -> new Nothing())),
            Map.entry(AutoSave.class, plain(AutoSave.ALWAYS, AutoSave.NEVER)),
            Map.entry(Version.class, plain(ServerVersion.v9_6, ServerVersion.INVALID)),
            Map.entry(CachedQuery.class, List.of(c -> c.createQuery("select 1", false, true), NULL)),
            Map.entry(Query.class, List.of(c -> c.createQuery("select 1", false, true).query)),
            Map.entry(Field[].class, List.of(c -> new Field[0])),
            Map.entry(List.class, List.of(c -> new ArrayList<>())),
            Map.entry(ResultCursor.class, List.of(NULL)));

    private static List<Value> plain(@Nullable Object... values) {
        return Arrays.stream(values).map(value -> (Value) connection -> value).toList();
    }

    private static SQLXML xml(BaseConnection connection) throws SQLException {
        SQLXML xml = connection.createSQLXML();
        xml.setString("<a/>");
        return xml;
    }

    private static Savepoint savepoint(BaseConnection connection) throws SQLException {
        connection.setAutoCommit(false);
        return connection.setSavepoint();
    }

    private static Properties clientInfo(BaseConnection connection) {
        Properties properties = new Properties();
        properties.setProperty("ApplicationName", "every method");
        return properties;
    }

    private static final class Nothing extends TimerTask {
        @Override
        public void run() {}
    }
}
