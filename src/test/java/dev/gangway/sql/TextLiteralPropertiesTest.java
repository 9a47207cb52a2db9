package dev.gangway.sql;

import static org.assertj.core.api.Assertions.assertThat;

import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

class TextLiteralPropertiesTest {

    @Property
    void itIsOneTokenBehindAnyWordAndInAnyPlaceWhereAPlaceholderMayStand(@ForAll("texts") String text)
            throws SqlSyntaxException {
        String literal = TextLiteral.of(text);

        assertThat(tokens("b" + literal)).isEqualTo(2);
        assertThat(tokens("do $$ " + literal + " $$")).isEqualTo(2);
        assertThat(tokens("-- " + literal + "\nx")).isEqualTo(1);
        assertThat(tokens("/* " + literal + " */ x")).isEqualTo(1);
    }

    @Provide
    Arbitrary<String> texts() {
        return Arbitraries.of("'", "\\", "\n", "\r", "$", "$$", "*", "/", "--", ";", "a", "é", "E'", "0")
                .list()
                .ofMaxSize(8)
                .map(parts -> String.join("", parts));
    }

    private static int tokens(String sql) throws SqlSyntaxException {
        Lexer lexer = new Lexer(SourceText.of("f", sql));
        int count = 0;
        while (lexer.next()) {
            count++;
        }
        return count;
    }
}
