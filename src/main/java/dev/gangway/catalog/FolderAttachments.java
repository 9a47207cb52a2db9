package dev.gangway.catalog;

import dev.gangway.migration.Attachment;
import dev.gangway.migration.Attachments;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The files beside a script in the file system.
 *
 * @param root the location's folder
 * @param realRoot the same without symbolic links; nothing outside of it is opened
 * @param folder the script's folder relative to the location's, empty or with '/' at its end
 */
record FolderAttachments(Location location, Path root, Path realRoot, String folder) implements Attachments {

    @Override
    public Attachment open(String name) throws IOException {
        Path file = path(name);
        // Links within the location are fine: Kubernetes makes them for the files of a ConfigMap.
        Path real = file.toRealPath();
        if (!real.startsWith(realRoot)) {
            throw new IOException("it is reached through a symbolic link that leads out of the location %s, to %s"
                    .formatted(location, real));
        }
        if (!Files.isRegularFile(real)) {
            throw new IOException(Files.isDirectory(real) ? "it is a folder" : "it is no regular file");
        }
        return new Attachment(Files.newInputStream(real), Files.size(real));
    }

    @Override
    public String place(String name) {
        return ScriptFile.name(location, folder + name);
    }

    @Override
    public List<String> neighbours(String name) throws IOException {
        String below = ScriptFile.folder(name);
        List<String> names = new ArrayList<>();
        try (DirectoryStream<Path> stream = Files.newDirectoryStream(path(name).resolveSibling(""))) {
            for (Path child : stream) {
                names.add(below + child.getFileName());
            }
        }
        return names;
    }

    private Path path(String name) throws IOException {
        try {
            return root.resolve(folder + name);
        } catch (InvalidPathException noName) {
            throw new NoSuchFileException(name);
        }
    }
}
