package dev.gangway.cli;

import dev.gangway.Gangway;
import dev.gangway.report.UndoReport;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code undo}: take migrations back by the undo scripts that the history holds: the last one, or more. */
@Command(
        name = "undo",
        header = "Take migrations back by the undo scripts that the history holds: the last one, or more.",
        footer = {
            "",
            "Examples:",
            "  gangway undo --url jdbc:gangway:postgresql://localhost/app",
            "  gangway undo --to 11 --url $URL"
        })
final class UndoCommand extends TargetCommand {

    @ArgGroup
    @Nullable
    Extent extent;

    /** One of them. */
    static final class Extent {
        @Option(names = "--to", paramLabel = "VERSION", description = "All above this version; 0 for all.")
        @Nullable
        String to;

        @Option(names = "--count", paramLabel = "N", description = "The last N. Default: 1.")
        @Nullable
        Integer count;
    }

    @Mixin
    final JsonOption json = new JsonOption();

    UndoCommand(Console console) {
        super(console);
    }

    @Override
    ExitCode run() throws Exception {
        Gangway gangway = gangway();
        UndoReport report;
        if (extent != null && extent.to != null) {
            report = gangway.undoTo(extent.to);
        } else {
            int count = extent == null || extent.count == null ? 1 : extent.count;
            if (count < 1) {
                throw usage("--count is " + count + ", but at least 1 makes sense.");
            }
            report = gangway.undo(count);
        }
        json.print(report, ResultText::of, console);
        return ExitCode.FINE;
    }
}
