package dev.gangway.cli;

import dev.gangway.config.JdbcUrl;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Clock;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code new}: writes the file of the next migration. */
@Command(
        name = "new",
        header = "Write the file of the next migration, numbered as those that are there.",
        description = "Needs no database.",
        footer = {
            "",
            "Examples:",
            "  gangway new \"add users\"",
            "  gangway new add_users --undo --verify --folder db/migration"
        })
final class NewCommand extends CliCommand {
    private static final String FILESYSTEM = "filesystem:";

    @Parameters(arity = "1..*", paramLabel = "NAME", description = "What the migration does, in a few words.")
    List<String> name = new ArrayList<>();

    @Option(
            names = "--folder",
            paramLabel = "FOLDER",
            description =
                    "Where the file goes. Default: the first filesystem: location of GANGWAY_LOCATIONS or GANGWAY_URL,"
                            + " or else src/main/resources/db/migration.")
    @Nullable
    Path folder;

    @Option(names = "--timestamp", description = "The version is the time (UTC), such as V20261120183000.")
    boolean timestamp;

    @Option(names = "--repeatable", description = "A repeatable migration: R__NAME.sql.")
    boolean repeatable;

    @Option(names = "--undo", description = "An undo script as well.")
    boolean undo;

    @Option(names = "--verify", description = "A verify script as well.")
    boolean verify;

    NewCommand(Console console) {
        super(console);
    }

    @Override
    ExitCode run() throws IOException, SQLException {
        String description = NewFiles.describe(String.join(" ", name));
        if (description.isEmpty()) {
            throw usage("The name has neither letters nor digits. Say in a few words what the migration does.");
        }
        Path target = folder();
        if (!Files.isDirectory(target)) {
            throw usage("The folder " + target + " does not exist. Create it, or give another one with --folder.");
        }
        NewFiles files = new NewFiles(target, description, repeatable, timestamp, undo, verify);
        try {
            for (Path file : files.write(LocalDateTime.now(Clock.systemUTC()))) {
                console.print(file + "\n");
            }
        } catch (FileAlreadyExistsException exists) {
            throw usage("The file " + exists.getFile() + " exists already. Nothing was written.");
        }
        return ExitCode.FINE;
    }

    private Path folder() throws SQLException {
        if (folder != null) {
            return folder;
        }
        String locations = console.variable("GANGWAY_LOCATIONS");
        String url = console.variable("GANGWAY_URL");
        if (url != null && JdbcUrl.accepts(url)) {
            locations = JdbcUrl.parse(url).ownParameters().getOrDefault("gangway.locations", locations);
        }
        if (locations != null) {
            for (String location : locations.split(",")) {
                if (location.strip().startsWith(FILESYSTEM)) {
                    return Path.of(location.strip().substring(FILESYSTEM.length()));
                }
            }
        }
        if (!Files.isDirectory(DefaultLocation.FOLDER)) {
            throw usage(
                    "There is no folder " + DefaultLocation.FOLDER + " here. Say with --folder where the file goes.");
        }
        return DefaultLocation.FOLDER;
    }
}
