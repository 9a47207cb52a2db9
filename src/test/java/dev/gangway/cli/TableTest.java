package dev.gangway.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gangway.cli.Style.Meaning;
import org.junit.jupiter.api.Test;

class TableTest {

    private final Table table = new Table("version", "description", "status")
            .row()
            .cell("1")
            .cell("documents")
            .cell("applied", Meaning.GOOD)
            .row()
            .cell("10.2")
            .cell("a description that is rather long")
            .cell(null);

    @Test
    void columnsAreAsWideAsTheirWidestCellAndNoLineEndsInBlanks() {
        assertThat(table.render(Style.PLAIN)).isEqualTo("""
                version  description                        status
                1        documents                          applied
                10.2     a description that is rather long
                """);
    }

    @Test
    void theWidestColumnIsCutWhereTheTerminalIsTooNarrow() {
        assertThat(table.render(new Style(false, 40))).isEqualTo("""
                version  description             status
                1        documents               applied
                10.2     a description that is…
                """);
    }

    @Test
    void coloursDoNotCountAsWidth() {
        assertThat(table.render(new Style(true, 80)).split("\n")[1])
                .isEqualTo("1        documents                          \u001b[32mapplied\u001b[0m");
    }

    @Test
    void aCellShowsTheFirstLineOfItsText() {
        assertThat(new Table("a", "b").row().cell("one\ntwo").cell(3).render(Style.PLAIN))
                .isEqualTo("a      b\none …  3\n");
    }
}
