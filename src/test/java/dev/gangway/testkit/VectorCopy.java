package dev.gangway.testkit;

import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import org.postgresql.PGConnection;
import org.postgresql.copy.PGCopyOutputStream;

/**
 * COPY in binary into a table {@code (int, int, vector)}. What was written is there once it is closed.
 *
 * @see <a href="https://www.postgresql.org/docs/current/sql-copy.html">its format</a>; that of a vector is
 *     {@code vector_recv} in pgvector's {@code src/vector.c}
 */
public final class VectorCopy implements AutoCloseable {

    private final DataOutputStream out;

    private VectorCopy(DataOutputStream out) {
        this.out = out;
    }

    /** @param table which may be followed by a list of three columns: {@code items (id, bucket, embedding)} */
    public static VectorCopy into(Connection connection, String table) throws SQLException {
        PGConnection pgConnection = connection.unwrap(PGConnection.class);
        DataOutputStream out = new DataOutputStream(
                new PGCopyOutputStream(pgConnection, "copy " + table + " from stdin (format binary)", 1 << 16));
        try {
            out.write("PGCOPY\n\u00ff\r\n\0".getBytes(StandardCharsets.ISO_8859_1));
            out.writeInt(0);
            out.writeInt(0);
        } catch (IOException e) {
            throw sqlException(e);
        }
        return new VectorCopy(out);
    }

    public void row(int first, int second, float[] vector) throws SQLException {
        int length = 4 + Float.BYTES * vector.length;
        ByteBuffer row = ByteBuffer.allocate(2 + 3 * 4 + 2 * 4 + length)
                .putShort((short) 3)
                .putInt(4)
                .putInt(first)
                .putInt(4)
                .putInt(second)
                .putInt(length)
                .putShort((short) vector.length)
                .putShort((short) 0);
        for (float element : vector) {
            row.putFloat(element);
        }
        try {
            out.write(row.array());
        } catch (IOException e) {
            throw sqlException(e);
        }
    }

    @Override
    public void close() throws SQLException {
        try {
            out.writeShort(-1);
            out.close();
        } catch (IOException e) {
            throw sqlException(e);
        }
    }

    private static SQLException sqlException(IOException e) {
        return e.getCause() instanceof SQLException cause ? cause : new SQLException("COPY failed", e);
    }
}
