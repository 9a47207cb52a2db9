package dev.gangway.cli;

import dev.gangway.report.ValidationReport;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code validate}: compare files and history, and run the verify scripts of all applied migrations, read-only. Exit code 3 when anything is pending, contradicts or fails. */
@Command(
        name = "validate",
        header = "Compare files and history, and run the verify scripts of all applied migrations, read-only.",
        description = "Exit code 3 when anything is pending, contradicts or fails.",
        footer = {"", "Example:", "  gangway validate --url jdbc:gangway:postgresql://localhost/app"})
final class ValidateCommand extends TargetCommand {

    @Mixin
    final JsonOption json = new JsonOption();

    ValidateCommand(Console console) {
        super(console);
    }

    @Override
    ExitCode run() throws Exception {
        ValidationReport report = gangway().validate();
        json.print(report, ValidationText::of, console);
        return report.valid() ? ExitCode.FINE : ExitCode.PENDING;
    }
}
