package dev.gangway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gangway.pgjdbc.Quote;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Names that people should not give, and placeholders' values that mean something to SQL. */
class HostileNamesIT {
    @TempDir
    Path temporary;

    @ParameterizedTest
    @ValueSource(
            strings = {
                "O'Brien",
                "a\"b",
                "a\"; drop table x; --",
                "$$",
                "$a$b$a$",
                "${x}",
                "a%sb%n%",
                "😀",
                "e\u0301",
                "\u202Eabc",
                "two\nlines",
                "back\\slash",
                "Select",
                "UPPER lower",
                "a..b",
                "/*",
                "--",
                "123",
                "dot.dot"
            })
    void foldersFilesSchemasAndTablesMayHaveAnyName(String name) throws Exception {
        String fileName = name.replace("/", "_");
        Path folder = temporary.resolve(fileName);
        Files.createDirectories(folder);
        String[] settings = {"gangway.schema=" + name, "gangway.historyTable=" + name};
        try (Application app = Application.in(folder)) {
            app.add("V1__" + fileName + ".sql", "create table item (a text);\ninsert into item values ('x');");
            app.add("V1__" + fileName + ".undo.sql", "drop table item");
            app.add("R__" + fileName + ".sql", "create or replace view v as select 1 as n");
            app.start(settings);
            app.start("gangway.schema=" + name, "gangway.historyTable=" + name, "gangway.mode=validate");
            String table = Quote.identifier(name) + "." + Quote.identifier(name);
            assertThat(app.column(
                            "select description || '|' || script || '|' || state from " + table + " order by rank"))
                    .containsExactly(
                            fileName.replace('_', ' ') + "|V1__" + fileName + ".sql|applied",
                            fileName.replace('_', ' ') + "|R__" + fileName + ".sql|applied");
            app.add("V2__" + fileName + ".sql", "select nope");
            app.assertRefused(settings)
                    .hasMessageContaining("V2__" + fileName + ".sql")
                    .hasMessageContaining("nope");
            app.remove("V2__" + fileName + ".sql");
            assertThat(app.gangway(settings).status().toString()).contains(fileName);
            app.gangway(settings).undo(1);
            assertThat(app.ask("select to_regclass(" + Quote.literal(Quote.identifier(name) + ".item") + ")"))
                    .isNull();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"O'Brien", "\"; drop table item; --", "two\nlines", "$$", "${name}", "\\", "😀", ""})
    void aPlaceholdersValueStandsInTheScriptAsItIs(String value) throws SQLException {
        try (Application app = Application.in(temporary)) {
            app.add("V1__item.sql", "create table item (a text); insert into item values ($quoted$${name}$quoted$);");
            app.start("gangway.placeholders.name=" + value);
            assertThat(app.column("select a from item")).isEqualTo(List.of(value));
        }
    }

    @Test
    void aValueThatEndsItsLiteralIsSqlAndFailsAsAWhole() throws SQLException {
        try (Application app = Application.in(temporary)) {
            app.add("V1__item.sql", "create table item (a text);");
            app.start("gangway.placeholders.name=x");
            app.add("V2__name.sql", "insert into item values ('first');\ninsert into item values ('${name}');");
            app.assertRefused("gangway.placeholders.name=O'Brien")
                    .hasMessageContaining(app.place("V2__name.sql", 2, 34))
                    .hasMessageContaining("next:");
            assertThat(app.column("select a from item")).isEmpty();
        }
    }

    @Test
    void anIdentifierBeyondTheServersLengthIsRefusedAndNotCut() throws SQLException {
        try (Application app = Application.in(temporary)) {
            app.add("V1__item.sql", "create table item ()");
            app.assertRefused("gangway.schema=" + "s".repeat(64)).hasMessageContaining("longer than 63 bytes");
            app.assertRefused("gangway.schema=" + "é".repeat(32)).hasMessageContaining("longer than 63 bytes");
            app.start("gangway.schema=" + "é".repeat(31), "gangway.historyTable=" + "é".repeat(28));
            app.start(
                    "gangway.schema=" + "é".repeat(31),
                    "gangway.historyTable=" + "é".repeat(28),
                    "gangway.mode=validate");
        }
    }
}
