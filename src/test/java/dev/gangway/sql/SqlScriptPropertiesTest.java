package dev.gangway.sql;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.jspecify.annotations.Nullable;

class SqlScriptPropertiesTest {
    private static final List<String> FUNCTIONS = List.of(
            "create function f() returns int begin atomic select 1; select case when a then b end; end",
            "CREATE OR REPLACE PROCEDURE p(a int default (1)) LANGUAGE SQL BEGIN ATOMIC ; ; END",
            "create or replace function f() returns text language plpgsql as $f$ begin return ';'; end; $f$",
            "create function f() returns int begin /* ; end */ atomic select 'end;' ; end");

    /** A statement as written into a script, and what must come out of it. */
    record Written(String text, @Nullable String dataLines) {}

    @Property(tries = 2000)
    void scriptsSplitIntoTheStatementsTheyWereMadeOf(
            @ForAll("scripts") List<Written> written, @ForAll("gaps") String gap, @ForAll boolean empties)
            throws SqlSyntaxException {
        StringBuilder script = new StringBuilder();
        List<Integer> offsets = new ArrayList<>();
        for (Written statement : written) {
            script.append(gap);
            offsets.add(script.length());
            script.append(statement.text()).append(empties ? gap : "").append(';');
            if (statement.dataLines() != null) {
                script.append(" -- data\n").append(statement.dataLines()).append("\\.\n");
            } else if (empties) {
                script.append(gap).append(';');
            }
        }

        List<SqlStatement> statements =
                SqlScript.parse(SourceText.of("f", script.toString())).statements();

        assertThat(statements)
                .extracting(SqlStatement::text)
                .isEqualTo(written.stream().map(Written::text).toList());
        assertThat(statements).extracting(SqlStatement::offset).isEqualTo(offsets);
        assertThat(statements)
                .extracting(SqlStatement::copyData)
                .isEqualTo(written.stream().map(Written::dataLines).collect(ArrayList::new, List::add, List::addAll));
    }

    @Property(tries = 2000)
    void placeholdersLeaveEachOtherCharacterWhereItStood(
            @ForAll("parts") List<String> parts, @ForAll("values") String value) throws SqlSyntaxException {
        SourceText raw = SourceText.of("f", String.join("", parts));
        SourceText replaced = Placeholders.replace(raw, name -> value);

        int inRaw = 0;
        int inReplaced = 0;
        for (String part : parts) {
            boolean placeholder = part.startsWith("${");
            for (int i = 0; i < (placeholder ? value : part).length(); i++) {
                assertThat(replaced.positionAt(inReplaced + i))
                        .isEqualTo(raw.positionAt(placeholder ? inRaw : inRaw + i));
            }
            inRaw += part.length();
            inReplaced += placeholder ? value.length() : part.length();
        }
        assertThat(replaced.text()).hasSize(inReplaced);
        assertThat(replaced.positionAt(inReplaced)).isEqualTo(raw.positionAt(inRaw));
    }

    @Provide
    Arbitrary<List<Written>> scripts() {
        Arbitrary<Written> plain = Combinators.combine(Fragments.statements(), Fragments.gaps())
                .as((tokens, gap) -> new Written(String.join(gap, tokens), null));
        Arbitrary<Written> functions = Arbitraries.of(FUNCTIONS).map(text -> new Written(text, null));
        Arbitrary<Written> copies = Arbitraries.of("1\t;\n", "'\n", "$$\n", "\\.x\n", " \\.\n", "\n", "\\c\n", "/*\n")
                .list()
                .ofMaxSize(4)
                .map(lines ->
                        new Written("copy t (a, b) from /* x */ stdin with (format csv)", String.join("", lines)));
        return Arbitraries.oneOf(plain, plain, functions, copies).list().ofMaxSize(8);
    }

    @Provide
    Arbitrary<String> gaps() {
        return Fragments.gaps();
    }

    @Provide
    Arbitrary<List<String>> parts() {
        return Arbitraries.of("${a}", "${gangway:user}", "x", "\n", "\r\n", "é😀", "$", " {", "select 1;\n")
                .list()
                .ofMaxSize(12)
                .filter(parts -> !String.join("", parts).contains("$${"));
    }

    @Provide
    Arbitrary<String> values() {
        return Arbitraries.of("", "v", "two\nlines", "😀", "${a}");
    }
}
