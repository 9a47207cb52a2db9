package dev.gangway.cli;

import dev.gangway.cli.Style.Meaning;
import dev.gangway.report.RepairReport;
import dev.gangway.report.RepairReport.Repair;

/** What {@code repair} shows: each thing that was mended, of a changed file with the difference. */
final class RepairText {

    private RepairText() {}

    /** {@return the report as text} */
    static String of(RepairReport report, Style style) {
        StringBuilder text = new StringBuilder();
        for (Repair repair : report.repairs()) {
            text.append(style.heading(repair.subject()))
                    .append(": ")
                    .append(repair.description())
                    .append('\n');
            if (repair.diff() != null) {
                for (String line : repair.diff().split("\n")) {
                    text.append("  ").append(style.paint(meaning(line), line)).append('\n');
                }
            }
        }
        int count = report.repairs().size();
        if (count == 0) {
            return report.target() + " needs no repair.\n";
        }
        return text.append(report.target())
                .append(": ")
                .append(Texts.count(count, "repair"))
                .append(report.dryRun() ? " would be made; nothing was changed.\n" : " made.\n")
                .toString();
    }

    private static Meaning meaning(String line) {
        return switch (line.isEmpty() ? ' ' : line.charAt(0)) {
            case '+' -> Meaning.GOOD;
            case '-' -> Meaning.BAD;
            default -> Meaning.NONE;
        };
    }
}
