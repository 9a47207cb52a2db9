package dev.gangway.testkit;

import java.util.ArrayList;
import java.util.List;

/** The command lines of the installation's own client programs, which connect as the superuser of a database. */
final class ClientCommand {

    private ClientCommand() {}

    static List<String> of(String program, ServerAddress server, String database, List<String> arguments) {
        List<String> command = new ArrayList<>();
        command.add(PostgresInstallation.find().orElseThrow().program(program).toString());
        // A connection string, because no option takes a password.
        command.add("--dbname=host=" + quoted(server.host()) + " port=" + server.port() + " user="
                + quoted(server.user()) + " dbname=" + quoted(database)
                + server.password()
                        .map(password -> " password=" + quoted(password))
                        .orElse(""));
        command.addAll(arguments);
        return command;
    }

    private static String quoted(String value) {
        return "'" + value.replace("\\", "\\\\").replace("'", "\\'") + "'";
    }
}
