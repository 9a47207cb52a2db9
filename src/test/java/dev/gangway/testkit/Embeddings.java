package dev.gangway.testkit;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/**
 * Embeddings as models make them: of length one, in clusters of different size that lie near each other here and there.
 * Always the same for the same seed. Questions are drawn like the rows and are none of them.
 *
 * <p>{@link #loadInto} makes a table {@code (n int, cluster int, embedding vector)} of them, from which a test fills the
 * tables of its pack by {@code INSERT … SELECT}.
 */
public final class Embeddings {
    /**
     * How far the rows lie from their centre, whose length is one. Of the ten nearest of 20,000, HNSW finds 0.98 then at
     * ef_search = 40, and IVFFlat with 20 lists 0.96 with 5 probes; with 2.5 it was 0.94 and 0.67, with 3 0.74 and less.
     */
    private static final double SPREAD = 2.25;

    private final int rows;
    private final int dimensions;
    private final int clusters;
    private final double spread;
    private final long seed;
    private final float[][] centres;

    /** A row for each dimension, which makes it of the fewer numbers that are drawn; null when as many are drawn. */
    private final float @Nullable [][] projection;

    private Embeddings(int rows, int dimensions, int drawn, int clusters, double spread, long seed) {
        this.rows = rows;
        this.dimensions = dimensions;
        this.clusters = clusters;
        this.spread = spread;
        this.seed = seed;
        Random random = new Random(seed);
        this.centres = new float[clusters][];
        for (int i = 0; i < clusters; i++) {
            centres[i] = normalized(gaussian(drawn, random));
        }
        if (drawn == dimensions) {
            this.projection = null;
        } else {
            this.projection = new float[dimensions][];
            for (int i = 0; i < dimensions; i++) {
                projection[i] = gaussian(drawn, random);
            }
        }
    }

    /** @param rows of which a hundredth is in each cluster, on average */
    public static Embeddings clustered(int rows, int dimensions) {
        return new Embeddings(rows, dimensions, dimensions, 100, SPREAD, 42);
    }

    /**
     * Those of real models lie near a surface of far fewer dimensions than they are written with; how well an index finds its
     * way depends on that number.
     *
     * @param drawn  how many dimensions that surface has
     * @param spread how far rows lie from their centre, whose length is one
     */
    public static Embeddings onSurface(int rows, int dimensions, int drawn, double spread) {
        return new Embeddings(rows, dimensions, drawn, 100, spread, 42);
    }

    public int rows() {
        return rows;
    }

    public int dimensions() {
        return dimensions;
    }

    /** Creates the table and analyses it; its rows are numbered from 0 on. */
    public void loadInto(Connection connection, String table) throws SQLException {
        Sql.execute(
                connection,
                "create unlogged table %s (n int, cluster int, embedding vector(%d))".formatted(table, dimensions));
        try (VectorCopy copy = VectorCopy.into(connection, table)) {
            forEachRow(copy::row);
        }
        Sql.execute(connection, "analyze " + table);
    }

    /** Hands over all rows, numbered from 0 on, each with an array of its own. */
    public <E extends Exception> void forEachRow(RowConsumer<E> consumer) throws E {
        Random random = new Random(seed + 1);
        for (int n = 0; n < rows; n++) {
            int cluster = random.nextInt(clusters);
            consumer.accept(n, cluster, near(cluster, random));
        }
    }

    /** So many questions as pgvector's text: {@code [0.1,0.2,…]}. */
    public List<String> questions(int count) {
        return Arrays.stream(questionVectors(count)).map(Embeddings::text).toList();
    }

    /** The same questions as numbers. */
    public float[][] questionVectors(int count) {
        Random random = new Random(seed + 2);
        float[][] questions = new float[count][];
        for (int i = 0; i < count; i++) {
            questions[i] = near(random.nextInt(clusters), random);
        }
        return questions;
    }

    private float[] near(int cluster, Random random) {
        float[] centre = centres[cluster];
        float[] vector = gaussian(centre.length, random);
        double scale = spread / Math.sqrt(centre.length);
        for (int i = 0; i < vector.length; i++) {
            vector[i] = (float) (centre[i] + scale * vector[i]);
        }
        return normalized(projection == null ? vector : projected(vector, projection));
    }

    private static float[] projected(float[] vector, float[][] projection) {
        float[] result = new float[projection.length];
        for (int i = 0; i < result.length; i++) {
            float[] row = projection[i];
            float sum = 0;
            for (int j = 0; j < row.length; j++) {
                sum += row[j] * vector[j];
            }
            result[i] = sum;
        }
        return result;
    }

    private static float[] gaussian(int length, Random random) {
        float[] vector = new float[length];
        for (int i = 0; i < length; i++) {
            vector[i] = (float) random.nextGaussian();
        }
        return vector;
    }

    private static float[] normalized(float[] vector) {
        double sum = 0;
        for (float element : vector) {
            sum += element * element;
        }
        float length = (float) Math.sqrt(sum);
        for (int i = 0; i < vector.length; i++) {
            vector[i] /= length;
        }
        return vector;
    }

    /** A vector as pgvector writes it. */
    public static String text(float[] vector) {
        StringBuilder text = new StringBuilder("[");
        for (int i = 0; i < vector.length; i++) {
            text.append(i == 0 ? "" : ",").append(vector[i]);
        }
        return text.append(']').toString();
    }

    /** What is done with each row. */
    @FunctionalInterface
    public interface RowConsumer<E extends Exception> {
        void accept(int n, int cluster, float[] embedding) throws E;
    }
}
