package dev.gangway.cli;

import dev.gangway.report.MigrationStatus;

/**
 * How text looks on a stream. Immutable.
 *
 * @param colours whether there are any
 * @param width   how many columns a line of a table may have; {@link Terminal#UNLIMITED} in a pipe
 */
record Style(boolean colours, int width) {

    /** What a pipe gets. */
    static final Style PLAIN = new Style(false, Terminal.UNLIMITED);

    /** What a piece of text means; the colours of a terminal's own palette, which its user can read. */
    enum Meaning {
        NONE(""),
        HEADING("1"),
        GOOD("32"),
        ATTENTION("33"),
        BAD("31"),
        QUIET("2");

        private final String code;

        Meaning(String code) {
            this.code = code;
        }
    }

    /** {@return the text in its colour, if there are colours} */
    String paint(Meaning meaning, String text) {
        return colours && meaning != Meaning.NONE && !text.isEmpty()
                ? "\u001b[" + meaning.code + "m" + text + "\u001b[0m"
                : text;
    }

    String heading(String text) {
        return paint(Meaning.HEADING, text);
    }

    String good(String text) {
        return paint(Meaning.GOOD, text);
    }

    String attention(String text) {
        return paint(Meaning.ATTENTION, text);
    }

    String bad(String text) {
        return paint(Meaning.BAD, text);
    }

    String quiet(String text) {
        return paint(Meaning.QUIET, text);
    }

    /** {@return what a status means to somebody who looks for what is wrong} */
    static Meaning meaning(MigrationStatus status) {
        return switch (status) {
            case APPLIED, BASELINE, ADOPTED -> Meaning.GOOD;
            case PENDING, BACKGROUND, DEFERRED, NEWER, STARTED -> Meaning.ATTENTION;
            case CHANGED, FAILED -> Meaning.BAD;
            case IGNORED, UNDONE, SUPERSEDED -> Meaning.QUIET;
        };
    }
}
