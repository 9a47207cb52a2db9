package dev.gangway.cli;

import dev.gangway.report.MigrateReport;
import dev.gangway.report.ResetReport;
import dev.gangway.report.UndoReport;
import dev.gangway.report.UnlockReport;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What commands show that have done something: a line for each thing, and one that sums up. */
final class ResultText {

    private ResultText() {}

    static String of(MigrateReport report, Style style) {
        StringBuilder text = lines(style.good("applied"), report.applied());
        text.append(lines(style.attention("deferred"), report.deferred()))
                .append(report.target())
                .append(": ");
        if (report.applied().isEmpty()) {
            text.append("nothing was pending");
        } else {
            text.append(Texts.count(report.applied().size(), "migration")).append(" applied");
        }
        return text.append(
                        report.deferred().isEmpty()
                                ? ""
                                : ", " + report.deferred().size() + " deferred")
                .append(version(report.version()))
                .append(" (")
                .append(Texts.duration(report.durationMillis()))
                .append(").\n")
                .toString();
    }

    static String of(UndoReport report, Style style) {
        StringBuilder text = lines(style.attention("undone"), report.undone())
                .append(report.target())
                .append(": ");
        if (report.undone().isEmpty()) {
            text.append("nothing was to be undone");
        } else {
            text.append(Texts.count(report.undone().size(), "migration")).append(" undone");
        }
        return text.append(version(report.version()))
                .append(" (")
                .append(Texts.duration(report.durationMillis()))
                .append(").\n")
                .toString();
    }

    static String of(UnlockReport report, Style style) {
        if (report.ended().isEmpty()) {
            return report.target() + ": no session was migrating.\n";
        }
        return lines(style.attention("ended"), report.ended())
                .append(report.target())
                .append(": ")
                .append(Texts.count(report.ended().size(), "session"))
                .append(" ended.\n")
                .toString();
    }

    static String of(ResetReport report, Style style) {
        return lines(style.attention("dropped"), report.dropped())
                .append(Texts.target(report.target(), report.schema()))
                .append(": ")
                .append(Texts.count(report.dropped().size(), "object"))
                .append(" dropped.\n")
                .toString();
    }

    private static StringBuilder lines(String what, List<String> things) {
        StringBuilder text = new StringBuilder();
        for (String thing : things) {
            text.append(what).append(' ').append(thing).append('\n');
        }
        return text;
    }

    private static String version(@Nullable String version) {
        return version == null ? "; no version" : "; version " + version;
    }
}
