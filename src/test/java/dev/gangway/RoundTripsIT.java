package dev.gangway;

import static org.assertj.core.api.Assertions.assertThat;

import com.pgvector.PGvector;
import dev.gangway.testkit.MigrationFolder;
import dev.gangway.testkit.ServerAddress;
import dev.gangway.testkit.Sql;
import dev.gangway.testkit.TcpProxy;
import dev.gangway.testkit.TestDatabase;
import dev.gangway.testkit.TestServer;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.Properties;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the driver costs in round trips, counted by a proxy between it and the server. */
class RoundTripsIT {
    private static final String VECTOR =
            "create extension if not exists vector; create table item (id int, embedding vector(3))";

    @TempDir
    Path folder;

    private TestDatabase database;
    private TcpProxy proxy;

    @BeforeEach
    void open() throws Exception {
        database = TestServer.newDatabase();
        proxy = TcpProxy.to(TestServer.address());
    }

    @AfterEach
    void close() throws Exception {
        proxy.close();
        database.close();
    }

    @Test
    void theFirstConnectOfAProcessCostsOneRoundTripMoreThanPgjdbc() throws Exception {
        MigrationFolder migrations = MigrationFolder.in(folder).add("V1__vector.sql", VECTOR);
        connect(migrations).close();

        int bare = bareConnect();
        forgetTargets();
        proxy.reset();
        connect(migrations).close();

        assertThat(proxy.roundTrips() - bare).isEqualTo(1);
        assertThat(proxy.connections()).isEqualTo(1);
    }

    @Test
    void eachLaterConnectCostsWhatPgjdbcCostsAndKnowsTheVectorTypes() throws Exception {
        MigrationFolder migrations = MigrationFolder.in(folder).add("V1__vector.sql", VECTOR);
        connect(migrations).close();

        int bare = bareConnect();
        proxy.reset();
        try (Connection connection = connect(migrations)) {
            assertThat(proxy.roundTrips()).isEqualTo(bare);
            try (PreparedStatement insert = connection.prepareStatement("insert into item values (1, ?)")) {
                insert.setObject(1, new PGvector(new float[] {1, 2, 3}));
                insert.executeUpdate();
            }
            assertThat(proxy.roundTrips())
                    .as("one statement, and no question about types")
                    .isEqualTo(bare + 1);
        }
    }

    @Test
    void recheckAlwaysCostsOneRoundTripOnEachConnection() throws Exception {
        MigrationFolder migrations = MigrationFolder.in(folder).add("V1__vector.sql", VECTOR);
        connect(migrations, "gangway.recheck=always").close();

        int bare = bareConnect();
        proxy.reset();
        connect(migrations, "gangway.recheck=always").close();

        assertThat(proxy.roundTrips() - bare).isEqualTo(1);
    }

    @Test
    void aHundredSmallPendingMigrationsCostFarFewerRoundTripsThanMigrations() throws Exception {
        MigrationFolder migrations = MigrationFolder.in(folder);
        for (int i = 1; i <= 100; i++) {
            migrations.add(
                    "V%03d__step.sql".formatted(i),
                    "create table t%1$d (id int primary key); insert into t%1$d values (%1$d)".formatted(i));
        }

        connect(migrations).close();

        assertThat(proxy.roundTrips()).isLessThanOrEqualTo(25);
        assertThat(database.ask("select count(*) from gangway_history where state = 'applied'"))
                .isEqualTo("100");
    }

    private Connection connect(MigrationFolder migrations, String... more) throws SQLException {
        String[] parameters = new String[more.length + 1];
        parameters[0] = "gangway.locations=" + migrations.location();
        System.arraycopy(more, 0, parameters, 1, more.length);
        return new GangwayDriver().connect(proxy.address().gangwayUrl(database.name(), parameters), new Properties());
    }

    /** {@return the round trips of pgjdbc alone} */
    private int bareConnect() throws SQLException {
        ServerAddress address = proxy.address();
        proxy.reset();
        Sql.connect(address.jdbcUrl(database.name())).close();
        return proxy.roundTrips();
    }

    private static void forgetTargets() throws SQLException {
        GangwayDriver.deregister();
        GangwayDriver.register();
    }
}
