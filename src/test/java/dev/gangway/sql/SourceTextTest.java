package dev.gangway.sql;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_16LE;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import org.junit.jupiter.api.Test;

class SourceTextTest {

    @Test
    void dropsTheByteOrderMark() throws SqlSyntaxException {
        assertThat(SourceText.decode("f", "\uFEFFa".getBytes(UTF_8)).text()).isEqualTo("a");
    }

    @Test
    void aReplacementCharacterThatStandsInTheFileIsFine() throws SqlSyntaxException {
        assertThat(SourceText.decode("f", "\uFFFD".getBytes(UTF_8)).text()).isEqualTo("\uFFFD");
    }

    @Test
    void namesTheByteThatIsNotUtf8() {
        assertThatExceptionOfType(SqlSyntaxException.class)
                .isThrownBy(() -> SourceText.decode("f", "select 1;\n-- caf\u00E9\n".getBytes(ISO_8859_1)))
                .withMessageStartingWith("f:2:7: ")
                .withMessageContaining("0xE9")
                .withMessageContaining("Save the file as UTF-8");
    }

    @Test
    void aSequenceCutOffByTheEndOfTheFileIsNotUtf8() {
        assertThatExceptionOfType(SqlSyntaxException.class)
                .isThrownBy(() -> SourceText.decode("f", new byte[] {'a', (byte) 0xC3}))
                .withMessageStartingWith("f:1:2: ");
    }

    @Test
    void refusesAZeroByte() {
        assertThatExceptionOfType(SqlSyntaxException.class)
                .isThrownBy(() -> SourceText.decode("f", "a\nb\0".getBytes(UTF_8)))
                .withMessageStartingWith("f:2:2: ");
    }

    @Test
    void recognisesUtf16() {
        assertThatExceptionOfType(SqlSyntaxException.class)
                .isThrownBy(() -> SourceText.decode("f", "\uFEFFselect 1".getBytes(UTF_16LE)))
                .withMessageContaining("UTF-16");
    }

    @Test
    void countsLinesAndCharactersFromOne() {
        SourceText source = SourceText.of("f", "a\r\n\n😀é\tx");

        assertThat(source.positionAt(0)).isEqualTo(new Position("f", 1, 1));
        assertThat(source.positionAt(3)).isEqualTo(new Position("f", 2, 1));
        assertThat(source.positionAt(8)).isEqualTo(new Position("f", 3, 4));
        assertThat(source.positionAt(9)).isEqualTo(new Position("f", 3, 5));
    }
}
