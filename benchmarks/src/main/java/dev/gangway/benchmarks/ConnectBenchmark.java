package dev.gangway.benchmarks;

import com.pgvector.PGvector;
import dev.gangway.GangwayDriver;
import dev.gangway.gate.Gates;
import java.sql.Connection;
import java.sql.Driver;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Properties;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.AuxCounters;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/**
 * One invocation opens connections in each way, in an order that is drawn anew each time: so a machine that becomes faster or
 * slower does so for all of them, and none is always the one behind the most expensive. The two that are said to be equal come
 * more often. The counters hold what each took in an iteration.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
public class ConnectBenchmark {
    static final String URL = "benchmark.url";

    /** How often in one invocation. */
    static final int BARE = 3;

    static final int LATER = 3;
    static final int REGISTER_TYPES = 1;
    static final int FIRST = 1;

    private final Driver pgjdbc = new org.postgresql.Driver();
    private final Driver gangway = new GangwayDriver();
    private final Properties none = new Properties();
    private final List<Way> order = new ArrayList<>();
    private final Random random = new Random();
    private String pgjdbcUrl = "";
    private String gangwayUrl = "";

    private enum Way {
        BARE,
        REGISTER_TYPES,
        LATER,
        FIRST
    }

    /** Nanoseconds that each way took in this iteration; {@code blocks} says in how many invocations. */
    @AuxCounters(AuxCounters.Type.EVENTS)
    @State(Scope.Thread)
    public static class Nanos {
        public long bare;
        public long registerTypes;
        public long later;
        public long first;
        public long blocks;
    }

    @Setup
    public void begin() throws SQLException {
        gangwayUrl = System.getProperty(URL);
        pgjdbcUrl = gangwayUrl.replace("jdbc:gangway:", "jdbc:").replaceAll("&gangway\\.[^&]*", "");
        gangway.connect(gangwayUrl, none).close();
        order.addAll(Collections.nCopies(BARE, Way.BARE));
        order.addAll(Collections.nCopies(LATER, Way.LATER));
        order.addAll(Collections.nCopies(REGISTER_TYPES, Way.REGISTER_TYPES));
        order.addAll(Collections.nCopies(FIRST, Way.FIRST));
    }

    @TearDown
    public void end() throws SQLException {
        GangwayDriver.deregister();
    }

    @Benchmark
    public void connect(Nanos nanos) throws SQLException {
        Collections.shuffle(order, random);
        for (Way way : order) {
            switch (way) {
                case BARE -> nanos.bare += time(pgjdbc, pgjdbcUrl, false);
                case REGISTER_TYPES -> nanos.registerTypes += time(pgjdbc, pgjdbcUrl, true);
                case LATER -> nanos.later += time(gangway, gangwayUrl, false);
                case FIRST -> {
                    Gates.clear();
                    nanos.first += time(gangway, gangwayUrl, false);
                }
            }
        }
        nanos.blocks++;
    }

    private long time(Driver driver, String url, boolean register) throws SQLException {
        long begin = System.nanoTime();
        Connection connection = driver.connect(url, none);
        if (register) {
            PGvector.registerTypes(connection);
        }
        long took = System.nanoTime() - begin;
        connection.close();
        return took;
    }
}
