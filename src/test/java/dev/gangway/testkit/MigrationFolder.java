package dev.gangway.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A folder of migrations that a test writes. Not thread-safe. */
public final class MigrationFolder {
    private final Path path;

    private MigrationFolder(Path path) {
        this.path = path;
    }

    /** {@return the folder at that path, made if it does not exist} */
    public static MigrationFolder in(Path path) {
        try {
            return new MigrationFolder(Files.createDirectories(path));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Writes a file, over an earlier one of the same name; {@return this folder} */
    public MigrationFolder add(String fileName, String sql) {
        try {
            Path file = path.resolve(fileName);
            Files.createDirectories(file.getParent());
            Files.writeString(file, sql);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return this;
    }

    /** Deletes a file; {@return this folder} */
    public MigrationFolder remove(String fileName) {
        try {
            Files.delete(path.resolve(fileName));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return this;
    }

    /** {@return the folder as gangway.locations wants it} */
    public String location() {
        return "filesystem:" + path;
    }

    public Path path() {
        return path;
    }
}
