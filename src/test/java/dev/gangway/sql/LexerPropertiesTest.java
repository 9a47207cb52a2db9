package dev.gangway.sql;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

class LexerPropertiesTest {

    @Property(tries = 5000)
    void anyTextIsTokensAndGapsOrAnErrorWithinIt(@ForAll("texts") String text, @ForAll boolean placeholders) {
        SourceText source = SourceText.of("f", text);
        Lexer lexer = new Lexer(source, 0, source.text().length(), placeholders);
        int covered = 0;
        try {
            while (lexer.next()) {
                assertThat(lexer.start()).isGreaterThanOrEqualTo(covered);
                assertThat(lexer.end()).isGreaterThan(lexer.start());
                assertGap(source, covered, lexer.start());
                covered = lexer.end();
            }
            assertGap(source, covered, source.text().length());
        } catch (SqlSyntaxException e) {
            assertThat(e.position().line())
                    .isBetween(
                            1,
                            (int) source.text().chars().filter(c -> c == '\n').count() + 1);
            assertThat(e.position()).isEqualTo(source.positionAt(lexer.start()));
            assertThat(lexer.start()).isBetween(covered, source.text().length() - 1);
        }
    }

    @Property(tries = 2000)
    void tokensWithGapsBetweenThemComeBackAsTheyAre(
            @ForAll("tokenLists") List<String> tokens, @ForAll("gaps") String gap) throws SqlSyntaxException {
        List<String> expected = new ArrayList<>();
        for (String token : tokens) {
            expected.addAll(LexerTest.tokens(token, false));
        }

        assertThat(LexerTest.tokens(gap + String.join(gap, tokens) + gap, false))
                .isEqualTo(expected);
    }

    /** A gap alone must hold no token. */
    private static void assertGap(SourceText source, int from, int to) throws SqlSyntaxException {
        assertThat(new Lexer(source, from, to, false).next()).isFalse();
    }

    @Provide
    Arbitrary<String> texts() {
        Arbitrary<String> tricky = Arbitraries.strings()
                .withChars("'\"$-/*\\;:.()[]{}<>=+@|&#?eEuUnNbBxXaé_0129 \t\n\r\f\u000B")
                .ofMaxLength(40);
        Arbitrary<String> fragments = Arbitraries.oneOf(
                        Fragments.tokens(), Fragments.gaps(), tricky.map(s -> s.substring(0, Math.min(2, s.length()))))
                .list()
                .ofMaxSize(12)
                .map(parts -> String.join("", parts));
        return Arbitraries.oneOf(tricky, fragments, Arbitraries.strings().ofMaxLength(60));
    }

    @Provide
    Arbitrary<List<String>> tokenLists() {
        return Fragments.tokens().list().ofMaxSize(15);
    }

    @Provide
    Arbitrary<String> gaps() {
        return Fragments.gaps();
    }
}
