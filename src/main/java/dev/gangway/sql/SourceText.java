package dev.gangway.sql;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CodingErrorAction;
import java.util.Objects;

/**
 * The text of a script and where each character of it stands in the file, also after {@linkplain Placeholders
 * placeholders} were replaced. Immutable and thread-safe; equality is identity.
 */
public final class SourceText {
    private static final char BOM = '\uFEFF';

    private final String name;
    private final String text;
    /** The text as it stands in the file, without a byte order mark. */
    private final String original;

    private final Replacements replacements;
    private final Lines lines;

    private SourceText(String name, String text, String original, Replacements replacements, Lines lines) {
        this.name = name;
        this.text = text;
        this.original = original;
        this.replacements = replacements;
        this.lines = lines;
    }

    /**
     * @param name the file as messages shall name it
     * @param text the file's characters; a byte order mark at the beginning is dropped
     */
    public static SourceText of(String name, String text) {
        String content = !text.isEmpty() && text.charAt(0) == BOM ? text.substring(1) : text;
        return new SourceText(name, content, content, Replacements.NONE, new Lines(name, content));
    }

    /**
     * Decodes strictly, because PostgreSQL would refuse (or worse, store) what a lenient decoder makes of a wrong byte.
     *
     * @param name the file as messages shall name it
     * @throws SqlSyntaxException if the bytes are not UTF-8 or contain a zero byte, which PostgreSQL cannot take
     */
    public static SourceText decode(String name, byte[] utf8) throws SqlSyntaxException {
        if (isUtf16(utf8)) {
            throw new SqlSyntaxException(
                    new Position(name, 1, 1),
                    "The file is UTF-16, not UTF-8. Save it as UTF-8 (many Windows editors and PowerShell's > write"
                            + " UTF-16 unless told otherwise).");
        }
        String text = new String(utf8, UTF_8);
        // The lenient decoder is several times faster, and leaves this character wherever it met a malformed byte.
        if (text.indexOf('\uFFFD') >= 0) {
            requireWellFormed(name, utf8);
        }
        SourceText source = of(name, text);
        int nul = source.text.indexOf('\0');
        if (nul >= 0) {
            throw new SqlSyntaxException(
                    source.positionAt(nul),
                    "There is a zero byte (U+0000), which PostgreSQL cannot take in SQL. Remove it; if the whole file looks"
                            + " like this, it is not UTF-8 text: save it as UTF-8.");
        }
        return source;
    }

    private static boolean isUtf16(byte[] bytes) {
        return bytes.length >= 2
                && ((bytes[0] == (byte) 0xFE && bytes[1] == (byte) 0xFF)
                        || (bytes[0] == (byte) 0xFF && bytes[1] == (byte) 0xFE));
    }

    private static void requireWellFormed(String name, byte[] utf8) throws SqlSyntaxException {
        ByteBuffer in = ByteBuffer.wrap(utf8);
        CharBuffer out = CharBuffer.allocate(utf8.length);
        boolean malformed = UTF_8.newDecoder()
                .onMalformedInput(CodingErrorAction.REPORT)
                .onUnmappableCharacter(CodingErrorAction.REPORT)
                .decode(in, out, true)
                .isError();
        if (malformed) {
            SourceText readable = of(name, out.flip().toString());
            throw new SqlSyntaxException(
                    readable.positionAt(readable.text.length()),
                    "The byte 0x%02X here is not UTF-8. Save the file as UTF-8 (it may be Latin-1 or Windows-1252)."
                            .formatted(utf8[in.position()]));
        }
    }

    /** The same file with some of its characters replaced. */
    SourceText with(String newText, Replacements newReplacements) {
        return new SourceText(name, newText, original, newReplacements, lines);
    }

    /** What stands in the text in the place of what in the file. */
    Replacements replacements() {
        return replacements;
    }

    /** {@return the file as messages name it, for example {@code classpath:db/migration/V1__x.sql}} */
    public String name() {
        return name;
    }

    /** {@return the characters, without a byte order mark} */
    public String text() {
        return text;
    }

    /**
     * {@return where the character stands in the file; one that came out of a placeholder stands where the placeholder
     * begins}
     *
     * @param offset into {@link #text()}, in Java chars; its length stands for the end of the file
     */
    public Position positionAt(int offset) {
        Objects.checkIndex(offset, text.length() + 1);
        return lines.positionAt(replacements.originalOffset(offset));
    }

    /**
     * {@return what stands in the file for a stretch of {@link #text()}: placeholders by their names, because their values
     * may be secret}
     */
    String originalOf(int start, int end) {
        return original.substring(replacements.originalOffset(start), replacements.originalEnd(end));
    }

    /** {@return the {@linkplain #name() name}} */
    @Override
    public String toString() {
        return name;
    }
}
