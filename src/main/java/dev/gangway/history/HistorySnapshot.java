package dev.gangway.history;

import dev.gangway.migration.Kind;
import dev.gangway.migration.Migration;
import dev.gangway.migration.Version;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/**
 * The history at one moment. Immutable; {@link #with} gives the next one.
 *
 * @param rows     all rows in the order of rank
 * @param content  the fingerprint that these rows give
 * @param recorded the fingerprint in the state table; differs from the rows' own when somebody has edited them
 * @param epoch    grows with every step that is taken; with {@code recorded}, what the fence compares
 * @param stride   by how much each step moves the epoch. Random, for whoever has read the history: after a reset or a
 *     restore the same number of steps leads to another epoch, so that a leader which has slept through it never takes
 *     what it finds for what it knows
 */
public record HistorySnapshot(List<HistoryRow> rows, Fingerprint content, String recorded, long epoch, long stride) {
    private static final long FIRST_EPOCHS = 1L << 48;
    private static final long STRIDES = 1L << 31;

    /** Nothing was ever applied, and nobody will write that down. */
    public static final HistorySnapshot EMPTY = empty(0, 1);

    public HistorySnapshot {
        rows = List.copyOf(rows);
    }

    /** {@return a history in which nothing was ever applied, to be created with an epoch that no other one has had} */
    public static HistorySnapshot beginning() {
        return empty(ThreadLocalRandom.current().nextLong(1, FIRST_EPOCHS), randomStride());
    }

    private static HistorySnapshot empty(long epoch, long stride) {
        return new HistorySnapshot(List.of(), Fingerprint.EMPTY, Fingerprint.EMPTY.text(), epoch, stride);
    }

    private static long randomStride() {
        return ThreadLocalRandom.current().nextLong(1, STRIDES);
    }

    /** {@return the history as it was read} */
    static HistorySnapshot read(List<HistoryRow> rows, String recorded, long epoch) {
        Fingerprint content = Fingerprint.EMPTY;
        for (HistoryRow row : rows) {
            if (row.state().countsAsApplied()) {
                content = content.plus(row.identity(), row.checksum());
            }
        }
        return new HistorySnapshot(rows, content, recorded, epoch, randomStride());
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
        return moved(next, fingerprint);
    }

    /** {@return the history after a step that deletes this row} */
    public HistorySnapshot without(HistoryRow deleted) {
        List<HistoryRow> next = new ArrayList<>(rows);
        next.removeIf(row -> row.rank() == deleted.rank());
        Fingerprint fingerprint =
                deleted.state().countsAsApplied() ? content.minus(deleted.identity(), deleted.checksum()) : content;
        return moved(next, fingerprint);
    }

    /** {@return the history after a step that records what its rows give} */
    public HistorySnapshot recomputed() {
        return moved(rows, content);
    }

    private HistorySnapshot moved(List<HistoryRow> next, Fingerprint fingerprint) {
        return new HistorySnapshot(next, fingerprint, fingerprint.text(), epoch + stride, stride);
    }

    /** {@return the history with another row of the same rank, which changes nothing in what is applied} */
    public HistorySnapshot replacing(HistoryRow other) {
        List<HistoryRow> next = new ArrayList<>(rows);
        next.replaceAll(row -> row.rank() == other.rank() ? other : row);
        return new HistorySnapshot(next, content, recorded, epoch, stride);
    }

    private static boolean supersedes(HistoryRow written, HistoryRow earlier) {
        return written.kind() == Kind.REPEATABLE
                && earlier.kind() == Kind.REPEATABLE
                && written.state() == State.APPLIED
                && earlier.state().countsAsApplied()
                && earlier.identity().equals(written.identity());
    }
}
