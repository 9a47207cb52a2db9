package dev.gangway.testkit;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The installation's own {@code pg_dump}, {@code pg_restore} and {@code psql}, as the superuser of one database. */
public record PgClient(TestDatabase database) {

    public static PgClient of(TestDatabase database) {
        return new PgClient(database);
    }

    /**
     * Dumps.
     *
     * @param format  {@code plain} or {@code custom}
     * @param options such as {@code --schema-only}
     */
    public void dump(Path file, String format, String... options) {
        List<String> arguments = new ArrayList<>(List.of("--format=" + format, "--file=" + file));
        arguments.addAll(List.of(options));
        run("pg_dump", arguments);
    }

    /** Restores a dump, whichever format it has by its name; fails at the first error. */
    public void restore(Path file, String... options) {
        if (file.toString().endsWith(".plain")) {
            run("psql", List.of("--no-psqlrc", "--quiet", "--set=ON_ERROR_STOP=1", "--file=" + file));
        } else {
            List<String> arguments = new ArrayList<>(List.of("--exit-on-error"));
            arguments.addAll(List.of(options));
            arguments.add(file.toString());
            run("pg_restore", arguments);
        }
    }

    private void run(String program, List<String> arguments) {
        Command.check(Path.of("."), ClientCommand.of(program, database.server(), database.name(), arguments));
    }
}
