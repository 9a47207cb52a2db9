package dev.gangway.cli;

import dev.gangway.Gangway;
import dev.gangway.command.ResetOptions;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code reset}: drop everything in the history's schema, the history included. */
@Command(
        name = "reset",
        header = "Drop everything in the history's schema, the history included.",
        footer = {"", "Example:", "  gangway reset --yes --url jdbc:gangway:postgresql://localhost/app"})
final class ResetCommand extends TargetCommand {

    @Option(names = "--yes", description = "Really drop it. Nothing is done without.")
    boolean confirmed;

    @Option(names = "--force", description = "Also when other sessions are connected.")
    boolean force;

    ResetCommand(Console console) {
        super(console);
    }

    @Override
    ExitCode run() throws Exception {
        Gangway gangway = gangway();
        if (!confirmed) {
            throw usage("reset drops everything in the history's schema: all tables with their data, and the history."
                    + " Add --yes if that is meant.");
        }
        console.print(ResultText.of(gangway.reset(new ResetOptions(true, force)), console.outStyle()));
        return ExitCode.FINE;
    }
}
