package dev.gangway.search;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** docs/search.md. */
class SearchDocTest {

    @Test
    void theTableInTheDocumentationIsTheOneThatTheLogSuggests() throws IOException {
        assertThat(Files.readString(Path.of("docs", "search.md"))).contains(SearchTable.ddl("metrics.searches"));
    }
}
