package dev.gangway.sql;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gangway.migration.Checksum;
import dev.gangway.migration.Directives;
import dev.gangway.testkit.Torture;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Scripts made to take for ever, or to exhaust the stack. What reads one must come to its end in time that grows with the
 * script's length alone, and say nothing worse than that the script is wrong. The limit is far beyond what any of them takes;
 * a reader that looks at the rest of the script for each of its characters needs many minutes.
 */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class AdversarialScriptTest {
    private static final int LENGTH = Torture.full() ? 1 << 21 : 1 << 18;

    static Stream<Named<String>> scripts() {
        return Stream.concat(
                Stream.of(
                                "$",
                                "$a",
                                "$a$",
                                "$$",
                                "$1",
                                "/*",
                                "*/",
                                "/**/",
                                "/",
                                "'",
                                "''",
                                "'a' ",
                                "'a'\n",
                                "\"",
                                "\"\"",
                                "(",
                                ")",
                                "()",
                                "((a)",
                                "[",
                                ";",
                                "-- \n",
                                "-",
                                "--",
                                "- -- ",
                                "\\",
                                "\\copy t from x\n",
                                "\\copy t from 'x' ",
                                "${",
                                "${a",
                                "${a}",
                                "a${",
                                "${gangway:file:",
                                "a${gangway:file:",
                                "${gangway:file:x}",
                                "'${gangway:file:x}",
                                "é${gangway:file:x}",
                                "😀${a};",
                                "E'",
                                "E'\\",
                                "U&\"",
                                "B'",
                                "x.",
                                ".",
                                "..",
                                ":",
                                "::",
                                "1",
                                "1_",
                                "1e",
                                "0x",
                                "<",
                                "+-",
                                "@-",
                                "\n",
                                " ",
                                "\r",
                                "\u00a0",
                                "\uFEFF",
                                "\u0001",
                                "\uD83D\uDE00",
                                "\uD800",
                                "a",
                                "begin ",
                                "case ",
                                "end ",
                                "copy t from stdin;\n\\.\n",
                                "copy t from stdin;\n",
                                "-- gangway: risk=low\n",
                                "--  ",
                                "  --\t",
                                "select 1;",
                                "😀 select 1; ")
                        .map(unit -> named(unit, unit.repeat(LENGTH / unit.length()))),
                Stream.of(
                        statement("select ", "(", "1"),
                        statement("select * from ", "(", "a"),
                        statement("select * from ", "(select * from ", "a"),
                        statement("select ", "(select ", "1"),
                        statement("select * from a", ", a%d", ""),
                        statement("select 1", ", f%d()", ""),
                        statement("with a as (select 1)", ", a%d as (select 1)", " select 1"),
                        statement("with ", "a as (with ", ""),
                        statement("select * from a", " for update", ""),
                        statement("select * from a", ", b%d", " for update".repeat(LENGTH / 100)),
                        statement("insert into t values (1)", ", (1)", ""),
                        statement("alter table a add b int", ", add c int default 1", ""),
                        statement("alter table a add b int", " default f(1)", ""),
                        statement("alter table a add b int", " generated", ""),
                        statement("alter table a", " add", ""),
                        statement("alter table ", "a.", "b"),
                        statement("drop table a", ", b%d", ""),
                        statement("create table a (b int", ", c%d int references d%d", ")"),
                        statement("create table a (b int", ", like d%d", ")"),
                        statement("create index on a using hnsw ", "(", "b"),
                        statement("create index on a using hnsw (b) ", "with (m) ", ""),
                        statement("create index on a using hnsw (b) with (", "m = m, ", ""),
                        statement("create rule r as on insert to a do (", "insert into b%d values (1); ", ")"),
                        statement("create trigger t after insert", " or insert", ""),
                        statement("create view v as ", "( select ", ""),
                        statement("create function f() begin atomic ", "case ", ""),
                        statement("explain ", "explain ", "select 1"),
                        statement("prepare a as ", "prepare a as ", "select 1"),
                        statement("create schema a ", "create table b%d () ", ""),
                        statement("reindex ", "(", ""),
                        statement("vacuum ", "(full) ", ""),
                        statement("grant select on ", "a, ", "a to b"),
                        statement("create extension a ", "cascade ", ""),
                        statement("create materialized view ", "create materialized view a as ", "select 1"),
                        nested("select ", "(", "1", ")"),
                        nested("select * from ", "(", "a", ")"),
                        nested("select * from ", "(select * from ", "a", ") a"),
                        nested("select ", "(select ", "1", ")"),
                        nested("with a as ", "(with a as ", "(select 1)", " select 1)"),
                        nested("create index on a using hnsw (", "(", "b", ")"),
                        nested("create view a as select ", "(", "1", ")"),
                        nested("create table a (b int default ", "(", "1", "))"),
                        nested("insert into a values ", "(", "1", ")"),
                        nested("insert into a ", "(", "b", ")"),
                        nested("alter table a alter b set default ", "(", "b", ")"),
                        statement("alter table a add b int", " default 1", ""),
                        statement("with a as (select 1)", ", a%d as (select 1 from (select 1))", " select 1"),
                        statement("select 1 from a", ", a x", " for update of x".repeat(LENGTH / 100)),
                        statement("", "${a}${a}\n\\copy t from ${a}x\n", ""),
                        statement("set a = ", "1, ", "1"),
                        statement("-- gangway: when=", "(", "1\nselect 1"),
                        statement("-- gangway: requires=1", ",1", "\nselect 1"),
                        statement("-- gangway: placeholders=off\n", "${gangway:file:", ""),
                        statement("-- gangway: placeholders=off\n", "a${gangway:file:", "")));
    }

    /** A statement with as many repetitions as fit; {@code %d} is another number in each. */
    private static Named<String> statement(String beginning, String repeated, String end) {
        StringBuilder statement = new StringBuilder(beginning);
        for (int i = 0; statement.length() < LENGTH; i++) {
            statement.append(repeated.replace("%d", Integer.toString(i)));
        }
        return named(beginning + repeated, statement.append(end).toString());
    }

    private static Named<String> nested(String beginning, String open, String middle, String close) {
        int depth = LENGTH / (open.length() + close.length());
        return named(beginning + open + middle + close, beginning + open.repeat(depth) + middle + close.repeat(depth));
    }

    /** The whole script would be its name otherwise. */
    private static Named<String> named(String unit, String script) {
        return Named.of(
                unit.codePoints()
                        .mapToObj(c -> c > ' ' && c < 127 ? Character.toString(c) : "<%x>".formatted(c))
                        .collect(Collectors.joining()),
                script);
    }

    @ParameterizedTest
    @MethodSource("scripts")
    void itIsReadToItsEndOrRefused(String text) {
        SourceText source = SourceText.of("f", text);
        read(() -> {
            for (SqlStatement statement : SqlScript.parse(source).statements()) {
                assertThat(statement.position().line()).isPositive();
                assertThat(statement.words()).isNotEmpty();
                statement.nonTransactionalReason();
                statement.controlsTransaction();
                statement.changesRows();
                statement.concurrentIndex();
                statement.vectorIndexBuild();
                statement.extensionUse();
                statement.tableLocks();
                statement.copyData();
                statement.summary();
            }
        });
        read(() -> Placeholders.names(source));
        read(() -> SqlScript.parse(Placeholders.replace(source, name -> "x")));
        read(() -> FileMentions.in(source, true));
        read(() -> FileMentions.in(source, false));
        read(() -> Directives.parse(source));
        read(() -> Checksum.of(source, Map.of(), new TreeMap<>()));
    }

    @FunctionalInterface
    private interface Reading {
        void run() throws SqlSyntaxException;
    }

    private static void read(Reading reading) {
        try {
            reading.run();
        } catch (SqlSyntaxException refused) {
            assertThat(refused.position().line()).isPositive();
            assertThat(refused.problem()).isNotEmpty();
        }
    }
}
