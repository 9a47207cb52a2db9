package dev.gangway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gangway.testkit.MigrationFolder;
import dev.gangway.testkit.Sql;
import dev.gangway.testkit.TestDatabase;
import dev.gangway.testkit.TestServer;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.postgresql.jdbc.PgConnection;

/** The application gets pgjdbc's own connection, as if nobody had been there before. */
class HandedOutConnectionIT {
    private static final String SESSION_SETTINGS =
            "select name || '=' || setting from pg_settings where source = 'session'";

    @TempDir
    Path folder;

    private TestDatabase database;

    @BeforeEach
    void open() throws Exception {
        database = TestServer.newDatabase();
        MigrationFolder.in(folder)
                .add("V1__vector.sql", "create extension vector; create table item (embedding vector(3));")
                .add("V2__index.sql", "create index concurrently i on item using hnsw (embedding vector_l2_ops);")
                .add("V3__settings.sql", "set work_mem = '7MB'; set search_path = pg_catalog; select 1;");
    }

    @AfterEach
    void close() throws Exception {
        database.close();
    }

    @Test
    void itIsThePgjdbcConnectionItself() throws Exception {
        for (int connect = 1; connect <= 3; connect++) {
            try (Connection connection = gangway()) {
                assertThat((Object) connection).isExactlyInstanceOf(PgConnection.class);
                assertThat(connection.getAutoCommit()).isTrue();
                assertThat(connection.getMetaData().getURL()).startsWith("jdbc:postgresql://");
                assertThat((Object) connection.getWarnings()).isNull();
            }
        }
    }

    @Test
    void itCarriesNoSettingThatABareConnectionDoesNot() throws Exception {
        Set<String> bare;
        try (Connection connection = Sql.connect(database.jdbcUrl())) {
            bare = all(connection, SESSION_SETTINGS);
        }
        for (String connect : new String[] {"one that migrated", "one that came later"}) {
            try (Connection connection = gangway()) {
                assertThat(all(connection, SESSION_SETTINGS)).as(connect).isEqualTo(bare);
                assertThat(all(connection, "select name from pg_prepared_statements where name like 'S\\_%'"))
                        .as(connect)
                        .isEmpty();
            }
        }
    }

    @Test
    void nothingIsLeftOnTheServerOnceItIsHandedOut() throws Exception {
        try (Connection connection = gangway()) {
            assertThat(all(connection, "select pid::text from pg_locks where locktype = 'advisory'"))
                    .isEmpty();
            assertThat(all(
                            connection,
                            "select application_name from pg_stat_activity where datname = current_database()"
                                    + " and application_name like 'gangway%' and state <> 'idle'"))
                    .isEmpty();
        }
    }

    private Connection gangway() throws SQLException {
        return new GangwayDriver()
                .connect(database.gangwayUrl("gangway.locations=filesystem:" + folder), new Properties());
    }

    private static Set<String> all(Connection connection, String query) throws SQLException {
        Set<String> values = new TreeSet<>();
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(query)) {
            while (rows.next()) {
                values.add(rows.getString(1));
            }
        }
        return values;
    }
}
