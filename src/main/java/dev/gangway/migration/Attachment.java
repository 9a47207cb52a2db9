package dev.gangway.migration;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;

/**
 * An open file that lies beside a script. Whoever opened it closes it. Not thread-safe.
 *
 * @param content the file's bytes, from the first on
 * @param size how many there are; -1 if that is not known
 */
public record Attachment(InputStream content, long size) implements Closeable {

    @Override
    public void close() throws IOException {
        content.close();
    }
}
