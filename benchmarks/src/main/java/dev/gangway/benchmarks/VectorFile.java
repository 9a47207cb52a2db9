package dev.gangway.benchmarks;

import dev.gangway.testkit.VectorCopy;
import io.jhdf.HdfFile;
import io.jhdf.api.Dataset;
import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Vectors that somebody else has made, read at once:
 *
 * <ul>
 *   <li>an HDF5 file of <a href="https://github.com/erikbern/ann-benchmarks">ann-benchmarks</a>, with {@code train},
 *       {@code test} and {@code neighbors}, and with {@code distance} among its attributes;
 *   <li>{@code NAME_base.fvecs} of <a href="http://corpus-texmex.irisa.fr">TEXMEX</a>, beside which {@code NAME_query.fvecs}
 *       has to be and {@code NAME_groundtruth.ivecs} may be; their distance is L2.
 * </ul>
 */
record VectorFile(String description, Metric metric, float[][] base, float[][] queries, Optional<int[][]> nearest)
        implements VectorData {
    private static final String BASE = "_base.fvecs";

    /** @throws IOException if it is neither, or broken */
    static VectorFile read(Path file) throws IOException {
        String name = file.getFileName().toString();
        if (name.endsWith(".hdf5") || name.endsWith(".h5")) {
            return readHdf5(file, name);
        }
        if (name.endsWith(BASE)) {
            return readFvecs(file, name);
        }
        throw new IOException("Neither NAME.hdf5 nor NAME" + BASE + ": " + name);
    }

    private static VectorFile readHdf5(Path file, String name) throws IOException {
        try (HdfFile hdf = new HdfFile(file)) {
            String distance = String.valueOf(hdf.getAttribute("distance").getData());
            Metric metric =
                    switch (distance) {
                        case "angular" -> Metric.COSINE;
                        case "euclidean" -> Metric.L2;
                        default ->
                            throw new IOException("There is no search by the distance " + distance + ": " + name);
                    };
            Dataset neighbors = hdf.getDatasetByPath("/neighbors");
            return new VectorFile(
                    name,
                    metric,
                    (float[][]) hdf.getDatasetByPath("/train").getData(),
                    (float[][]) hdf.getDatasetByPath("/test").getData(),
                    Optional.of((int[][]) neighbors.getData()));
        }
    }

    private static VectorFile readFvecs(Path file, String name) throws IOException {
        String stem = name.substring(0, name.length() - BASE.length());
        Path truth = file.resolveSibling(stem + "_groundtruth.ivecs");
        Optional<int[][]> nearest = Optional.empty();
        if (Files.exists(truth)) {
            nearest = Optional.of(records(truth).stream()
                    .map(bytes -> {
                        int[] row = new int[bytes.remaining() / Integer.BYTES];
                        bytes.asIntBuffer().get(row);
                        return row;
                    })
                    .toArray(int[][]::new));
        }
        return new VectorFile(
                name, Metric.L2, vectors(file), vectors(file.resolveSibling(stem + "_query.fvecs")), nearest);
    }

    private static float[][] vectors(Path file) throws IOException {
        return records(file).stream()
                .map(bytes -> {
                    FloatBuffer floats = bytes.asFloatBuffer();
                    float[] vector = new float[floats.remaining()];
                    floats.get(vector);
                    return vector;
                })
                .toArray(float[][]::new);
    }

    /** Each is a number of elements and so many elements of four bytes, the lowest first. */
    private static List<ByteBuffer> records(Path file) throws IOException {
        List<ByteBuffer> records = new ArrayList<>();
        try (DataInputStream in = new DataInputStream(new BufferedInputStream(Files.newInputStream(file), 1 << 16))) {
            while (true) {
                byte[] length = in.readNBytes(Integer.BYTES);
                if (length.length == 0) {
                    return records;
                }
                int elements = length.length < Integer.BYTES
                        ? -1
                        : littleEndian(length).getInt();
                if (elements < 0 || elements > 1 << 20) {
                    throw new IOException("Record " + records.size() + " is broken: " + file.getFileName());
                }
                byte[] record = in.readNBytes(elements * Float.BYTES);
                if (record.length < elements * Float.BYTES) {
                    throw new EOFException("Record " + records.size() + " is cut off: " + file.getFileName());
                }
                records.add(littleEndian(record));
            }
        }
    }

    private static ByteBuffer littleEndian(byte[] bytes) {
        return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }

    @Override
    public int rows() {
        return base.length;
    }

    @Override
    public int dimensions() {
        return base[0].length;
    }

    @Override
    public void copyTo(VectorCopy copy) throws SQLException {
        for (int n = 0; n < base.length; n++) {
            copy.row(n, n % BUCKETS, base[n]);
        }
    }

    @Override
    public float[][] questions(int count) {
        return Arrays.copyOf(queries, Math.min(count, queries.length));
    }
}
