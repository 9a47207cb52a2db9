package dev.gangway.testkit;

import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** One message that a client sends (PostgreSQL's manual, "Message Formats"). */
final class FrontendMessage {

    private static final int CANCEL_REQUEST = 80877102;
    private static final int SSL_REQUEST = 80877103;
    private static final int GSS_REQUEST = 80877104;

    /** Its first byte; 0 for the messages before the start of a session, which have none. */
    private final char type;

    private final byte[] bytes;

    private FrontendMessage(char type, byte[] bytes) {
        this.type = type;
        this.bytes = bytes;
    }

    /** @return empty at the end of the stream */
    static Optional<FrontendMessage> read(DataInputStream in, boolean started) throws IOException {
        try {
            int header = started ? 1 + Integer.BYTES : Integer.BYTES;
            byte[] head = in.readNBytes(header);
            if (head.length < header) {
                return Optional.empty();
            }
            int length = ByteBuffer.wrap(head).getInt(header - Integer.BYTES);
            ByteBuffer all =
                    ByteBuffer.allocate(header - Integer.BYTES + length).put(head);
            in.readFully(all.array(), header, length - Integer.BYTES);
            return Optional.of(new FrontendMessage(started ? (char) head[0] : 0, all.array()));
        } catch (EOFException e) {
            return Optional.empty(); // cut in the middle
        }
    }

    void writeTo(OutputStream out) throws IOException {
        out.write(bytes);
    }

    /** All but the second half of its bytes. */
    void writeHalfTo(OutputStream out) throws IOException {
        out.write(bytes, 0, bytes.length / 2);
    }

    /** A question whether the server encrypts, which is answered with one byte. */
    boolean asksForEncryption() {
        return type == 0 && (code() == SSL_REQUEST || code() == GSS_REQUEST);
    }

    boolean isCancelRequest() {
        return type == 0 && code() == CANCEL_REQUEST;
    }

    /** Whether the client now waits for the server before the session is open: start and passwords. */
    boolean isStartupFlight() {
        return (type == 0 && !isCancelRequest()) || type == 'p';
    }

    /** Whether the server answers it at once: Query, Sync, Flush, FunctionCall, the end of COPY data. */
    boolean isRequest() {
        return switch (type) {
            case 'Q', 'S', 'H', 'F', 'c', 'f' -> true;
            default -> false;
        };
    }

    /** The text of Query and Parse. */
    Optional<String> sql() {
        return switch (type) {
            case 'Q' -> Optional.of(string(5));
            case 'P' -> Optional.of(string(end(5) + 1));
            default -> Optional.empty();
        };
    }

    private int code() {
        return ByteBuffer.wrap(bytes).getInt(Integer.BYTES);
    }

    private String string(int from) {
        return new String(bytes, from, end(from) - from, StandardCharsets.UTF_8);
    }

    private int end(int from) {
        int end = from;
        while (bytes[end] != 0) {
            end++;
        }
        return end;
    }
}
