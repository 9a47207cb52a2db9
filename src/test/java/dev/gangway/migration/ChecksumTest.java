package dev.gangway.migration;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gangway.sql.SourceText;
import dev.gangway.sql.SqlScript;
import dev.gangway.sql.SqlSyntaxException;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ChecksumTest {

    @ParameterizedTest
    @CsvSource(
            delimiterString = " = ",
            quoteCharacter = '´',
            value = {
                "select 1; = select 1",
                "select 1;;\\n;select 2 = -- c\\nselect 1;select 2",
                "select (1),a = SELECT2",
                "select a<-b = select a < - b",
                "select 'a\\nb' = select 'a\\r\\nb'",
                "select $$a\\nb$$ = select $$a\\r\\nb$$",
                "select 'a'\\n'b' = select 'a' -- c\\r\\n    'b'",
                "select(${a}),${b}; = select ( ${a} ) , ${b} ;",
                "copy t from stdin;\\n1\\n2\\n\\.\\n = copy t from stdin ; -- c\\r\\n1\\r\\n2\\r\\n\\.\\r\\n",
                "copy t from stdin;\\n1\\n\\. = copy t from stdin;\\n1",
            })
    void layoutDoesNotCount(String one, String other) throws SqlSyntaxException {
        String second = other.equals("SELECT2") ? "select\\n\\t( 1 )/* c */,\\r\\na -- c" : other;

        assertThat(checksum(one)).isEqualTo(checksum(second));
    }

    @ParameterizedTest
    @CsvSource(
            delimiterString = " = ",
            quoteCharacter = '´',
            value = {
                "select 'a b' = select 'a  b'",
                "select 'a\\n b' = select 'a\\nb'",
                "select 'a'\\n'b' = select 'ab'",
                "select 'a'\\n'b' = select 'a' 'b'",
                "select 'a''b' = select 'a' 'b'",
                "select a b = select ab",
                "select a = select A",
                "select a = select \"a\"",
                "select a; b = select a b",
                "select 1 = select 1.0",
                "select a @ - b = select a @- b",
                "select E'a' = select E 'a'",
                "select N'a' = select N 'a'",
                "select $$a$$ = select $x$a$x$",
                "do $$ -- a\\n$$ = do $$ -- b\\n$$",
                "select ${a} = select ${b}",
                "select ${a}b = select ${a} b",
                "select a${b} = select a ${b}",
                "select ${a}${b} = select ${a} ${b}",
                "copy t from stdin;\\n1\\n = copy t from stdin;\\n1 \\n",
                "copy t from stdin;\\n1\\n\\n = copy t from stdin;\\n1\\n",
                "copy t from stdin;\\n12\\n = copy t from stdin;\\n1\\n2\\n",
                "copy t from stdin;\\na b\\n = copy t from stdin;\\na  b\\n",
            })
    void whatIsSaidCounts(String one, String other) throws SqlSyntaxException {
        assertThat(checksum(one)).isNotEqualTo(checksum(other));
    }

    @ParameterizedTest
    @CsvSource(
            delimiterString = " = ",
            quoteCharacter = '´',
            value = {
                "\\copy t from 'a.csv' csv = select 1; \\COPY t  from a.csv   csv;\\n",
            })
    void theLayoutOfACopyDoesNotCount(String one, String other) throws SqlSyntaxException {
        assertThat(checksum("select 1;\\n" + one)).isEqualTo(checksum(other));
    }

    @ParameterizedTest
    @CsvSource(
            delimiterString = " = ",
            quoteCharacter = '´',
            value = {
                "\\copy t from 'a.csv' csv = \\copy t from 'b.csv' csv",
                "\\copy t from 'a.csv' csv = \\copy t from 'a.csv'",
                "\\copy t from 'a.csv' csv = \\copy u from 'a.csv' csv",
                "\\copy t from 'stdin' = copy t from stdin;",
                "\\copy t from 'x.csv' = copy t from 'x.csv'",
            })
    void whatACopySaysCounts(String one, String other) throws SqlSyntaxException {
        assertThat(checksum(one)).isNotEqualTo(checksum(other));
    }

    @Test
    void theDigestsOfDataFilesCount() throws SqlSyntaxException {
        SourceText script = SourceText.of("f", "\\copy t from 'a.csv'");
        TreeMap<String, String> none = new TreeMap<>();

        assertThat(Checksum.of(script, Map.of(), none, new TreeMap<>(Map.of("a.csv", "1"))))
                .isNotEqualTo(Checksum.of(script, Map.of(), none, new TreeMap<>(Map.of("a.csv", "2"))))
                .isNotEqualTo(Checksum.of(script, Map.of(), none, new TreeMap<>(Map.of("b.csv", "1"))))
                .isNotEqualTo(Checksum.of(script, Map.of(), none));

        assertThat(Checksum.ofStatements(SqlScript.parse(script).statements(), Map.of("a.csv", "1")))
                .isEqualTo(Checksum.ofStatements(SqlScript.parse(script).statements(), Map.of("a.csv", "1", "b", "2")))
                .isNotEqualTo(Checksum.ofStatements(SqlScript.parse(script).statements(), Map.of("a.csv", "2")));
    }

    @Test
    void theFormatForDataFilesStaysAsItIs() throws SqlSyntaxException {
        SourceText script = SourceText.of("f", "\\copy item (id) from 'a.csv' csv;");
        TreeMap<String, String> digests = new TreeMap<>(Map.of("a.csv", "00ff"));

        assertThat(Checksum.of(script, Map.of(), new TreeMap<>(), digests))
                .hasToString("sha256:9f5817511eed4b575893c1e7adf1579d7563c7d2c40004d5a9a86c7f5e271607");
        assertThat(Checksum.ofStatements(SqlScript.parse(script).statements(), digests))
                .hasToString("sha256:d0da32be9bdb40772c351a2567539bdd3fb211a79275d119fef27375e501d86a");
    }

    @Test
    void directivesAndPlaceholderValuesCount() throws SqlSyntaxException {
        SourceText script = SourceText.of("f", "select 1");

        assertThat(Checksum.of(script, Map.of("a", "b"), new TreeMap<>()))
                .isNotEqualTo(Checksum.of(script, Map.of(), new TreeMap<>()))
                .isNotEqualTo(Checksum.of(script, Map.of("a", "c"), new TreeMap<>()))
                .isNotEqualTo(Checksum.of(script, Map.of(), new TreeMap<>(Map.of("a", "b"))));
    }

    @Test
    void theFormatStaysAsItIs() throws SqlSyntaxException {
        String script =
                "-- c\nselect E'a\\'😀'\n'é', \"B\" <-> $1;;\n${x}y;\ncopy t from stdin;\n1\t2\r\n\\.\nselect 1";

        // Whoever changes these values breaks every history table that holds the old ones.
        assertThat(Checksum.of(SourceText.of("f", script), Map.of("type", "data"), new TreeMap<>(Map.of("x", "1"))))
                .hasToString("sha256:6a1590ee7abe9bc73ffde02fbc10063e62bdf6364d4db6d0c263d453a6864a45");
        assertThat(Checksum.ofStatements(
                        SqlScript.parse(SourceText.of("f", "select 1; select 'a'"))
                                .statements(),
                        Map.of()))
                .hasToString("sha256:f5015457c7d7d81deb6d41b2a133740031d4e798cccbeb6c5abb02eee950e09d");
    }

    @Test
    void thePrefixOfAScriptDependsOnItsStatementsOnly() throws SqlSyntaxException {
        SqlScript before = SqlScript.parse(SourceText.of("f", "copy t from stdin;\n1\n\\.\nselect 1; broken"));
        SqlScript after =
                SqlScript.parse(SourceText.of("f", "-- c\ncopy t from stdin;\r\n1\r\n\\.\r\nselect  1; fixed"));

        assertThat(Checksum.ofStatements(before.statements().subList(0, 2), Map.of()))
                .isEqualTo(Checksum.ofStatements(after.statements().subList(0, 2), Map.of()))
                .isNotEqualTo(Checksum.ofStatements(after.statements().subList(0, 1), Map.of()));
        assertThat(Checksum.ofStatements(before.statements(), Map.of()))
                .isNotEqualTo(Checksum.ofStatements(after.statements(), Map.of()));
    }

    private static Checksum checksum(String escaped) throws SqlSyntaxException {
        String script = escaped.replace("\\n", "\n").replace("\\r", "\r").replace("\\t", "\t");
        return Checksum.of(SourceText.of("f", script), Map.of(), new TreeMap<>());
    }
}
