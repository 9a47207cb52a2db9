package dev.gangway.cli;

import java.nio.file.Path;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code backup}: write the whole database into a file, with pg_dump in its custom format. */
@Command(
        name = "backup",
        header = "Write the whole database into a file, with pg_dump in its custom format.",
        footer = {"", "Example:", "  gangway backup /srv/backups --url jdbc:gangway:postgresql://localhost/app"})
final class BackupCommand extends TargetCommand {

    @Parameters(arity = "0..1", paramLabel = "FOLDER", description = "Where the file goes. Default: this folder.")
    Path folder = Path.of(".");

    BackupCommand(Console console) {
        super(console);
    }

    @Override
    ExitCode run() throws Exception {
        console.print(gangway().backup(folder.toAbsolutePath().normalize()) + "\n");
        return ExitCode.FINE;
    }
}
