package dev.gangway.cli;

import dev.gangway.report.PlanReport;
import dev.gangway.report.PlanReport.Command;
import dev.gangway.report.PlanReport.Deferred;
import dev.gangway.report.PlanReport.Lock;
import dev.gangway.report.PlanReport.Step;

/** What {@code plan} shows: SQL as it would be sent, everything else as comments between. */
final class PlanText {

    private PlanText() {}

    /**
     * {@return the report as text}
     *
     * @param own whether Gangway's own commands are shown too, which are many times longer than a small script
     */
    static String of(PlanReport report, Style style, boolean own) {
        StringBuilder text = new StringBuilder();
        comment(text, style, Texts.target(report.target(), report.schema()));
        comment(
                text,
                style,
                report.steps().isEmpty()
                        ? "nothing would run"
                        : Texts.count(report.steps().size(), "migration") + " would run");
        for (String warning : report.warnings()) {
            for (String line : ("warning: " + warning).strip().split("\n")) {
                text.append(style.attention("-- " + line)).append('\n');
            }
        }
        for (Step step : report.steps()) {
            text.append('\n').append(style.heading("-- " + heading(step))).append('\n');
            if (step.condition() != null) {
                comment(text, style, "only when: " + step.condition());
            }
            for (Command command : step.commands()) {
                if (own || !command.own()) {
                    append(text, style, command);
                }
            }
        }
        if (!report.deferred().isEmpty()) {
            text.append('\n');
        }
        for (Deferred deferred : report.deferred()) {
            comment(text, style, "deferred: " + deferred.script() + ": " + deferred.why());
        }
        return text.toString();
    }

    private static String heading(Step step) {
        return step.script()
                + (step.version() == null ? ", repeatable" : ", version " + step.version())
                + (step.risk() == null ? "" : ", risk " + step.risk())
                + (step.background() ? ", in the background" : "");
    }

    private static void append(StringBuilder text, Style style, Command command) {
        for (Lock lock : command.locks()) {
            text.append(style.attention("-- locks " + lock.table() + ": " + lock.mode() + ", " + lock.blocks()
                            + "; about " + Texts.count(lock.rows(), "row") + ", " + Texts.bytes(lock.bytes())
                            + (lock.note() == null ? "" : "; " + lock.note())))
                    .append('\n');
        }
        String sql = terminated(command.sql().strip());
        text.append(command.own() ? style.quiet(sql) : sql).append('\n');
    }

    /** A semicolon behind a comment at the end would be a part of it. */
    private static String terminated(String sql) {
        if (sql.endsWith(";")) {
            return sql;
        }
        String lastLine = sql.substring(sql.lastIndexOf('\n') + 1);
        return sql + (lastLine.contains("--") ? "\n;" : ";");
    }

    private static void comment(StringBuilder text, Style style, String comment) {
        for (String line : comment.strip().split("\n")) {
            text.append(style.quiet("-- " + line)).append('\n');
        }
    }
}
