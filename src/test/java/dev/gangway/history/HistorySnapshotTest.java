package dev.gangway.history;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gangway.migration.Kind;
import dev.gangway.migration.Version;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class HistorySnapshotTest {
    private static final HistorySnapshot EMPTY = HistorySnapshot.read(List.of(), Fingerprint.EMPTY.text(), 0);

    @Test
    void theSameStepOfTwoLeadersLeadsToDifferentEpochs() {
        HistorySnapshot one = HistorySnapshot.read(List.of(), Fingerprint.EMPTY.text(), 7);
        HistorySnapshot other = HistorySnapshot.read(List.of(), Fingerprint.EMPTY.text(), 7);

        assertThat(one.recomputed().epoch()).isNotEqualTo(other.recomputed().epoch());
        assertThat(one.recomputed().epoch()).isEqualTo(one.recomputed().epoch());
    }

    @Test
    void aStepMovesFingerprintAndEpoch() {
        HistorySnapshot after = EMPTY.with(versioned(1, "1", State.APPLIED));

        assertThat(after.epoch()).isGreaterThan(EMPTY.epoch());
        assertThat(after.recorded()).isEqualTo(after.content().text()).isNotEqualTo(EMPTY.recorded());
    }

    @Test
    void anUnfinishedMigrationDoesNotCount() {
        HistorySnapshot failed = EMPTY.with(versioned(1, "1", State.FAILED));

        assertThat(failed.recorded()).isEqualTo(EMPTY.recorded());
        assertThat(failed.epoch()).isGreaterThan(EMPTY.epoch());
        assertThat(failed.nextRank()).isEqualTo(2);
    }

    @Test
    void aRowIsReplacedInItsPlace() {
        HistorySnapshot after = EMPTY.with(versioned(1, "1", State.STARTED)).with(versioned(1, "1", State.APPLIED));

        assertThat(after.rows()).singleElement().extracting(HistoryRow::state).isEqualTo(State.APPLIED);
        assertThat(after.recorded())
                .isEqualTo(EMPTY.with(versioned(1, "1", State.APPLIED)).recorded());
    }

    @Test
    void aRepeatableMigrationsLatestRunSupersedesTheOneBefore() {
        HistorySnapshot after = EMPTY.with(repeatable(1, "a")).with(repeatable(2, "b"));

        assertThat(after.rows()).extracting(HistoryRow::state).containsExactly(State.SUPERSEDED, State.APPLIED);
        assertThat(after.recorded()).isEqualTo(EMPTY.with(repeatable(1, "b")).recorded());
    }

    @Test
    void aHistoryThatSomebodyEditedIsKnownByItsFingerprint() {
        HistorySnapshot edited =
                HistorySnapshot.read(List.of(versioned(1, "1", State.APPLIED)), Fingerprint.EMPTY.text(), 7);

        assertThat(edited.recorded()).isNotEqualTo(edited.content().text());
        assertThat(edited.with(versioned(2, "2", State.APPLIED)).recorded())
                .as("the next step sets it right")
                .isEqualTo(EMPTY.with(versioned(1, "1", State.APPLIED))
                        .with(versioned(2, "2", State.APPLIED))
                        .recorded());
    }

    @Property
    void theFingerprintIsThatOfTheRowsWhateverTheStepsWere(
            @ForAll @Size(max = 12) List<@IntRange(min = 1, max = 5) Integer> versions) {
        HistorySnapshot history = EMPTY;
        for (int version : versions) {
            history = history.with(versioned(version, String.valueOf(version), State.APPLIED));
        }

        assertThat(history.content())
                .isEqualTo(HistorySnapshot.read(history.rows(), "", 0).content());
    }

    private static HistoryRow versioned(long rank, String version, State state) {
        return row(rank, Kind.VERSIONED, Version.parse(version), "sum", state);
    }

    private static HistoryRow repeatable(long rank, String checksum) {
        return row(rank, Kind.REPEATABLE, null, checksum, State.APPLIED);
    }

    private static HistoryRow row(long rank, Kind kind, @Nullable Version version, String checksum, State state) {
        return new HistoryRow(
                rank, version, "d", kind, "schema", "s.sql", checksum, state, false, 1, 0, List.of(), null, "");
    }
}
