package dev.gangway.demo;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gangway.demo.Document.Chunk;
import org.junit.jupiter.api.Test;

class MarkdownTest {

    @Test
    void eachHeadingBeginsAChunk() {
        Document document = Markdown.document("a.md", """
                # Title

                Above.

                ## Section

                Below.
                """);

        assertThat(document.title()).isEqualTo("Title");
        assertThat(document.chunks()).containsExactly(new Chunk("Title", "Above."), new Chunk("Section", "Below."));
    }

    @Test
    void paragraphsThatTogetherAreTooLongAreSeparated() {
        String paragraph = "word ".repeat(80).strip();

        Document document = Markdown.document("a.md", paragraph + "\n\n" + paragraph);

        assertThat(document.chunks()).containsExactly(new Chunk("a.md", paragraph), new Chunk("a.md", paragraph));
    }

    @Test
    void aCommentInACodeBlockIsNoHeading() {
        Document document = Markdown.document("a.md", """
                # Title

                ```sh
                # build it
                ```
                """);

        assertThat(document.chunks()).containsExactly(new Chunk("Title", "```sh\n# build it\n```"));
    }
}
