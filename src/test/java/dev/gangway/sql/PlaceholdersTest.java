package dev.gangway.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PlaceholdersTest {
    private final Map<String, String> values = Map.of("a", "one\ntwo", "empty", "", "self", "${a}", "x.y:z-1", "name");

    @Test
    void replacesWhereverAPlaceholderStands() throws SqlSyntaxException {
        assertThat(replace("${a}'${x.y:z-1}'$$ ${empty}$$ $ { $a {a}").text())
                .isEqualTo("one\ntwo'name'$$ $$ $ { $a {a}");
    }

    @Test
    void aTextWithoutPlaceholdersIsTheSame() throws SqlSyntaxException {
        SourceText source = SourceText.of("f", "select $1");

        assertThat(Placeholders.replace(source, values::get)).isSameAs(source);
    }

    @Test
    void doesNotReplaceWhatAValueHolds() throws SqlSyntaxException {
        assertThat(replace("${self}").text()).isEqualTo("${a}");
    }

    @Test
    void positionsAreThoseInTheFile() throws SqlSyntaxException {
        SourceText replaced = replace("x\n${a}${empty}${empty} bad\nend");

        assertThat(replaced.positionAt(2)).hasToString("f:2:1");
        assertThat(replaced.positionAt(7)).hasToString("f:2:1");
        assertThat(replaced.positionAt(replaced.text().indexOf("bad"))).hasToString("f:2:22");
        assertThat(replaced.positionAt(replaced.text().indexOf("end"))).hasToString("f:3:1");
        assertThat(replaced.positionAt(replaced.text().length())).hasToString("f:3:4");
    }

    @Test
    void aDefaultStandsWhereThereIsNoValue() throws SqlSyntaxException {
        assertThat(replace("${dimension:384} ${prefix:}x ${a:two} ${path:a:b-c.d}")
                        .text())
                .isEqualTo("384 x one\ntwo a:b-c.d");
    }

    @Test
    void whatIsBuiltInHasNoDefault() {
        assertThatExceptionOfType(SqlSyntaxException.class)
                .isThrownBy(() -> replace("${gangway:nothing}"))
                .withMessageContaining("Built in are");
    }

    @Test
    void listsTheNames() throws SqlSyntaxException {
        assertThat(Placeholders.names(SourceText.of("f", "${b}${a}'${b}'"))).containsExactly("a", "b");
    }

    @Test
    void anUnknownOneSaysWhichSettingToSet() {
        assertThatExceptionOfType(SqlSyntaxException.class)
                .isThrownBy(() -> replace("a\n ${tenant}"))
                .withMessageStartingWith("f:2:2: ")
                .withMessageContaining("${tenant}")
                .withMessageContaining("gangway.placeholders.tenant")
                .withMessageContaining("-- gangway: placeholders=off");
    }

    @Test
    void anUnknownBuiltInOneListsThoseThatThereAre() {
        assertThatExceptionOfType(SqlSyntaxException.class)
                .isThrownBy(() -> replace("${gangway:usr}"))
                .withMessageContaining(
                        "${gangway:user}, ${gangway:database}, ${gangway:schema}, ${gangway:historyTable},"
                                + " ${gangway:vectorSchema} and ${gangway:file:NAME}.");
    }

    @Test
    void theNameOfAFileMayHoldAnythingButABraceAndALineEnd() throws SqlSyntaxException {
        SourceText source = SourceText.of("f", "${gangway:file:data/my é-file (1).txt}");

        assertThat(Placeholders.names(source)).containsExactly("gangway:file:data/my é-file (1).txt");
        assertThat(Placeholders.replace(source, name -> "'x'").text()).isEqualTo("'x'");
        assertThatExceptionOfType(SqlSyntaxException.class)
                .isThrownBy(() -> replace("${gangway:file:a\nb}"))
                .withMessageContaining("no name and closing brace follow");
    }

    @ParameterizedTest
    @ValueSource(strings = {"${}", "${a", "${a b}", "${", "${é}", "${a${a}}"})
    void whatIsNoNameIsAnError(String text) {
        assertThatExceptionOfType(SqlSyntaxException.class)
                .isThrownBy(() -> replace(" " + text))
                .withMessageStartingWith("f:1:2: ")
                .withMessageContaining("placeholders=off");
    }

    private SourceText replace(String text) throws SqlSyntaxException {
        return Placeholders.replace(SourceText.of("f", text), values::get);
    }
}
