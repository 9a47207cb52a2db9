package dev.gangway.catalog;

import dev.gangway.GangwayException;
import dev.gangway.GangwayException.Code;
import java.io.File;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Reads the SQL files of a folder and of the folders in it. */
final class FolderScanner {

    private final Location location;
    private final Path root;
    private final Path realRoot;
    private final Set<Path> visited = new HashSet<>();
    private final List<ScriptFile> found = new ArrayList<>();

    private FolderScanner(Location location, Path root) throws IOException {
        this.location = location;
        this.root = root;
        this.realRoot = root.toRealPath();
    }

    static List<ScriptFile> scan(Location location, Path folder) throws SQLException {
        try {
            FolderScanner scanner = new FolderScanner(location, folder);
            scanner.scan(folder, scanner.realRoot);
            return scanner.found;
        } catch (IOException unreadable) {
            throw new GangwayException.Permanent(
                    Code.SETTING_WRONG,
                    "The location %s cannot be read: %s. Check that this process may read the folder and all in it."
                            .formatted(location, unreadable),
                    unreadable);
        }
    }

    private void scan(Path folder, Path realFolder) throws IOException, SQLException {
        // A symbolic link may lead back to a folder above.
        if (!visited.add(realFolder)) {
            return;
        }
        List<Path> children = new ArrayList<>();
        try (DirectoryStream<Path> stream = Files.newDirectoryStream(folder)) {
            for (Path child : stream) {
                children.add(child);
            }
        }
        children.sort(null);
        for (Path child : children) {
            String name = child.getFileName().toString();
            // Hidden folders hold no migrations, and Kubernetes keeps the files behind a ConfigMap's links in one.
            if (!name.startsWith(".")) {
                visit(child, realFolder.resolve(name));
            }
        }
    }

    private void visit(Path child, Path withoutLink) throws IOException, SQLException {
        String path = root.relativize(child).toString().replace(File.separatorChar, '/');
        boolean wanted = ScriptFile.isWanted(path);
        boolean directory = Files.isDirectory(child);
        if (!wanted && !directory) {
            return;
        }
        boolean link = Files.isSymbolicLink(child);
        Path real = link ? child.toRealPath() : withoutLink;
        if (link && !real.startsWith(realRoot)) {
            throw new GangwayException.Permanent(
                    Code.SETTING_WRONG,
                    ("The symbolic link %s leads out of the location %s, to %s. Put the file itself there, or add the"
                                    + " folder that it is in to gangway.locations.")
                            .formatted(child, location, real));
        }
        if (directory) {
            scan(child, real);
        } else {
            found.add(ScriptFile.read(
                    location,
                    path,
                    real.toString(),
                    Files.readAllBytes(child),
                    new FolderAttachments(location, root, realRoot, ScriptFile.folder(path))));
        }
    }
}
