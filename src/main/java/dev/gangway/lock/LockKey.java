package dev.gangway.lock;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * Identifies the leader lock of one history table. Advisory locks belong to a database, so the key needs to tell apart
 * only what lives in the same database: two applications with schemas of their own never wait for each other.
 *
 * @param value the 64-bit key of the advisory lock: the first eight bytes of SHA-256 over {@code gangway} or
 *     {@code gangway background}, the schema and the history table, each ended by a zero byte
 */
public record LockKey(long value) {

    /** {@return the key of a history table in that schema} */
    public static LockKey of(String schema, String historyTable) {
        return of("gangway", schema, historyTable);
    }

    /**
     * {@return the key for what runs in the background of applications, which another process may migrate meanwhile}
     */
    public static LockKey ofBackground(String schema, String historyTable) {
        return of("gangway background", schema, historyTable);
    }

    private static LockKey of(String... parts) {
        try {
            MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
            for (String part : parts) {
                sha256.update(part.getBytes(StandardCharsets.UTF_8));
                sha256.update((byte) 0);
            }
            return new LockKey(ByteBuffer.wrap(sha256.digest()).getLong());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    /** {@return a query that tries to lock and says whether it could} */
    String tryLockSql() {
        return "SELECT pg_catalog.pg_try_advisory_xact_lock(" + value + ")";
    }

    /** {@return pg_locks.classid of this lock} */
    long classId() {
        return value >>> 32;
    }

    /** {@return pg_locks.objid of this lock} */
    long objectId() {
        return value & 0xFFFF_FFFFL;
    }

    /** {@return eight hexadecimal digits, short enough for application_name} */
    public String tag() {
        return HexFormat.of().toHexDigits((int) objectId());
    }
}
