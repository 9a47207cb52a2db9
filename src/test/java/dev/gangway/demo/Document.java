package dev.gangway.demo;

import java.util.List;

/**
 * A file of the documentation.
 *
 * @param file   relative to the project, with '/' between folders
 * @param title  its first heading, or else the file's name
 * @param text   all of it
 * @param chunks the pieces that are searched, in order
 */
record Document(String file, String title, String text, List<Chunk> chunks) {

    /**
     * A piece of a document.
     *
     * @param heading the nearest heading above it, without its marks
     * @param text    a few paragraphs
     */
    record Chunk(String heading, String text) {}

    Document {
        chunks = List.copyOf(chunks);
    }
}
