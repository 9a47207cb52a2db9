package dev.gangway.command;

import dev.gangway.config.Settings.OutOfOrder;
import dev.gangway.history.HistoryRow;
import dev.gangway.history.HistorySnapshot;
import dev.gangway.history.State;
import dev.gangway.migration.Kind;
import dev.gangway.migration.Migration;
import dev.gangway.migration.Version;
import dev.gangway.plan.Files;
import dev.gangway.plan.Plan;
import dev.gangway.report.MigrationInfo;
import dev.gangway.report.MigrationStatus;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Brings files, history and plan together into one list: what a baseline covers, what was applied in the order of its
 * application, what is pending in the order in which it will be, and what is left out. Used once.
 */
final class StatusRows {
    /** As the server writes a timestamp; pgjdbc asks it for the ISO style. */
    private static final DateTimeFormatter TIMESTAMP = new DateTimeFormatterBuilder()
            .append(DateTimeFormatter.ISO_LOCAL_DATE)
            .appendLiteral(' ')
            .append(DateTimeFormatter.ISO_LOCAL_TIME)
            .appendOffset("+HH:mm:ss", "+00")
            .toFormatter(Locale.ROOT);

    private final Files files;
    private final List<HistoryRow> rows;
    private final Plan plan;
    private final Map<String, Migration> byIdentity = new HashMap<>();
    /** What has found its place in the list. */
    private final Set<String> placed = new HashSet<>();

    private final List<MigrationInfo> infos = new ArrayList<>();

    StatusRows(Files files, @Nullable HistorySnapshot history, Plan plan) {
        this.files = files;
        this.rows = history == null ? List.of() : history.rows();
        this.plan = plan;
        for (Migration file : files.migrations()) {
            byIdentity.put(identity(file), file);
        }
    }

    List<MigrationInfo> all() {
        Set<String> planned = new HashSet<>();
        plan.steps().forEach(step -> planned.add(identity(step.migration())));
        plan.background().forEach(step -> planned.add(identity(step.migration())));
        coveredByBaseline();
        for (HistoryRow row : rows) {
            if (!planned.contains(row.identity()) && isNewest(row)) {
                recorded(row);
            }
        }
        plan.steps().forEach(step -> pending(step, MigrationStatus.PENDING));
        plan.background().forEach(step -> pending(step, MigrationStatus.BACKGROUND));
        for (Migration file : files.migrations()) {
            if (!placed.contains(identity(file))) {
                leftOut(file);
            }
        }
        return infos;
    }

    private void coveredByBaseline() {
        Version baseline = null;
        for (HistoryRow row : rows) {
            Version version = row.version();
            if (row.state() == State.BASELINE
                    && (baseline == null || (version != null && version.compareTo(baseline) > 0))) {
                baseline = version;
            }
        }
        for (Migration file : files.migrations()) {
            Version version = file.version();
            boolean recorded = rows.stream().anyMatch(row -> row.identity().equals(identity(file)));
            if (baseline != null && version != null && version.compareTo(baseline) <= 0 && !recorded) {
                add(file, MigrationStatus.BASELINE, null, null);
            }
        }
    }

    /** {@return whether no later row is about the same migration} */
    private boolean isNewest(HistoryRow row) {
        return rows.stream()
                .noneMatch(
                        other -> other.rank() > row.rank() && other.identity().equals(row.identity()));
    }

    private void recorded(HistoryRow row) {
        Migration file = byIdentity.get(row.identity());
        placed.add(row.identity());
        infos.add(new MigrationInfo(
                row.version() == null ? null : row.version().toString(),
                row.description(),
                row.kind().text(),
                row.type(),
                row.script(),
                status(row, file),
                row.state().countsAsApplied() ? instant(row.installedOn()) : null,
                note(row)));
    }

    private static MigrationStatus status(HistoryRow row, @Nullable Migration file) {
        return switch (row.state()) {
            case APPLIED, ADOPTED -> {
                if (file == null) {
                    yield row.state() == State.APPLIED ? MigrationStatus.NEWER : MigrationStatus.ADOPTED;
                }
                yield file.differsFrom(row.checksum())
                        ? MigrationStatus.CHANGED
                        : row.state() == State.APPLIED ? MigrationStatus.APPLIED : MigrationStatus.ADOPTED;
            }
            case BASELINE -> MigrationStatus.BASELINE;
            // With its file it would be planned, unless it is left out: without, a newer version has begun it.
            case STARTED -> file == null ? MigrationStatus.NEWER : MigrationStatus.IGNORED;
            case FAILED, DEFERRED -> file == null ? MigrationStatus.NEWER : MigrationStatus.IGNORED;
            case UNDONE -> file == null ? MigrationStatus.UNDONE : MigrationStatus.IGNORED;
            case SUPERSEDED -> MigrationStatus.SUPERSEDED;
        };
    }

    private static @Nullable String note(HistoryRow row) {
        String begun = row.statementsDone() + " of its statements are done";
        return switch (row.state()) {
            case STARTED -> begun;
            case FAILED -> row.statementsDone() == 0 ? row.error() : begun + "; " + row.error();
            case DEFERRED -> row.error() == null ? "its condition did not hold" : row.error();
            default -> null;
        };
    }

    private void pending(Plan.Step step, MigrationStatus otherwise) {
        HistoryRow earlier = step.earlier();
        MigrationStatus status = otherwise;
        String note = earlier == null ? null : note(earlier);
        if (earlier != null && earlier.state() == State.FAILED) {
            status = MigrationStatus.FAILED;
        } else if (earlier != null && earlier.state() == State.STARTED) {
            status = MigrationStatus.STARTED;
        } else if (step.need() != Plan.Need.NOW) {
            status = MigrationStatus.DEFERRED;
            note = note == null ? "it requires one that is deferred" : note;
        } else if (step.migration().kind() == Kind.REPEATABLE && wasApplied(step.migration())) {
            note = "changed since it last ran";
        }
        add(step.migration(), status, null, note);
    }

    private boolean wasApplied(Migration file) {
        return rows.stream()
                .anyMatch(row ->
                        row.identity().equals(identity(file)) && row.state().countsAsApplied());
    }

    private void leftOut(Migration file) {
        if (!files.rules().reaches(file.version())) {
            add(
                    file,
                    MigrationStatus.IGNORED,
                    null,
                    "above the target " + files.rules().target());
        } else if (files.rules().outOfOrder() == OutOfOrder.IGNORE) {
            add(file, MigrationStatus.IGNORED, null, "out of order (gangway.outOfOrder=ignore)");
        } else {
            add(file, MigrationStatus.PENDING, null, "out of order (gangway.outOfOrder=fail)");
        }
    }

    private void add(Migration file, MigrationStatus status, @Nullable Instant installedOn, @Nullable String note) {
        placed.add(identity(file));
        infos.add(new MigrationInfo(
                file.version() == null ? null : file.version().toString(),
                file.description(),
                file.kind().text(),
                file.directives().type().name().toLowerCase(Locale.ROOT),
                file.script(),
                status,
                installedOn,
                note));
    }

    private static String identity(Migration file) {
        return HistoryRow.identity(file.kind(), file.version(), file.description());
    }

    private static Instant instant(String installedOn) {
        return TIMESTAMP.parse(installedOn, Instant::from);
    }
}
