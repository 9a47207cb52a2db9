package dev.gangway.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * An installed PostgreSQL that has pgvector.
 *
 * @param bin where initdb, postgres and pg_basebackup are
 */
record PostgresInstallation(Path bin) {

    /** Where packages put installations, one folder for each version. */
    private static final Map<String, String> PARENTS = Map.of(
            "/usr/lib/postgresql", "*",
            "/usr", "pgsql-*",
            "/opt/homebrew/opt", "postgresql@*",
            "/usr/local/opt", "postgresql@*");

    /** The newest installation that has the extension. */
    static Optional<PostgresInstallation> find() {
        return Stream.concat(packaged().stream(), onPath().stream())
                .filter(bin -> Files.isExecutable(bin.resolve("initdb")))
                .filter(PostgresInstallation::hasVector)
                .map(PostgresInstallation::new)
                .findFirst();
    }

    Path program(String name) {
        return bin.resolve(name);
    }

    private static List<Path> packaged() {
        List<Path> found = new ArrayList<>();
        PARENTS.forEach((parent, versions) -> {
            if (Files.isDirectory(Path.of(parent))) {
                try (DirectoryStream<Path> homes = Files.newDirectoryStream(Path.of(parent), versions)) {
                    homes.forEach(home -> found.add(home.resolve("bin")));
                } catch (IOException e) {
                    throw new UncheckedIOException("Cannot list " + parent, e);
                }
            }
        });
        found.sort(Comparator.comparingInt(PostgresInstallation::version).reversed());
        return found;
    }

    private static Optional<Path> onPath() {
        List<String> question = List.of("pg_config", "--bindir");
        return Command.succeeds(Path.of("."), question)
                ? Optional.of(Path.of(Command.check(Path.of("."), question)))
                : Optional.empty();
    }

    /** The number in the name of the installation's folder, or 0. */
    private static int version(Path bin) {
        Path home = bin.toAbsolutePath().getParent();
        String digits = home == null ? "" : String.valueOf(home.getFileName()).replaceAll("[^0-9]", "");
        return digits.isEmpty() ? 0 : Integer.parseInt(digits);
    }

    private static boolean hasVector(Path bin) {
        Path control = Path.of("extension", "vector.control");
        Path debian = Path.of("/usr/share/postgresql", String.valueOf(version(bin)));
        if (Files.exists(debian.resolve(control))) {
            return true;
        }
        Path config = bin.resolve("pg_config");
        return Files.isExecutable(config)
                && Files.exists(Path.of(Command.check(bin, List.of(config.toString(), "--sharedir")))
                        .resolve(control));
    }
}
