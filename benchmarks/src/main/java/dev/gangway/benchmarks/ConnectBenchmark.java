package dev.gangway.benchmarks;

import com.pgvector.PGvector;
import dev.gangway.GangwayDriver;
import dev.gangway.gate.Gates;
import java.sql.Connection;
import java.sql.Driver;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.AuxCounters;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/**
 * One invocation opens connections in each way, in an order that is drawn anew each time: so a machine that becomes faster or
 * slower does so for all of them, and none is always the one behind the most expensive. The two that are said to be equal come
 * more often.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
public class ConnectBenchmark {
    static final String URL = "benchmark.url";

    /** How often in one invocation come those that are said to be equal. */
    private static final int EQUALS = 3;

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

    /**
     * How many nanoseconds each way took in this iteration: the median, so that what else the machine does for a moment counts
     * for nothing.
     */
    @AuxCounters(AuxCounters.Type.EVENTS)
    @State(Scope.Thread)
    public static class Nanos {
        private final Map<Way, List<Double>> all = new EnumMap<>(Way.class);

        @Setup(Level.Iteration)
        public void forget() {
            all.clear();
        }

        void add(Way way, long nanos) {
            all.computeIfAbsent(way, any -> new ArrayList<>()).add((double) nanos);
        }

        public long bare() {
            return median(Way.BARE);
        }

        public long registerTypes() {
            return median(Way.REGISTER_TYPES);
        }

        public long later() {
            return median(Way.LATER);
        }

        public long first() {
            return median(Way.FIRST);
        }

        private long median(Way way) {
            return Math.round(Spread.median(all.get(way)));
        }
    }

    @Setup
    public void begin() throws SQLException {
        gangwayUrl = System.getProperty(URL);
        pgjdbcUrl = gangwayUrl.replace("jdbc:gangway:", "jdbc:").replaceAll("&gangway\\.[^&]*", "");
        gangway.connect(gangwayUrl, none).close();
        order.addAll(Collections.nCopies(EQUALS, Way.BARE));
        order.addAll(Collections.nCopies(EQUALS, Way.LATER));
        order.add(Way.REGISTER_TYPES);
        order.add(Way.FIRST);
    }

    @TearDown
    public void end() throws SQLException {
        GangwayDriver.deregister();
    }

    @Benchmark
    public void connect(Nanos nanos) throws SQLException {
        Collections.shuffle(order, random);
        for (Way way : order) {
            if (way == Way.FIRST) {
                Gates.clear();
            }
            boolean ours = way == Way.FIRST || way == Way.LATER;
            nanos.add(way, time(ours ? gangway : pgjdbc, ours ? gangwayUrl : pgjdbcUrl, way == Way.REGISTER_TYPES));
        }
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
