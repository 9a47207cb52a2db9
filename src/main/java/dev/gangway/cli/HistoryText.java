package dev.gangway.cli;

import dev.gangway.cli.Style.Meaning;
import dev.gangway.report.HistoryEntry;
import dev.gangway.report.HistoryReport;

/** What {@code history} shows. */
final class HistoryText {

    private HistoryText() {}

    /** {@return the report as text} */
    static String of(HistoryReport report, Style style) {
        if (report.entries().isEmpty()) {
            return report.target() + " has no history yet (" + report.table() + ").\n";
        }
        Table table = new Table(
                "rank", "version", "description", "type", "state", "undo", "installed (UTC)", "by", "took", "script");
        for (HistoryEntry entry : report.entries()) {
            table.row()
                    .cell(entry.rank())
                    .cell(entry.version() == null ? entry.kind() : entry.version())
                    .cell(entry.description())
                    .cell(entry.type())
                    .cell(entry.state(), meaning(entry.state()))
                    .cell(entry.undoable() ? "yes" : "no")
                    .cell(Texts.time(entry.installedOn()))
                    .cell(entry.installedBy())
                    .cell(entry.durationMillis() == null ? "" : Texts.duration(entry.durationMillis()))
                    .cell(entry.script());
        }
        StringBuilder text =
                new StringBuilder(report.target() + ", table " + report.table() + "\n\n").append(table.render(style));
        for (HistoryEntry entry : report.entries()) {
            if (entry.error() != null) {
                text.append('\n')
                        .append(style.bad(entry.state() + ": " + entry.script()))
                        .append('\n')
                        .append(Texts.indent(entry.error()));
            }
        }
        return text.toString();
    }

    private static Meaning meaning(String state) {
        return switch (state) {
            case "applied", "baseline", "adopted" -> Meaning.GOOD;
            case "failed" -> Meaning.BAD;
            case "started", "deferred" -> Meaning.ATTENTION;
            default -> Meaning.QUIET;
        };
    }
}
