package dev.gangway.pgvector;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.postgresql.core.Oid;
import org.postgresql.util.PGBinaryObject;
import org.postgresql.util.PGobject;

/**
 * A value of one of pgvector's types in the form in which its {@code recv} function takes it, made of what an application
 * binds: the text form, an array of Java's or of the server's, a list, a value of another of these types.
 *
 * <p>The methods return null for what the server would refuse or understand otherwise, such as a text that is malformed, a
 * number that is infinite, too many dimensions. The caller then sends what it was given, so that the error is the server's own.
 *
 * <p>Formats: {@code vector_recv}, {@code halfvec_recv} and {@code sparsevec_recv} of pgvector 0.8, all big-endian.
 */
public final class BinaryVector extends PGobject implements PGBinaryObject {
    private static final long serialVersionUID = 1;

    /** Of vector and halfvec; of sparsevec without the zeros. */
    private static final int MOST_DIMENSIONS = 16_000;

    /** What stands in the head of an array of which no element is null. */
    private static final int NO_NULLS = 0;

    private static final int MOST_SPARSE_DIMENSIONS = 1_000_000_000;
    private static final int MOST_SPARSE_NUMBERS = 16_000;

    private final byte[] bytes;

    private BinaryVector(VectorType vectorType, byte[] bytes) {
        super.setType(vectorType.typeName());
        this.bytes = bytes;
    }

    /** {@return the value that the text form stands for} */
    public static @Nullable BinaryVector ofText(VectorType type, String text) {
        return type == VectorType.SPARSEVEC ? sparseText(text) : denseText(type, text);
    }

    /** {@return the value with these numbers} */
    public static @Nullable BinaryVector of(VectorType type, float[] numbers) {
        return switch (type) {
            case VECTOR -> dense(numbers, numbers.length);
            case HALFVEC -> half(numbers, numbers.length);
            case SPARSEVEC -> sparse(numbers);
        };
    }

    /** {@return the value with these numbers, each rounded to a float as the server's own cast does} */
    public static @Nullable BinaryVector of(VectorType type, double[] numbers) {
        float[] floats = new float[numbers.length];
        for (int i = 0; i < floats.length; i++) {
            floats[i] = (float) numbers[i];
        }
        return of(type, floats);
    }

    /** {@return the value with these numbers; null when not all of them are numbers} */
    public static @Nullable BinaryVector of(VectorType type, List<?> numbers) {
        float[] floats = new float[numbers.size()];
        int i = 0;
        for (Object number : numbers) {
            if (i == floats.length || !(number instanceof Number given)) {
                return null;
            }
            floats[i++] = given.floatValue();
        }
        return i == floats.length ? of(type, floats) : null;
    }

    /**
     * {@return the value that the server's own cast makes of an array}
     *
     * @param array of one dimension, of {@code real} or {@code double precision}, as {@code array_recv} takes it
     */
    public static @Nullable BinaryVector ofArray(VectorType type, byte[] array) {
        ByteBuffer bytes = ByteBuffer.wrap(array);
        if (array.length < 20 || bytes.getInt() != 1 || bytes.getInt() != NO_NULLS) {
            return null;
        }
        boolean isDouble;
        switch (bytes.getInt()) {
            case Oid.FLOAT4 -> isDouble = false;
            case Oid.FLOAT8 -> isDouble = true;
            default -> {
                return null;
            }
        }
        int count = bytes.getInt();
        bytes.getInt(); // the index of the first element
        int size = isDouble ? Double.BYTES : Float.BYTES;
        if (bytes.remaining() != (long) count * (Integer.BYTES + size)) {
            return null;
        }
        float[] numbers = new float[count];
        for (int i = 0; i < count; i++) {
            if (bytes.getInt() != size) {
                return null;
            }
            numbers[i] = isDouble ? (float) bytes.getDouble() : bytes.getFloat();
        }
        return of(type, numbers);
    }

    private static @Nullable BinaryVector denseText(VectorType type, String text) {
        Decimals decimals = new Decimals(text);
        if (!decimals.skip('[')) {
            return null;
        }
        float[] numbers = new float[expectedNumbers(text)];
        int count = 0;
        do {
            if (count == MOST_DIMENSIONS) {
                return null;
            }
            float number = decimals.next();
            if (Float.isNaN(number)) {
                return null;
            }
            if (count == numbers.length) {
                numbers = Arrays.copyOf(numbers, 2 * count);
            }
            numbers[count++] = number;
        } while (decimals.skip(','));
        if (!decimals.skip(']')) {
            return null;
        }
        decimals.skipSpace();
        if (!decimals.atEnd()) {
            return null;
        }
        return type == VectorType.VECTOR ? dense(numbers, count) : half(numbers, count);
    }

    /** Embeddings are mostly written with 8 to 12 chars a number. */
    private static int expectedNumbers(String text) {
        return Math.max(4, Math.min(text.length() / 8, MOST_DIMENSIONS));
    }

    private static @Nullable BinaryVector dense(float[] numbers, int count) {
        if (count == 0 || count > MOST_DIMENSIONS) {
            return null;
        }
        byte[] bytes = new byte[4 + 4 * count];
        putShort(bytes, 0, count);
        for (int i = 0; i < count; i++) {
            if (!Float.isFinite(numbers[i])) {
                return null;
            }
            putInt(bytes, 4 + 4 * i, Float.floatToRawIntBits(numbers[i]));
        }
        return new BinaryVector(VectorType.VECTOR, bytes);
    }

    private static @Nullable BinaryVector half(float[] numbers, int count) {
        if (count == 0 || count > MOST_DIMENSIONS) {
            return null;
        }
        byte[] bytes = new byte[4 + 2 * count];
        putShort(bytes, 0, count);
        for (int i = 0; i < count; i++) {
            int half = Float.isFinite(numbers[i]) ? HalfFloat.ofFloat(numbers[i]) : HalfFloat.INFINITY;
            if ((half & 0x7fff) == HalfFloat.INFINITY) {
                return null;
            }
            putShort(bytes, 4 + 2 * i, half);
        }
        return new BinaryVector(VectorType.HALFVEC, bytes);
    }

    private static @Nullable BinaryVector sparse(float[] numbers) {
        if (numbers.length == 0 || numbers.length > MOST_DIMENSIONS) {
            return null;
        }
        int[] indices = new int[numbers.length];
        float[] values = new float[numbers.length];
        int count = 0;
        for (int i = 0; i < numbers.length; i++) {
            if (!Float.isFinite(numbers[i])) {
                return null;
            }
            if (numbers[i] != 0) {
                indices[count] = i;
                values[count++] = numbers[i];
            }
        }
        return sparse(numbers.length, indices, values, count);
    }

    /**
     * <code>{index:number,…}/dimensions</code>, with indices from 1 in any order, as the server takes it. Not with a number that
     * is 0: written so the server leaves it out, and rounded to it, it is an error.
     */
    private static @Nullable BinaryVector sparseText(String text) {
        Decimals decimals = new Decimals(text);
        if (!decimals.skip('{')) {
            return null;
        }
        // The index in the upper half, so that they can be sorted.
        long[] elements = new long[16];
        int count = 0;
        if (!decimals.skip('}')) {
            do {
                int index = decimals.nextInt();
                if (index < 1 || !decimals.skip(':')) {
                    return null;
                }
                float number = decimals.next();
                if (Float.isNaN(number) || number == 0 || count == MOST_SPARSE_NUMBERS) {
                    return null;
                }
                if (count == elements.length) {
                    elements = Arrays.copyOf(elements, 2 * count);
                }
                elements[count++] = (index - 1L) << 32 | Integer.toUnsignedLong(Float.floatToRawIntBits(number));
            } while (decimals.skip(','));
            if (!decimals.skip('}')) {
                return null;
            }
        }
        if (!decimals.skip('/')) {
            return null;
        }
        int dimensions = decimals.nextInt();
        decimals.skipSpace();
        return decimals.atEnd() ? sparse(dimensions, elements, count) : null;
    }

    private static @Nullable BinaryVector sparse(int dimensions, long[] elements, int count) {
        Arrays.sort(elements, 0, count);
        int[] indices = new int[count];
        float[] values = new float[count];
        int last = -1;
        for (int i = 0; i < count; i++) {
            indices[i] = (int) (elements[i] >>> 32);
            values[i] = Float.intBitsToFloat((int) elements[i]);
            if (indices[i] == last) {
                return null;
            }
            last = indices[i];
        }
        return last < dimensions ? sparse(dimensions, indices, values, count) : null;
    }

    private static @Nullable BinaryVector sparse(int dimensions, int[] indices, float[] values, int count) {
        if (dimensions < 1 || dimensions > MOST_SPARSE_DIMENSIONS || count > MOST_SPARSE_NUMBERS) {
            return null;
        }
        byte[] bytes = new byte[12 + 8 * count];
        putInt(bytes, 0, dimensions);
        putInt(bytes, 4, count);
        for (int i = 0; i < count; i++) {
            putInt(bytes, 12 + 4 * i, indices[i]);
            putInt(bytes, 12 + 4 * (count + i), Float.floatToRawIntBits(values[i]));
        }
        return new BinaryVector(VectorType.SPARSEVEC, bytes);
    }

    private static void putShort(byte[] bytes, int at, int value) {
        bytes[at] = (byte) (value >>> 8);
        bytes[at + 1] = (byte) value;
    }

    private static void putInt(byte[] bytes, int at, int value) {
        bytes[at] = (byte) (value >>> 24);
        bytes[at + 1] = (byte) (value >>> 16);
        bytes[at + 2] = (byte) (value >>> 8);
        bytes[at + 3] = (byte) value;
    }

    @Override
    public int lengthInBytes() {
        return bytes.length;
    }

    @Override
    public void toBytes(byte[] target, int offset) {
        System.arraycopy(bytes, 0, target, offset, bytes.length);
    }

    /** Not supported: such a value is sent, never received. */
    @Override
    public void setByteValue(byte[] value, int offset) {
        throw new UnsupportedOperationException("a BinaryVector is never received");
    }

    // Not by the type alone, as its superclass has it.
    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof BinaryVector vector
                && vector.getType().equals(getType())
                && Arrays.equals(vector.bytes, bytes);
    }

    @Override
    public int hashCode() {
        return 31 * getType().hashCode() + Arrays.hashCode(bytes);
    }

    // The superclass would clone a value that has none.
    @Override
    public BinaryVector clone() {
        return this;
    }

    @Override
    public String toString() {
        return getType() + " of " + bytes.length + " bytes";
    }
}
