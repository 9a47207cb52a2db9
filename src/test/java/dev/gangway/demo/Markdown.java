package dev.gangway.demo;

import dev.gangway.demo.Document.Chunk;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Splits a Markdown text into chunks: at each heading, and between paragraphs where a section is long. */
final class Markdown {
    /** Characters after which a chunk is long enough; a paragraph that is longer by itself is split between lines. */
    private static final int LONG_ENOUGH = 600;

    private static final Pattern HEADING = Pattern.compile("#{1,6}\\s+(.*?)\\s*#*");

    private final List<Chunk> chunks = new ArrayList<>();
    private final StringBuilder chunk = new StringBuilder();
    private final StringBuilder paragraph = new StringBuilder();
    private String heading;

    private Markdown(String title) {
        this.heading = title;
    }

    /** {@return the document of that file} */
    static Document document(String file, String text) {
        String title = text.lines()
                .map(HEADING::matcher)
                .filter(Matcher::matches)
                .map(matcher -> matcher.group(1))
                .findFirst()
                .orElse(file);
        return new Document(file, title, text, new Markdown(title).split(text));
    }

    private List<Chunk> split(String text) {
        boolean code = false;
        for (String line : text.lines().toList()) {
            if (line.startsWith("```")) {
                code = !code;
            }
            Matcher matcher = HEADING.matcher(line);
            if (!code && matcher.matches()) {
                endSection();
                heading = matcher.group(1);
            } else if (line.isBlank()) {
                endParagraph();
            } else {
                if (paragraph.length() > LONG_ENOUGH) {
                    endParagraph();
                }
                paragraph.append(line).append('\n');
            }
        }
        endSection();
        return chunks;
    }

    private void endParagraph() {
        if (paragraph.isEmpty()) {
            return;
        }
        if (!chunk.isEmpty() && chunk.length() + paragraph.length() > LONG_ENOUGH) {
            endChunk();
        }
        chunk.append(chunk.isEmpty() ? "" : "\n").append(paragraph);
        paragraph.setLength(0);
    }

    private void endChunk() {
        if (!chunk.isEmpty()) {
            chunks.add(new Chunk(heading, chunk.toString().strip()));
            chunk.setLength(0);
        }
    }

    private void endSection() {
        endParagraph();
        endChunk();
    }
}
