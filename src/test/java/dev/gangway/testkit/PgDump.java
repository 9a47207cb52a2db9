package dev.gangway.testkit;

import java.nio.file.Path;
import java.util.List;

/** What the installation's own {@code pg_dump} says of a database. */
public final class PgDump {

    private PgDump() {}

    /** @param options such as {@code --schema-only} */
    public static String of(TestDatabase database, String... options) {
        return of(database.server(), database.name(), options);
    }

    /** @param options such as {@code --schema-only} */
    public static String of(LocalPostgres server, String database, String... options) {
        return of(server.address(), database, options);
    }

    private static String of(ServerAddress server, String database, String... options) {
        List<String> command = ClientCommand.of("pg_dump", server, database, List.of(options));
        // Newer ones write a random key into the dump.
        return Command.check(Path.of("."), command).replaceAll("(?m)^\\\\(un)?restrict .*$", "");
    }
}
