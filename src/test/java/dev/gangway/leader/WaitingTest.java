package dev.gangway.leader;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WaitingTest {
    @ParameterizedTest
    @CsvSource({"0, 50", "1000, 250", "4000, 1000", "8000, 2000", "60000, 2000", "120000, 4000", "900000, 10000"})
    void pausesGrowWithTheTimeAlreadyWaited(long waitedMillis, long limitMillis) {
        long limit = Waiting.longestPause(Duration.ofMillis(waitedMillis).toNanos());

        assertThat(Duration.ofNanos(limit)).isEqualTo(Duration.ofMillis(limitMillis));
    }
}
