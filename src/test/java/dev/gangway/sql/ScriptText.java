package dev.gangway.sql;

import java.util.List;
import java.util.regex.Pattern;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Tuple;

/** Scripts that PostgreSQL mostly understands, in all the clothes that SQL has, and what becomes of them by accident. */
final class ScriptText {
    private static final List<String> TEXTS = List.of(
            "'a'",
            "''",
            "'a''b'",
            "';'",
            "'--'",
            "'/*'",
            "'$$'",
            "'\\'",
            "'a' -- ;'\n 'b'",
            "'a'\n\t'b;'\r\n'c'",
            "'a' --x\r'b'",
            "E'\\'' ",
            "E'a\\\\'",
            "E';\\';'",
            "e'\\x41'",
            "E'a'\n'\\n'",
            "N'n;'",
            "U&'d\\0061;'",
            "U&'d!0061;' UESCAPE '!'",
            "u&'\\\\;'",
            "$$;$$",
            "$$'$$",
            "$a$ $$ ; $a$",
            "$ab_1$;$ab$;$ab_1$",
            "$é$;$é$",
            "$😀$ ; $😀$",
            "$$\n--\n;/* $$",
            "$_$\\$_$",
            "'é😀;'",
            "'\u00a0'",
            "'two\nlines'",
            "'\\' || E'\\\\'",
            "'tab\t;'",
            "$q$ E'\\' $q$",
            "'a;' /* ; */");
    private static final List<String> NUMBERS = List.of(
            "1",
            "1.5",
            ".5",
            "1.",
            "1e3",
            "1E-2",
            "- 1",
            "-1",
            "+1",
            "1--1\n",
            "2*-1",
            "(1)",
            "((1))",
            "1/2",
            "1/**/-/**/2",
            "case when true then 1 else 2 end",
            "'1'::int",
            "cast('1' as int)",
            "array[1,2,3][1]",
            "(array[1,2,3])[1:2]",
            "@-5",
            "@ -5",
            "!!3",
            "1<>2",
            "1<=-1",
            "5%3",
            "2^3",
            "|/ 4",
            "~1",
            "1&3",
            "1#2",
            "1::int2::text",
            "2!=-1",
            "4 -- ;\n+ 1",
            "(select 1)",
            "(values (1))",
            "B'01'::int",
            "X'1F'::int",
            "B'0'\n'1'",
            "b'';",
            "length('a;b')");
    private static final List<String> NAMES = List.of(
            "a",
            "\"a;b\"",
            "\"a\"\"b\"",
            "U&\"d\\0061t\"",
            "u&\"d!0061\" uescape '!'",
            "a$b$c",
            "a$1",
            "é",
            "_x",
            "\"$$\"",
            "\"--\"",
            "\"/*\"",
            "日本",
            "\"'\"",
            "begin",
            "stdin",
            "a\u00a0b",
            "\"\n\"",
            "\"begin\"",
            "atomic");
    private static final List<String> GAPS = List.of(
            " ",
            "\n",
            "\t",
            "\r\n",
            "\f",
            " /**/ ",
            "/* ; */",
            "/* /* ; */ ' */",
            "-- ; ' $$ /*\n",
            "--\r\n",
            "/***/",
            "/*\n--*/",
            " -- \\. \n",
            "/*'*/",
            "/* \\copy */",
            "\r",
            "/*//**/*/");
    private static final List<String> TRICKY = List.of(
            "'",
            "\"",
            "$$",
            "$",
            "$a$",
            "/*",
            "*/",
            "--",
            "\n",
            "\r",
            "(",
            ")",
            ";",
            "E",
            "U&",
            "\\",
            ":",
            "-",
            "+",
            "*",
            "@",
            ".",
            "1",
            " ",
            "begin",
            "end",
            "case",
            "'a'",
            "\uFEFF",
            "\u00a0",
            "é",
            "😀",
            "[",
            "]",
            "::",
            "$1",
            "0x1F",
            "1_000",
            "1..2",
            "create",
            "function",
            "x",
            "&",
            "|",
            "#",
            "\u0001",
            "\u007f",
            "/",
            "_");

    private static final Pattern BODY = Pattern.compile("begin(\\s|/\\*;\\*/)+atomic");

    private ScriptText() {}

    /** {@return scripts of complete statements, some of which the server may refuse} */
    static Arbitrary<String> whole() {
        Arbitrary<String> statement = Combinators.combine(
                        gap(), Arbitraries.oneOf(queries(), definitions(), copies()), gap())
                .as((before, text, after) -> before + text + after);
        return Combinators.combine(
                        statement.list().ofMinSize(1).ofMaxSize(6),
                        Arbitraries.of("", "", "", "\uFEFF"),
                        Arbitraries.of("", "", ";", ";;", "\n", " -- end", "select 1"))
                .as((parts, beginning, end) -> beginning + String.join("", parts) + end);
    }

    /** {@return such scripts with a few characters lost, doubled or put in} */
    static Arbitrary<String> broken() {
        Arbitrary<String> sql = Arbitraries.oneOf(queries(), definitions())
                .list()
                .ofMinSize(1)
                .ofMaxSize(4)
                .map(parts -> String.join("\n", parts));
        Arbitrary<Double> place = Arbitraries.doubles().between(0, 1);
        Arbitrary<String> inserted =
                Arbitraries.frequencyOf(Tuple.of(3, Arbitraries.of(TRICKY)), Tuple.of(1, Arbitraries.just("")));
        Arbitrary<List<Edit>> edits = Combinators.combine(
                        place, Arbitraries.integers().between(0, 2), inserted)
                .as(Edit::new)
                .list()
                .ofMinSize(1)
                .ofMaxSize(3);
        return Combinators.combine(sql, edits).as((script, all) -> {
            String edited = script;
            for (Edit edit : all) {
                edited = edit.in(edited);
            }
            // To psql a BEGIN begins a body even where no ATOMIC follows, which only matters behind the error that it
            // is.
            return bodies(edited) == bodies(script) ? edited : script;
        });
    }

    private static long bodies(String script) {
        return BODY.matcher(script).results().count();
    }

    /** Characters lost at a place, and others put there; never half of one beyond the basic plane. */
    private record Edit(double place, int lost, String inserted) {
        String in(String script) {
            int characters = script.codePointCount(0, script.length());
            int from = (int) (place * characters);
            int to = Math.min(characters, from + lost);
            return script.substring(0, script.offsetByCodePoints(0, from))
                    + inserted
                    + script.substring(script.offsetByCodePoints(0, to));
        }
    }

    private static Arbitrary<String> gap() {
        return Arbitraries.of(GAPS).list().ofMaxSize(2).map(parts -> String.join("", parts));
    }

    private static Arbitrary<String> queries() {
        Arbitrary<String> values = Arbitraries.oneOf(Arbitraries.of(TEXTS), Arbitraries.of(NUMBERS));
        Arbitrary<String> column = Combinators.combine(
                        values,
                        gap(),
                        Arbitraries.of(NAMES),
                        Arbitraries.integers().between(0, 2))
                .as((value, gap, name, form) -> form == 0 ? value : value + " " + gap + "as " + name);
        return Combinators.combine(column.list().ofMinSize(1).ofMaxSize(4), gap(), gap())
                .as((columns, first, gap) -> "select " + first + String.join(gap + ",", columns) + gap + ";");
    }

    private static Arbitrary<String> definitions() {
        Arbitrary<String> bodies = Arbitraries.of(
                "language sql begin atomic select 1; select case when true then 2 else 3 end; end",
                "language sql return 1 + case when true then 1 end",
                "begin atomic ; select 1 ; ; end",
                "begin atomic select 1 as \"end\"; end",
                "begin/*;*/atomic select 'end;'; end",
                "begin atomic select (case when true then 1 end) as x; end",
                "begin atomic select case case when true then 1 end when 1 then 2 end; end",
                "language sql as 'select 1;'",
                "language sql as $$ select 1; $$",
                "language plpgsql as $f$ begin return ';'::text = 'begin'; end; $f$",
                "language plpgsql as 'begin return 1; end'");
        Arbitrary<String> function = Combinators.combine(
                        Arbitraries.of(
                                "create function",
                                "create or replace function",
                                "CREATE/**/FUNCTION",
                                "create  OR\nREPLACE function"),
                        Arbitraries.of("f", "\"f;\"", "g", "public.f"),
                        Arbitraries.of("()", "(a int default (1))", "(a text default ';')"),
                        bodies,
                        gap())
                .as((create, name, arguments, body, gap) ->
                        create + " " + name + arguments + " returns int" + gap + " " + body + gap + ";");
        Arbitrary<String> others = Arbitraries.of(
                "create or replace procedure p() begin atomic insert into t values (1, 'x'); end;",
                "create or replace procedure p() language plpgsql as $$ begin perform 1; end $$;",
                "create or replace rule r as on update to t do instead (insert into t values (2, ';'); select 1; delete from t where a = 99);",
                "create or replace rule r as on update to t do also notify x;",
                "do $$ begin perform 1; end $$;",
                "do 'begin perform 1; end';",
                "do language plpgsql $x$begin raise exception 'no;'; end$x$;",
                "create table if not exists \"x;y\" (a int default 1, \"b;\" text check (\"b;\" <> ';'));",
                "insert into t values (1, ';'), (2, $$;$$);",
                "update t set b = E'\\';';",
                "create or replace view v as select a, 'begin;' as b from t;",
                "comment on table t is 'a;\n--b';",
                "set standard_conforming_strings = on;",
                "select 1/0;",
                "select a from t order by a, b;",
                "begin; select 1; commit;",
                "begin; savepoint a; select 1/0; rollback to a; end;",
                "prepare q as select $1::int; execute q(1); deallocate q;",
                "create schema if not exists s create table st (a int) create view sv as select 1;",
                "create table if not exists g (a int generated always as identity, b int generated always as (1) stored);",
                "explain (costs off) select 1;",
                "with a as (select 1 as end) select * from a;",
                "values (1, ';'), (2, '');",
                "table t;",
                "select * from t where a operator(pg_catalog.=) 1;");
        return Arbitraries.oneOf(function, others);
    }

    private static Arbitrary<String> copies() {
        Arbitrary<String> lines = Arbitraries.of(
                        "1\ta;b\n",
                        "2\t'\n",
                        "3\t$$\n",
                        "4\t--\n",
                        "5\t/*\n",
                        "6\t\\\\.\n",
                        "7\té\n",
                        "\\N\t\\N\n",
                        "8\tbegin;\n")
                .list()
                .ofMaxSize(3)
                .map(parts -> String.join("", parts));
        Arbitrary<String> csv = Arbitraries.of("1,\"a;\nb\"\n", "2,'\n", "3,\n", "4,\"\"\"\"\n", ",\"\"\n")
                .list()
                .ofMaxSize(3)
                .map(parts -> String.join("", parts));
        Arbitrary<String> ends = Arbitraries.just("\\.\n");
        Arbitrary<String> text = Combinators.combine(
                        Arbitraries.of(
                                "copy t from stdin;\n",
                                "COPY t (a,b) FROM /*;*/ STDIN;  \n",
                                "copy public.t from stdin -- ;\n;\n",
                                "copy\nt\nfrom\nstdin\n;-- x\n"),
                        lines,
                        ends)
                .as((copy, data, end) -> copy + data + end);
        Arbitrary<String> withOptions = Combinators.combine(
                        Arbitraries.of("copy t from stdin with (format csv);\n", "copy t from stdin csv;\n"), csv, ends)
                .as((copy, data, end) -> copy + data + end);
        return Arbitraries.oneOf(text, withOptions);
    }
}
