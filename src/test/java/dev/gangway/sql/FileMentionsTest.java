package dev.gangway.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FileMentionsTest {

    @Test
    void bothKindsAreFoundWithTheirPlaces() throws SqlSyntaxException {
        List<FileMention> mentions = mentions("""
                insert into a values (${gangway:file:a.json}, ${other});
                \\copy b from 'data/b.csv' csv
                do $$ begin perform ${gangway:file:my file.txt}::text; end $$; -- ${gangway:file:c.txt}
                select ${gangway:file:a.json}
                """);

        assertThat(mentions)
                .extracting(FileMention::name)
                .containsExactly("a.json", "data/b.csv", "my file.txt", "c.txt", "a.json");
        assertThat(mentions).extracting(FileMention::rows).containsExactly(false, true, false, false, false);
        assertThat(mentions)
                .extracting(mention -> mention.position().toString())
                .containsExactly("f:1:23", "f:2:14", "f:3:21", "f:3:67", "f:4:8");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "select 1",
                "select '\\copy', E'\\\\copy a from b'",
                "copy t from stdin;\n\\copy t from x\n\\.\n",
                "-- \\copy t from 'x'",
                "select ${gangway:user}"
            })
    void whatOnlyLooksAlikeIsNone(String script) throws SqlSyntaxException {
        assertThat(mentions(script)).isEmpty();
    }

    @Test
    void withoutPlaceholdersOnlyRowsAreMentioned() throws SqlSyntaxException {
        SourceText script = SourceText.of("f", "select '${gangway:file:a}';\n\\copy t from '${x}'");

        assertThat(FileMentions.in(script, false)).extracting(FileMention::name).containsExactly("${x}");
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '`',
            delimiter = '|',
            value = {
                "select '${gangway:file:a}' | f:1:9 | comes with quotes of its own",
                "select \"${gangway:file:a}\" | f:1:9 | comes with quotes of its own",
                "copy t from stdin;\\n${gangway:file:a}\\n\\.\\n | f:2:1 | taken as it stands",
                "\\copy t from 'a' (null ${gangway:file:a}) | f:1:24 | cannot take another file's text",
                "\\copy t from '${dir}/a.csv' | f:1:14 | cannot come out of a placeholder",
                "select ${gangway:file:} | f:1:8 | name of the file is missing",
                "select ${gangway:file:a | f:1:8 | no name and closing brace follow",
                "select ${gangway:file:../a} | f:1:8 | leads out of the script's folder",
                "\\copy t from 'a/../../b' | f:1:14 | leads out of the script's folder",
                "\\copy t from '/etc/passwd' | f:1:14 | by a full path",
                "\\copy t from 'C:/a.csv' | f:1:14 | by a full path",
                "\\copy t from ~/a.csv | f:1:14 | by a full path",
                "\\copy t from 'a\\b.csv' | f:1:14 | has a backslash",
                "\\copy t from './b.csv' | f:1:14 | no plain path",
                "\\copy t from 'a//b.csv' | f:1:14 | no plain path",
                "\\copy t from 'a/' | f:1:14 | no plain path",
                "\\copy t from '' | f:1:14 | name of the file is missing",
            })
    void saysWhatIsWrongAndWhere(String script, String place, String problem) {
        assertThatExceptionOfType(SqlSyntaxException.class)
                .isThrownBy(() -> mentions(script.replace("\\n", "\n")))
                .withMessageStartingWith(place + ": ")
                .withMessageContaining(problem);
    }

    private static List<FileMention> mentions(String script) throws SqlSyntaxException {
        return FileMentions.in(SourceText.of("f", script), true);
    }
}
