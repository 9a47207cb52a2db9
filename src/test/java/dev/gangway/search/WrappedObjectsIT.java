package dev.gangway.search;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.mchange.v2.c3p0.ComboPooledDataSource;
import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.gangway.testkit.Sql;
import dev.gangway.testkit.TestDatabase;
import dev.gangway.testkit.TestServer;
import java.io.StringReader;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.sql.CallableStatement;
import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.sql.Wrapper;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import javax.sql.DataSource;
import javax.transaction.xa.XAResource;
import javax.transaction.xa.Xid;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.postgresql.PGConnection;
import org.postgresql.PGNotification;
import org.postgresql.PGStatement;
import org.postgresql.copy.CopyManager;
import org.postgresql.core.BaseConnection;
import org.postgresql.core.BaseStatement;
import org.postgresql.jdbc.PgConnection;
import org.postgresql.jdbc.PgDatabaseMetaData;
import org.postgresql.largeobject.LargeObject;
import org.postgresql.largeobject.LargeObjectManager;
import org.postgresql.xa.PGXAConnection;

/** What stands around pgjdbc's objects passes for them: with pools, with pgjdbc's own extensions, and where it is unwrapped. */
class WrappedObjectsIT {
    private static final String SEARCH = "select id from item order by embedding <=> ?::vector limit 1";

    private static TestDatabase database;

    private Connection connection;
    private PgConnection own;

    @BeforeAll
    static void fill() throws Exception {
        database = TestServer.newDatabase();
        database.execute("""
                create extension vector;
                create table item (id int primary key, embedding vector(3));
                insert into item values (1, '[1,0,0]'), (2, '[0,1,0]'), (3, '[0,0,1]');
                create function closest(question vector) returns int language sql as
                    'select id from item order by embedding <=> question limit 1';
                """);
    }

    @AfterAll
    static void drop() throws Exception {
        database.close();
    }

    @BeforeEach
    void open() throws SQLException {
        connection = DriverManager.getConnection(url());
        own = connection.unwrap(PgConnection.class);
    }

    @AfterEach
    void close() throws SQLException {
        connection.close();
    }

    private static String url() {
        return database.gangwayUrl("gangway.mode=off", "gangway.search=accelerate,measure");
    }

    @Test
    void aConnectionUnwrapsToItselfOrToPgjdbcs() throws SQLException {
        assertUnwraps(connection, own, PgConnection.class, Connection.class, PGConnection.class, BaseConnection.class);
        assertThat((Object) own).isNotSameAs(connection);
    }

    @Test
    void aStatementUnwrapsToItselfOrToPgjdbcs() throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(SEARCH)) {
            Class<?> secret = JdbcMethods.pgjdbc("PgPreparedStatement");
            assertUnwraps(
                    statement,
                    statement.unwrap(secret),
                    secret,
                    PreparedStatement.class,
                    Statement.class,
                    PGStatement.class,
                    BaseStatement.class);
        }
    }

    @Test
    void aCallUnwrapsToItselfOrToPgjdbcs() throws SQLException {
        try (CallableStatement call = connection.prepareCall("{? = call closest(?::vector)}")) {
            Class<?> secret = JdbcMethods.pgjdbc("PgCallableStatement");
            assertUnwraps(
                    call,
                    call.unwrap(secret),
                    secret,
                    CallableStatement.class,
                    PreparedStatement.class,
                    PGStatement.class);
        }
    }

    @Test
    void factsAboutTheDatabaseUnwrapToThemselvesOrToPgjdbcs() throws SQLException {
        DatabaseMetaData facts = connection.getMetaData();
        assertUnwraps(facts, facts.unwrap(PgDatabaseMetaData.class), PgDatabaseMetaData.class, DatabaseMetaData.class);
    }

    /** @param types of the interfaces, as which it is itself */
    private static void assertUnwraps(Wrapper around, Object own, Class<?> ofOwn, Class<?>... types)
            throws SQLException {
        assertThat(own.getClass()).isEqualTo(ofOwn);
        assertThat(around.isWrapperFor(ofOwn)).isTrue();
        for (Class<?> type : types) {
            assertThat(around.isWrapperFor(type)).isTrue();
            assertThat((Object) around.unwrap(type)).isSameAs(around);
        }
        assertThat(around.isWrapperFor(Runnable.class)).isFalse();
        assertThatThrownBy(() -> around.unwrap(Runnable.class))
                .isInstanceOf(SQLException.class)
                .hasMessage("Cannot unwrap to java.lang.Runnable");
    }

    @Test
    void allNameTheConnectionThatTheApplicationHas() throws SQLException {
        try (PreparedStatement search = connection.prepareStatement(SEARCH);
                CallableStatement call = connection.prepareCall("{? = call closest(?::vector)}")) {
            assertThat((Object) search.getConnection()).isSameAs(connection);
            assertThat((Object) call.getConnection()).isSameAs(connection);
            assertThat((Object) connection.getMetaData().getConnection()).isSameAs(connection);
        }
    }

    /** Those name pgjdbc's own connection, which cannot be helped without standing around them too. */
    @Test
    void whatPgjdbcsOwnObjectsNameIsEqual() throws SQLException {
        try (PreparedStatement search = connection.prepareStatement(SEARCH);
                PreparedStatement plain = connection.prepareStatement("select 1");
                Statement statement = connection.createStatement()) {
            search.setString(1, "[1,0,0]");
            assertThat(connection).isEqualTo(plain.getConnection()).isEqualTo(statement.getConnection());
            assertThat(search).isEqualTo(search.executeQuery().getStatement());
        }
    }

    @Test
    void equalObjectsHaveTheSameHash() throws SQLException {
        try (Connection other = DriverManager.getConnection(url());
                PreparedStatement search = connection.prepareStatement(SEARCH);
                PreparedStatement another = connection.prepareStatement(SEARCH)) {
            assertThat(connection)
                    .isEqualTo(connection.unwrap(Connection.class))
                    .isEqualTo(own)
                    .isNotEqualTo(other);
            assertThat(connection.hashCode()).isEqualTo(own.hashCode());
            assertThat(search).isEqualTo(search.unwrap(PreparedStatement.class)).isNotEqualTo(another);
            Set<Object> all = new HashSet<>(List.of(connection, other, search, another));
            assertThat(all).hasSize(4).contains(connection, other, search, another);
        }
    }

    @Test
    void copyManagerTakesIt() throws Exception {
        connection.setAutoCommit(false);
        CopyManager copy = new CopyManager((BaseConnection) connection);

        assertThat(copy.copyIn("copy item from stdin", new StringReader("4\t[1,1,0]\n5\t[0,1,1]\n")))
                .isEqualTo(2);
        StringWriter text = new StringWriter();
        copy.copyOut("copy (select id, embedding from item where id > 3 order by id) to stdout", text);

        assertThat(text).hasToString("4\t[1,1,0]\n5\t[0,1,1]\n");
        connection.rollback();
    }

    @Test
    void largeObjectsAreWrittenAndRead() throws Exception {
        connection.setAutoCommit(false);
        LargeObjectManager manager = connection.unwrap(PGConnection.class).getLargeObjectAPI();
        long oid = manager.createLO();
        try (LargeObject large = manager.open(oid)) {
            large.write("large".getBytes(StandardCharsets.UTF_8));
        }
        try (LargeObject large = manager.open(oid)) {
            assertThat(new String(large.read(large.size()), StandardCharsets.UTF_8))
                    .isEqualTo("large");
        }
        connection.rollback();
    }

    @Test
    void notificationsArrive() throws Exception {
        Sql.execute(connection, "listen news");
        database.execute("notify news, 'of today'");

        PGNotification[] received = connection.unwrap(PGConnection.class).getNotifications(30_000);

        assertThat(received).singleElement().satisfies(news -> {
            assertThat(news.getName()).isEqualTo("news");
            assertThat(news.getParameter()).isEqualTo("of today");
        });
    }

    @Test
    void aDistributedTransactionRunsOnIt() throws Exception {
        PGXAConnection distributed = new PGXAConnection((BaseConnection) connection);
        Xid id = new Transaction();
        Connection handle = distributed.getConnection();
        for (int flags : new int[] {XAResource.TMFAIL, XAResource.TMSUCCESS}) {
            distributed.start(id, XAResource.TMNOFLAGS);
            try (PreparedStatement insert = handle.prepareStatement("insert into item values (?, ?::vector)")) {
                insert.setInt(1, 6);
                insert.setString(2, "[1,1,1]");
                insert.executeUpdate();
            }
            distributed.end(id, flags);
            if (flags == XAResource.TMFAIL) {
                distributed.rollback(id);
            } else {
                distributed.commit(id, true);
            }
        }
        assertThat(database.ask("select embedding from item where id = 6")).isEqualTo("[1,1,1]");
        database.execute("delete from item where id = 6");
    }

    private record Transaction() implements Xid {
        @Override
        public int getFormatId() {
            return 1;
        }

        @Override
        public byte[] getGlobalTransactionId() {
            return new byte[] {1};
        }

        @Override
        public byte[] getBranchQualifier() {
            return new byte[] {2};
        }
    }

    @Test
    void hikariResetsAndReusesIt() throws Exception {
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl(url());
        config.setMaximumPoolSize(1);
        try (HikariDataSource pool = new HikariDataSource(config)) {
            assertReusable(pool);
        }
    }

    @Test
    void tomcatResetsAndReusesItWithACacheOfStatements() throws Exception {
        var pool = new org.apache.tomcat.jdbc.pool.DataSource();
        pool.setDriverClassName("dev.gangway.GangwayDriver");
        pool.setUrl(url());
        pool.setInitialSize(1);
        pool.setMaxActive(1);
        pool.setTestOnBorrow(true);
        pool.setDefaultAutoCommit(true);
        pool.setDefaultReadOnly(false);
        pool.setDefaultTransactionIsolation(Connection.TRANSACTION_READ_COMMITTED);
        pool.setRollbackOnReturn(true);
        pool.setJdbcInterceptors(
                "ConnectionState;StatementFinalizer;StatementCache(prepared=true,callable=true,max=50)");
        try {
            assertReusable(pool);
        } finally {
            pool.close();
        }
    }

    @Test
    void c3p0ResetsAndReusesItWithACacheOfStatements() throws Exception {
        ComboPooledDataSource pool = new ComboPooledDataSource();
        pool.setDriverClass("dev.gangway.GangwayDriver");
        pool.setJdbcUrl(url());
        pool.setInitialPoolSize(1);
        pool.setMinPoolSize(1);
        pool.setMaxPoolSize(1);
        pool.setMaxStatements(50);
        pool.setTestConnectionOnCheckout(true);
        try {
            assertReusable(pool);
        } finally {
            pool.close();
        }
    }

    /** @param pool of one connection */
    private static void assertReusable(DataSource pool) throws SQLException {
        Set<Integer> sessions = new HashSet<>();
        for (int borrowed = 1; borrowed <= 3; borrowed++) {
            try (Connection connection = pool.getConnection()) {
                assertThat(connection.isValid(5)).isTrue();
                assertThat(connection.getAutoCommit()).isTrue();
                assertThat(connection.isReadOnly()).isFalse();
                assertThat(connection.getTransactionIsolation()).isEqualTo(Connection.TRANSACTION_READ_COMMITTED);
                assertThat(connection.isWrapperFor(PGConnection.class)).isTrue();
                assertThat((Object) connection.unwrap(BaseConnection.class)).isInstanceOf(SearchConnection.class);
                sessions.add(connection.unwrap(PGConnection.class).getBackendPID());
                for (int id = 1; id <= 3; id++) {
                    assertThat(closest(connection, id)).isEqualTo(id);
                }
                connection.setAutoCommit(false);
                connection.setTransactionIsolation(Connection.TRANSACTION_SERIALIZABLE);
                try (Statement statement = connection.createStatement()) {
                    statement.execute("insert into item values (7, '[2,2,2]')");
                }
                connection.rollback();
                connection.setReadOnly(true);
                try (Statement statement = connection.createStatement()) {
                    assertThatThrownBy(() -> statement.execute("insert into item values (8, '[2,2,2]')"))
                            .isInstanceOf(SQLException.class);
                }
                connection.rollback();
            }
        }
        assertThat(sessions).hasSize(1);
    }

    private static int closest(Connection connection, int axis) throws SQLException {
        try (PreparedStatement search = connection.prepareStatement(SEARCH)) {
            assertThatThrownBy(search::executeQuery)
                    .as("nothing is left of what was bound last")
                    .isInstanceOf(SQLException.class)
                    .hasMessageContaining("No value specified");
            search.setString(1, "[%d,%d,%d]".formatted(axis == 1 ? 1 : 0, axis == 2 ? 1 : 0, axis == 3 ? 1 : 0));
            assertThat(search.isWrapperFor(PGStatement.class)).isTrue();
            try (ResultSet result = search.executeQuery()) {
                assertThat(result.next()).isTrue();
                return result.getInt(1);
            }
        }
    }
}
