package dev.gangway.pgvector;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class IndexMemoryTest {
    private static final double MB = 1 << 20;

    /** What pgvector 0.8.4 demands of an empty table, by its own accounting, rounded to MB. */
    @ParameterizedTest
    @CsvSource({
        "384, 10, 15",
        "384, 100, 19",
        "384, 300, 41",
        "384, 1000, 273",
        "384, 2000, 935",
        "384, 3163, 2194",
        "768, 10, 30",
        "768, 100, 34",
        "768, 300, 64",
        "768, 1000, 351",
        "768, 2000, 1090",
        "768, 3163, 2440",
        "1536, 10, 59",
        "1536, 100, 64",
        "1536, 300, 111",
        "1536, 1000, 506",
        "1536, 2000, 1401",
        "1536, 3163, 2931",
    })
    void whatAnIvfflatBuildInsistsOn(int dimensions, int lists, long megabytes) {
        long bytes = IndexMemory.ivfflat(lists, dimensions, IndexMemory.vector(dimensions));

        assertThat(Math.round(bytes / MB)).isEqualTo(megabytes);
    }

    @Test
    void postgresqlsDefaultIsTooLittleForAHundredListsOf1536Dimensions() {
        assertThat(IndexMemory.ivfflat(100, 1536, IndexMemory.vector(1536))).isGreaterThan(64 << 20);
    }

    /** After so many tuples pgvector 0.8.0 said that the graph no longer fits; serial builds. */
    @ParameterizedTest
    @CsvSource({
        "vector, 128, 2, 8, 9383",
        "vector, 128, 8, 4, 4033",
        "vector, 128, 16, 8, 6492",
        "vector, 128, 32, 8, 4649",
        "vector, 768, 16, 64, 17398",
        "vector, 1536, 16, 64, 9665",
        "halfvec, 128, 8, 8, 10697",
        "bit, 128, 8, 8, 15432",
    })
    void anHnswGraphGetsMoreThanFitsAndNotFarMore(String type, int dimensions, int m, int megabytes, int fit) {
        long value =
                switch (type) {
                    case "vector" -> IndexMemory.vector(dimensions);
                    case "halfvec" -> IndexMemory.halfvec(dimensions);
                    default -> IndexMemory.bit(dimensions);
                };

        assertThat(IndexMemory.hnsw(fit, value, m) / MB).isBetween(megabytes * 1.1, megabytes * 1.25 + 4);
    }

    @Test
    void largeIndexesDoNotOverflow() {
        assertThat(IndexMemory.hnsw(1_000_000_000L, IndexMemory.vector(2000), 100))
                .isPositive();
        assertThat(IndexMemory.ivfflat(32_768, 2000, IndexMemory.vector(2000))).isPositive();
    }
}
