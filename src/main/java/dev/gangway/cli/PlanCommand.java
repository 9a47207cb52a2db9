package dev.gangway.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code plan}: show the SQL that migrate would send, and which locks it takes. Changes nothing. Exit code 0, also when something would run. */
@Command(
        name = "plan",
        header = "Show the SQL that migrate would send, and which locks it takes.",
        description = "Changes nothing. Exit code 0, also when something would run.",
        footer = {
            "",
            "Examples:",
            "  gangway plan --url jdbc:gangway:postgresql://localhost/app",
            "  gangway plan --count 1 --url $URL"
        })
final class PlanCommand extends TargetCommand {

    @Mixin
    final SelectionOptions selection = new SelectionOptions();

    @Mixin
    final JsonOption json = new JsonOption();

    @Option(
            names = "--all",
            description =
                    "Gangway's own commands too: transactions, settings, the history. With --json they always are there.")
    boolean all;

    PlanCommand(Console console) {
        super(console);
    }

    @Override
    ExitCode run() throws Exception {
        json.print(
                gangway().plan(selection.options(this)), (report, style) -> PlanText.of(report, style, all), console);
        return ExitCode.FINE;
    }
}
