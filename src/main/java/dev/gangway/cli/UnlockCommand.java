package dev.gangway.cli;

import picocli.CommandLine.Command;

/** {@code unlock}: end the sessions that migrate this schema just now. Only for sessions that hang: the lock itself is gone when its process is. */
@Command(
        name = "unlock",
        header = "End the sessions that migrate this schema just now.",
        description = "Only for sessions that hang: the lock itself is gone when its process is.",
        footer = {"", "Example:", "  gangway unlock --url jdbc:gangway:postgresql://localhost/app"})
final class UnlockCommand extends TargetCommand {

    UnlockCommand(Console console) {
        super(console);
    }

    @Override
    ExitCode run() throws Exception {
        console.print(ResultText.of(gangway().unlock(), console.outStyle()));
        return ExitCode.FINE;
    }
}
