package dev.gangway.search;

import static dev.gangway.search.JdbcMethods.signature;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import dev.gangway.testkit.Sql;
import dev.gangway.testkit.TestDatabase;
import dev.gangway.testkit.TestServer;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.sql.CallableStatement;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Types;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.postgresql.core.BaseConnection;

/**
 * Every method that an application can call has the outcome that it has on pgjdbc's own object, and leaves the same behind:
 * called with several values for each type of a parameter, in each state in which a statement can be.
 */
class EveryMethodIT {
    private static final String SEARCH =
            "select id, embedding <=> ?::vector as d from item where id < ? order by d, id";
    private static final String CALL = "{? = call closest(?::vector, ?)}";

    /** A request to cancel may still be on its way to the server when the next query is. */
    private static final Set<String> NOT_TO_BE_FOLLOWED = Set.of("cancelQuery()");

    private static TestDatabase database;
    private static Connection bare;
    private static Connection ours;

    @BeforeAll
    static void fill() throws Exception {
        database = TestServer.newDatabase();
        try (Connection connection = Sql.connect(database.jdbcUrl())) {
            Sql.execute(connection, """
                    create extension vector;
                    create table item (id int primary key, embedding vector(3));
                    insert into item select i, array[i, 1, 2]::real[]::vector from generate_series(1, 5) i;
                    create function closest(question vector, wanted int) returns int language sql as
                        'select id from item where id < wanted order by embedding <=> question limit 1';
                    """);
        }
        bare = connect("off");
        ours = connect("accelerate,measure");
        assertThat(ours).isInstanceOf(SearchConnection.class);
    }

    @AfterAll
    static void drop() throws Exception {
        bare.close();
        ours.close();
        database.close();
    }

    private static Connection connect(String search) throws SQLException {
        return DriverManager.getConnection(database.gangwayUrl("gangway.mode=off", "gangway.search=" + search));
    }

    /** Each connection has its own. */
    private static final Set<String> NOT_TO_BE_COMPARED = Set.of("getBackendPID()");

    /** Of a closed statement pgjdbc goes on telling them, with the types of what was bound. We complain, as JDBC has it. */
    private static final Set<String> REFUSED_ONCE_CLOSED = Set.of("getParameterMetaData()");

    /** Makes a statement, in whatever state. */
    interface Maker {
        PreparedStatement on(Connection connection) throws SQLException;
    }

    @TestFactory
    Stream<DynamicTest> ofAConnection() {
        return tests("PgConnection", method -> {
            try (Connection onBare = connect("off");
                    Connection onOurs = connect("accelerate,measure")) {
                int sets = JdbcArguments.sets(method);
                List<String> expected = new ArrayList<>();
                List<String> actual = new ArrayList<>();
                for (int set = 0; set < sets; set++) {
                    expected.add(outcome(method, onBare, onBare, set));
                    actual.add(outcome(method, onOurs, onOurs, set));
                    if (!NOT_TO_BE_FOLLOWED.contains(signature(method))) {
                        expected.addAll(Outcome.state(onBare));
                        actual.addAll(Outcome.state(onOurs));
                    }
                }
                assertThat(actual).isEqualTo(expected);
            }
        });
    }

    @TestFactory
    Stream<DynamicTest> ofAStatement() {
        return tests("PgPreparedStatement", method -> {
            assertSame(method, connection -> connection.prepareStatement(SEARCH));
            assertSame(method, EveryMethodIT::bound);
            assertSame(method, connection -> {
                PreparedStatement statement = bound(connection);
                statement.executeQuery();
                return statement;
            });
            if (REFUSED_ONCE_CLOSED.contains(signature(method))) {
                assertThatThrownBy(() -> method.invoke(closed(ours)))
                        .cause()
                        .isInstanceOf(SQLException.class)
                        .hasMessage("This statement has been closed.");
            } else {
                assertSame(method, EveryMethodIT::closed);
            }
        });
    }

    private static PreparedStatement bound(Connection connection) throws SQLException {
        PreparedStatement statement = connection.prepareStatement(SEARCH);
        statement.setString(1, "[1,2,3]");
        statement.setInt(2, 4);
        return statement;
    }

    private static PreparedStatement closed(Connection connection) throws SQLException {
        PreparedStatement statement = bound(connection);
        statement.close();
        return statement;
    }

    @TestFactory
    Stream<DynamicTest> ofACall() {
        return tests("PgCallableStatement", method -> {
            assertSame(method, connection -> connection.prepareCall(CALL));
            assertSame(method, connection -> {
                CallableStatement call = connection.prepareCall(CALL);
                call.registerOutParameter(1, Types.INTEGER);
                call.setString(2, "[1,2,3]");
                call.setInt(3, 4);
                call.execute();
                return call;
            });
        });
    }

    @TestFactory
    Stream<DynamicTest> ofTheMetaData() {
        return tests("PgDatabaseMetaData", method -> {
            for (int set = 0; set < JdbcArguments.sets(method); set++) {
                assertThat(outcome(method, ours.getMetaData(), ours, set))
                        .isEqualTo(outcome(method, bare.getMetaData(), bare, set));
            }
        });
    }

    /** A test of a method. */
    interface Test {
        void of(Method method) throws Exception;
    }

    private static Stream<DynamicTest> tests(String pgjdbcs, Test test) {
        Collection<Method> methods = JdbcMethods.of(JdbcMethods.pgjdbc(pgjdbcs));
        return methods.stream().map(method -> dynamicTest(signature(method), () -> test.of(method)));
    }

    private static void assertSame(Method method, Maker maker) throws Exception {
        for (int set = 0; set < JdbcArguments.sets(method); set++) {
            assertThat(outcomes(method, ours, maker, set)).isEqualTo(outcomes(method, bare, maker, set));
        }
    }

    /** {@return how it went, and what it left behind} */
    private static List<String> outcomes(Method method, Connection connection, Maker maker, int set) throws Exception {
        List<String> outcomes = new ArrayList<>();
        try (PreparedStatement statement = maker.on(connection)) {
            outcomes.add(outcome(method, statement, connection, set));
            outcomes.addAll(Outcome.state(statement, connection));
            outcomes.add("executed: " + Outcome.of(connection, statement::execute));
            outcomes.add("result: " + Outcome.of(connection, statement::getResultSet));
            outcomes.add("batch: " + Outcome.of(connection, statement::executeBatch));
        }
        return outcomes;
    }

    private static String outcome(Method method, Object object, Connection connection, int set) throws Exception {
        Object[] arguments = JdbcArguments.of(method, set, (BaseConnection) connection);
        String outcome = Outcome.of(connection, () -> {
            try {
                return method.invoke(object, arguments);
            } catch (InvocationTargetException e) {
                if (e.getCause() instanceof Exception cause) {
                    throw cause;
                }
                throw e;
            }
        });
        return NOT_TO_BE_COMPARED.contains(signature(method)) ? "" : method.getName() + " " + set + ": " + outcome;
    }
}
