package dev.gangway.internal;

import static org.assertj.core.api.Assertions.assertThat;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class QualifiedNameTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\'',
            value = {
                "searches                     |         | searches",
                "Metrics.Searches             | metrics | searches",
                "\"Metrics\".\"My \"\"own\"\"\" | Metrics | My \"own\"",
                "\"a.b\"                      |         | a.b",
                "_a$1 . B                     | _a$1    | b",
                "SUCHANFRÄGEN                 |         | suchanfrÄgen",
            })
    void aNameIsReadAsPostgresReadsIt(String written, @Nullable String schema, String name) {
        assertThat(QualifiedName.parse(written)).contains(new QualifiedName(schema, name));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                ".",
                "a.",
                ".a",
                "a.b.c",
                "1a",
                "$a",
                "a b",
                "a-b",
                "\"\"",
                "\"a",
                "a\"b\"",
                "\"a\"b",
                "a;drop table b",
                "\"a\0b\""
            })
    void whatIsNoNameIsRefused(String written) {
        assertThat(QualifiedName.parse(written)).isEmpty();
    }

    @Test
    void aNameThatPostgresWouldCutOffIsRefused() {
        assertThat(QualifiedName.parse("a".repeat(63))).isPresent();
        assertThat(QualifiedName.parse("a".repeat(64))).isEmpty();
        assertThat(QualifiedName.parse('"' + "ä".repeat(32) + '"')).isEmpty();
    }
}
