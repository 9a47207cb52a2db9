package dev.gangway.pgvector;

/**
 * How much {@code maintenance_work_mem} the build of a vector index needs, in bytes: each formula once to be computed here
 * and once as an SQL expression, so that a server can compute it from what it knows at that moment. A test holds the two
 * together.
 *
 * <p>The arguments of the SQL expressions, and their results, are of type {@code int8}. Operators are qualified, for the
 * search_path is the application's.
 */
public final class IndexMemory {
    /** pgvector's defaults (src/hnsw.h, src/ivfflat.h). */
    public static final int DEFAULT_M = 16;

    public static final int DEFAULT_LISTS = 100;

    /** What stands in front of the elements of each value (src/vector.h, src/halfvec.h, VARBITHDRSZ). */
    private static final int VALUE_HEADER = 8;

    /**
     * What the graph holds for an element beside its value and its neighbours. Measured on pgvector 0.8.0, serial builds,
     * graph and value together less the value: 374 bytes at m=2, 520 at m=8, 772 at m=16, 1284 at m=32, with 128
     * dimensions as with 768 and 1536, and for vector, halfvec and bit alike.
     */
    private static final int ELEMENT = 320;

    /** 2·m neighbours on the lowest layer, each a pointer and a distance of 16 bytes (src/hnsw.h, HnswCandidate). */
    private static final int PER_M = 32;

    /** A parallel build keeps 3 MB for other things (src/hnswbuild.c, HnswBeginParallel). */
    private static final int HNSW_RESERVE = 4 << 20;

    /** The number of rows is an estimate. */
    private static final int ROWS_MARGIN = 10;

    private static final int SAMPLES_PER_LIST = 50;
    private static final int LEAST_SAMPLES = 10_000;

    private IndexMemory() {}

    /** {@return the bytes of a {@code vector} of so many dimensions} */
    public static long vector(long dimensions) {
        return 4 * dimensions + VALUE_HEADER;
    }

    /** {@return the bytes of a {@code halfvec} of so many dimensions} */
    public static long halfvec(long dimensions) {
        return 2 * dimensions + VALUE_HEADER;
    }

    /** {@return the bytes of a {@code bit} of so many dimensions} */
    public static long bit(long dimensions) {
        return (dimensions + 7) / 8 + VALUE_HEADER;
    }

    /** {@return {@link #vector} in SQL} */
    public static String vectorSql(String dimensions) {
        return plus(times("4", dimensions), VALUE_HEADER);
    }

    /** {@return {@link #halfvec} in SQL} */
    public static String halfvecSql(String dimensions) {
        return plus(times("2", dimensions), VALUE_HEADER);
    }

    /** {@return {@link #bit} in SQL} */
    public static String bitSql(String dimensions) {
        return plus(operation(plus(dimensions, 7), "/", "8"), VALUE_HEADER);
    }

    /**
     * {@return what keeps the whole graph of an HNSW build in memory} With less the build goes on on disk, many times
     * slower, and says so: "hnsw graph no longer fits into maintenance_work_mem".
     *
     * @param rows       how many values there are
     * @param valueBytes of one value
     * @param m          the index's parameter
     */
    public static long hnsw(long rows, long valueBytes, long m) {
        long graph = rows * (valueBytes + ELEMENT + PER_M * m);
        return graph + graph / ROWS_MARGIN + HNSW_RESERVE;
    }

    /** {@return {@link #hnsw} in SQL} */
    public static String hnswSql(String rows, String valueBytes, String m) {
        String graph = times(rows, plus(plus(valueBytes, ELEMENT), times(Integer.toString(PER_M), m)));
        return plus(plus(graph, operation(graph, "/", Integer.toString(ROWS_MARGIN))), HNSW_RESERVE);
    }

    /**
     * {@return what an IVFFlat build insists on} With less it fails: "memory required is … MB, maintenance_work_mem is …
     * MB" (54000). It is the sum that ElkanKmeans makes in src/ivfkmeans.c: samples (50 for each list, at least 10,000;
     * src/ivfbuild.c, ComputeCenters), the centres, new ones and their sums, lower bounds for each sample and list, upper
     * bounds, the closest centre of each sample, and the distances between centres. Versions before 0.8.4 need less where
     * the table has fewer rows than samples, and so do those from 0.8.5 on; 0.8.4 needs all of it for an empty table.
     *
     * @param lists      the index's parameter
     * @param dimensions of the values
     * @param valueBytes of one value
     */
    public static long ivfflat(long lists, long dimensions, long valueBytes) {
        long samples = Math.max(LEAST_SAMPLES, SAMPLES_PER_LIST * lists);
        long aligned = (valueBytes + 7) / 8 * 8;
        return (samples + 2 * lists) * aligned
                + 4 * lists * dimensions
                + 4 * samples * lists
                + 8 * samples
                + 4 * lists * lists
                + 12 * lists;
    }

    /** {@return {@link #ivfflat} in SQL} */
    public static String ivfflatSql(String lists, String dimensions, String valueBytes) {
        String samples = "GREATEST(" + LEAST_SAMPLES + ", " + times(Integer.toString(SAMPLES_PER_LIST), lists) + ")";
        String aligned = times(operation(plus(valueBytes, 7), "/", "8"), "8");
        String sum = times(plus(samples, times("2", lists)), aligned);
        sum = plus(sum, times(times("4", lists), dimensions));
        sum = plus(sum, times(times("4", samples), lists));
        sum = plus(sum, times("8", samples));
        sum = plus(sum, times(times("4", lists), lists));
        return plus(sum, times("12", lists));
    }

    private static String plus(String left, int right) {
        return plus(left, Integer.toString(right));
    }

    private static String plus(String left, String right) {
        return operation(left, "+", right);
    }

    private static String times(String left, String right) {
        return operation(left, "*", right);
    }

    private static String operation(String left, String operator, String right) {
        return "(" + left + " OPERATOR(pg_catalog." + operator + ") " + right + ")";
    }
}
