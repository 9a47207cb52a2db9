package dev.gangway.sql;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * One statement of a script. Immutable and thread-safe. It holds offsets only: whatever it says is read from the script's
 * text at each call, so that a script of a million statements costs little more than its text.
 */
public final class SqlStatement {
    private static final int WORDS = 16;
    /** The longest of what is told apart by its beginning is CREATE INDEX CONCURRENTLY on a table with catalog and schema. */
    private static final int CLASSIFYING_WORDS = 32;

    private static final Set<String> CHANGES_ROWS = Set.of("INSERT", "UPDATE", "DELETE", "MERGE");

    private static final Set<String> ON = Set.of("ON", "TRUE", "YES", "1", "DEFAULT");

    private final SourceText source;
    private final int start;
    private final int end;
    private final int dataStart;
    private final int dataEnd;
    private final @Nullable String dataFile;

    /** @param dataStart the offset of the COPY data, or -1 if the statement has none */
    SqlStatement(SourceText source, int start, int end, int dataStart, int dataEnd) {
        this(source, start, end, dataStart, dataEnd, null);
    }

    private SqlStatement(SourceText source, int start, int end, int dataStart, int dataEnd, @Nullable String dataFile) {
        this.source = source;
        this.start = start;
        this.end = end;
        this.dataStart = dataStart;
        this.dataEnd = dataEnd;
        this.dataFile = dataFile;
    }

    /** {@return the whole text as {@code COPY … FROM STDIN} with its data in a file} */
    static SqlStatement copyFrom(SourceText text, String dataFile) {
        return new SqlStatement(text, 0, text.text().length(), -1, -1, dataFile);
    }

    /** {@return the statement from its first token to its last, without the {@code ;}, with the comments in between} */
    public String text() {
        return source.text().substring(start, end);
    }

    /** {@return the length of {@link #text()} in chars} */
    public int length() {
        return end - start;
    }

    /** {@return the script that it is a part of; of a {@link PsqlCopy} a text of its own, as the server gets to see it} */
    public SourceText source() {
        return source;
    }

    /** {@return the offset of its first char in the text of {@link #source()}} */
    public int offset() {
        return start;
    }

    /** {@return where it begins in the file} */
    public Position position() {
        return source.positionAt(start);
    }

    /**
     * {@return where a character of {@link #text()} stands in the file}
     *
     * @param character as PostgreSQL reports a position: 1 is the first, counted in characters (code points), not in Java
     *     chars. One beyond the statement stands for its end, and one below 1 for its beginning.
     */
    public Position positionOf(int character) {
        int before = Math.max(0, character - 1);
        int inStatement = source.text().codePointCount(start, end);
        int offset = before >= inStatement ? end : source.text().offsetByCodePoints(start, before);
        return source.positionAt(offset);
    }

    /**
     * {@return the lines of data that follow {@code COPY … FROM STDIN}, each ended by one LF, without the closing
     * <code>\.</code>; null for any other statement}
     */
    public @Nullable String copyData() {
        if (dataStart < 0) {
            return null;
        }
        String data = source.text().substring(dataStart, dataEnd).replace("\r\n", "\n");
        return data.isEmpty() || data.endsWith("\n") ? data : data + "\n";
    }

    /**
     * {@return the file beside the script, named relative to its folder, that holds the data of this {@code COPY … FROM
     * STDIN}, which stands in the script as <code>\copy … from 'file'</code>; null for any other statement}
     */
    public @Nullable String dataFile() {
        return dataFile;
    }

    /** {@return whether it has data, in the script or in a file, that must go through pgjdbc's CopyManager} */
    public boolean isCopyIn() {
        return dataStart >= 0 || dataFile != null;
    }

    /**
     * {@return the first tokens, at most 16: keywords and unquoted identifiers in upper case (ASCII only), all others as
     * they are written}
     */
    public List<String> words() {
        return words(WORDS);
    }

    List<String> words(int limit) {
        List<String> words = new ArrayList<>();
        whileToken(lexer -> {
            String word = source.text().substring(lexer.start(), lexer.end());
            words.add(lexer.kind() == Lexer.Kind.WORD ? Ascii.toUpper(word) : word);
            return words.size() < limit;
        });
        return List.copyOf(words);
    }

    /** Hands over the lexer at each token in turn; only for looking. */
    public void forEachToken(Consumer<Lexer> action) {
        whileToken(lexer -> {
            action.accept(lexer);
            return true;
        });
    }

    private void whileToken(Predicate<Lexer> action) {
        Lexer lexer = new Lexer(source, start, end, false);
        try {
            while (lexer.next()) {
                if (!action.test(lexer)) {
                    return;
                }
            }
        } catch (SqlSyntaxException e) {
            throw new IllegalStateException("These tokens were read once before: " + e, e);
        }
    }

    /** {@return why the server would refuse it inside of a transaction block, or nothing if it may run in one} */
    public Optional<String> nonTransactionalReason() {
        List<String> words = words(CLASSIFYING_WORDS);
        return NonTransactional.reason(NonTransactional.needsAllWords(words) ? words(Integer.MAX_VALUE) : words);
    }

    /**
     * {@return whether it begins or ends a transaction, which is not for a migration to do} Savepoints are within one and do
     * not count.
     */
    public boolean controlsTransaction() {
        List<String> words = words(4);
        WordReader reader = new WordReader(words);
        return switch (reader.read()) {
            case "BEGIN", "COMMIT", "END", "ABORT" -> true;
            case "START" -> reader.skip("TRANSACTION");
            // A prepared query may be called "transaction": PREPARE transaction AS …
            case "PREPARE" -> reader.skip("TRANSACTION") && reader.peek().indexOf('\'') >= 0;
            case "ROLLBACK" -> !words.subList(1, words.size()).contains("TO");
            default -> false;
        };
    }

    /**
     * {@return whether it sets {@code standard_conforming_strings} to anything but on, after which a backslash would mean
     * something else in each string that follows}
     */
    public boolean changesStringSyntax() {
        WordReader reader = new WordReader(words(6));
        if (!reader.skip("SET")) {
            return false;
        }
        if (!reader.skip("SESSION")) {
            reader.skip("LOCAL");
        }
        boolean sets =
                "standard_conforming_strings".equals(reader.readName()) && (reader.skip("=") || reader.skip("TO"));
        return sets && !ON.contains(Ascii.toUpper(reader.read().replace("'", "")));
    }

    /** {@return whether it is an INSERT, UPDATE, DELETE or MERGE, also behind WITH, so that the server counts its rows} */
    public boolean changesRows() {
        List<String> words = words(Integer.MAX_VALUE);
        if (!words.get(0).equals("WITH")) {
            return CHANGES_ROWS.contains(words.get(0));
        }
        int depth = 0;
        for (String word : words) {
            depth += word.equals("(") ? 1 : word.equals(")") ? -1 : 0;
            if (depth == 0 && (CHANGES_ROWS.contains(word) || word.equals("SELECT"))) {
                return !word.equals("SELECT");
            }
        }
        return false;
    }

    /** {@return what it does to an index concurrently, if it does; not for names written as {@code U&"…"}} */
    public Optional<ConcurrentIndex> concurrentIndex() {
        return ConcurrentIndex.of(words(CLASSIFYING_WORDS));
    }

    /** {@return which index of pgvector's it builds, or may build, if it does; not for names written as {@code U&"…"}} */
    public Optional<VectorIndexBuild> vectorIndexBuild() {
        // The storage parameters come last, so all words are needed; but only of these statements.
        return VectorIndexBuild.mayBegin(words(3)) ? VectorIndexBuild.of(words(Integer.MAX_VALUE)) : Optional.empty();
    }

    /** {@return which extension it creates or updates, if it does; not for names written as {@code U&"…"}} */
    public Optional<ExtensionUse> extensionUse() {
        return ExtensionUse.of(words(CLASSIFYING_WORDS));
    }

    /** {@return which tables it locks, as far as its text says; reads all of the statement} */
    public TableLocks tableLocks() {
        return TableLocks.of(words(Integer.MAX_VALUE));
    }

    /**
     * {@return the beginning of the statement for a log line: one line, at most 80 characters, placeholders by their names}
     */
    public String summary() {
        String line = source.originalOf(start, Math.min(end, start + 400)).replaceAll("\\s+", " ");
        return line.codePointCount(0, line.length()) <= 80
                ? line
                : line.substring(0, line.offsetByCodePoints(0, 79)) + "…";
    }

    /** {@return position and beginning} */
    @Override
    public String toString() {
        return position() + " " + summary();
    }
}
