package dev.gangway.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code migrate}: apply what is pending, or wait for the process that does. */
@Command(
        name = "migrate",
        header = "Apply what is pending, or wait for the process that does.",
        footer = {
            "",
            "Examples:",
            "  gangway migrate --url jdbc:gangway:postgresql://localhost/app",
            "  gangway migrate --target 12 --url $URL"
        })
final class MigrateCommand extends TargetCommand {

    @Mixin
    final SelectionOptions selection = new SelectionOptions();

    @Mixin
    final JsonOption json = new JsonOption();

    MigrateCommand(Console console) {
        super(console);
    }

    @Override
    ExitCode run() throws Exception {
        json.print(gangway().migrate(selection.options(this)), ResultText::of, console);
        return ExitCode.FINE;
    }
}
