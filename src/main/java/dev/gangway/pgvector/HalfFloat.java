package dev.gangway.pgvector;

/** Floating point numbers of 2 bytes (IEEE 754 binary16), which Java has from version 20 on only. */
final class HalfFloat {
    /** Its bits without the sign. */
    static final int INFINITY = 0x7c00;

    private static final int FLOAT_BIAS = 127;
    private static final int HALF_BIAS = 15;
    private static final int DROPPED_BITS = 23 - 10;

    private HalfFloat() {}

    /**
     * {@return the bits of the half next to a finite float, of two that are as near the even one; {@link #INFINITY} and a sign
     * when it is too large}
     */
    static int ofFloat(float value) {
        int bits = Float.floatToRawIntBits(value);
        int sign = bits >>> 16 & 0x8000;
        int exponent = (bits >>> 23 & 0xff) - FLOAT_BIAS + HALF_BIAS;
        int mantissa = bits & 0x7fffff;
        if (exponent >= 31) {
            return sign | INFINITY;
        }
        if (exponent > 0) {
            // A carry out of the mantissa goes into the exponent, which is right, also where it makes infinity.
            return sign | roundedShift(exponent << 23 | mantissa, DROPPED_BITS);
        }
        // Below the smallest half with all its bits, each step down costs one.
        int shift = DROPPED_BITS + 1 - exponent;
        return shift > 24 ? sign : sign | roundedShift(mantissa | 0x800000, shift);
    }

    private static int roundedShift(int value, int shift) {
        int half = 1 << (shift - 1);
        int rest = value & ((1 << shift) - 1);
        int result = value >>> shift;
        boolean up = rest > half || (rest == half && (result & 1) == 1);
        return up ? result + 1 : result;
    }
}
