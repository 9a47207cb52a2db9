package dev.gangway.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.AlphaChars;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SpellingTest {

    @ParameterizedTest
    @CsvSource({"abc, abc, 0", "abc, acb, 1", "abc, ab, 1", "abc, abxc, 1", "abc, xbc, 1", "'', abc, 3", "ca, abc, 3"})
    void changesAndSwapsAreCounted(String left, String right, int distance) {
        assertThat(Spelling.distance(left, right)).isEqualTo(distance);
    }

    @Property(tries = 500)
    void theDistanceIsTheSameBothWays(
            @ForAll @AlphaChars @StringLength(max = 8) String left,
            @ForAll @AlphaChars @StringLength(max = 8) String right) {
        assertThat(Spelling.distance(left, right)).isEqualTo(Spelling.distance(right, left));
        assertThat(Spelling.distance(left, right) == 0).isEqualTo(left.equals(right));
    }

    @Test
    void nothingIsSuggestedForAWordFarFromAll() {
        assertThat(Spelling.nearest("zzzzzz", List.of("mode", "target"))).isEmpty();
        assertThat(Spelling.nearest("MODE", List.of("mode", "target"))).contains("mode");
    }
}
