package dev.gangway.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LexerTest {

    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiterString = " => ",
            quoteCharacter = '´',
            value = {
                // words
                "foo _x1 straße foo$bar$baz => foo _x1 straße foo$bar$baz",
                "naïve\u00A0name => naïve\u00A0name",
                "a.b . c => a . b . c",
                "re'x' => re 'x'",
                // strings
                "'a''b' => 'a''b'",
                "'a\\' 'b' => 'a\\' 'b'",
                "E'a\\'b' e'\\\\' => E'a\\'b' e'\\\\'",
                "N'a' n'b' B'01' x'1F' => N'a' n'b' B'01' x'1F'",
                "U&'d!0061' u&\"d!0061\" UESCAPE '!' => U&'d!0061' u&\"d!0061\" UESCAPE '!'",
                "U & 'x' => U & 'x'",
                "B'0''1' => B'0' '1'",
                "\"a\"\"b\" => \"a\"\"b\"",
                "\"a--b\" '/*' => \"a--b\" '/*'",
                // dollar quotes
                "$$a$$ => $$a$$",
                "$a$ $b$ $$ $a$ => $a$|$b$|$$|$a$",
                "$a$x$b$a$ => $a$x$b$a$",
                "$$a$b$$ => $$a$b$$",
                "foo$$a => foo$$a",
                "$1 $23 => $1 $23",
                "$1$$;$$ => $1 $$;$$",
                "$é$x$é$ => $é$x$é$",
                "$a => $ a",
                // numbers
                "1 1.5 .5 1. 1e5 1.5e-3 => 1 1.5 .5 1. 1e5 1.5e-3",
                "1..10 => 1 .. 10",
                "1.5.6 => 1.5 .6",
                "0x1F 1_000.5 1_000e+3 1a => 0x1F 1_000.5 1_000e+3 1a",
                "0x1E+5 => 0x1E + 5",
                "a[1:2] => a [ 1 : 2 ]",
                // operators
                "a>-1 => a > - 1",
                "a@-1 => a @- 1",
                "a=+-1 => a = + - 1",
                "a<->b <=> c <#> d => a <-> b <=> c <#> d",
                "a::int := => a :: int :=",
                "a+--x => a +",
                "a*/*x*/b => a * b",
                "a@/*x*/b => a @ b",
                "a?|b ?& c ->> d #>> e => a ?| b ?& c ->> d #>> e",
                "a- -1 => a - - 1",
                "a|-- => a |",
                // comments
                "a/*x/*y*/z*/b => a b",
                "a/*/*/b*/*/c => a c",
                "a/**/b/***/c => a b c",
                "a--'\"$$ => a",
                "a - - b => a - - b",
                // others
                "a \\ b {} => a \\ b { }",
                "${x} => $ { x }"
            })
    void splitsIntoTheTokensOfPostgres(String sql, String tokens) throws SqlSyntaxException {
        assertThat(tokens(sql, false))
                .containsExactlyElementsOf(List.of(tokens.split(" ")).stream()
                        .map(token -> token.replace('|', sql.startsWith("$a$ ") ? ' ' : '|'))
                        .toList());
    }

    @ParameterizedTest
    @CsvSource(
            delimiterString = " => ",
            quoteCharacter = '´',
            value = {
                "'a'_'b' => 2",
                "'a'^'b' => 1",
                "'a'\r'b' => 1",
                "'a'_--_x^'b' => 1",
                "'a'^--_x^_--y^^'b'^'c' => 1",
                "'a'--_x 'b' => 1",
                "'a'^/*x*/'b' => 2",
                "E'a\\''^'b\\'' => 1",
                "'a'^E'b' => 2",
                "X'1'^'2' => 1",
                "U&'1'^'2' => 1",
                "$$a$$^$$b$$ => 2",
                "'a'^-'b' => 3",
            })
    void aStringGoesOnBehindALineEndAndDashComments(String sql, int tokens) throws SqlSyntaxException {
        assertThat(tokens(sql.replace('_', ' ').replace('^', '\n'), false)).hasSize(tokens);
    }

    @Test
    void knowsThePartsOfAStringThatGoesOn() throws SqlSyntaxException {
        Lexer lexer = new Lexer(SourceText.of("x", "'a'\n 'b' -- c\n'd'"));

        assertThat(lexer.next()).isTrue();
        assertThat(lexer.breakCount()).isEqualTo(2);
        assertThat(List.of(lexer.breakStart(0), lexer.breakEnd(0), lexer.breakStart(1), lexer.breakEnd(1)))
                .containsExactly(3, 5, 8, 14);
    }

    @Test
    void placeholdersAreTokensOfATextInWhichTheyWereNotReplaced() throws SqlSyntaxException {
        assertThat(tokens("foo_${a.b}_bar$${x} foo$${y} '${z}' ${} 1${n}", true))
                .containsExactly(
                        "foo_", "${a.b}", "_bar$", "${x}", "foo$", "${y}", "'${z}'", "$", "{", "}", "1", "${n}");
    }

    @ParameterizedTest
    @CsvSource(
            delimiterString = " => ",
            quoteCharacter = '´',
            value = {
                "a => WORD",
                "'a' => STRING",
                "E'a' => STRING",
                "U&'a' => STRING",
                "U&\"a\" => QUOTED_IDENTIFIER",
                "X'1' => BIT_STRING",
                "$$a$$ => DOLLAR_STRING",
                "$1 => PARAMETER",
                ".1 => NUMBER",
                "<=> => OPERATOR",
                ":: => PUNCTUATION",
                "\\ => BACKSLASH",
                "{ => OTHER",
            })
    void namesTheKind(String sql, Lexer.Kind kind) throws SqlSyntaxException {
        Lexer lexer = new Lexer(SourceText.of("x", sql));

        assertThat(lexer.next()).isTrue();
        assertThat(lexer.kind()).isEqualTo(kind);
        assertThat(lexer.next()).isFalse();
        assertThat(lexer.kind()).isEqualTo(Lexer.Kind.END);
    }

    @ParameterizedTest
    @CsvSource(
            delimiterString = " => ",
            quoteCharacter = '´',
            value = {
                "a 'b => 1:3",
                "a E'b\\ => 1:3",
                "a E'b\\' => 1:3",
                "a 'b'^^'c => 1:3",
                "^ \"b => 2:2",
                "a /* /* */ => 1:3",
                "a $x$ $y$ $x => 1:3",
                "a $$ $ => 1:3",
                "/* => 1:1",
                "/*/ => 1:1",
            })
    void whatNeverEndsIsReportedWhereItBegins(String sql, String position) {
        assertThatExceptionOfType(SqlSyntaxException.class)
                .isThrownBy(() -> tokens(sql.replace('^', '\n'), false))
                .satisfies(e -> assertThat(e.position()).hasToString("x:" + position))
                .withMessageContaining("begins here has no closing");
    }

    static List<String> tokens(String sql, boolean placeholders) throws SqlSyntaxException {
        Lexer lexer = new Lexer(SourceText.of("x", sql), 0, sql.length(), placeholders);
        List<String> tokens = new ArrayList<>();
        while (lexer.next()) {
            tokens.add(sql.substring(lexer.start(), lexer.end()));
        }
        return tokens;
    }
}
