package dev.gangway.migration;

import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.util.List;

/**
 * The files beside a migration, wherever that is: in a folder, a jar, a jar within a jar. Opens nothing before it is asked.
 * Implementations are thread-safe.
 *
 * <p>Names are relative to the migration's folder, with '/' between folders, and were checked to be plain
 * ({@link dev.gangway.sql.FileMention}); where a symbolic link leads is for the implementation to check.
 */
public interface Attachments {

    /** Knows no file. */
    Attachments NONE = new Attachments() {
        @Override
        public Attachment open(String name) throws IOException {
            throw new NoSuchFileException(name);
        }

        @Override
        public String place(String name) {
            return name;
        }

        @Override
        public List<String> neighbours(String name) {
            return List.of();
        }
    };

    /**
     * {@return the file of that name}
     *
     * @throws NoSuchFileException if there is none
     * @throws IOException if it cannot be read, is no file, or does not lie within the migration's location
     */
    Attachment open(String name) throws IOException;

    /** {@return the file as messages name it: {@code classpath:db/migration/manuals.json}} */
    String place(String name);

    /** {@return the names of the files in the folder where that one would lie, named the same way; scripts too} */
    List<String> neighbours(String name) throws IOException;
}
