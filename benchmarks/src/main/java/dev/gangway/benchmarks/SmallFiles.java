package dev.gangway.benchmarks;

import dev.gangway.testkit.Embeddings;
import io.jhdf.HdfFile;
import io.jhdf.WritableHdfFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Small files of the kinds that {@link VectorFile} reads, written and read again: a smoke run searches in them, so that the
 * readers are tried each time.
 */
final class SmallFiles {
    private static final int ROWS = 300;
    private static final int DIMENSIONS = 32;
    private static final int QUERIES = 20;
    private static final int NEAREST = 10;

    private SmallFiles() {}

    /** {@return what was read from an HDF5 file} */
    static VectorFile hdf5() throws IOException {
        Path folder = Files.createTempDirectory("gangway-benchmark");
        Path file = folder.resolve("small.hdf5");
        try {
            try (WritableHdfFile hdf = HdfFile.write(file)) {
                hdf.putAttribute("distance", "euclidean");
                hdf.putDataset("train", base());
                hdf.putDataset("test", queries());
                hdf.putDataset("neighbors", nearest());
            }
            return checked(VectorFile.read(file));
        } finally {
            Files.delete(file);
            Files.delete(folder);
        }
    }

    /** {@return what was read from an fvecs file and those beside it} */
    static VectorFile fvecs() throws IOException {
        Path folder = Files.createTempDirectory("gangway-benchmark");
        Path base = folder.resolve("small_base.fvecs");
        Path query = folder.resolve("small_query.fvecs");
        Path truth = folder.resolve("small_groundtruth.ivecs");
        try {
            write(base, Arrays.stream(base()).map(SmallFiles::bytes).toList());
            write(query, Arrays.stream(queries()).map(SmallFiles::bytes).toList());
            write(truth, Arrays.stream(nearest()).map(SmallFiles::bytes).toList());
            return checked(VectorFile.read(base));
        } finally {
            for (Path file : List.of(base, query, truth)) {
                Files.deleteIfExists(file);
            }
            Files.delete(folder);
        }
    }

    private static VectorFile checked(VectorFile read) {
        if (!Arrays.deepEquals(read.base(), base())
                || !Arrays.deepEquals(read.queries(), queries())
                || !Arrays.deepEquals(read.nearest().orElseThrow(), nearest())
                || read.metric() != Metric.L2) {
            throw new IllegalStateException("What was read is not what was written: " + read.description());
        }
        return read;
    }

    private static Embeddings embeddings() {
        return Embeddings.clustered(ROWS, DIMENSIONS);
    }

    private static float[][] base() {
        List<float[]> rows = new ArrayList<>();
        embeddings().<RuntimeException>forEachRow((n, cluster, vector) -> rows.add(vector));
        return rows.toArray(float[][]::new);
    }

    private static float[][] queries() {
        return embeddings().questionVectors(QUERIES);
    }

    private static int[][] nearest() {
        float[][] base = base();
        return Arrays.stream(queries())
                .map(query -> IntStream.range(0, ROWS)
                        .boxed()
                        .sorted(Comparator.comparingDouble(n -> distance(base[n], query)))
                        .limit(NEAREST)
                        .mapToInt(Integer::intValue)
                        .toArray())
                .toArray(int[][]::new);
    }

    private static double distance(float[] one, float[] other) {
        double sum = 0;
        for (int i = 0; i < one.length; i++) {
            sum += (one[i] - other[i]) * (one[i] - other[i]);
        }
        return sum;
    }

    private static ByteBuffer bytes(float[] vector) {
        ByteBuffer bytes = buffer(vector.length);
        for (float element : vector) {
            bytes.putFloat(element);
        }
        return bytes;
    }

    private static ByteBuffer bytes(int[] row) {
        ByteBuffer bytes = buffer(row.length);
        for (int element : row) {
            bytes.putInt(element);
        }
        return bytes;
    }

    private static ByteBuffer buffer(int elements) {
        return ByteBuffer.allocate(Integer.BYTES * (1 + elements))
                .order(ByteOrder.LITTLE_ENDIAN)
                .putInt(elements);
    }

    private static void write(Path file, List<ByteBuffer> records) throws IOException {
        for (ByteBuffer bytes : records) {
            Files.write(file, bytes.array(), StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        }
    }
}
