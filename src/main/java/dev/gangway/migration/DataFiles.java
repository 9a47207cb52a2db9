package dev.gangway.migration;

import dev.gangway.internal.Spelling;
import dev.gangway.sql.FileMention;
import dev.gangway.sql.FileMentions;
import dev.gangway.sql.SourceText;
import dev.gangway.sql.SqlSyntaxException;
import dev.gangway.sql.TextLiteral;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** The files beside a migration, and what those held that its script mentions. Immutable and thread-safe. */
public final class DataFiles {
    /** No files at all. */
    public static final DataFiles NONE = new DataFiles(Attachments.NONE, new TreeMap<>());

    /** What becomes a literal is held in memory several times over, here and on the server. */
    private static final int LONGEST_LITERAL = 64 << 20;

    private static final int BUFFER = 64 << 10;

    private final Attachments attachments;
    private final SortedMap<String, String> digests;

    private DataFiles(Attachments attachments, SortedMap<String, String> digests) {
        this.attachments = attachments;
        this.digests = Collections.unmodifiableSortedMap(digests);
    }

    /**
     * {@return the files beside a script, after those that it mentions were read once from end to end}
     *
     * @param script as in the file
     * @param placeholders whether its placeholders will be replaced
     * @throws SqlSyntaxException if it mentions one that does not exist or cannot be read, and as {@link FileMentions#in}
     */
    public static DataFiles of(SourceText script, boolean placeholders, Attachments attachments)
            throws SqlSyntaxException {
        DataFiles files = new DataFiles(attachments, new TreeMap<>());
        List<FileMention> mentions = FileMentions.in(script, placeholders);
        if (mentions.isEmpty()) {
            return files;
        }
        SortedMap<String, String> digests = new TreeMap<>();
        for (FileMention mention : mentions) {
            if (!digests.containsKey(mention.name())) {
                digests.put(mention.name(), files.digest(mention));
            }
        }
        return new DataFiles(attachments, digests);
    }

    /** {@return the SHA-256, in hexadecimal, of each file that the script mentions, by its name; unmodifiable} */
    public SortedMap<String, String> digests() {
        return digests;
    }

    /** Opens a file, as {@link Attachments#open}. */
    public Attachment open(String name) throws IOException {
        return attachments.open(name);
    }

    /** {@return the file as messages name it} */
    public String place(String name) {
        return attachments.place(name);
    }

    /** Fails if the file does not exist or cannot be opened. */
    public void require(FileMention mention) throws SqlSyntaxException {
        try (Attachment file = attachments.open(mention.name())) {
            file.content();
        } catch (IOException e) {
            throw unreadable(mention, e);
        }
    }

    /**
     * {@return the file's text as an SQL literal}
     *
     * @throws SqlSyntaxException if it does not exist, cannot be read, is too long, or is no text for PostgreSQL; in the
     *     last case the position is that in the file
     */
    public String literal(FileMention mention) throws SqlSyntaxException {
        byte[] content;
        try (Attachment file = attachments.open(mention.name())) {
            content = file.content().readNBytes(LONGEST_LITERAL + 1);
        } catch (IOException e) {
            throw unreadable(mention, e);
        }
        String place = place(mention.name());
        if (content.length > LONGEST_LITERAL) {
            throw new SqlSyntaxException(
                    mention.position(),
                    ("The file %s is longer than 64 MB, which is too much for one value in a statement. Load it as rows"
                                    + " with \\copy, which reads it piece by piece.")
                            .formatted(place));
        }
        if (hasChanged(mention.name(), TokenDigest.sha256().digest(content))) {
            throw new SqlSyntaxException(
                    mention.position(),
                    "The file %s was changed while the migrations were read. Connect again.".formatted(place));
        }
        return TextLiteral.of(SourceText.decode(place, content).text());
    }

    /** {@return a new SHA-256, to put a file's content into} */
    public static MessageDigest newDigest() {
        return TokenDigest.sha256();
    }

    /**
     * {@return whether the file is another one than that of the checksum; false for a file that does not count in it}
     *
     * @param sha256 of the content that was read now, from {@link #newDigest()}
     */
    public boolean hasChanged(String name, byte[] sha256) {
        String digest = digests.get(name);
        return digest != null && !digest.equals(HexFormat.of().formatHex(sha256));
    }

    private String digest(FileMention mention) throws SqlSyntaxException {
        MessageDigest sha256 = TokenDigest.sha256();
        byte[] buffer = new byte[BUFFER];
        try (Attachment file = attachments.open(mention.name())) {
            for (int read = file.content().read(buffer);
                    read >= 0;
                    read = file.content().read(buffer)) {
                sha256.update(buffer, 0, read);
            }
        } catch (IOException e) {
            throw unreadable(mention, e);
        }
        return HexFormat.of().formatHex(sha256.digest());
    }

    private SqlSyntaxException unreadable(FileMention mention, IOException cause) {
        String place = place(mention.name());
        boolean missing = cause instanceof NoSuchFileException || cause instanceof FileNotFoundException;
        String problem = missing
                ? "The file \"%s\" is missing: there is no %s.%s Data files lie in the folder of their migration, or in one below."
                        .formatted(mention.name(), place, nearest(mention.name()))
                : "The file %s cannot be read: %s.".formatted(place, describe(cause));
        SqlSyntaxException unreadable = new SqlSyntaxException(mention.position(), problem);
        unreadable.initCause(cause);
        return unreadable;
    }

    private String nearest(String name) {
        List<String> known = new ArrayList<>();
        try {
            known.addAll(attachments.neighbours(name));
        } catch (IOException e) {
            // There is no such folder, or nobody may list it; then there is no hint.
            return "";
        }
        Optional<String> nearest = Spelling.nearest(name, known);
        return nearest.isPresent() ? " There is \"%s\"; is that the one?".formatted(nearest.get()) : "";
    }

    private static String describe(IOException cause) {
        String message = cause.getMessage();
        // Our own says it in words; the JDK's say little without their class.
        return message != null && cause.getClass() == IOException.class ? message : cause.toString();
    }
}
