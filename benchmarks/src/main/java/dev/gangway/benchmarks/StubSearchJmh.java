package dev.gangway.benchmarks;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** A search of which nothing is left but what stands between the application and the driver: ten rows, two columns each. */
@State(Scope.Thread)
public class StubSearchJmh {
    private static final String QUERY = new SearchTable("items", Metric.COSINE).query(Stubs.ROWS);

    @Param({"BARE", "MEASURE", "PROXY", "P6SPY", "DATASOURCE_PROXY"})
    public Variant variant;

    private Connection connection;

    @Setup(Level.Trial)
    public void wrap() throws SQLException {
        connection = variant.around(Stubs.connection());
        if (search() == 0) {
            throw new IllegalStateException("The stub has answered no rows");
        }
    }

    @Benchmark
    public long search() throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(QUERY)) {
            statement.setString(1, "[1,2,3]");
            return Searcher.read(statement);
        }
    }
}
