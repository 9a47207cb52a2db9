package dev.gangway.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code version}: show the versions of Gangway, pgjdbc and Java. */
@Command(
        name = "version",
        header = "Show the versions of Gangway, pgjdbc and Java.",
        footer = {"", "Example:", "  gangway version --json"})
final class VersionCommand extends CliCommand {

    @Mixin
    final JsonOption json = new JsonOption();

    VersionCommand(Console console) {
        super(console);
    }

    @Override
    ExitCode run() throws Exception {
        json.print(VersionReport.ofThisProcess(), (report, style) -> report.text() + "\n", console);
        return ExitCode.FINE;
    }
}
