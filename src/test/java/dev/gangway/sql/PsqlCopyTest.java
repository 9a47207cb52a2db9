package dev.gangway.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PsqlCopyTest {

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '`',
            delimiter = '|',
            value = {
                "\\copy item from 'item.csv' | COPY item from  STDIN | item.csv",
                "\\COPY item FROM item.csv | COPY item FROM  STDIN | item.csv",
                "  \\copy item from data/item.csv; | COPY item from  STDIN | data/item.csv",
                "\\copy item from 'item.csv'  ; ; -- rows | COPY item from  STDIN | item.csv",
                "\\copy a.\"from\"(id, \"to\") from 'it''s here.csv' with (format csv, header) where id > 1"
                        + " | COPY a.\"from\"(id, \"to\") from  STDIN  with (format csv, header) where id > 1"
                        + " | it's here.csv",
                "\\copy item from'a.csv'csv | COPY item from STDIN csv | a.csv",
                "\\copy item from a.csv'csv' | COPY item from  STDIN 'csv' | a.csv",
                "\\copy item from 'a.csv' (delimiter ';') | COPY item from  STDIN  (delimiter ';') | a.csv",
                "\\copy item from 'a--b/*.csv' csv | COPY item from  STDIN  csv | a--b/*.csv",
                "\\copy binary item from a.bin | COPY binary item from  STDIN | a.bin",
                "\\copy item from 'é😀.csv' | COPY item from  STDIN | é😀.csv",
            })
    void isTheServersCopyWithItsDataInAFile(String line, String sql, String file) throws SqlSyntaxException {
        List<SqlStatement> statements = parse("select 1;\r\n" + line + "\r\nselect 2;");

        assertThat(statements).extracting(SqlStatement::dataFile).containsExactly(null, file, null);
        assertThat(statements.get(1).text().strip()).isEqualTo(sql);
        assertThat(statements.get(1).copyData()).isNull();
        assertThat(statements.get(2).text()).isEqualTo("select 2");
        assertThat(statements.get(2).position()).hasToString("V1__x.sql:3:1");
    }

    @Test
    void everyCharacterOfItStandsWhereItStandsInTheFile() throws SqlSyntaxException {
        SqlStatement copy = parse("\n \\copy item (id) from 'a long name.csv' with (formt csv)")
                .get(0);

        assertThat(copy.position()).hasToString("V1__x.sql:2:2");
        assertThat(copy.positionOf(1)).hasToString("V1__x.sql:2:2");
        assertThat(copy.positionOf(copy.text().indexOf("item") + 1)).hasToString("V1__x.sql:2:8");
        assertThat(copy.positionOf(copy.text().indexOf("STDIN") + 1)).hasToString("V1__x.sql:2:23");
        assertThat(copy.positionOf(copy.text().indexOf("formt") + 1)).hasToString("V1__x.sql:2:47");
        assertThat(copy.positionOf(1000)).hasToString("V1__x.sql:2:57");
        assertThat(copy.summary()).isEqualTo("\\copy item (id) from 'a long name.csv' with (formt csv)");
        assertThat(copy.words()).startsWith("COPY", "ITEM", "(", "ID", ")", "FROM", "STDIN", "WITH");
    }

    @Test
    void placeholdersInItKeepTheirPlacesToo() throws SqlSyntaxException {
        SourceText raw = SourceText.of("f", "${e}select ${a};\n\\copy ${e}${a}(${a}) from '1.csv' (${e}null '${a}')");
        SqlStatement copy = SqlScript.parse(Placeholders.replace(raw, name -> name.equals("a") ? "abc" : ""))
                .statements()
                .get(1);

        assertThat(copy.text()).isEqualTo("COPY abc(abc) from  STDIN  (null 'abc')");
        assertThat(copy.positionOf(6)).hasToString("f:2:11");
        assertThat(copy.positionOf(8)).hasToString("f:2:11");
        assertThat(copy.positionOf(9)).hasToString("f:2:15");
        assertThat(copy.positionOf(10)).hasToString("f:2:16");
        assertThat(copy.positionOf(copy.text().indexOf("null") + 1)).hasToString("f:2:40");
        assertThat(copy.positionOf(copy.text().lastIndexOf("bc") + 1)).hasToString("f:2:46");
        assertThat(copy.summary()).isEqualTo("\\copy ${e}${a}(${a}) from '1.csv' (${e}null '${a}')");
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '`',
            delimiter = '|',
            value = {
                "\\copy item to 'a.csv' | 1:1 | \\copy … to writes a file",
                "\\copy (select 1) to 'a.csv' | 1:1 | \\copy … to writes a file",
                "\\copy item from stdin | 1:1 | Write COPY … FROM STDIN; and let the rows follow",
                "\\copy item from PSTDIN; | 1:1 | Write COPY … FROM STDIN;",
                "\\copy item from program 'cat x' | 1:1 | Put what the program writes into a file",
                "\\copy item | 1:1 | There is no FROM on this line",
                "\\copy item\\nfrom 'a.csv' | 1:1 | There is no FROM on this line",
                "\\copy | 1:1 | There is no FROM on this line",
                "\\copy from 'a.csv' | 1:1 | The table is missing",
                "\\copy item from | 1:1 | The name of the file is missing",
                "\\copy item from ; | 1:1 | The name of the file is missing",
                "\\copy item from 'a.csv | 1:17 | no closing quote",
                "\\copy item from \"a.csv\" | 1:17 | in single quotes",
                "\\copy item from 'a.csv'; select 1; | 1:26 | Move this to a line of its own",
                "\\copy item from 'a.csv' \\g | 1:25 | \\g is a command of psql",
                "\\copy item from 'a.csv' (null ' | 1:31 | no closing quote",
                "\\copy item from 'a.csv' /* a\\n */ | 1:25 | no closing */",
                "select 1\\n\\copy item from 'a.csv' | 2:1 | End the statement in front of it with a ;",
                "\\copyright | 1:1 | \\copyright is a command of psql",
            })
    void saysWhatIsWrongAndWhere(String script, String lineAndColumn, String problem) {
        assertThatExceptionOfType(SqlSyntaxException.class)
                .isThrownBy(() -> parse(script.replace("\\n", "\n")))
                .withMessageStartingWith("V1__x.sql:" + lineAndColumn + ": ")
                .withMessageContaining(problem);
    }

    private static List<SqlStatement> parse(String script) throws SqlSyntaxException {
        return SqlScript.parse(SourceText.of("V1__x.sql", script)).statements();
    }
}
