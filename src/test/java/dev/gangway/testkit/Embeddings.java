package dev.gangway.testkit;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

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

    private Embeddings(int rows, int dimensions, int clusters, double spread, long seed) {
        this.rows = rows;
        this.dimensions = dimensions;
        this.clusters = clusters;
        this.spread = spread;
        this.seed = seed;
        Random random = new Random(seed);
        this.centres = new float[clusters][];
        for (int i = 0; i < clusters; i++) {
            centres[i] = normalized(gaussian(random));
        }
    }

    /** @param rows of which a hundredth is in each cluster, on average */
    public static Embeddings clustered(int rows, int dimensions) {
        return clustered(rows, dimensions, 100, SPREAD);
    }

    /** @param spread how far rows lie from their centre, whose length is one; with more of it, clusters overlap */
    public static Embeddings clustered(int rows, int dimensions, int clusters, double spread) {
        return new Embeddings(rows, dimensions, clusters, spread, 42);
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
        float[] vector = gaussian(random);
        double scale = spread / Math.sqrt(dimensions);
        for (int i = 0; i < dimensions; i++) {
            vector[i] = (float) (centres[cluster][i] + scale * vector[i]);
        }
        return normalized(vector);
    }

    private float[] gaussian(Random random) {
        float[] vector = new float[dimensions];
        for (int i = 0; i < dimensions; i++) {
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
