package dev.gangway.cli;

import dev.gangway.report.MigrationInfo;
import dev.gangway.report.MigrationStatus;
import dev.gangway.report.StatusReport;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.StringJoiner;

/** What {@code status} shows. */
final class StatusText {

    private StatusText() {}

    /** {@return the report as text} */
    static String of(StatusReport report, Style style) {
        Table table = new Table("version", "description", "type", "status", "installed (UTC)", "script");
        for (MigrationInfo migration : report.migrations()) {
            table.row()
                    .cell(Objects.requireNonNullElse(migration.version(), migration.kind()))
                    .cell(migration.description())
                    .cell(migration.type())
                    .cell(migration.status().text(), Style.meaning(migration.status()))
                    .cell(Texts.time(migration.installedOn()))
                    .cell(migration.script());
        }
        StringBuilder text = new StringBuilder()
                .append(Texts.target(report.target(), report.schema()))
                .append(report.version() == null ? ", no version yet" : ", version " + report.version())
                .append("\n\n");
        if (!table.isEmpty()) {
            text.append(table.render(style)).append('\n');
        }
        for (MigrationInfo migration : report.migrations()) {
            if (migration.note() != null) {
                text.append(style.paint(
                                Style.meaning(migration.status()),
                                migration.status().text() + ": " + migration.script()))
                        .append('\n')
                        .append(Texts.indent(migration.note()));
            }
        }
        Texts.warnings(text, report.warnings(), style);
        return text.append(summary(report, style)).append('\n').toString();
    }

    private static String summary(StatusReport report, Style style) {
        if (report.migrations().isEmpty()) {
            return "There are no migrations.";
        }
        Map<MigrationStatus, Integer> counts = new EnumMap<>(MigrationStatus.class);
        for (MigrationInfo migration : report.migrations()) {
            counts.merge(migration.status(), 1, Integer::sum);
        }
        StringJoiner joined = new StringJoiner(", ");
        counts.forEach((status, count) -> joined.add(count + " " + status.text()));
        return report.current()
                ? style.good("The schema is current") + ": " + joined + "."
                : style.attention("The schema is not current") + ": " + joined + ".";
    }
}
