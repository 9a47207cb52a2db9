package dev.gangway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gangway.gate.Gates;
import dev.gangway.testkit.Await;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The examples of docs/migrations.md do what the page says. */
class MigrationsDocIT {
    private static final Path PAGE = Path.of("docs/migrations.md");
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final Pattern BLOCK = Pattern.compile("(?m)^```(\\w+) (\\S.*)\\n((?s:.*?))^```$");

    /** A section of the page with examples: files by name, and what the history shows. */
    record Section(String title, List<Block> blocks) {
        @Override
        public String toString() {
            return title;
        }
    }

    record Block(String language, String name, String text) {}

    static Stream<Section> sections() throws IOException {
        List<Section> sections = new ArrayList<>();
        for (String part : Files.readString(PAGE).split("(?m)^##+ ")) {
            List<Block> blocks = new ArrayList<>();
            Matcher matcher = BLOCK.matcher(part);
            while (matcher.find()) {
                blocks.add(new Block(matcher.group(1), matcher.group(2), matcher.group(3)));
            }
            if (!blocks.isEmpty()) {
                sections.add(new Section(part.lines().findFirst().orElseThrow(), blocks));
            }
        }
        assertThat(sections).hasSizeGreaterThan(10);
        return sections.stream();
    }

    @ParameterizedTest
    @MethodSource("sections")
    void theExamplesWork(Section section, @TempDir Path folder) throws Exception {
        try (Application app = Application.in(folder)) {
            for (Block block : section.blocks()) {
                if (!block.language().equals("text")) {
                    Path file = folder.resolve(block.name());
                    Files.createDirectories(file.getParent());
                    Files.writeString(file, block.text());
                }
            }
            app.start();
            for (Block block : section.blocks()) {
                if (block.language().equals("text")) {
                    check(block, app);
                }
            }
        } finally {
            Gates.clear();
        }
    }

    private static void check(Block expected, Application app) throws Exception {
        List<String> words = List.of(expected.name().split(" "));
        if (words.get(0).equals("undo")) {
            Gangway.to(app.url()).build().undo(Integer.parseInt(words.get(1)));
        }
        List<String> lines = expected.text().lines().toList();
        // What runs in the background comes to its end a little later.
        Await.until("the history shows " + lines, PATIENCE, () -> app.history().equals(lines));
    }
}
