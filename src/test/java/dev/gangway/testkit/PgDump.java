package dev.gangway.testkit;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** What the installation's own {@code pg_dump} says of a database of a {@link LocalPostgres}. */
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
        String program =
                PostgresInstallation.find().orElseThrow().program("pg_dump").toString();
        List<String> command = new ArrayList<>(List.of(
                program,
                "--host=" + server.host(),
                "--port=" + server.port(),
                "--username=" + server.user(),
                "--dbname=" + database));
        command.addAll(List.of(options));
        // Newer ones write a random key into the dump.
        return Command.check(Path.of("."), command).replaceAll("(?m)^\\\\(un)?restrict .*$", "");
    }
}
