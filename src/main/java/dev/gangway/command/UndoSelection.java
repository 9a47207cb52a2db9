package dev.gangway.command;

import dev.gangway.GangwayException;
import dev.gangway.GangwayException.Code;
import dev.gangway.history.HistoryRow;
import dev.gangway.history.KeptTexts;
import dev.gangway.history.State;
import dev.gangway.migration.Kind;
import dev.gangway.migration.Version;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Decides which migrations are taken back, and whether they can be. Pure: knows the history and nothing else, because the
 * process that undoes may lack the files.
 */
final class UndoSelection {
    private final List<HistoryRow> rows;
    private final List<String> problems = new ArrayList<>();

    /** @param rows the whole history in the order of rank */
    UndoSelection(List<HistoryRow> rows) {
        this.rows = rows;
    }

    /** {@return the migrations that were applied last, the last one first; a repeatable one is never undone} */
    List<HistoryRow> last(int count) {
        return newestFirst().stream().limit(count).toList();
    }

    /**
     * {@return all migrations above the version, the one that was applied last first}
     *
     * @param version null for all
     * @throws GangwayException.Permanent GW004 when the history does not have that version
     */
    List<HistoryRow> above(@Nullable Version version) throws GangwayException.Permanent {
        if (version == null) {
            return newestFirst();
        }
        if (newestFirst().stream().noneMatch(row -> version.equals(row.version()))) {
            TreeSet<Version> known = new TreeSet<>();
            newestFirst().forEach(row -> known.add(version(row)));
            throw new GangwayException.Permanent(Code.SETTING_WRONG, """
                    Version %s is not applied, so there is nothing to go back to.
                      database: unchanged; nothing was undone
                      next:     choose one of those that are: %s; or 0 to undo them all""".formatted(
                    version,
                    known.isEmpty()
                            ? "none"
                            : String.join(
                                    ", ", known.stream().map(Version::toString).toList())));
        }
        return newestFirst().stream()
                .filter(row -> version(row).compareTo(version) > 0)
                .toList();
    }

    private List<HistoryRow> newestFirst() {
        return rows.stream()
                .filter(row -> row.kind() == Kind.VERSIONED && row.state().countsAsApplied())
                .sorted(Comparator.comparingLong(HistoryRow::rank).reversed())
                .toList();
    }

    /**
     * {@return the undo text of each of these rows, in their order}
     *
     * @throws GangwayException.Permanent GW001 when one of them cannot be undone, with every reason in one message
     */
    Map<HistoryRow, String> texts(List<HistoryRow> chosen, Map<Long, KeptTexts> kept)
            throws GangwayException.Permanent {
        Map<HistoryRow, String> texts = new LinkedHashMap<>();
        for (HistoryRow row : chosen) {
            KeptTexts text = kept.getOrDefault(row.rank(), KeptTexts.NONE);
            if (row.state() == State.BASELINE) {
                problem(
                        "version %s is a baseline: the schema was built otherwise, and nothing here can take it back"
                                .formatted(row.version()),
                        "go back to version %s at most".formatted(row.version()));
            } else if (text.undo() == null) {
                problem(
                        "the history has no undo script of " + row.script(),
                        "write %s beside it and run repair, which stores it; or take that migration back by a new one"
                                .formatted(undoName(row.script())));
            } else {
                texts.put(row, Objects.requireNonNull(text.undo()));
            }
        }
        refuseWhatOthersRequire(chosen);
        refuseHalfDone(chosen);
        if (!problems.isEmpty()) {
            throw new GangwayException.Permanent(
                    Code.MIGRATION_FAILED,
                    "This cannot be undone; nothing was changed.\n" + String.join("\n", problems));
        }
        return texts;
    }

    private void refuseWhatOthersRequire(List<HistoryRow> chosen) {
        for (HistoryRow stays : rows) {
            if (!stays.state().countsAsApplied() || chosen.contains(stays)) {
                continue;
            }
            for (HistoryRow row : chosen) {
                if (stays.requires().contains(row.version())) {
                    problem(
                            "%s requires version %s and would stay applied".formatted(stays.script(), row.version()),
                            "undo it as well, or keep both");
                }
            }
        }
    }

    /** What a migration without a transaction has done so far is known to nobody but the next migrate. */
    private void refuseHalfDone(List<HistoryRow> chosen) {
        if (chosen.isEmpty()) {
            return;
        }
        long oldest = chosen.get(chosen.size() - 1).rank();
        for (HistoryRow row : rows) {
            boolean begun = row.state() == State.STARTED || (row.state() == State.FAILED && row.statementsDone() > 0);
            if (begun && row.rank() > oldest) {
                problem(
                        "%s was begun without a transaction and is not finished; %d of its statements are done"
                                .formatted(row.script(), row.statementsDone()),
                        "migrate until it is applied, then undo it too; or take its statements back by hand and remove"
                                + " its row from the history");
            }
        }
    }

    private void problem(String what, String next) {
        problems.add("  - " + what + "\n    next: " + next);
    }

    private static String undoName(String script) {
        return script.endsWith(".sql") ? script.substring(0, script.length() - 4) + ".undo.sql" : script + ".undo.sql";
    }

    private static Version version(HistoryRow row) {
        return Objects.requireNonNull(row.version());
    }
}
