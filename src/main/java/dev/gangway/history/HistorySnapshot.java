package dev.gangway.history;

import dev.gangway.migration.Kind;
import dev.gangway.migration.Migration;
import dev.gangway.migration.Version;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The history at one moment. Immutable; {@link #with} gives the next one.
 *
 * @param rows     all rows in the order of rank
 * @param content  the fingerprint that these rows give
 * @param recorded the fingerprint in the state table; differs from the rows' own when somebody has edited them
 * @param epoch    counts every step that was ever taken; with {@code recorded}, what the fence compares
 */
public record HistorySnapshot(List<HistoryRow> rows, Fingerprint content, String recorded, long epoch) {

    /** Nothing was ever applied. */
    public static final HistorySnapshot EMPTY =
            new HistorySnapshot(List.of(), Fingerprint.EMPTY, Fingerprint.EMPTY.text(), 0);

    public HistorySnapshot {
        rows = List.copyOf(rows);
    }

    /** {@return the history as it was read} */
    static HistorySnapshot read(List<HistoryRow> rows, String recorded, long epoch) {
        Fingerprint content = Fingerprint.EMPTY;
        for (HistoryRow row : rows) {
            if (row.state().countsAsApplied()) {
                content = content.plus(row.identity(), row.checksum());
            }
        }
        return new HistorySnapshot(rows, content, recorded, epoch);
    }

    /** {@return the highest version that counts as applied; null when there is none} */
    public @Nullable Version version() {
        Version highest = null;
        for (HistoryRow row : rows) {
            Version version = row.version();
            if (version != null
                    && row.state().countsAsApplied()
                    && (highest == null || version.compareTo(highest) > 0)) {
                highest = version;
            }
        }
        return highest;
    }

    /** {@return whether the schema holds what this migration does, as it is now} */
    public boolean hasApplied(Migration migration) {
        String identity = HistoryRow.identity(migration.kind(), migration.version(), migration.description());
        String checksum = migration.checksumText();
        for (HistoryRow row : rows) {
            if (row.state().countsAsApplied()
                    && row.identity().equals(identity)
                    && (row.checksum() == null
                            || checksum == null
                            || row.checksum().equals(checksum))) {
                return true;
            }
        }
        return false;
    }

    /** {@return the rank of the next new row} */
    public long nextRank() {
        return rows.isEmpty() ? 1 : rows.get(rows.size() - 1).rank() + 1;
    }

    /**
     * {@return the history after a step that writes this row: in place of the row with its rank, or as a new one. The
     * earlier run of a repeatable migration becomes superseded, and the note that a migration was deferred is taken away}
     */
    public HistorySnapshot with(HistoryRow written) {
        List<HistoryRow> next = new ArrayList<>(rows.size() + 1);
        Fingerprint fingerprint = content;
        boolean placed = false;
        for (HistoryRow row : rows) {
            boolean replaced = row.rank() == written.rank();
            if (!replaced && row.state() == State.DEFERRED && row.identity().equals(written.identity())) {
                continue;
            }
            boolean superseded = !replaced && supersedes(written, row);
            if ((replaced || superseded) && row.state().countsAsApplied()) {
                fingerprint = fingerprint.minus(row.identity(), row.checksum());
            }
            placed |= replaced;
            next.add(replaced ? written : superseded ? row.withState(State.SUPERSEDED) : row);
        }
        if (!placed) {
            next.add(written);
        }
        if (written.state().countsAsApplied()) {
            fingerprint = fingerprint.plus(written.identity(), written.checksum());
        }
        return new HistorySnapshot(next, fingerprint, fingerprint.text(), epoch + 1);
    }

    /** {@return the history after a step that deletes this row} */
    public HistorySnapshot without(HistoryRow deleted) {
        List<HistoryRow> next = new ArrayList<>(rows);
        next.removeIf(row -> row.rank() == deleted.rank());
        Fingerprint fingerprint =
                deleted.state().countsAsApplied() ? content.minus(deleted.identity(), deleted.checksum()) : content;
        return new HistorySnapshot(next, fingerprint, fingerprint.text(), epoch + 1);
    }

    /** {@return the history after a step that records what its rows give} */
    public HistorySnapshot recomputed() {
        return new HistorySnapshot(rows, content, content.text(), epoch + 1);
    }

    /** {@return the history with another row of the same rank, which changes nothing in what is applied} */
    public HistorySnapshot replacing(HistoryRow other) {
        List<HistoryRow> next = new ArrayList<>(rows);
        next.replaceAll(row -> row.rank() == other.rank() ? other : row);
        return new HistorySnapshot(next, content, recorded, epoch);
    }

    private static boolean supersedes(HistoryRow written, HistoryRow earlier) {
        return written.kind() == Kind.REPEATABLE
                && earlier.kind() == Kind.REPEATABLE
                && written.state() == State.APPLIED
                && earlier.state().countsAsApplied()
                && earlier.identity().equals(written.identity());
    }
}
