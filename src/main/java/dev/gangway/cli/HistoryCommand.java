package dev.gangway.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code history}: show all rows of the history, in the order in which they were begun. */
@Command(
        name = "history",
        header = "Show all rows of the history, in the order in which they were begun.",
        footer = {"", "Example:", "  gangway history --url jdbc:gangway:postgresql://localhost/app"})
final class HistoryCommand extends TargetCommand {

    @Mixin
    final JsonOption json = new JsonOption();

    HistoryCommand(Console console) {
        super(console);
    }

    @Override
    ExitCode run() throws Exception {
        json.print(gangway().history(), HistoryText::of, console);
        return ExitCode.FINE;
    }
}
