package dev.gangway;

import static org.assertj.core.api.Assertions.assertThat;

import com.pgvector.PGbit;
import com.pgvector.PGhalfvec;
import com.pgvector.PGsparsevec;
import com.pgvector.PGvector;
import dev.gangway.testkit.Sql;
import dev.gangway.testkit.TcpProxy;
import java.nio.file.Path;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.postgresql.core.BaseConnection;
import org.postgresql.util.PGobject;

/** pgvector's types on the connections that the application gets. */
class TypesIT {
    private Application app;

    @BeforeEach
    void createDatabase(@TempDir Path folder) throws SQLException {
        app = Application.in(folder);
    }

    @AfterEach
    void dropDatabase() throws SQLException {
        app.close();
    }

    private static final float[] NUMBERS = {1, 2.5f, -3};

    @Test
    void eachTypeGoesInAndComesOutAsItsClass() throws SQLException {
        app.add("V1__vector.sql", "create extension vector").start();
        try (Connection connection = app.connect()) {
            assertThat(roundTrip(connection, new PGvector(NUMBERS))).isEqualTo(new PGvector(NUMBERS));
            assertThat(roundTrip(connection, new PGhalfvec(NUMBERS))).isEqualTo(new PGhalfvec(NUMBERS));
            assertThat(roundTrip(connection, new PGsparsevec(NUMBERS))).isEqualTo(new PGsparsevec(NUMBERS));
        }
    }

    @Test
    void bitsGoInAndComeOut() throws SQLException {
        app.add("V1__vector.sql", "create extension vector; create table item(flags bit(5))")
                .start();
        try (Connection connection = app.connect();
                PreparedStatement insert = connection.prepareStatement("insert into item values (?)");
                PreparedStatement select = connection.prepareStatement("select flags from item")) {
            insert.setObject(1, new PGbit("10100"));
            insert.executeUpdate();
            try (ResultSet rows = select.executeQuery()) {
                rows.next();
                assertThat(rows.getObject(1, PGbit.class)).isEqualTo(new PGbit("10100"));
                assertThat(rows.getString(1)).isEqualTo("10100");
            }
        }
    }

    @Test
    void aBitThatIsABooleanStaysOne() throws SQLException {
        app.add("V1__vector.sql", "create extension vector").start();
        try (Connection connection = app.connect("prepareThreshold=-1");
                PreparedStatement select = connection.prepareStatement("select b'1'::bit(1), b'0'::bit(1)")) {
            for (int execution = 0; execution < 3; execution++) {
                try (ResultSet rows = select.executeQuery()) {
                    rows.next();
                    assertThat(rows.getBoolean(1)).isTrue();
                    assertThat(rows.getBoolean(2)).isFalse();
                    assertThat(rows.getObject(1)).isEqualTo(bareBit());
                }
            }
        }
    }

    private Object bareBit() throws SQLException {
        try (Connection bare = app.database().connect();
                PreparedStatement select = bare.prepareStatement("select b'1'::bit(1)");
                ResultSet rows = select.executeQuery()) {
            rows.next();
            return rows.getObject(1);
        }
    }

    @Test
    void arraysOfVectorsGoInAndComeOut() throws SQLException {
        app.add("V1__vector.sql", "create extension vector; create table item(many vector[])")
                .start();
        try (Connection connection = app.connect();
                PreparedStatement insert = connection.prepareStatement("insert into item values (?)");
                PreparedStatement select = connection.prepareStatement("select many from item")) {
            Object[] vectors = {new PGvector(NUMBERS), new PGvector(new float[] {7})};
            insert.setArray(1, connection.createArrayOf("vector", vectors));
            insert.executeUpdate();
            try (ResultSet rows = select.executeQuery()) {
                rows.next();
                Array many = rows.getArray(1);
                assertThat((Object[]) many.getArray()).containsExactly(vectors);
            }
        }
    }

    @Test
    void theTypesWorkWhereverTheExtensionIs() throws SQLException {
        app.add("V1__vector.sql", """
                create schema ext;
                create extension vector schema ext;
                create table item(embedding vector(3));
                """).start();
        try (Connection connection = app.connect();
                PreparedStatement insert = connection.prepareStatement("insert into item values (?)")) {
            insert.setObject(1, new PGvector(NUMBERS));
            insert.executeUpdate();
            try (PreparedStatement select = connection.prepareStatement("select embedding from item");
                    ResultSet rows = select.executeQuery()) {
                rows.next();
                assertThat(rows.getObject(1)).isEqualTo(new PGvector(NUMBERS));
            }
        }
    }

    @Test
    void theFirstUseOfEachTypeCostsNoQuestionToTheServer() throws SQLException {
        app.add("V1__vector.sql", "create extension vector").start();
        try (TcpProxy proxy = TcpProxy.to(app.database().server());
                Connection connection = Application.open(app.url(proxy.address()))) {
            proxy.reset();
            roundTrip(connection, new PGvector(NUMBERS));
            roundTrip(connection, new PGhalfvec(NUMBERS));
            roundTrip(connection, new PGsparsevec(NUMBERS));
            assertThat(proxy.roundTrips()).isEqualTo(3);
            assertThat(proxy.sql()).hasSize(3).allMatch(sql -> sql.startsWith("select $1"));
        }
    }

    @Test
    void registeringTheTypesCostsNoQuestionEither() throws SQLException {
        app.add("V1__vector.sql", "create extension vector").start();
        try (TcpProxy proxy = TcpProxy.to(app.database().server())) {
            String url = app.url(proxy.address());
            Application.open(url).close();
            proxy.reset();
            Application.open(url).close();
            proxy.address().connect(app.database().name()).close();
            int bare = proxy.roundTripsByConnection().get(1);
            assertThat(proxy.roundTripsByConnection()).containsExactly(bare, bare);
        }
    }

    @Test
    void vectorsTravelInBinaryBothWays() throws SQLException {
        app.add("V1__vector.sql", "create extension vector").start();
        try (Connection connection = app.connect("prepareThreshold=1")) {
            BaseConnection base = connection.unwrap(BaseConnection.class);
            for (String type : new String[] {"vector", "sparsevec"}) {
                int oid = base.getTypeInfo().getPGType(type);
                assertThat(base.getQueryExecutor().useBinaryForReceive(oid))
                        .as("receive " + type)
                        .isTrue();
                assertThat(base.getQueryExecutor().useBinaryForSend(oid))
                        .as("send " + type)
                        .isTrue();
            }
            try (PreparedStatement select = connection.prepareStatement("select ?::vector")) {
                for (int execution = 0; execution < 4; execution++) {
                    select.setObject(1, new PGvector(NUMBERS));
                    try (ResultSet rows = select.executeQuery()) {
                        rows.next();
                        assertThat(rows.getObject(1)).isEqualTo(new PGvector(NUMBERS));
                    }
                }
            }
        }
    }

    @Test
    void withoutTheExtensionNothingFails() throws SQLException {
        app.add("V1__first.sql", "create table first()").start();
        try (Connection connection = app.connect()) {
            assertThat(Sql.ask(connection, "select 1")).isEqualTo("1");
            assertThat(Sql.ask(connection, "select b'101'")).isEqualTo("101");
        }
    }

    @Test
    void anExtensionThatThePendingMigrationCreatesIsThereAtOnce() throws SQLException {
        app.add("V1__vector.sql", "create extension vector");
        try (Connection connection = app.connect()) {
            assertThat(roundTrip(connection, new PGvector(NUMBERS))).isEqualTo(new PGvector(NUMBERS));
        }
    }

    @Test
    void theTypesAreThereEvenWhenNothingIsChecked() throws SQLException {
        app.execute("create extension vector");
        try (Connection connection = app.connect("gangway.mode=off")) {
            assertThat(roundTrip(connection, new PGvector(NUMBERS))).isEqualTo(new PGvector(NUMBERS));
        }
        assertThat(app.has("gangway_history")).isFalse();
    }

    private static Object roundTrip(Connection connection, PGobject value) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement("select ? as value")) {
            select.setObject(1, value);
            try (ResultSet rows = select.executeQuery()) {
                rows.next();
                return rows.getObject(1);
            }
        }
    }
}
