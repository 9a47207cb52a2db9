package dev.gangway.cli;

import dev.gangway.report.StatusReport;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code status}: show every migration and how it stands. Exit code 3 when the schema is not current. */
@Command(
        name = "status",
        header = "Show every migration and how it stands.",
        description = "Exit code 3 when the schema is not current.",
        footer = {
            "",
            "Examples:",
            "  gangway status --url jdbc:gangway:postgresql://localhost/app",
            "  gangway status --json --url $URL"
        })
final class StatusCommand extends TargetCommand {

    @Mixin
    final JsonOption json = new JsonOption();

    StatusCommand(Console console) {
        super(console);
    }

    @Override
    ExitCode run() throws Exception {
        StatusReport report = gangway().status();
        json.print(report, StatusText::of, console);
        return report.current() ? ExitCode.FINE : ExitCode.PENDING;
    }
}
