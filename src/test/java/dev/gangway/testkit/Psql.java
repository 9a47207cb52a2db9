package dev.gangway.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Runs the installation's own {@code psql} on a database of a {@link LocalPostgres}. */
public final class Psql {

    private Psql() {}

    /**
     * Runs scripts one after the other in one session, whatever goes wrong in them.
     *
     * @param folder for what psql prints
     * @param between arguments between any two scripts, such as {@code -c}, {@code ROLLBACK}
     */
    public static Output run(
            LocalPostgres server, String database, Path folder, List<Path> scripts, List<String> between) {
        Path out = folder.resolve("psql.out");
        Path err = folder.resolve("psql.err");
        List<String> arguments = new ArrayList<>(
                List.of("--no-psqlrc", "--quiet", "--no-align", "--tuples-only", "--set=VERBOSITY=terse"));
        for (Path script : scripts) {
            arguments.add("--file=" + script);
            arguments.addAll(between);
        }
        ProcessBuilder builder = new ProcessBuilder(ClientCommand.of("psql", server.address(), database, arguments))
                .redirectOutput(out.toFile())
                .redirectError(err.toFile())
                .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()));
        builder.environment().put("PGCLIENTENCODING", "UTF8");
        try {
            builder.start().waitFor();
            return new Output(
                    Files.readString(out, StandardCharsets.UTF_8), Files.readString(err, StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot run psql", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("Interrupted while running psql", e);
        }
    }

    /** What it printed: rows on one stream, everything else on the other. */
    public record Output(String rows, String messages) {}
}
