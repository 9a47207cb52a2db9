package dev.gangway.benchmarks;

import dev.gangway.testkit.Embeddings;
import dev.gangway.testkit.VectorCopy;
import java.io.IOException;
import java.sql.SQLException;
import java.util.Optional;

/** Vectors to search in, and others to search for. */
interface VectorData {

    /** What a reader is told of where they are from. */
    String description();

    int rows();

    int dimensions();

    Metric metric();

    /** Writes each row as its number, counted from 0, that number modulo {@link #BUCKETS}, and its vector. */
    void copyTo(VectorCopy copy) throws SQLException, IOException;

    /** {@return at most so many vectors that are drawn like the rows and are none of them} */
    float[][] questions(int count);

    /** {@return the numbers of the nearest rows of each question, nearest first, if they came with the vectors} */
    Optional<int[][]> nearest();

    /** A column of so many different values stands for what searches are filtered by. */
    int BUCKETS = 1000;

    /** {@return made ones, always the same} */
    static VectorData clustered(int rows, int dimensions) {
        return new Clustered(Embeddings.onSurface(rows, dimensions, Clustered.DRAWN, Clustered.SPREAD));
    }

    /** Embeddings as the tests of the packs have them, but on a surface of fewer dimensions, as those of real models are. */
    record Clustered(Embeddings embeddings) implements VectorData {
        /**
         * With as many dimensions drawn, HNSW (m = 16, ef_construction = 64) finds about 0.91 of the ten nearest at
         * ef_search = 40 among 100,000 vectors: as much as among a million real embeddings (see docs/benchmarks.md).
         */
        static final int DRAWN = 64;

        static final double SPREAD = 1.4;

        @Override
        public String description() {
            return "made: 100 clusters on a surface of " + DRAWN + " dimensions, spread " + SPREAD + ", seed 42";
        }

        @Override
        public int rows() {
            return embeddings.rows();
        }

        @Override
        public int dimensions() {
            return embeddings.dimensions();
        }

        @Override
        public Metric metric() {
            return Metric.COSINE;
        }

        @Override
        public void copyTo(VectorCopy copy) throws SQLException {
            embeddings.forEachRow((n, cluster, vector) -> copy.row(n, n % BUCKETS, vector));
        }

        @Override
        public float[][] questions(int count) {
            return embeddings.questionVectors(count);
        }

        @Override
        public Optional<int[][]> nearest() {
            return Optional.empty();
        }
    }
}
