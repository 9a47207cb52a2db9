package dev.gangway.leader;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gangway.MigrationListener;
import dev.gangway.config.JdbcUrl;
import dev.gangway.config.Settings;
import dev.gangway.config.SettingsReader;
import dev.gangway.event.Events;
import dev.gangway.history.HistoryTable;
import dev.gangway.history.ServerFacts;
import dev.gangway.lock.LeaderLock;
import dev.gangway.pgjdbc.Endpoint;
import dev.gangway.testkit.Sql;
import dev.gangway.testkit.TestDatabase;
import dev.gangway.testkit.TestServer;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Objects;
import java.util.Properties;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** How a process waits for the leadership while another one holds the lock. */
@Timeout(60)
class LeadershipIT {
    private TestDatabase database;
    private Connection others;
    private Runnable onceItWaits = () -> {};

    @BeforeEach
    void open() throws SQLException {
        database = TestServer.newDatabase();
        others = database.connect();
    }

    @AfterEach
    void close() throws SQLException {
        others.close();
        database.close();
    }

    @Test
    void whatAProcessHasLedItselfIsNoPartOfItsWait() throws SQLException {
        Leadership leadership = leadership("gangway.waitTimeout=4s");
        leadership.lead(leader -> {
            Sql.execute(leader.work(), "select pg_sleep(4.1)");
            return true;
        });
        LeaderLock held = acquire(leadership);
        onceItWaits = held::close;

        assertThat(leadership.<Boolean>lead(leader -> true)).isTrue();
    }

    @Test
    void anInterruptEndsTheWait() throws SQLException {
        Leadership leadership = leadership("gangway.waitTimeout=10s");
        acquire(leadership);
        onceItWaits = Thread.currentThread()::interrupt;

        try {
            assertThatThrownBy(() -> leadership.lead(leader -> true))
                    .isInstanceOf(SQLException.class)
                    .hasMessageStartingWith("Interrupted while waiting")
                    .extracting(e -> ((SQLException) e).getSQLState())
                    .isEqualTo("57014");
        } finally {
            assertThat(Thread.interrupted()).isTrue();
        }
    }

    private LeaderLock acquire(Leadership leadership) throws SQLException {
        return Objects.requireNonNull(LeaderLock.tryAcquire(others, leadership.key(), "another process"));
    }

    private Leadership leadership(String setting) throws SQLException {
        JdbcUrl url = JdbcUrl.parse(database.gangwayUrl(setting));
        Settings settings = SettingsReader.read(url, null, null);
        MigrationListener listener = new MigrationListener() {
            @Override
            public void waiting(Waiting waiting) {
                onceItWaits.run();
            }
        };
        return new Leadership(
                settings,
                Endpoint.of(url.postgresUrl(), new Properties()),
                new HistoryTable("public", settings.historyTable(), settings.stateTable()),
                ServerFacts.ask(others),
                Events.of("test", List.of(listener), null));
    }
}
