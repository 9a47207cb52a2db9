package dev.gangway.pgvector;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Locale;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

class DecimalsTest {

    @Property(tries = 20_000)
    void everyDecimalIsReadAsJavaReadsIt(@ForAll("decimals") String text) {
        assertReadAsByJava(text);
    }

    @Property(tries = 20_000)
    void everyFloatComesBack(@ForAll int bits) {
        float value = Float.intBitsToFloat(bits);
        if (Float.isFinite(value)) {
            assertThat(new Decimals(Float.toString(value)).next()).isEqualTo(value);
            assertThat(new Decimals(Double.toString(value)).next()).isEqualTo(value);
            assertThat(new Decimals(String.format(Locale.ROOT, "%.9e", value)).next())
                    .isEqualTo(value);
        }
    }

    /** The decimal expansion of the middle between two floats, and what lies next to it, in as many digits as that takes. */
    @Property(tries = 5_000)
    void theMiddleBetweenTwoFloatsIsRoundedAsJavaRoundsIt(@ForAll int bits) {
        float value = Math.abs(Float.intBitsToFloat(bits));
        if (!Float.isFinite(value) || !Float.isFinite(Math.nextUp(value))) {
            return;
        }
        double middle = ((double) value + (double) Math.nextUp(value)) / 2;
        String exact = new java.math.BigDecimal(middle).toString();
        for (String text : new String[] {exact, exact.contains("E") ? exact : exact + "1", Double.toString(middle)}) {
            assertReadAsByJava(text);
        }
    }

    private static void assertReadAsByJava(String text) {
        float expected = Float.parseFloat(text);

        // As an object, so that -0 is not 0 and NaN is itself.
        assertThat((Object) new Decimals(text).next())
                .as(text)
                .isEqualTo(Float.isInfinite(expected) ? Float.NaN : expected);
    }

    @Example
    void otherFormsAreNotRead() {
        for (String text :
                new String[] {"", "-", ".", "e5", "nan", "inf", "Infinity", "1e", "1e+", "x", "0e400000x", "1e39"}) {
            Decimals decimals = new Decimals(text);
            float number = decimals.next();
            assertThat(Float.isNaN(number) || !decimals.atEnd()).as(text).isTrue();
        }
    }

    @Provide
    Arbitrary<String> decimals() {
        Arbitrary<String> sign = Arbitraries.of("", "-", "+");
        Arbitrary<String> whole = Arbitraries.strings().numeric().ofMinLength(1).ofMaxLength(25);
        Arbitrary<String> fraction =
                Arbitraries.strings().numeric().ofMaxLength(30).map(digits -> "." + digits);
        Arbitrary<String> exponent = Arbitraries.oneOf(
                Arbitraries.of("", "e0", "E+1", "e-45", "e38"),
                Arbitraries.integers().between(-80, 80).map(e -> "e" + e));
        return Combinators.combine(sign, whole, Arbitraries.oneOf(Arbitraries.of(""), fraction), exponent)
                .as((s, w, f, e) -> s + w + f + e);
    }
}
