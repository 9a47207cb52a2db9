package dev.gangway.cli;

import dev.gangway.Gangway;
import dev.gangway.command.RestoreOptions;
import java.nio.file.Path;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code restore}: bring the database back to what a backup holds. What came later is lost. */
@Command(
        name = "restore",
        header = "Bring the database back to what a backup holds.",
        description = "What came later is lost.",
        footer = {
            "",
            "Example:",
            "  gangway restore app-20261120.dump --yes --url jdbc:gangway:postgresql://localhost/app"
        })
final class RestoreCommand extends TargetCommand {

    @Parameters(paramLabel = "FILE", description = "A file that backup has written.")
    Path file = Path.of("");

    @Option(names = "--yes", description = "Really replace what the database holds. Nothing is done without.")
    boolean confirmed;

    @Option(names = "--force", description = "Also when other sessions are connected.")
    boolean force;

    @Option(
            names = "--drop-newer",
            description =
                    "Also when tables are dropped that the backup does not hold, because they were created later.")
    boolean dropNewer;

    RestoreCommand(Console console) {
        super(console);
    }

    @Override
    ExitCode run() throws Exception {
        Gangway gangway = gangway();
        if (!confirmed) {
            throw usage("restore replaces all that the database holds by what is in " + file
                    + ". Add --yes if that is meant.");
        }
        gangway.restore(file, new RestoreOptions(true, force, dropNewer));
        console.print("Restored from " + file + ".\n");
        return ExitCode.FINE;
    }
}
