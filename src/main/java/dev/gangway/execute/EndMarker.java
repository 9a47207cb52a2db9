package dev.gangway.execute;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Looks through the data of a {@code COPY … FROM STDIN} for a {@code \.} that ends them for the server, which drops without a
 * word whatever follows. In text format that is a {@code \.} at the end of a line, in CSV one that is a line of its own and
 * not within quotes. Reads a file as it is sent, one buffer after another.
 */
final class EndMarker {
    /** The first server that takes the marker for a value in CSV. */
    static final int CSV_WITHOUT_MARKER = 18;

    private static final Pattern CSV = Pattern.compile("\\bCSV\\b");
    private static final Pattern QUOTE = option("QUOTE");
    private static final Pattern ESCAPE = option("ESCAPE");

    private enum Seen {
        NOTHING,
        BACKSLASH,
        MARKER
    }

    private final boolean csv;
    private final byte quote;
    private final byte escape;

    private Seen seen = Seen.NOTHING;
    private boolean ended;
    private boolean quoted;
    private boolean escaped;
    private boolean lineStart = true;
    private byte previous;
    private long line = 1;

    private EndMarker(boolean csv, byte quote, byte escape) {
        this.csv = csv;
        this.quote = quote;
        this.escape = escape;
    }

    /** {@return what looks through the data of this command, which is not in binary format} */
    static EndMarker in(String copy) {
        byte quote = character(QUOTE, copy, (byte) '"');
        return new EndMarker(isCsv(copy), quote, character(ESCAPE, copy, quote));
    }

    /** {@return whether the command says CSV; taken for its format wherever it stands behind STDIN} */
    static boolean isCsv(String copy) {
        return CSV.matcher(options(copy).toUpperCase(Locale.ROOT)).find();
    }

    private static String options(String copy) {
        return copy.substring(Math.max(0, copy.toUpperCase(Locale.ROOT).lastIndexOf(" STDIN ")));
    }

    private static Pattern option(String name) {
        return Pattern.compile("\\b" + name + "\\s+(?:AS\\s+)?E?'(?:\\\\(?=[\\\\']))?(.)'", Pattern.CASE_INSENSITIVE);
    }

    private static byte character(Pattern option, String copy, byte otherwise) {
        Matcher matcher = option.matcher(options(copy));
        return matcher.find() ? (byte) matcher.group(1).charAt(0) : otherwise;
    }

    /** {@return whether data follow behind the marker, in these bytes or before} */
    boolean cutsOff(byte[] buffer, int from, int length) {
        for (int i = from; i < from + length; i++) {
            if (take(buffer[i])) {
                return true;
            }
        }
        return false;
    }

    /** {@return the line of the marker, the first being 1} */
    long line() {
        return line;
    }

    private boolean take(byte next) {
        boolean lineEnd = next == '\n' || next == '\r';
        if (ended) {
            return !lineEnd;
        }
        if (lineEnd && seen == Seen.MARKER) {
            ended = true;
            return false;
        }
        if (csv) {
            takeCsv(next, lineEnd);
        } else {
            seen = seen == Seen.BACKSLASH
                    ? (next == '.' ? Seen.MARKER : Seen.NOTHING)
                    : (next == '\\' ? Seen.BACKSLASH : Seen.NOTHING);
        }
        if (next == '\r' || (next == '\n' && previous != '\r')) {
            line++;
        }
        previous = next;
        return false;
    }

    private void takeCsv(byte next, boolean lineEnd) {
        if (quoted) {
            if (escaped) {
                escaped = false;
            } else if (next == escape && escape != quote) {
                escaped = true;
            } else if (next == quote) {
                quoted = false;
            }
            return;
        }
        if (next == quote) {
            quoted = true;
            seen = Seen.NOTHING;
        } else if (lineStart && next == '\\') {
            seen = Seen.BACKSLASH;
        } else {
            seen = seen == Seen.BACKSLASH && next == '.' ? Seen.MARKER : Seen.NOTHING;
        }
        lineStart = lineEnd;
    }
}
