package dev.gangway.testkit;

import java.nio.file.Path;
import java.util.List;

/** What the installation's own {@code pg_dump} says of a database of a {@link LocalPostgres}. */
public final class PgDump {

    private PgDump() {}

    /** @param options such as {@code --schema-only} */
    public static String of(LocalPostgres server, String database, String... options) {
        List<String> command = ClientCommand.of("pg_dump", server.address(), database, List.of(options));
        // Newer ones write a random key into the dump.
        return Command.check(Path.of("."), command).replaceAll("(?m)^\\\\(un)?restrict .*$", "");
    }
}
