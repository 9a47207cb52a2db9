package dev.gangway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.mchange.v2.c3p0.ComboPooledDataSource;
import com.pgvector.PGvector;
import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.gangway.testkit.FleetOfClassLoaders;
import dev.gangway.testkit.MigrationFolder;
import dev.gangway.testkit.TcpProxy;
import dev.gangway.testkit.TestDatabase;
import dev.gangway.testkit.TestServer;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.postgresql.PGConnection;

/** Real connection pools that know nothing but the URL. */
class PoolsIT {
    private static final String DRIVER = "dev.gangway.GangwayDriver";

    @TempDir
    Path folder;

    private TestDatabase database;
    private TcpProxy proxy;

    @BeforeEach
    void open() throws Exception {
        database = TestServer.newDatabase();
        proxy = TcpProxy.to(TestServer.address());
        MigrationFolder.in(folder)
                .add("V1__vector.sql", "create extension vector; create table item (embedding vector(3));")
                .add("V2__row.sql", "insert into item values ('[1,2,3]');");
    }

    @AfterEach
    void close() throws Exception {
        proxy.close();
        database.close();
    }

    @Test
    void hikariMigratesWithoutKnowing() throws Exception {
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl(url());
        config.setMaximumPoolSize(3);
        try (HikariDataSource pool = new HikariDataSource(config)) {
            use(pool, 3);
        }
        assertMigratedOnce();
    }

    @Test
    void hikariFindsTheDriverByItsClassName() throws Exception {
        HikariConfig config = new HikariConfig();
        config.setDriverClassName(DRIVER);
        config.setJdbcUrl(url());
        try (HikariDataSource pool = new HikariDataSource(config)) {
            use(pool, 1);
        }
        assertMigratedOnce();
    }

    @Test
    void hikariShowsTheReasonWhenAMigrationFails() {
        MigrationFolder.in(folder).add("V3__wrong.sql", "select nope from item;");
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl(url());

        Throwable thrown = catchThrowable(() -> new HikariDataSource(config).close());

        assertThat(thrown).hasMessageContaining("GW001").hasMessageContaining("V3__wrong.sql");
    }

    @Test
    void tomcatMakesADriverForEachConnectionAndStillMigratesOnce() throws Exception {
        org.apache.tomcat.jdbc.pool.DataSource pool = new org.apache.tomcat.jdbc.pool.DataSource();
        pool.setDriverClassName(DRIVER);
        pool.setUrl(url());
        pool.setInitialSize(3);
        try {
            use(pool, 3);
        } finally {
            pool.close();
        }
        assertMigratedOnce();
    }

    @Test
    void c3p0MakesThreeFirstConnectionsAtOnceAndStillMigratesOnce() throws Exception {
        ComboPooledDataSource pool = new ComboPooledDataSource();
        pool.setDriverClass(DRIVER);
        pool.setJdbcUrl(url());
        pool.setInitialPoolSize(3);
        try {
            use(pool, 3);
        } finally {
            pool.close();
        }
        assertMigratedOnce();
    }

    @Test
    void twoClassLoadersMigrateOnce() throws Exception {
        try (FleetOfClassLoaders fleet = FleetOfClassLoaders.of(2)) {
            for (var outcome : fleet.connectAll(url(), new Properties())) {
                outcome.get().close();
            }
        }
        assertThat(database.ask("select count(*) from item")).isEqualTo("1");
        assertThat(database.ask("select count(*) from gangway_history")).isEqualTo("2");
    }

    private String url() {
        return proxy.address().gangwayUrl(database.name(), "gangway.locations=filesystem:" + folder);
    }

    private static void use(DataSource pool, int connections) throws SQLException {
        List<Connection> open = new ArrayList<>();
        for (int i = 0; i < connections; i++) {
            Connection connection = pool.getConnection();
            open.add(connection);
            assertThat(connection.isWrapperFor(PGConnection.class)).isTrue();
            try (PreparedStatement search =
                    connection.prepareStatement("select embedding from item order by embedding <-> ? limit 1")) {
                search.setObject(1, new PGvector(new float[] {1, 2, 3}));
                try (var rows = search.executeQuery()) {
                    assertThat(rows.next()).isTrue();
                    assertThat(rows.getObject(1)).isEqualTo(new PGvector(new float[] {1, 2, 3}));
                }
            }
        }
        for (Connection connection : open) {
            connection.close();
        }
    }

    private void assertMigratedOnce() throws SQLException {
        assertThat(database.ask("select count(*) from gangway_history where state = 'applied'"))
                .isEqualTo("2");
        assertThat(database.ask("select count(*) from item")).isEqualTo("1");
        assertThat(proxy.sql().stream().filter(sql -> sql.contains("pg_try_advisory_xact_lock")))
                .as("attempts to become the leader")
                .hasSize(1);
    }
}
