package dev.gangway.search;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.pgvector.PGhalfvec;
import com.pgvector.PGsparsevec;
import com.pgvector.PGvector;
import dev.gangway.testkit.Sql;
import dev.gangway.testkit.TestDatabase;
import dev.gangway.testkit.TestServer;
import java.io.StringReader;
import java.sql.BatchUpdateException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ParameterMetaData;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Statement;
import java.sql.Types;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.assertj.core.api.SoftAssertions;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.postgresql.jdbc.PgConnection;
import org.postgresql.util.PGobject;

/** Under {@code gangway.search=accelerate} the same calls have the same outcome; only what travels is another form. */
class AccelerationIT {
    private static final String NEAREST = "select id, embedding <=> ?::vector as d from item order by d, id limit 2";

    private static TestDatabase database;

    @BeforeAll
    static void fill() throws Exception {
        database = TestServer.newDatabase();
        try (Connection connection = Sql.connect(database.jdbcUrl());
                Statement statement = connection.createStatement()) {
            statement.execute("""
                    create extension vector;
                    create table item (id int primary key, embedding vector(3), half halfvec(3), sparse sparsevec(3), flags bit(3));
                    insert into item select i, array[i, 1, 2]::real[]::vector, array[i, 1, 2]::real[]::halfvec,
                        array[i, 0, 2]::real[]::sparsevec, (i % 8)::bit(3) from generate_series(1, 20) i;
                    create table pair (a text, b text);
                    create function nearest(question vector, wanted int) returns setof int language sql as
                        'select id from item order by embedding <=> question limit wanted';
                    """);
        }
    }

    @AfterAll
    static void drop() throws Exception {
        database.close();
    }

    private static Connection connect(String parameters) throws SQLException {
        return connect(database, parameters);
    }

    private static Connection connect(TestDatabase database, String parameters) throws SQLException {
        String url = database.jdbcUrl();
        return DriverManager.getConnection("jdbc:gangway:" + url.substring("jdbc:".length())
                + (url.contains("?") ? "&" : "?") + "gangway.mode=off&" + parameters);
    }

    /** Something that an application does with a connection. */
    interface Call {
        void on(Connection connection, List<Object> outcome) throws SQLException;
    }

    record Case(String name, Call call) {}

    private static List<Case> calls() {
        List<Case> cases = new ArrayList<>();
        for (String text : List.of(
                "[1,2,3]",
                " [ 1 , 2.5e0 , -3 ] ",
                "[1,2]",
                "[1,2,3,4]",
                "[]",
                "[",
                "",
                "1,2,3",
                "[1,2,3",
                "[1,2,3]x",
                "[a,2,3]",
                "[1,,3]",
                "[1,2,]",
                "[NaN,1,2]",
                "[Infinity,1,2]",
                "[1e39,1,2]",
                "[1e-50,1,2]",
                "[0x10,1,2]",
                "[+1,.5,2.]",
                "[1e,2,3]",
                "[-0,0,0]",
                "[1\u00a0,2,3]",
                "\u000b[1,2,3]\f",
                "[1;2;3]",
                "{1,2,3}",
                "[0.1,0.2,0.3]\u0000")) {
            cases.add(search("setString " + text, NEAREST, (s, o) -> s.setString(1, text)));
            cases.add(search("setObject " + text, NEAREST, (s, o) -> s.setObject(1, text)));
            cases.add(search("Types.OTHER " + text, NEAREST, (s, o) -> s.setObject(1, text, Types.OTHER)));
            cases.add(search("PGobject " + text, NEAREST, (s, o) -> s.setObject(1, object("vector", text))));
            cases.add(search(
                    "untyped " + text,
                    "select id from item order by embedding <=> ? limit 2",
                    (s, o) -> s.setObject(1, text, Types.OTHER)));
            cases.add(search(
                    "half " + text,
                    "select id, half <-> ?::halfvec d from item order by d, id limit 2",
                    (s, o) -> s.setString(1, text)));
            cases.add(search(
                    "half as vector " + text,
                    "select id, half <-> ? d from item order by d, id limit 2",
                    (s, o) -> s.setObject(1, object("vector", text))));
        }
        for (String text : List.of(
                "{1:1,3:2}/3",
                "{}/3",
                " { 1 : 1 , 3 : 2 } / 3 ",
                "{3:1,1:2}/3",
                "{3:1,1:2,3:2}/3",
                "{4:1,1:2}/3",
                "{1:1,1:2}/3",
                "{0:1}/3",
                "{4:1}/3",
                "{1:0}/3",
                "{1:1}/4",
                "{1:1}",
                "[1,2,3]",
                "{1:1e39}/3",
                "{1:nan}/3",
                "{1:1}/3x",
                "{1:1e-50}/3",
                "{1:1e-40}/3",
                "{1:-0,2:1}/3",
                "{1:1,}/3",
                "{:1}/3",
                "{1:1}/-3",
                "{1:1}/99999999999")) {
            cases.add(search(
                    "sparse " + text,
                    "select id, sparse <-> ?::sparsevec d from item order by d, id limit 2",
                    (s, o) -> s.setString(1, text)));
        }
        cases.add(search(
                "sparse with too many numbers, one of them 0",
                "select length(?::sparsevec::text)",
                (s, o) -> s.setString(
                        1,
                        IntStream.rangeClosed(1, 16_001)
                                .mapToObj(i -> i + (i == 5 ? ":0" : ":1"))
                                .collect(Collectors.joining(",", "{", "}/20000")))));
        cases.add(search(
                "half overflow", "select half <-> ?::halfvec from item", (s, o) -> s.setString(1, "[70000,1,2]")));
        cases.add(
                search("half tiny", "select half <-> ?::halfvec from item", (s, o) -> s.setString(1, "[1e-9,6e-8,2]")));
        cases.add(
                search("modifier", "select embedding <=> ?::vector(2) from item", (s, o) -> s.setString(1, "[1,2,3]")));
        cases.add(search("null", NEAREST, (s, o) -> s.setString(1, null)));
        cases.add(search("null object", NEAREST, (s, o) -> s.setObject(1, null)));
        cases.add(search("setNull", NEAREST, (s, o) -> s.setNull(1, Types.OTHER)));
        cases.add(search("nothing bound", NEAREST, (s, o) -> {}));
        cases.add(search("wrong number", NEAREST, (s, o) -> s.setString(2, "[1,2,3]")));
        cases.add(search("number 0", NEAREST, (s, o) -> s.setString(0, "[1,2,3]")));
        cases.add(search("int", NEAREST, (s, o) -> s.setInt(1, 5)));
        cases.add(search("text as integer", NEAREST, (s, o) -> s.setObject(1, "[1,2,3]", Types.INTEGER)));
        cases.add(search("text then int", NEAREST, (s, o) -> {
            s.setString(1, "[1,2,3]");
            s.setInt(1, 5);
        }));
        cases.add(search("cleared", NEAREST, (s, o) -> {
            s.setString(1, "[1,2,3]");
            s.clearParameters();
        }));
        cases.add(search("float[]", NEAREST, (s, o) -> s.setObject(1, new float[] {1, 2, 3})));
        cases.add(search("float[] NaN", NEAREST, (s, o) -> s.setObject(1, new float[] {1, Float.NaN, 3})));
        cases.add(search("float[] empty", NEAREST, (s, o) -> s.setObject(1, new float[0])));
        cases.add(search("double[]", NEAREST, (s, o) -> s.setObject(1, new double[] {0.1, 0.2, 0.3})));
        cases.add(search("double[] large", NEAREST, (s, o) -> s.setObject(1, new double[] {1e300, 0.2, 0.3})));
        cases.add(search(
                "float[] half",
                "select half <-> ?::halfvec from item",
                (s, o) -> s.setObject(1, new float[] {1, 2, 3})));
        cases.add(search(
                "double[] sparse",
                "select sparse <-> ?::sparsevec from item",
                (s, o) -> s.setObject(1, new double[] {0, 0.1, 0})));
        cases.add(search(
                "Float[] as array",
                NEAREST,
                (s, o) -> s.setArray(1, s.getConnection().createArrayOf("float4", new Float[] {1f, 2f, 3f}))));
        for (String type : List.of("vector", "halfvec", "sparsevec")) {
            String column = type.equals("vector") ? "embedding" : type.substring(0, type.length() - 3);
            String distance = "select %s <-> ?::%s from item".formatted(column, type);
            cases.add(search(
                    "whole numbers",
                    distance,
                    (s, o) -> s.setArray(1, s.getConnection().createArrayOf("int4", new Integer[] {1, 2, 3}))));
            for (Object[] elements : List.<Object[]>of(
                    new Float[] {0.1f, 0f, 3f},
                    new Float[] {0.1f, null, 3f},
                    new Float[] {1e-7f, Float.NEGATIVE_INFINITY, 2f},
                    new Float[] {Float.NaN, 1f, 2f},
                    new Float[] {1f, 2f},
                    new Float[0],
                    new Float[][] {{1f, 2f, 3f}},
                    new String[] {"1e-50", "1", "2"},
                    new Double[] {0.1, 0.0, 1e300})) {
                for (String of : List.of("float4", "float8")) {
                    String name = of + Arrays.deepToString(elements) + " as ";
                    cases.add(search(
                            name + "array",
                            distance,
                            (s, o) -> s.setArray(1, s.getConnection().createArrayOf(of, elements))));
                }
            }
            Object[] elements = {0.1f, 2f, 3f};
            cases.add(search(
                    "array as object",
                    distance,
                    (s, o) -> s.setObject(1, s.getConnection().createArrayOf("float4", elements))));
            cases.add(search(
                    "array as ARRAY",
                    distance,
                    (s, o) -> s.setObject(1, s.getConnection().createArrayOf("float4", elements), Types.ARRAY)));
            cases.add(search(
                    "array as OTHER",
                    distance,
                    (s, o) -> s.setObject(1, s.getConnection().createArrayOf("float4", elements), Types.OTHER)));
            cases.add(search("no array", distance, (s, o) -> s.setArray(1, null)));
            cases.add(search("metadata of an array", distance, (s, o) -> {
                java.sql.Array array = s.getConnection().createArrayOf("float4", elements);
                s.setArray(1, array);
                array.free();
                describe(s.getParameterMetaData(), o);
            }));
        }
        cases.add(search(
                "array without a cast",
                "select embedding <-> ? from item",
                (s, o) -> s.setArray(1, s.getConnection().createArrayOf("float4", new Float[] {0.1f, 2f, 3f}))));
        cases.add(search("PGvector", NEAREST, (s, o) -> s.setObject(1, new PGvector(new float[] {1, 2, 3}))));
        cases.add(search(
                "PGvector for half",
                "select half <-> ?::halfvec from item",
                (s, o) -> s.setObject(1, new PGvector(new float[] {0.1f, 2, 3}))));
        cases.add(search(
                "PGvector too large for half",
                "select half <-> ?::halfvec from item",
                (s, o) -> s.setObject(1, new PGvector(new float[] {1e6f, 2, 3}))));
        cases.add(search(
                "PGvector for sparse",
                "select sparse <-> ?::sparsevec from item",
                (s, o) -> s.setObject(1, new PGvector(new float[] {0, 2, 3}))));
        cases.add(search(
                "PGhalfvec",
                "select half <-> ?::halfvec from item",
                (s, o) -> s.setObject(1, new PGhalfvec(new float[] {0.1f, 2, 3}))));
        cases.add(search(
                "PGhalfvec for vector", NEAREST, (s, o) -> s.setObject(1, new PGhalfvec(new float[] {0.1f, 2, 3}))));
        cases.add(search(
                "PGhalfvec untyped",
                "select half <-> ? from item",
                (s, o) -> s.setObject(1, new PGhalfvec(new float[] {0.1f, 2, 3}))));
        cases.add(search(
                "PGsparsevec",
                "select sparse <-> ?::sparsevec from item",
                (s, o) -> s.setObject(1, new PGsparsevec(new float[] {0, 2, 3}))));
        cases.add(search("PGobject of another type", NEAREST, (s, o) -> s.setObject(1, object("text", "[1,2,3]"))));
        cases.add(search("PGobject without a value", NEAREST, (s, o) -> s.setObject(1, object("vector", null))));
        cases.add(search(
                "PGobject as an array", NEAREST, (s, o) -> s.setObject(1, object("vector", "[1,2,3]"), Types.ARRAY)));
        cases.add(search("PGvector without numbers", NEAREST, (s, o) -> s.setObject(1, new PGvector())));
        cases.add(search(
                "PGvector without numbers for half",
                "select half <-> ?::halfvec from item",
                (s, o) -> s.setObject(1, new PGvector())));
        cases.add(search(
                "PGhalfvec without numbers",
                "select half <-> ?::halfvec from item",
                (s, o) -> s.setObject(1, new PGhalfvec())));
        cases.add(search(
                "text without a cast",
                "select id from item order by embedding <=> ?, id limit 2",
                (s, o) -> s.setString(1, "[1,2,3]")));
        cases.add(search("reader", NEAREST, (s, o) -> s.setCharacterStream(1, new StringReader("[1,2,3]"))));
        cases.add(search(
                "bits",
                "select id from item order by flags <~> ?::bit(3), id limit 2",
                (s, o) -> s.setString(1, "101")));
        cases.add(search(
                "bits without a cast",
                "select id from item order by flags <~> ?, id limit 2",
                (s, o) -> s.setObject(1, "101", Types.OTHER)));
        cases.add(search("points", "select point(1, 2) <-> ?", (s, o) -> s.setObject(1, "(1,3)", Types.OTHER)));
        cases.add(search("a function", "select * from nearest(?::vector, ?)", (s, o) -> {
            s.setString(1, "[1,2,3]");
            s.setInt(2, 3);
        }));
        cases.add(search(
                "a table that does not exist",
                "select embedding <=> ?::vector from nothing",
                (s, o) -> s.setString(1, "[1,2,3]")));
        cases.add(search("no SQL", "select embedding <=> ?::vector fro item", (s, o) -> s.setString(1, "[1,2,3]")));
        cases.add(search("metadata of parameters", NEAREST, (s, o) -> {
            describe(s.getParameterMetaData(), o);
            s.setString(1, "[1,2,3]");
            describe(s.getParameterMetaData(), o);
        }));
        cases.add(search("metadata after something else was bound", NEAREST, (s, o) -> {
            s.setString(1, "[1,2,3]");
            s.setNull(1, Types.VARCHAR);
            describe(s.getParameterMetaData(), o);
        }));
        cases.add(new Case("backslashes in strings", AccelerationIT::backslashesInStrings));
        cases.add(new Case("insert, update, batch, keys", AccelerationIT::writes));
        cases.add(new Case("batch with a malformed row", AccelerationIT::batchWithAMalformedRow));
        cases.add(new Case("call", (connection, outcome) -> {
            try (var call = connection.prepareCall("{? = call nearest(?::vector, ?)}")) {
                call.registerOutParameter(1, Types.INTEGER);
                call.setString(2, "[1,2,3]");
                call.setInt(3, 1);
                call.execute();
                outcome.add(call.getInt(1));
            }
        }));
        return cases;
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "prepareThreshold=1",
                "prepareThreshold=0",
                "preferQueryMode=simple",
                "preferQueryMode=extendedCacheEverything",
                "stringtype=unspecified",
                "reWriteBatchedInserts=true",
                "binaryTransfer=false",
                "autosave=always"
            })
    void allCallsHaveTheOutcomeThatTheyHaveWithPgjdbcAlone(String parameters) throws SQLException {
        SoftAssertions softly = new SoftAssertions();
        try (Connection bare = connect("gangway.search=off&" + parameters);
                Connection ours = connect("gangway.search=accelerate,measure&" + parameters)) {
            assertThat(bare).isExactlyInstanceOf(PgConnection.class);
            for (Case asked : calls()) {
                softly.assertThat(outcome(asked.call(), ours)).as(asked.name()).isEqualTo(outcome(asked.call(), bare));
            }
        }
        softly.assertAll();
    }

    private static List<Object> outcome(Call call, Connection connection) throws SQLException {
        List<Object> outcome = new ArrayList<>();
        connection.setAutoCommit(false);
        try {
            call.on(connection, outcome);
        } catch (SQLException e) {
            outcome.add(e.getClass().getName() + " " + e.getSQLState() + " " + e.getMessage());
        } catch (AssertionError e) {
            // pgjdbc's own, as when parameters are to be described in simple mode.
            outcome.add(e.toString());
        }
        connection.rollback();
        connection.setAutoCommit(true);
        return outcome;
    }

    /** Binds the parameters of a statement. */
    interface Binder {
        void bind(PreparedStatement statement, List<Object> outcome) throws SQLException;
    }

    /** Executed often enough that pgjdbc prepares it and the server makes a generic plan, and in both ways to execute. */
    private static Case search(String name, String sql, Binder binder) {
        return new Case(name + ": " + sql, (connection, outcome) -> {
            try (PreparedStatement statement = connection.prepareStatement(sql)) {
                for (int i = 0; i < 12; i++) {
                    binder.bind(statement, outcome);
                    if (i % 2 == 0) {
                        try (ResultSet result = statement.executeQuery()) {
                            read(result, outcome);
                        }
                    } else {
                        outcome.add(statement.execute());
                        read(statement.getResultSet(), outcome);
                    }
                }
            }
        });
    }

    private static void read(ResultSet result, List<Object> outcome) throws SQLException {
        ResultSetMetaData columns = result.getMetaData();
        for (int column = 1; column <= columns.getColumnCount(); column++) {
            outcome.add(columns.getColumnLabel(column) + " " + columns.getColumnTypeName(column) + " "
                    + columns.getColumnClassName(column) + " " + columns.getPrecision(column));
        }
        while (result.next()) {
            for (int column = 1; column <= columns.getColumnCount(); column++) {
                outcome.add(String.valueOf(result.getObject(column)));
            }
        }
    }

    private static void describe(ParameterMetaData parameters, List<Object> outcome) throws SQLException {
        for (int number = 1; number <= parameters.getParameterCount(); number++) {
            outcome.add(parameters.getParameterTypeName(number) + " " + parameters.getParameterType(number));
        }
    }

    /** A session may change at any time where a string ends, and so which question mark is a parameter. */
    private static void backslashesInStrings(Connection connection, List<Object> outcome) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute("set standard_conforming_strings = off");
        }
        search("", "select 1, '\\'' || ?, ' \\' ? ', ?::vector::text", (s, o) -> {
                    s.setString(1, "[1.50,2,3]");
                    s.setString(2, "[4.50,5,6]");
                })
                .call()
                .on(connection, outcome);
    }

    private static void writes(Connection connection, List<Object> outcome) throws SQLException {
        String sql = "insert into item (id, embedding, half, sparse) values (?, ?::vector, ?::halfvec, ?::sparsevec)";
        try (PreparedStatement insert = connection.prepareStatement(sql, Statement.RETURN_GENERATED_KEYS)) {
            for (int i = 100; i < 120; i++) {
                insert.setInt(1, i);
                insert.setString(2, i % 3 == 0 ? null : "[" + i + ",0.1,2]");
                insert.setObject(3, new float[] {i, 0.1f, 2});
                insert.setObject(4, "{1:" + i + "}/3", Types.OTHER);
                insert.addBatch();
            }
            outcome.add(Arrays.toString(insert.executeBatch()));
            try (ResultSet keys = insert.getGeneratedKeys()) {
                read(keys, outcome);
            }
            insert.setInt(1, 120);
            outcome.add(insert.executeUpdate());
        }
        try (PreparedStatement update =
                connection.prepareStatement("update item set embedding = ?::vector where id >= ? returning id")) {
            update.setObject(1, new double[] {0.1, 1, 2});
            update.setInt(2, 119);
            try (ResultSet result = update.executeQuery()) {
                read(result, outcome);
            }
        }
        try (Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery(
                        "select id, embedding::text, half::text, sparse::text from item order by id")) {
            read(result, outcome);
        }
    }

    /** The message names the row's own text, in which a binary value is a question mark. */
    private static void batchWithAMalformedRow(Connection connection, List<Object> outcome) throws SQLException {
        try (PreparedStatement insert =
                connection.prepareStatement("insert into item (id, embedding) values (?, ?::vector)")) {
            for (int i = 200; i < 210; i++) {
                insert.setInt(1, i);
                insert.setString(2, i == 205 ? "[1,2,oops]" : "[1,2,3]");
                insert.addBatch();
            }
            insert.executeBatch();
        } catch (BatchUpdateException e) {
            outcome.add(Arrays.toString(e.getUpdateCounts()));
            outcome.add(e.getSQLState());
            outcome.add(e.getNextException().getMessage());
            outcome.add(e.getMessage().replace("('[1,2,3]')::vector", "?::vector"));
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "select id from item order by embedding <=> ?::vector limit 2   | vector",
                "select id from item order by half <=> ?::halfvec limit 2       | halfvec",
                "select id from item order by sparse <-> ?::sparsevec limit 2   | sparsevec",
                "select id from item order by embedding <=> ? limit 2           | vector",
            })
    void theServerGetsTheTypeItself(String sql, String type) throws SQLException {
        List<Object> values =
                new ArrayList<>(List.of(new float[] {1, 2, 3}, new double[] {1, 2, 3}, List.of(1f, 2f, 3f)));
        values.add(type.equals("sparsevec") ? "{3:2,1:1}/3" : "[1,2,3]");
        if (sql.contains("::")) {
            values.add(new Float[] {1f, 2f, 3f});
            values.add(new Double[] {1.0, 2.0, 3.0});
        }
        for (Object value : values) {
            assertThat(typesSent(sql, value))
                    .as(value.getClass().getSimpleName())
                    .contains(type);
        }
    }

    @ParameterizedTest
    @CsvSource({"embedding, vector", "half, halfvec"})
    void whatTheServerMakesOfATextWithoutATypeIsAskedOfItOnce(String column, String type) throws SQLException {
        assertThat(typesSent("select id from item order by " + column + " <=> ? limit 2", "[1,2,3]"))
                .contains(type);
    }

    @Test
    void whatTheServerToldIsForgottenWithTheSchema() throws SQLException {
        assertThat(distancesInTwoSchemas("accelerate")).isEqualTo(distancesInTwoSchemas("off"));
    }

    private static List<Double> distancesInTwoSchemas(String search) throws SQLException {
        try (Connection connection = connect("stringtype=unspecified&gangway.search=" + search);
                Statement statement = connection.createStatement()) {
            statement.execute("""
                    create schema one; create table one.doc as select '[1,1,1]'::public.halfvec(3) as embedding;
                    create schema two; create table two.doc as select '[0.5,0.2,0.3]'::public.vector(3) as embedding""");
            List<Double> distances = new ArrayList<>();
            for (String schema : List.of("one", "two")) {
                connection.setSchema(schema);
                for (int i = 0; i < 3; i++) {
                    try (PreparedStatement nearest =
                            connection.prepareStatement("select embedding operator(public.<->) ? from doc")) {
                        nearest.setString(1, "[0.1,0.2,0.3]");
                        ResultSet result = nearest.executeQuery();
                        result.next();
                        distances.add(result.getDouble(1));
                    }
                }
            }
            statement.execute("drop schema one cascade; drop schema two cascade");
            return distances;
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void textsTravelAsTextOnceTheExtensionWasCreatedAnew(boolean batch) throws SQLException {
        try (TestDatabase own = TestServer.newDatabase();
                Connection admin = Sql.connect(own.jdbcUrl());
                Statement statement = admin.createStatement()) {
            statement.execute("create extension vector");
            try (Connection connection = connect(own, "gangway.search=accelerate")) {
                statement.execute("drop extension vector; create extension vector");
                statement.execute("create table item (embedding vector)");
                assertThatThrownBy(() -> insert(connection, batch))
                        .hasMessageContaining("cache lookup failed for type");
                insert(connection, batch);
            }
        }
    }

    private static void insert(Connection connection, boolean batch) throws SQLException {
        try (PreparedStatement insert = connection.prepareStatement("insert into item values (?::vector)")) {
            insert.setString(1, "[1,2,3]");
            if (batch) {
                insert.addBatch();
                insert.executeBatch();
            } else {
                insert.executeUpdate();
            }
        }
    }

    @Test
    void afterAFailureTheServerIsAskedAnew() throws SQLException {
        try (Connection connection = connect("stringtype=unspecified&gangway.search=accelerate");
                Statement statement = connection.createStatement();
                PreparedStatement distance = connection.prepareStatement("select place <-> ? from moved")) {
            statement.execute("create temporary table moved as select '[1,2]'::vector as place");
            for (int i = 0; i < 3; i++) {
                distance.setString(1, "[1,2]");
                distance.executeQuery().close();
            }
            statement.execute("drop table moved; create temporary table moved as select lseg '[(1,2),(3,4)]' as place");
            distance.setString(1, "[1,2]");
            assertThatThrownBy(distance::executeQuery).hasMessageContaining("lseg <-> vector");
            distance.setString(1, "[(1,2),(3,4)]");
            distance.executeQuery().close();
            distance.setString(1, "[1,2]");
            assertThatThrownBy(distance::executeQuery).hasMessageContaining("invalid input syntax for type lseg");
        }
    }

    @Test
    void arraysWithoutACastAreVectorsBesideAnyColumn() throws SQLException {
        assertThat(typesSent("select id from item order by half <=> ? limit 2", new float[] {1, 2, 3}))
                .contains("vector");
    }

    private static List<String> typesSent(String sql, Object value) throws SQLException {
        try (Connection connection = connect("gangway.search=accelerate&prepareThreshold=1");
                PreparedStatement search = connection.prepareStatement(sql);
                Statement question = connection.createStatement()) {
            for (int i = 0; i < 3; i++) {
                if (value instanceof String) {
                    search.setObject(1, value, Types.OTHER);
                } else if (value instanceof Object[] elements) {
                    String of = value instanceof Float[] ? "float4" : "float8";
                    search.setArray(1, connection.createArrayOf(of, elements));
                } else {
                    search.setObject(1, value);
                }
                search.executeQuery().close();
            }
            List<String> types = new ArrayList<>();
            try (ResultSet result = question.executeQuery(
                    "select parameter_types[1]::text from pg_prepared_statements where statement like '%from item%'")) {
                while (result.next()) {
                    types.add(result.getString(1));
                }
            }
            return types;
        }
    }

    @Test
    void everythingElseIsPgjdbcsOwnStatement() throws SQLException {
        try (Connection accelerated = connect("gangway.search=accelerate")) {
            for (String sql : List.of(
                    "select 1",
                    "select * from item where id = ?",
                    "insert into pair values (?, ?)",
                    "select embedding <=> '[1,2,3]' from item where id = ?")) {
                try (PreparedStatement statement = accelerated.prepareStatement(sql)) {
                    assertThat(statement.getClass().getName()).isEqualTo("org.postgresql.jdbc.PgPreparedStatement");
                }
            }
            try (PreparedStatement statement = accelerated.prepareStatement(NEAREST)) {
                assertThat(statement).isInstanceOf(SearchStatement.class);
            }
        }
    }

    private static PGobject object(String type, @Nullable String value) throws SQLException {
        PGobject object = new PGobject();
        object.setType(type);
        object.setValue(value);
        return object;
    }
}
