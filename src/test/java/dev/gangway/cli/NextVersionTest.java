package dev.gangway.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.LocalDateTime;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** New migrations go on in the way of those that are there. */
class NextVersionTest {
    private static final LocalDateTime NOW = LocalDateTime.of(2026, 11, 20, 18, 30, 5);

    @ParameterizedTest
    @CsvSource({
        "V7__a.sql, V8__x.sql",
        "V9__a.sql, V10__x.sql",
        "V007__a.sql, V008__x.sql",
        "V1.2__a.sql, V1.3__x.sql",
        "V1_9__a.sql, V1_10__x.sql",
        "V1.09__a.sql, V1.10__x.sql",
        "V5.sql, V6__x.sql",
        "001_a.sql, 002_x.sql",
        "099_a.sql, 100_x.sql",
        "20250101120000_a.sql, 20261120183005_x.sql",
        "V202501011200__a.sql, V202611201830__x.sql",
        "V20261120__a.sql, V20261121__x.sql",
        "V20991231235959__a.sql, V20991231235960__x.sql",
        "R__a.sql, V1__x.sql",
    })
    void theNextOneIs(String there, String next) {
        assertThat(next(false, there)).isEqualTo(next);
    }

    @Test
    void theHighestVersionCounts() {
        assertThat(next(false, "V10__a.sql", "V9__b.sql", "readme.md", "wrong.sql", "V11__c.undo.sql", "R__v.sql"))
                .isEqualTo("V11__x.sql");
    }

    @Test
    void theFirstOneIsOne() {
        assertThat(next(false)).isEqualTo("V1__x.sql");
    }

    @Test
    void timestampsBeginWhereTheyAreAskedFor() {
        assertThat(next(true, "V7__a.sql")).isEqualTo("V20261120183005__x.sql");
        assertThat(next(true, "007_a.sql")).isEqualTo("20261120183005_x.sql");
    }

    private static String next(boolean timestamp, String... there) {
        return NextVersion.after(List.of(there)).fileName("x", NOW, timestamp);
    }
}
