package dev.gangway.backup;

import dev.gangway.GangwayException;
import dev.gangway.GangwayException.Code;
import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/**
 * The beginning of a custom-format dump, as {@code ReadHead} in PostgreSQL's pg_backup_archiver.c reads it. Read here,
 * because which pg_restore can read the rest depends on it.
 *
 * @param database      the database that was dumped
 * @param serverVersion the version of its server, for example {@code 15.4 (Debian 15.4-1)}
 * @param toolVersion   the version of the pg_dump that wrote it
 */
record DumpHeader(String database, String serverVersion, String toolVersion) {
    private static final String MAGIC = "PGDMP";
    private static final int CUSTOM_FORMAT = 1;

    /** Since archive version 1.15 (PostgreSQL 16) the compression is one byte, which names the algorithm. */
    private static final int ALGORITHM_SINCE = 15;

    /** Since archive version 1.10 (PostgreSQL 8.0) the versions are told. */
    private static final int OLDEST = 10;

    private static final int DATE_FIELDS = 7;
    private static final int LONGEST_TEXT = 10_000;

    /**
     * {@return what the file says of itself}
     *
     * @throws SQLException GW004 when it does not exist or is none of pg_dump's custom format
     */
    static DumpHeader read(Path file) throws SQLException {
        try (InputStream in = new BufferedInputStream(Files.newInputStream(file))) {
            return read(new DataInputStream(in));
        } catch (IOException e) {
            throw new GangwayException.Permanent(
                    Code.SETTING_WRONG,
                    ("%s is no dump that can be restored: %s\n  database: unchanged\n  next:     name a file that gangway"
                                    + " backup or pg_dump --format=custom has written")
                            .formatted(file, why(e)),
                    e);
        }
    }

    private static String why(IOException e) {
        if (e instanceof NoSuchFileException) {
            return "there is no such file";
        }
        return e instanceof NotADump ? String.valueOf(e.getMessage()) : e.toString();
    }

    private static DumpHeader read(DataInputStream in) throws IOException {
        if (!new String(in.readNBytes(MAGIC.length()), StandardCharsets.US_ASCII).equals(MAGIC)) {
            throw new NotADump("it does not begin with " + MAGIC);
        }
        int major = in.read();
        int minor = in.read();
        in.read(); // revision
        int intSize = in.read();
        in.read(); // size of offsets
        if (major != 1 || minor < OLDEST || intSize < 1 || intSize > Long.BYTES) {
            throw new NotADump("its version %d.%d is not known".formatted(major, minor));
        }
        if (in.read() != CUSTOM_FORMAT) {
            throw new NotADump("it is not in pg_dump's custom format");
        }
        if (minor >= ALGORITHM_SINCE) {
            in.read();
        } else {
            integer(in, intSize);
        }
        for (int i = 0; i < DATE_FIELDS; i++) {
            integer(in, intSize);
        }
        return new DumpHeader(text(in, intSize), text(in, intSize), text(in, intSize));
    }

    /** {@return the major version of the server that was dumped} */
    int serverMajor() {
        return major(serverVersion);
    }

    /** {@return the lowest major version of pg_restore that can be relied on to read it} */
    int toolMajor() {
        return major(toolVersion);
    }

    private static int major(String version) {
        int end = 0;
        while (end < version.length() && end < 3 && Character.isDigit(version.charAt(end))) {
            end++;
        }
        return end == 0 ? 0 : Integer.parseInt(version.substring(0, end));
    }

    /** A sign, then the bytes from the lowest to the highest. */
    private static long integer(DataInputStream in, int size) throws IOException {
        boolean negative = in.readUnsignedByte() != 0;
        long value = 0;
        for (int i = 0; i < size; i++) {
            value |= (long) in.readUnsignedByte() << (8 * i);
        }
        return negative ? -value : value;
    }

    private static String text(DataInputStream in, int intSize) throws IOException {
        long length = integer(in, intSize);
        if (length < 0 || length > LONGEST_TEXT) {
            throw new NotADump("its header is damaged");
        }
        byte @Nullable [] bytes = in.readNBytes((int) length);
        if (bytes.length < length) {
            throw new NotADump("it ends in its header");
        }
        return new String(bytes, StandardCharsets.UTF_8);
    }

    /** The file can be read, but is something else. */
    private static final class NotADump extends IOException {
        private static final long serialVersionUID = 1L;

        NotADump(String message) {
            super(message);
        }
    }
}
