package dev.gangway.benchmarks;

import java.nio.file.Path;
import java.sql.SQLException;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** A search in a table that is there already, each thread on a connection of its own. */
@State(Scope.Thread)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
public class SearchJmh {
    /** System properties that the forks are told what they cannot know by. */
    static final String URL = "benchmark.url";

    static final String METRIC = "benchmark.metric";
    static final String FILE = "benchmark.file";

    private static final int QUESTIONS = 50;

    @Param("384")
    public int dimensions;

    @Param("10000")
    public int rows;

    @Param("10")
    public int k;

    @Param("TEXT")
    public Binding binding;

    @Param("BARE")
    public Variant variant;

    private Searcher searcher;

    static String table(int dimensions, int rows) {
        return "items_" + dimensions + "_" + rows;
    }

    @Setup(Level.Trial)
    public void connect() throws Exception {
        String file = System.getProperty(FILE, "");
        VectorData data = file.isEmpty() ? VectorData.clustered(rows, dimensions) : VectorFile.read(Path.of(file));
        SearchTable table = new SearchTable(table(dimensions, rows), Metric.valueOf(System.getProperty(METRIC)));
        searcher = Searcher.open(
                variant, System.getProperty(URL), table, k, binding, binding.values(data.questions(QUESTIONS)));
        for (int i = 0; i < Searcher.PAST_THE_SWITCH_OF_PLANS; i++) {
            searcher.search();
        }
    }

    @TearDown(Level.Trial)
    public void disconnect() throws SQLException {
        searcher.close();
    }

    @Benchmark
    public long search() throws SQLException {
        return searcher.search();
    }
}
