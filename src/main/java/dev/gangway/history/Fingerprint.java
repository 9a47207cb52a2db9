package dev.gangway.history;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import org.jspecify.annotations.Nullable;

/**
 * Stands for the set of applied migrations, whatever the order in which they were applied: the sum, modulo 2^256, of the
 * SHA-256 of each one's identity and checksum. A process compares the fingerprint that its files would give with the one
 * in the state table, so that nothing else needs to be read when all is well. A sum, because each step then moves it in
 * constant time, however long the history is.
 *
 * <p>The format must not change: every process of a fleet, old and new, computes it.
 */
public record Fingerprint(BigInteger sum) {
    private static final BigInteger MASK = BigInteger.ONE.shiftLeft(256).subtract(BigInteger.ONE);

    /** The fingerprint of an empty schema. */
    public static final Fingerprint EMPTY = new Fingerprint(BigInteger.ZERO);

    /** {@return the fingerprint with that migration among the applied ones} */
    public Fingerprint plus(String identity, @Nullable String checksum) {
        return new Fingerprint(sum.add(hash(identity, checksum)).and(MASK));
    }

    /** {@return the fingerprint without that migration} */
    public Fingerprint minus(String identity, @Nullable String checksum) {
        return new Fingerprint(sum.subtract(hash(identity, checksum)).and(MASK));
    }

    /** {@return 64 hexadecimal digits} */
    public String text() {
        String digits = sum.toString(16);
        return "0".repeat(64 - digits.length()) + digits;
    }

    private static BigInteger hash(String identity, @Nullable String checksum) {
        try {
            MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
            sha256.update(identity.getBytes(StandardCharsets.UTF_8));
            sha256.update((byte) 0);
            sha256.update((checksum == null ? "" : checksum).getBytes(StandardCharsets.UTF_8));
            return new BigInteger(1, sha256.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
