package dev.gangway.plan;

import dev.gangway.GangwayException;
import dev.gangway.GangwayException.Code;
import dev.gangway.config.Settings.OnNewerSchema;
import dev.gangway.config.Settings.OutOfOrder;
import dev.gangway.history.HistoryRow;
import dev.gangway.history.State;
import dev.gangway.migration.Kind;
import dev.gangway.migration.Migration;
import dev.gangway.migration.Version;
import dev.gangway.plan.Plan.Need;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Decides what is pending. A pure function of files, history and rules.
 *
 * <p>What the history knows and the files do not is taken for the work of a newer version of the application and lets
 * this one through, unless it is marked breaking: rolling an application back must not stop it from starting.
 */
public final class Planner {
    private final List<Migration> files;
    private final Rules rules;
    private final Map<String, HistoryRow> recorded = new HashMap<>();
    private final @Nullable Version highestApplied;
    private final @Nullable Version baseline;

    private final List<Plan.Step> steps = new ArrayList<>();
    private final List<String> warnings = new ArrayList<>();
    private final List<String> mismatches = new ArrayList<>();

    private Planner(List<Migration> files, List<HistoryRow> rows, Rules rules) {
        this.files = files;
        this.rules = rules;
        Version highest = null;
        Version highestBaseline = null;
        for (HistoryRow row : rows) {
            if (row.state() == State.UNDONE || row.state() == State.SUPERSEDED) {
                continue;
            }
            // A failed new run of a repeatable migration does not undo the one before it.
            recorded.merge(row.identity(), row, (earlier, later) -> later);
            if (row.state().countsAsApplied()) {
                highest = higher(highest, row.version());
                if (row.state() == State.BASELINE) {
                    highestBaseline = higher(highestBaseline, row.version());
                }
            }
        }
        this.highestApplied = highest;
        this.baseline = highestBaseline;
    }

    /**
     * {@return what is pending}
     *
     * @param files all migrations, versioned ones in order before repeatable ones
     * @param rows  the whole history in the order of rank
     * @throws GangwayException.Permanent GW002 when files and history contradict each other, with every contradiction
     *     in one message; GW005 when the history is ahead in a way that the rules do not allow
     */
    public static Plan plan(List<Migration> files, List<HistoryRow> rows, Rules rules)
            throws GangwayException.Permanent {
        Survey survey = survey(files, rows, rules);
        if (survey.tooNew() != null) {
            throw survey.tooNew();
        }
        if (!survey.mismatches().isEmpty()) {
            throw new GangwayException.Permanent(
                    Code.HISTORY_MISMATCH,
                    "The migration files and the history of this database do not agree; nothing was changed.\n"
                            + String.join("\n", survey.mismatches()));
        }
        return survey.plan();
    }

    /**
     * {@return what is pending, with every reason why it could not be applied beside it}
     *
     * @throws GangwayException.Permanent GW004 when the rules name a version that cannot be applied
     */
    public static Survey survey(List<Migration> files, List<HistoryRow> rows, Rules rules)
            throws GangwayException.Permanent {
        return new Planner(files, rows, rules).survey();
    }

    private Survey survey() throws GangwayException.Permanent {
        GangwayException.Permanent tooNew = checkNewer();
        if (tooNew == null) {
            refuseUnknown();
        }
        for (Migration file : files) {
            HistoryRow row = recorded.get(HistoryRow.identity(file.kind(), file.version(), file.description()));
            if (file.kind() == Kind.REPEATABLE) {
                planRepeatable(file, row);
            } else {
                planVersioned(file, row);
            }
        }
        List<Plan.Step> ordered = Requirements.order(steps, this::isApplied, mismatches);
        return new Survey(Schedule.of(ordered, rules.count(), warnings), mismatches, tooNew);
    }

    private void refuseUnknown() throws GangwayException.Permanent {
        Set<Version> chosen = rules.only();
        if (chosen == null) {
            return;
        }
        for (Version version : chosen) {
            boolean known = files.stream().anyMatch(file -> version.equals(file.version()));
            if (!known || isApplied(version)) {
                throw new GangwayException.Permanent(Code.SETTING_WRONG, """
                        Version %s cannot be applied on its own: %s.
                          database: unchanged
                          next:     choose among the versions that are pending""".formatted(
                                version, known ? "it is applied already" : "no migration file has it"));
            }
        }
    }

    private boolean isApplied(Version version) {
        HistoryRow row = recorded.get(HistoryRow.identity(Kind.VERSIONED, version, ""));
        return (row != null && row.state().countsAsApplied()) || (baseline != null && version.compareTo(baseline) <= 0);
    }

    private void planRepeatable(Migration file, @Nullable HistoryRow row) {
        if (rules.only() != null) {
            return;
        }
        if (row == null || !row.state().countsAsApplied()) {
            steps.add(step(file, row));
        } else if (file.checksum() != null && !Objects.equals(file.checksumText(), row.checksum())) {
            steps.add(step(file, null));
        }
    }

    private static Plan.Step step(Migration file, @Nullable HistoryRow row) {
        boolean deferred = row != null
                && row.state() == State.DEFERRED
                && file.directives().when() != null;
        return new Plan.Step(file, row, deferred ? Need.ASK : Need.NOW);
    }

    private void planVersioned(Migration file, @Nullable HistoryRow row) {
        Version version = Objects.requireNonNull(file.version());
        if (row != null && row.state().countsAsApplied()) {
            if (file.differsFrom(row.checksum())) {
                mismatches.add(changed(file, row));
            }
            return;
        }
        if (baseline != null && version.compareTo(baseline) <= 0) {
            return;
        }
        if (!rules.reaches(version) || (rules.only() != null && !rules.only().contains(version))) {
            return;
        }
        if (row == null
                && rules.only() == null
                && highestApplied != null
                && version.compareTo(highestApplied) < 0
                && !hasWaited(file, new HashSet<>())
                && !mayComeLate(file)) {
            return;
        }
        steps.add(step(file, row));
    }

    /**
     * {@return whether it comes late because it was let past by intention, which leaves no row: it runs in the background,
     * or it requires one that has waited itself}
     */
    private boolean hasWaited(Migration file, Set<Version> asked) {
        if (file.directives().background()) {
            return true;
        }
        for (Version required : file.directives().requires()) {
            HistoryRow row = recorded.get(HistoryRow.identity(Kind.VERSIONED, required, ""));
            if (row == null ? asked.add(required) && anyHasWaited(required, asked) : isLate(row)) {
                return true;
            }
        }
        return false;
    }

    private boolean anyHasWaited(Version version, Set<Version> asked) {
        for (Migration file : files) {
            if (version.equals(file.version())) {
                return hasWaited(file, asked);
            }
        }
        return false;
    }

    /** {@return whether this one is not applied yet, or was after a higher version} */
    private boolean isLate(HistoryRow row) {
        if (!row.state().countsAsApplied()) {
            return true;
        }
        Version version = Objects.requireNonNull(row.version());
        for (HistoryRow other : recorded.values()) {
            if (other.version() != null
                    && other.state().countsAsApplied()
                    && other.rank() < row.rank()
                    && other.version().compareTo(version) > 0) {
                return true;
            }
        }
        return false;
    }

    private boolean mayComeLate(Migration file) {
        String late =
                "%s is new but below version %s, which is applied already".formatted(file.script(), highestApplied);
        if (rules.outOfOrder() == OutOfOrder.FAIL) {
            mismatches.add("""
                      - %s (%s)
                        next: give it a version above %s, or allow it with gangway.outOfOrder=allow""".formatted(late, file.source().name(), highestApplied));
            return false;
        }
        if (rules.outOfOrder() == OutOfOrder.IGNORE) {
            warnings.add(late + "; it is left out, because gangway.outOfOrder=ignore");
            return false;
        }
        warnings.add(late + "; it is applied now (gangway.outOfOrder=allow)");
        return true;
    }

    private static String changed(Migration file, HistoryRow row) {
        return """
              - %s was changed after it had been applied on %s
                file: %s%s
                next: put the file back as it was and write the change as a new migration with a higher version, or accept it by repair""".formatted(file.script(), row.installedOn(), file.source().name(), dataFiles(file));
    }

    /** They count in the checksum, and which of them it was cannot be told from that. */
    private static String dataFiles(Migration file) {
        List<String> places = file.files().digests().keySet().stream()
                .map(file.files()::place)
                .toList();
        return places.isEmpty() ? "" : "\n  or one of its data files: " + String.join(", ", places);
    }

    private GangwayException.@Nullable Permanent checkNewer() {
        Set<String> known = new HashSet<>();
        for (Migration file : files) {
            known.add(HistoryRow.identity(file.kind(), file.version(), file.description()));
        }
        List<HistoryRow> newer = recorded.values().stream()
                .filter(row -> !known.contains(row.identity()) && row.state() != State.BASELINE)
                .filter(row -> row.kind() == Kind.VERSIONED && row.state() != State.FAILED)
                .filter(row -> row.state() != State.DEFERRED)
                .filter(row -> !isCodeOfAnotherTool(row))
                .sorted((a, b) -> Long.compare(a.rank(), b.rank()))
                .toList();
        if (newer.isEmpty()) {
            return null;
        }
        List<HistoryRow> breaking = newer.stream().filter(HistoryRow::breaking).toList();
        if (!breaking.isEmpty()) {
            return tooNew(breaking, "marked as breaking: what this version of the application relies on is gone");
        }
        if (rules.onNewer() == OnNewerSchema.FAIL) {
            return tooNew(newer, "unknown to this version of the application (gangway.onNewerSchema=fail)");
        }
        warnings.add("the history knows what these files do not: %s; a newer version of the application was here"
                .formatted(names(newer)));
        return null;
    }

    /** What another tool has run that was no SQL has no file here, and is old all the same when newer files are here. */
    private boolean isCodeOfAnotherTool(HistoryRow row) {
        if (row.state() != State.ADOPTED || row.checksum() != null) {
            return false;
        }
        for (Migration file : files) {
            Version version = file.version();
            if (version != null && row.version() != null && version.compareTo(row.version()) > 0) {
                return true;
            }
        }
        return false;
    }

    private static GangwayException.Permanent tooNew(List<HistoryRow> rows, String why) {
        return new GangwayException.Permanent(
                Code.SCHEMA_TOO_NEW, """
                The schema is newer than this application: %s, %s.
                  database: unchanged; a newer version of the application applied it on %s
                  next:     start a version of the application that has this migration""".formatted(names(rows), why, rows.get(0).installedOn()));
    }

    private static String names(List<HistoryRow> rows) {
        List<String> scripts = rows.stream().map(HistoryRow::script).toList();
        return scripts.size() <= 5
                ? String.join(", ", scripts)
                : String.join(", ", scripts.subList(0, 5)) + " and " + (scripts.size() - 5) + " more";
    }

    private static @Nullable Version higher(@Nullable Version a, @Nullable Version b) {
        if (a == null || b == null) {
            return a == null ? b : a;
        }
        return a.compareTo(b) >= 0 ? a : b;
    }
}
