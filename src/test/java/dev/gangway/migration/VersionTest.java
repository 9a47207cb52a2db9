package dev.gangway.migration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class VersionTest {

    @ParameterizedTest
    @CsvSource({
        "1, 2",
        "2, 10",
        "1.2, 1.10",
        "1, 1.1",
        "1_9, 1.10",
        "0, 0.1",
        "20240101120000, 20240101120001",
        "99999999999999999999, 99999999999999999999.1",
    })
    void partsCompareAsNumbers(String lower, String higher) {
        assertThat(Version.parse(lower)).isLessThan(Version.parse(higher));
    }

    @ParameterizedTest
    @CsvSource({"1, 1.0", "1, 001", "1.2, 1_2.0.0", "0, 0.0"})
    void missingPartsAreZero(String one, String other) {
        assertThat(Version.parse(one))
                .isEqualTo(Version.parse(other))
                .hasSameHashCodeAs(Version.parse(other))
                .isEqualByComparingTo(Version.parse(other));
        assertThat(Version.parse(one).canonical())
                .isEqualTo(Version.parse(other).canonical());
    }

    @ParameterizedTest
    @CsvSource({"1_2, 1.2", "1.2.0, 1.2.0", "001, 001"})
    void theTextStaysAsWrittenButForUnderscores(String written, String text) {
        assertThat(Version.parse(written)).hasToString(text);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a", "1.", ".1", "1..2", "1._2", "-1", "1 ", "١"})
    void anythingElseIsRefusedWithAnExample(String text) {
        assertThatThrownBy(() -> Version.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("such as 1.4");
    }

    @Property(tries = 500)
    void equalityAgreesWithOrder(
            @ForAll @Size(min = 1, max = 3) int[] left,
            @ForAll @Size(min = 1, max = 3) @IntRange(max = 2) int[] right) {
        Version one = version(left);
        Version other = version(right);

        assertThat(one.equals(other)).isEqualTo(one.compareTo(other) == 0);
        assertThat(Integer.signum(one.compareTo(other))).isEqualTo(-Integer.signum(other.compareTo(one)));
    }

    private static Version version(int[] parts) {
        StringBuilder text = new StringBuilder();
        for (int part : parts) {
            text.append(text.isEmpty() ? "" : ".").append(Integer.toUnsignedString(part));
        }
        return Version.parse(text.toString());
    }
}
