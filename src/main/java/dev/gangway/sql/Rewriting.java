package dev.gangway.sql;

/**
 * Puts a text together from stretches of another one and from what shall stand in the place of some. Each character of the
 * result still knows where in the file it stands. Used once, from left to right; the stretches must follow each other without
 * a gap.
 */
final class Rewriting {
    private final SourceText from;
    private final StringBuilder text = new StringBuilder();
    private final Replacements replacements = new Replacements();

    Rewriting(SourceText from) {
        this.from = from;
    }

    /** Adds a stretch as it is. */
    Rewriting keep(int start, int end) {
        from.replacements().copyTo(replacements, start, end, text.length() - start);
        text.append(from.text(), start, end);
        return this;
    }

    /** Adds something else in place of a stretch. */
    Rewriting replace(int start, int end, String with) {
        Replacements earlier = from.replacements();
        replacements.add(
                text.length(), text.length() + with.length(), earlier.originalOffset(start), earlier.originalEnd(end));
        text.append(with);
        return this;
    }

    SourceText result() {
        return from.with(text.toString(), replacements);
    }
}
