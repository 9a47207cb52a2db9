package dev.gangway.cli;

import dev.gangway.cli.Style.Meaning;
import dev.gangway.report.ValidationReport;
import dev.gangway.report.ValidationReport.Check;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** What {@code validate} shows: the checks by category, how many there are of each, then what is wrong beside them. */
final class ValidationText {

    private ValidationText() {}

    /** {@return the report as text} */
    static String of(ValidationReport report, Style style) {
        StringBuilder text = new StringBuilder(report.target()).append("\n\n");
        if (!report.checks().isEmpty()) {
            text.append(checks(report.checks()).render(style)).append('\n');
        }
        Map<String, List<Check>> categories = report.checks().stream()
                .collect(Collectors.groupingBy(Check::category, TreeMap::new, Collectors.toList()));
        if (categories.size() > 1) {
            text.append(counts(categories).render(style)).append('\n');
        }
        for (String problem : report.problems()) {
            text.append(style.bad("problem:")).append('\n').append(Texts.indent(problem));
        }
        for (String pending : report.pending()) {
            text.append(style.attention("pending:")).append(' ').append(pending).append('\n');
        }
        return text.append(summary(report, style)).append('\n').toString();
    }

    private static Table checks(List<Check> checks) {
        List<Check> sorted = new ArrayList<>(checks);
        // Stable: within a category they stay as the scripts have them.
        sorted.sort(Comparator.comparing(Check::category));
        Table table = new Table("category", "check", "result", "script", "detail");
        for (Check check : sorted) {
            table.row()
                    .cell(check.category())
                    .cell(check.name())
                    .cell(check.passed() ? "passed" : "failed", check.passed() ? Meaning.GOOD : Meaning.BAD)
                    .cell(check.script())
                    .cell(check.detail());
        }
        return table;
    }

    private static Table counts(Map<String, List<Check>> categories) {
        Table table = new Table("category", "checks", "passed", "failed");
        categories.forEach((category, checks) -> {
            long passed = checks.stream().filter(Check::passed).count();
            long failed = checks.size() - passed;
            table.row()
                    .cell(category)
                    .cell(checks.size())
                    .cell(passed)
                    .cell(failed, failed == 0 ? Meaning.NONE : Meaning.BAD);
        });
        return table;
    }

    private static String summary(ValidationReport report, Style style) {
        long failed = report.checks().stream().filter(check -> !check.passed()).count();
        String counts = Texts.count(report.checks().size(), "check") + ", " + failed + " failed; "
                + Texts.count(report.problems().size(), "problem") + "; "
                + report.pending().size() + " pending.";
        return (report.valid() ? style.good("Valid: ") : style.bad("Not valid: ")) + counts;
    }
}
