package dev.gangway.execute;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class EndMarkerTest {
    private static final String TEXT = "COPY csv.item FROM STDIN ";
    private static final String CSV = "COPY item FROM STDIN with (format csv)";

    /** {@return the line of the marker behind which something is lost; 0 when nothing is} */
    private static long lost(String copy, String data) {
        EndMarker marker = EndMarker.in(copy);
        for (byte next : data.getBytes(UTF_8)) {
            if (marker.cutsOff(new byte[] {next}, 0, 1)) {
                return marker.line();
            }
        }
        return 0;
    }

    @Test
    void dataBehindTheMarkerAreLost() {
        assertThat(lost(TEXT, "a\n\\.\nb\n")).isEqualTo(2);
        assertThat(lost(TEXT, "a\r\n\\.\r\nb\r\n")).isEqualTo(2);
        assertThat(lost(TEXT, "a\\.\nb\n")).isEqualTo(1);
        assertThat(lost(CSV, "\\.\nb")).isEqualTo(1);
        assertThat(lost(CSV, "\"x\ny\"\n\\.\nb")).isEqualTo(3);
    }

    @Test
    void nothingIsLostWhenNothingFollows() {
        assertThat(lost(TEXT, "a\n\\.")).isZero();
        assertThat(lost(TEXT, "a\n\\.\r\n")).isZero();
        assertThat(lost(CSV, "a\n\\.\n\n")).isZero();
    }

    @Test
    void aBackslashThatIsEscapedOrQuotedIsAValue() {
        assertThat(lost(TEXT, "\\\\.\nb\n")).isZero();
        assertThat(lost(CSV, "\"\\.\"\nb\n")).isZero();
        assertThat(lost(CSV, "\"a \"\"\n\\.\n\"\nb\n")).isZero();
        assertThat(lost(CSV, "a\\.\nb\n")).isZero();
        assertThat(lost(CSV, "\\..\nb\n")).isZero();
    }

    @Test
    void quotesAreThoseOfTheOptions() {
        String other = "COPY item FROM STDIN with (format csv, quote '|', escape E'\\\\')";
        assertThat(lost(other, "|a \\|\n\\.\n|\nb\n")).isZero();
        assertThat(lost(other, "\"a\n\\.\nb\n")).isEqualTo(2);
    }
}
