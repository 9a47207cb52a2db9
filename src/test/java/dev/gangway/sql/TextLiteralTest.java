package dev.gangway.sql;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class TextLiteralTest {

    @Test
    void aPlainTextIsPlainlyQuoted() {
        assertThat(TextLiteral.of("")).isEqualTo(" ''");
        assertThat(TextLiteral.of("it's \"é😀\"\t* /")).isEqualTo(" 'it''s \"é😀\"\t* /'");
    }

    @Test
    void whatCouldEndALineABodyOrACommentIsEscaped() {
        assertThat(TextLiteral.of("a\r\n\\'$$*//*")).isEqualTo(" E'a\\r\\n\\\\''\\044\\044\\052//\\052'");
    }
}
