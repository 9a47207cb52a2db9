package dev.gangway.execute;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gangway.execute.ProgressQuestion.Count;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ProgressQuestionTest {
    private static final Count NONE = new Count(0, 0);

    @Test
    void anHnswBuildCountsBlocks() {
        Progress progress =
                ProgressQuestion.indexBuild(2, "loading tuples", NONE, new Count(43, 100), new Count(5000, 0));

        assertThat(progress).hasToString("building index, loading tuples, 43 %");
        assertThat(progress.fraction()).isEqualTo(0.43);
    }

    @Test
    void anIvfflatBuildCountsTuplesAtTheEndWhileTheBlocksStayWhereTheScanLeftThem() {
        assertThat(ProgressQuestion.indexBuild(2, "loading tuples", NONE, new Count(100, 100), new Count(1, 8)))
                .isEqualTo(new Progress("building index, loading tuples", 1, 8, "tuples"))
                .hasToString("building index, loading tuples, 12 %");
    }

    @Test
    void aPhaseThatCountsNothingIsNamed() {
        Progress progress = ProgressQuestion.indexBuild(2, "performing k-means", NONE, NONE, NONE);

        assertThat(progress).hasToString("building index, performing k-means");
        assertThat(progress.fraction()).isNull();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "0 | initializing",
                "1 | waiting for writers before build, 1 of 3",
                "6 | index validation, scanning table, 50 %",
                "7 | waiting for old snapshots, 1 of 3",
                "10 | phase 10, 50 %",
            })
    void thePhasesAreThoseOfTheServersView(int phase, String text) {
        Count blocks = phase == 0 ? NONE : new Count(2, 4);

        assertThat(ProgressQuestion.indexBuild(phase, null, new Count(1, 3), blocks, NONE))
                .hasToString(text);
    }

    @Test
    void aCopyFromTheClientCountsTuplesAndOneFromAFileBytes() {
        assertThat(ProgressQuestion.copy(new Count(9000, 0), new Count(120, 0))).hasToString("copying, 120 tuples");
        assertThat(ProgressQuestion.copy(new Count(10, 40), new Count(120, 0))).hasToString("copying, 25 %");
    }

    @Test
    void aTableThatGrowsIsNeverMoreThanDone() {
        assertThat(new Progress("building index", 12, 10, "blocks")).hasToString("building index, 100 %");
    }

    @Test
    void thePerCentAreThoseOfWholeNumbers() {
        assertThat(new Progress("building index", 29, 100, "blocks")).hasToString("building index, 29 %");
    }

    @Test
    void serversBefore14AreNotAskedForACopy() {
        assertThat(ProgressQuestion.sql(1, 13)).doesNotContain("COPY");
        assertThat(ProgressQuestion.sql(1, 14)).contains("COPY");
    }
}
