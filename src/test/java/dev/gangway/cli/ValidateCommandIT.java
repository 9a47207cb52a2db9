package dev.gangway.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gangway.testkit.TestDatabase;
import dev.gangway.testkit.TestServer;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** What {@code gangway validate} shows of a schema with many checks, on a real server. */
class ValidateCommandIT {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    @Test
    void theChecksOfAPackAreATableByCategory() throws SQLException {
        try (TestDatabase database = TestServer.newDatabase()) {
            String url = database.gangwayUrl(
                    "gangway.locations=pack:discord-rag-bot", "gangway.placeholders.vectorDimension=3");
            assertThat(run("migrate", "--url", url)).isZero();
            out.reset();

            assertThat(run("validate", "--url", url)).isZero();
        }
        String text = out.toString(StandardCharsets.UTF_8);
        // At least as many as the guide that the pack is made from shows.
        Map.of(
                        "Constraints",
                        1,
                        "Data Types",
                        2,
                        "Extensions",
                        3,
                        "Functions",
                        8,
                        "Indexes",
                        8,
                        "RLS",
                        9,
                        "Tables",
                        8,
                        "Triggers",
                        1)
                .forEach((category, least) -> {
                    Matcher counts = Pattern.compile("(?m)^" + category + " +(\\d+) +(\\d+) +0$")
                            .matcher(text);
                    assertThat(counts.find()).as(category).isTrue();
                    assertThat(counts.group(2)).isEqualTo(counts.group(1));
                    assertThat(Integer.parseInt(counts.group(1))).isGreaterThanOrEqualTo(least);
                });
        assertThat(text)
                .containsPattern("(?m)^Indexes +idx_documents_embedding +passed +009_documents_embedding_index");
        assertThat(text).containsPattern("Valid: \\d+ checks, 0 failed; 0 problems; 0 pending\\.");
    }

    private int run(String... args) {
        PrintStream stream = new PrintStream(out, true, StandardCharsets.UTF_8);
        Console console =
                Console.of(stream, new Screen(new ByteArrayOutputStream()), Terminal.NONE, Map.of(), List.of(args));
        return new Cli(console, List.of(args), options -> {}).run();
    }
}
