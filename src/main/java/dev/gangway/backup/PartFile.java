package dev.gangway.backup;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;

/**
 * A file that gets its name when it is complete. Until then its name ends in {@code .part}, and when it is closed before
 * that, it is removed. Only its owner may read it, where the system knows owners.
 */
final class PartFile implements AutoCloseable {
    private final Path part;
    private final Path complete;

    private PartFile(Path part, Path complete) {
        this.part = part;
        this.complete = complete;
    }

    /** Creates an empty file; a program that opens it for writing later leaves its permissions as they are. */
    static PartFile create(Path complete) throws IOException {
        Path part = complete.resolveSibling(complete.getFileName() + ".part");
        Files.createFile(part, ownerOnly());
        return new PartFile(part, complete);
    }

    static FileAttribute<?>[] ownerOnly() {
        return FileSystems.getDefault().supportedFileAttributeViews().contains("posix")
                ? new FileAttribute<?>[] {
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))
                }
                : new FileAttribute<?>[0];
    }

    Path path() {
        return part;
    }

    /** Gives it its name, which must be free; {@return the file} */
    Path complete() throws IOException {
        if (Files.exists(complete)) {
            throw new IOException(complete + " exists already");
        }
        return Files.move(part, complete, StandardCopyOption.ATOMIC_MOVE);
    }

    @Override
    public void close() {
        remove();
    }

    /** Removes it, unless it is complete. */
    void remove() {
        try {
            Files.deleteIfExists(part);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
