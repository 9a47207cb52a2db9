package dev.gangway.demo;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** This project's own documentation. */
final class Documentation {
    private Documentation() {}

    /**
     * {@return README.md, CHANGELOG.md, all of docs, and the README.md of each pack, sorted by path}
     *
     * @param project the folder that README.md is in
     * @throws IOException when a file cannot be read, or there is none
     */
    static List<Document> of(Path project) throws IOException {
        List<Path> files = new ArrayList<>(List.of(project.resolve("README.md"), project.resolve("CHANGELOG.md")));
        files.addAll(children(project.resolve("docs"), "*.md"));
        for (Path pack : children(project.resolve("migrations"), "*")) {
            files.add(pack.resolve("README.md"));
        }
        List<Document> documents = new ArrayList<>();
        for (Path file : files.stream().filter(Files::isRegularFile).sorted().toList()) {
            String name = project.relativize(file).toString().replace('\\', '/');
            documents.add(Markdown.document(name, Files.readString(file)));
        }
        if (documents.isEmpty()) {
            throw new IOException("There is no documentation below %s: start the demo in the project's folder, with"
                            .formatted(project.toAbsolutePath())
                    + " scripts/demo");
        }
        return documents;
    }

    private static List<Path> children(Path folder, String glob) throws IOException {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        List<Path> children = new ArrayList<>();
        try (DirectoryStream<Path> paths = Files.newDirectoryStream(folder, glob)) {
            paths.forEach(children::add);
        }
        return children;
    }
}
