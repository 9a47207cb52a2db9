package dev.gangway.demo;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.Locale;
import org.slf4j.LoggerFactory;

/**
 * The process of the demo's second start. It connects {@value #WARM_UP} times with pgjdbc alone, which loads its classes;
 * then with Gangway for the first time in this process; then, {@value #ROUNDS} times in turn, with pgjdbc alone, with
 * Gangway, and with a check on each connection. It prints how long a connection of each kind took.
 */
public final class SecondStart {
    static final int WARM_UP = 10;
    static final int ROUNDS = 15;

    /** What the line with the times begins with: the first, then the medians of the others; milliseconds. */
    static final String TIMES = "times ";

    private SecondStart() {}

    /** @param args the JDBC URL for pgjdbc, and that for Gangway */
    public static void main(String[] args) throws SQLException {
        // An application has its logging long before it connects.
        LoggerFactory.getLogger(SecondStart.class).debug("started");
        for (int i = 0; i < WARM_UP; i++) {
            connect(args[0]);
        }
        double first = connect(args[1]);
        double[] bare = new double[ROUNDS];
        double[] later = new double[ROUNDS];
        double[] checked = new double[ROUNDS];
        // In turn, so that whatever else the machine does meanwhile slows all of them down alike.
        for (int i = 0; i < ROUNDS; i++) {
            bare[i] = connect(args[0]);
            later[i] = connect(args[1]);
            checked[i] = connect(args[1] + "&gangway.recheck=always");
        }
        System.out.printf(
                Locale.ROOT, TIMES + "%.1f %.1f %.1f %.1f%n", first, median(bare), median(later), median(checked));
    }

    private static double connect(String url) throws SQLException {
        long begin = System.nanoTime();
        try (Connection connection = DriverManager.getConnection(url)) {
            connection.getAutoCommit();
            return (System.nanoTime() - begin) / 1e6;
        }
    }

    private static double median(double[] values) {
        Arrays.sort(values);
        return values[values.length / 2];
    }
}
