package dev.gangway.cli;

import dev.gangway.Gangway;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code repair}: accept changed files, clear failed migrations, and drop what interrupted index builds left behind. */
@Command(
        name = "repair",
        header = "Accept changed files, clear failed migrations, and drop what interrupted index builds left behind.",
        footer = {"", "Example:", "  gangway repair --dry-run --url jdbc:gangway:postgresql://localhost/app"})
final class RepairCommand extends TargetCommand {

    @Option(names = "--dry-run", description = "Only show what would be repaired.")
    boolean dryRun;

    @Mixin
    final JsonOption json = new JsonOption();

    RepairCommand(Console console) {
        super(console);
    }

    @Override
    ExitCode run() throws Exception {
        Gangway gangway = gangway();
        json.print(dryRun ? gangway.previewRepair() : gangway.repair(), RepairText::of, console);
        return ExitCode.FINE;
    }
}
