package dev.gangway.migration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gangway.sql.SourceText;
import dev.gangway.sql.SqlSyntaxException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DirectivesTest {

    @Test
    void aScriptThatSaysNothingHasTheDefaults() throws SqlSyntaxException {
        assertThat(parse("-- about: users\ncreate table t ();")).isSameAs(Directives.NONE);
        assertThat(Directives.NONE.asMap()).isEmpty();
        assertThat(Directives.NONE.transactional()).isTrue();
    }

    @Test
    void everyDirectiveIsRead() throws SqlSyntaxException {
        Directives directives = parse("""
                -- gangway: type=index
                -- gangway: requires=1.10, 1.2,1.2.0
                -- gangway: transaction=off
                -- gangway: when=select count(*) = 5 from t
                -- gangway: run=background
                -- gangway: repeat=until-no-rows
                -- gangway: breaking=true
                -- gangway: lock-timeout=1500ms
                -- gangway: risk=high
                -- gangway: placeholders=off
                select 1;
                """);

        assertThat(directives)
                .isEqualTo(new Directives(
                        Directives.Type.INDEX,
                        List.of(Version.parse("1.2"), Version.parse("1.10")),
                        false,
                        "select count(*) = 5 from t",
                        true,
                        true,
                        true,
                        Duration.ofMillis(1500),
                        Directives.Risk.HIGH,
                        false));
        assertThat(directives.asMap())
                .isEqualTo(Map.of(
                        "type", "index",
                        "requires", "1.2,1.10",
                        "transaction", "off",
                        "when", "select count(*) = 5 from t",
                        "run", "background",
                        "repeat", "until-no-rows",
                        "breaking", "true",
                        "lock-timeout", "1500ms",
                        "risk", "high",
                        "placeholders", "off"));
    }

    @Test
    void directivesMayStandAmongOtherComments() throws SqlSyntaxException {
        Directives directives = parse(
                "\r\n/* Licence /* nested */\n-- gangway: risk=low\n*/\r\n-- Users.\r\n--gangway:breaking = true\r\n\r\n"
                        + "  --- gangway: type=data\r\nselect 1");

        assertThat(directives.breaking()).isTrue();
        assertThat(directives.type()).isEqualTo(Directives.Type.DATA);
        assertThat(directives.risk()).isNull();
    }

    @Test
    void sayingTheDefaultIsSayingNothing() throws SqlSyntaxException {
        assertThat(parse("-- gangway: transaction=on\n-- gangway: breaking=false\n-- gangway: type=schema")
                        .asMap())
                .isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "typ=index               | Did you mean type?",
                "lock_timeout=1s         | Did you mean lock-timeout?",
                "Breaking=true           | Did you mean breaking?",
                "zzzzzzzzzzz=1           | The directives are type, requires",
                "breaking                | Write -- gangway: key=value",
                "breaking=               | Give it one",
                "breaking=yes            | true or false",
                "transaction=none        | on or off",
                "type=table              | schema, index, data, metadata",
                "run=later               | only background",
                "repeat=3                | only until-no-rows",
                "lock-timeout=5          | 500ms, 3s, 15m or 1h",
                "risk=huge               | low, medium, high",
                "requires=1.2,x          | such as 1.4",
            })
    void aWrongDirectiveNamesItsLineAndWhatIsRight(String directive, String advice) {
        assertThatThrownBy(() -> parse("-- One.\n-- gangway: " + directive + "\nselect 1;"))
                .isInstanceOf(SqlSyntaxException.class)
                .hasMessageStartingWith("V1__x.sql:2:1: ")
                .hasMessageContaining(advice);
    }

    @Test
    void aSeparatorThatIsNoLineEndInSqlDoesNotHideADirective() throws SqlSyntaxException {
        assertThat(parse("-- gangway: when=a = '\u2028'\nselect 1").when()).isEqualTo("a = '\u2028'");
    }

    @Test
    void theSameDirectiveTwiceIsRefused() {
        assertThatThrownBy(() -> parse("-- gangway: risk=low\n-- gangway: risk=low\n"))
                .hasMessageStartingWith("V1__x.sql:2:1: ")
                .hasMessageContaining("second time");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"select 1;\n  -- gangway: risk=low", "select\n  -- gangway: risk=low\n1;", ";\n  --gangway:x"})
    void aDirectiveBelowTheFirstStatementIsRefused(String script) {
        assertThatThrownBy(() -> parse(script))
                .hasMessageStartingWith("V1__x.sql:2:3: ")
                .hasMessageContaining("leading comment");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "select '\n-- gangway: risk=low\n';",
                "do $$\n-- gangway: risk=low\n$$;",
                "copy t from stdin;\n-- gangway: risk=low\n\\.\n",
                "select \"\n-- gangway: x\n\", '\n-- gangway: y';",
            })
    void whatOnlyLooksLikeADirectiveIsLeftAlone(String script) throws SqlSyntaxException {
        assertThat(parse(script)).isSameAs(Directives.NONE);
    }

    private static Directives parse(String text) throws SqlSyntaxException {
        return Directives.parse(SourceText.of("V1__x.sql", text));
    }
}
