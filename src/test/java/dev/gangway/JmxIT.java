package dev.gangway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gangway.gate.Gates;
import dev.gangway.testkit.Await;
import dev.gangway.testkit.ChildJvm;
import dev.gangway.testkit.FleetOfClassLoaders;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import javax.management.JMX;
import javax.management.MBeanServer;
import javax.management.MalformedObjectNameException;
import javax.management.ObjectName;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What JMX shows of a target. */
@Timeout(120)
class JmxIT {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final MBeanServer SERVER = ManagementFactory.getPlatformMBeanServer();

    private Application app;

    @BeforeEach
    void createDatabase(@TempDir Path folder) throws SQLException {
        Gates.clear();
        app = Application.in(folder);
    }

    @AfterEach
    void dropDatabase() throws SQLException {
        Gates.clear();
        app.close();
    }

    @Test
    void aTargetThatIsCurrentShowsWhatWasDone() throws Exception {
        app.add("V1__item.sql", "create table item(id int)");
        app.add("V2__slow.sql", "select pg_sleep(0.01)");
        app.add("R__view.sql", "create view items as select * from item");
        app.start();

        GateMXBean gate = awaitGate();

        assertThat(gate.getState()).isEqualTo(GateMXBean.State.CURRENT);
        assertThat(gate.getSchemaVersion()).isEqualTo("2");
        assertThat(gate.getPendingCount()).isZero();
        assertThat(gate.getDeferred()).isEmpty();
        assertThat(gate.getDeferredCount()).isZero();
        assertThat(gate.getLastError()).isNull();
        assertThat(gate.getMigrationsApplied()).isEqualTo(3);
        assertThat(gate.getLastMigrationMillis()).isPositive();
        assertThat(gate.getLastCheckMillis()).isNotNegative();
        assertThat(gate.getBackgroundRunning()).isNull();
        assertThat(gate.getGangwayVersion()).isNotBlank();
    }

    @Test
    void aTargetOnWhichNothingWasPendingShowsItsVersionToo() throws Exception {
        app.add("V1.5__item.sql", "create table item(id int)").start();
        app.start();

        GateMXBean gate = awaitGate();

        assertThat(gate.getState()).isEqualTo(GateMXBean.State.CURRENT);
        assertThat(gate.getSchemaVersion()).isEqualTo("1.5");
        assertThat(gate.getMigrationsApplied()).isZero();
    }

    @Test
    void itShowsThatItMigrates() throws Exception {
        app.add("V1__one.sql", "-- gangway: transaction=off\nselect 1");
        app.add("V2__held.sql", Hold.HERE);
        app.add("V3__never.sql", "insert into nowhere values (1)");
        Hold hold = Hold.on(app.database());
        CompletableFuture<Connection> migrating = ThisProcess.connecting(app.url());
        hold.awaitHeld();

        GateMXBean gate = awaitGate();
        assertThat(gate.getState()).isEqualTo(GateMXBean.State.MIGRATING);
        assertThat(gate.getPendingCount()).isEqualTo(2);
        assertThat(gate.getMigrationsApplied()).isEqualTo(1);

        hold.release();
        assertThat(migrating).failsWithin(PATIENCE);
        assertThat(gate.getState()).isEqualTo(GateMXBean.State.FAILED);
        assertThat(gate.getLastError()).startsWith("GW001 Migration V3__never.sql failed at line 1, column 13");
        assertThat(gate.getPendingCount()).isEqualTo(1);

        app.add("V3__never.sql", "select 1");
        ThisProcess.connect(app.url()).close();
        assertThat(gate.getState()).isEqualTo(GateMXBean.State.CURRENT);
        assertThat(gate.getLastError()).isNull();
        assertThat(gate.getSchemaVersion()).isEqualTo("3");
    }

    @Test
    void itShowsThatItWaitsForAnotherProcess() throws Exception {
        app.add("V1__item.sql", "create table item(id int)");
        CompletableFuture<Connection> waiting = ThisProcess.connecting(app.url("gangway.mode=wait"));

        GateMXBean gate = awaitGate();
        Await.until("it waits", PATIENCE, () -> gate.getState() == GateMXBean.State.WAITING);
        assertThat(gate.getPendingCount()).isEqualTo(1);
        assertThat(gate.getSchemaVersion()).isNull();
        try (FleetOfClassLoaders other = FleetOfClassLoaders.of(1)) {
            other.members().get(0).connect(app.url(), new Properties()).close();

            waiting.get(30, TimeUnit.SECONDS).close();
            assertThat(gate.getState()).isEqualTo(GateMXBean.State.CURRENT);
            assertThat(gate.getPendingCount()).isZero();
            Await.until("both copies of the driver are shown", PATIENCE, () -> names().size() == 2);
            assertThat(names()).anyMatch(name -> "2".equals(name.getKeyProperty("instance")));
        }
        Await.until("the other copy is gone", PATIENCE, () -> names().size() == 1);
    }

    @Test
    void itShowsWhatIsDeferredAndWhatRunsInTheBackground() throws Exception {
        app.add("V1__item.sql", "create table item(id int)");
        app.add("V2__later.sql", "-- gangway: when=exists (select from item)\nselect 1");
        app.add("V3__beside.sql", "-- gangway: run=background\n-- gangway: transaction=off\n" + Hold.HERE);
        Hold hold = Hold.on(app.database());
        ThisProcess.connect(app.url()).close();
        hold.awaitHeld();

        GateMXBean gate = awaitGate();
        assertThat(gate.getState()).isEqualTo(GateMXBean.State.CURRENT);
        assertThat(gate.getDeferred()).containsExactly("V2__later.sql");
        assertThat(gate.getDeferredCount()).isEqualTo(1);
        assertThat(gate.getPendingCount()).isZero();
        assertThat(gate.getBackgroundRunning()).isEqualTo("V3__beside.sql");

        hold.release();
        Await.until("the background rests", PATIENCE, () -> gate.getBackgroundRunning() == null);
        assertThat(gate.getMigrationsApplied()).isEqualTo(2);
    }

    @Test
    void aForgottenTargetIsShownNoLonger() throws Exception {
        app.start();
        awaitGate();

        Gates.clear();

        assertThat(names()).isEmpty();
    }

    @Test
    void theSchemaAndTheHistoryTableTellTargetsApart() throws Exception {
        app.start("gangway.schema=mine", "gangway.historyTable=my,history");
        Await.until("the target is shown", PATIENCE, () -> names().size() == 1);

        ObjectName name = names().iterator().next();

        assertThat(ObjectName.unquote(name.getKeyProperty("schema"))).isEqualTo("mine");
        assertThat(ObjectName.unquote(name.getKeyProperty("historyTable"))).isEqualTo("my,history");
    }

    @Test
    void aJvmWithoutJmxConnectsAllTheSame() throws Exception {
        app.add("V1__item.sql", "create table item(id int)");
        try (ChildJvm child = ChildJvm.start(
                List.of("--limit-modules", "java.sql,java.naming,jdk.unsupported"),
                FirstConnectionIT.ConnectOnce.class,
                app.url())) {
            assertThat(child.exitCode(PATIENCE)).as("%s", child.errorLines()).isZero();
        }
        assertThat(app.history()).containsExactly("V1__item.sql applied");
    }

    private GateMXBean awaitGate() {
        Await.until("the target is shown", PATIENCE, () -> !names().isEmpty());
        return JMX.newMXBeanProxy(SERVER, names().iterator().next(), GateMXBean.class);
    }

    private Set<ObjectName> names() {
        String target = app.database().server().user() + "@"
                + app.database().server().host() + ":"
                + app.database().server().port() + "/" + app.database().name();
        try {
            return SERVER.queryNames(
                    new ObjectName("dev.gangway:type=Gate,target=" + ObjectName.quote(target) + ",*"), null);
        } catch (MalformedObjectNameException e) {
            throw new IllegalStateException(e);
        }
    }
}
