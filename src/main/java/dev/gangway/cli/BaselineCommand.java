package dev.gangway.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code baseline}: say that a schema which was built otherwise holds what the migrations up to a version do. They are not run. */
@Command(
        name = "baseline",
        header = "Say that a schema which was built otherwise holds what the migrations up to a version do.",
        description = "They are not run.",
        footer = {"", "Example:", "  gangway baseline 12 --url jdbc:gangway:postgresql://localhost/app"})
final class BaselineCommand extends TargetCommand {

    @Parameters(paramLabel = "VERSION", description = "The highest version that the schema holds already.")
    String version = "";

    BaselineCommand(Console console) {
        super(console);
    }

    @Override
    ExitCode run() throws Exception {
        gangway().baseline(version);
        console.print("Baseline at version " + version + ".\n");
        return ExitCode.FINE;
    }
}
