package dev.gangway.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SqlScriptTest {

    @Test
    void splitsAtSemicolonsAndDropsWhatHoldsOnlyComments() throws SqlSyntaxException {
        assertThat(texts("-- one\nselect 1 ; /* ; */ ;\n;select 2 /* in */ + 2 -- end\n; -- nothing"))
                .containsExactly("select 1", "select 2 /* in */ + 2");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "  \n", "-- only a comment", "/* a /* b */ c */", ";;\n;", "\uFEFF"})
    void aScriptMayHoldNoStatement(String script) throws SqlSyntaxException {
        assertThat(texts(script)).isEmpty();
    }

    @Test
    void theLastStatementNeedsNoSemicolon() throws SqlSyntaxException {
        assertThat(texts("select 1;\nselect 2\n")).containsExactly("select 1", "select 2");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "select ';', E'\\';', U&';', N';', $$;$$, $a$;$$;$b$;$a$, \";\", U&\";\", B';', X';'",
                "create rule r as on insert to t do also (insert into a values (1); insert into b values (2))",
                "select a$b$c, d$b$ -- ; still a comment",
                "select '--', '/*', \"--\", 1 /* ; /* ; */ ; */ + 2",
                "select 'a' -- ; comment\n 'b;'",
                "do $do$ begin perform 1; end; $do$",
                "select 1 @-- ;\n 2",
                "create function f() returns int language sql begin atomic select 1; select 2; end",
                "create or replace procedure p(a int) begin atomic select case when a = 1 then 2 else 3 end; end",
                "CREATE FUNCTION f() RETURNS int BEGIN ATOMIC SELECT (CASE WHEN true THEN 1 END); SELECT 2; END",
                "select 'C:\\dir\\'",
                "select E'a'\n'\\';'"
            })
    void keepsTogetherWhatPsqlKeepsTogether(String statement) throws SqlSyntaxException {
        String text = statement.endsWith("comment") ? statement + "\n, 1" : statement;

        assertThat(texts(text + ";\nselect 1;")).containsExactly(text, "select 1");
    }

    @Test
    void splitsAfterABodyOfBeginAtomic() throws SqlSyntaxException {
        assertThat(texts("create function f() returns int begin atomic select 1; end; begin; end; create table t()"))
                .containsExactly(
                        "create function f() returns int begin atomic select 1; end",
                        "begin",
                        "end",
                        "create table t()");
    }

    @Test
    void aBeginThatIsNoBodysIsAName() throws SqlSyntaxException {
        assertThat(
                        texts(
                                "create function f(begin int) returns int return begin; create function begin() begin atomic ; end; a"))
                .containsExactly(
                        "create function f(begin int) returns int return begin",
                        "create function begin() begin atomic ; end",
                        "a");
    }

    @Test
    void beginAndCaseMeanNothingOutsideOfFunctions() throws SqlSyntaxException {
        assertThat(texts("begin; select case when a then b end; create table begin(a int); commit"))
                .containsExactly("begin", "select case when a then b end", "create table begin(a int)", "commit");
    }

    @Test
    void anUnmatchedClosingParenthesisIsLeftToTheServer() throws SqlSyntaxException {
        assertThat(texts("select 1); select (2);")).containsExactly("select 1)", "select (2)");
    }

    @Test
    void knowsWhereEachStatementStands() throws SqlSyntaxException {
        List<SqlStatement> statements = parse("\uFEFF-- é😀\r\n\tselect 1; select\r\n 'é😀x' bad;");

        assertThat(statements.get(0).position()).hasToString("V1__x.sql:2:2");
        assertThat(statements.get(1).position()).hasToString("V1__x.sql:2:12");
        assertThat(statements.get(1).offset()).isEqualTo(19);
        assertThat(statements.get(1).positionOf(16)).hasToString("V1__x.sql:3:8");
        assertThat(statements.get(1).positionOf(0)).hasToString("V1__x.sql:2:12");
        assertThat(statements.get(1).positionOf(1000)).hasToString("V1__x.sql:3:11");
    }

    @Test
    void wordsAreUpperCaseUnlessQuoted() throws SqlSyntaxException {
        assertThat(parse("Alter TABLE \"My\".straße /* c */ add 'x'::text;")
                        .get(0)
                        .words())
                .containsExactly("ALTER", "TABLE", "\"My\"", ".", "STRAßE", "ADD", "'x'", "::", "TEXT");
    }

    @Test
    void wordsStopAtSixteen() throws SqlSyntaxException {
        assertThat(parse("select 1,2,3,4,5,6,7,8,9,10,11,12,13").get(0).words()).hasSize(16);
    }

    @Test
    void takesTheDataThatFollowsCopy() throws SqlSyntaxException {
        List<SqlStatement> statements =
                parse("copy t (a, b) from stdin with (format csv); -- data\n1,;\n'\n\\c\n\\.\nselect 2;");

        assertThat(statements)
                .extracting(SqlStatement::text)
                .containsExactly("copy t (a, b) from stdin with (format csv)", "select 2");
        assertThat(statements).extracting(SqlStatement::copyData).containsExactly("1,;\n'\n\\c\n", null);
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '`',
            value = {
                "copy t from stdin;\\n1\\r\\n2\\r\\n\\.\\r\\n, `1\\n2\\n`",
                "copy t from stdin;\\n1\\n2, `1\\n2\\n`",
                "copy t from stdin;\\n\\n\\.\\n, `\\n`",
                "copy t from stdin;\\n\\.\\n, ``",
                "copy t from stdin;, ``",
                "copy t from stdin, ``",
                "COPY public.t FROM STDIN WHERE a > 1;/* x */\\n5, `5\\n`",
            })
    void copyDataEndsWithItsLineOrTheFile(String script, String data) throws SqlSyntaxException {
        List<SqlStatement> statements = parse(lines(script));

        assertThat(statements).hasSize(1);
        assertThat(statements.get(0).copyData()).isEqualTo(lines(data));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "copy t from '/tmp/stdin'",
                "copy (select * from stdin) to stdout",
                "select * from stdin",
                "copy t to stdout",
                "copy t from \"stdin\""
            })
    void otherStatementsHaveNoData(String statement) throws SqlSyntaxException {
        assertThat(parse(statement + ";\nselect 1;")).hasSize(2);
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '`',
            delimiter = '|',
            value = {
                "select 1;\\n\\c other | 2:1 | \\c is a command of psql",
                "\\i other.sql | 1:1 | \\i is a command of psql",
                "\\set x 1 | 1:1 | placeholder",
                "select 1 \\gexec | 1:10 | \\gexec is a command",
                "select 1;\\n\\. | 2:1 | no COPY",
                "\\restrict abc | 1:1 | pg_dump",
                "select 1\\; select 2 | 1:9 | plain ;",
                "copy t from stdin; select 1;\\n\\. | 1:20 | from the next line on",
                "copy t from stdin; /* a\\n */\\n\\. | 1:20 | from the next line on",
                "insert into t (a, b values (1);\\nselect 2; | 1:15 | parenthesis that opens here",
                "create function f() begin atomic\\n select 1; | 1:21 | function body that begins here",
                "select 'a;\\nselect 2; | 1:8 | no closing quote",
                "select E'a\\'; | 1:8 | no closing quote",
                "select 1;\\n /* a /* b */ | 2:2 | no closing */",
                "select \"a | 1:8 | no closing double quote",
                "do $x$ begin $y$ end | 1:4 | no closing $x$",
            })
    void saysWhatCannotBeReadAndWhere(String script, String lineAndColumn, String problem) {
        assertThatExceptionOfType(SqlSyntaxException.class)
                .isThrownBy(() -> parse(lines(script)))
                .withMessageStartingWith("V1__x.sql:" + lineAndColumn + ": ")
                .withMessageContaining(problem);
    }

    private static String lines(@Nullable String escaped) {
        return escaped == null ? "" : escaped.replace("\\n", "\n").replace("\\r\n", "\r\n");
    }

    private static List<SqlStatement> parse(String script) throws SqlSyntaxException {
        return SqlScript.parse(SourceText.of("V1__x.sql", script)).statements();
    }

    private static List<String> texts(String script) throws SqlSyntaxException {
        return parse(script).stream().map(SqlStatement::text).toList();
    }
}
