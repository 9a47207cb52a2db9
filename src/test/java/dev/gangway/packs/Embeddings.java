package dev.gangway.packs;

import dev.gangway.testkit.Sql;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.postgresql.PGConnection;
import org.postgresql.copy.PGCopyOutputStream;

/**
 * Embeddings as models make them: of length one, in clusters of different size that lie near each other here and there.
 * Always the same for the same seed. Questions are drawn like the rows and are none of them.
 *
 * <p>{@link #loadInto} makes a table {@code (n int, cluster int, embedding vector)} of them, from which a test fills the
 * tables of its pack by {@code INSERT … SELECT}.
 */
final class Embeddings {
    /**
     * How far the rows lie from their centre, whose length is one. Of the ten nearest of 20,000, HNSW finds 0.98 then at
     * ef_search = 40, and IVFFlat with 20 lists 0.96 with 5 probes; with 2.5 it was 0.94 and 0.67, with 3 0.74 and less.
     */
    private static final double SPREAD = 2.25;

    private final int rows;
    private final int dimensions;
    private final int clusters;
    private final long seed;
    private final float[][] centres;

    private Embeddings(int rows, int dimensions, int clusters, long seed) {
        this.rows = rows;
        this.dimensions = dimensions;
        this.clusters = clusters;
        this.seed = seed;
        Random random = new Random(seed);
        this.centres = new float[clusters][];
        for (int i = 0; i < clusters; i++) {
            centres[i] = normalized(gaussian(random));
        }
    }

    /** @param rows of which a hundredth is in each cluster, on average */
    static Embeddings clustered(int rows, int dimensions) {
        return new Embeddings(rows, dimensions, 100, 42);
    }

    int rows() {
        return rows;
    }

    /** Creates the table and analyses it; its rows are numbered from 0 on. */
    void loadInto(Connection connection, String table) throws SQLException {
        Sql.execute(
                connection,
                "create unlogged table %s (n int, cluster int, embedding vector(%d))".formatted(table, dimensions));
        PGConnection pgConnection = connection.unwrap(PGConnection.class);
        try (PGCopyOutputStream copy =
                        new PGCopyOutputStream(pgConnection, "copy " + table + " from stdin (format binary)", 1 << 16);
                DataOutputStream out = new DataOutputStream(copy)) {
            out.write("PGCOPY\n\u00ff\r\n\0".getBytes(StandardCharsets.ISO_8859_1));
            out.writeInt(0);
            out.writeInt(0);
            Random random = new Random(seed + 1);
            for (int n = 0; n < rows; n++) {
                int cluster = random.nextInt(clusters);
                write(out, n, cluster, near(cluster, random));
            }
            out.writeShort(-1);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Sql.execute(connection, "analyze " + table);
    }

    /** https://www.postgresql.org/docs/current/sql-copy.html, and src/vector.c, vector_recv. */
    private static void write(DataOutputStream out, int n, int cluster, float[] vector) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(4 + 4 * vector.length);
        DataOutputStream value = new DataOutputStream(bytes);
        value.writeShort(vector.length);
        value.writeShort(0);
        for (float element : vector) {
            value.writeFloat(element);
        }
        out.writeShort(3);
        out.writeInt(4);
        out.writeInt(n);
        out.writeInt(4);
        out.writeInt(cluster);
        out.writeInt(bytes.size());
        bytes.writeTo(out);
    }

    /** So many questions as pgvector's text: {@code [0.1,0.2,…]}. */
    List<String> questions(int count) {
        Random random = new Random(seed + 2);
        List<String> questions = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            questions.add(text(near(random.nextInt(clusters), random)));
        }
        return questions;
    }

    private float[] near(int cluster, Random random) {
        float[] vector = gaussian(random);
        double scale = SPREAD / Math.sqrt(dimensions);
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

    private static String text(float[] vector) {
        StringBuilder text = new StringBuilder("[");
        for (int i = 0; i < vector.length; i++) {
            text.append(i == 0 ? "" : ",").append(vector[i]);
        }
        return text.append(']').toString();
    }
}
