package dev.gangway.sql;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads a statement's {@linkplain SqlStatement#words() words} from left to right. Not thread-safe. */
final class WordReader {
    /** What PostgreSQL keeps of a name, in bytes: NAMEDATALEN - 1. */
    private static final int NAME_BYTES = 63;

    private final List<String> words;
    private int next;

    WordReader(List<String> words) {
        this.words = words;
    }

    /** {@return a reader that goes on from here while this one stays} */
    WordReader copy() {
        return new WordReader(words.subList(Math.min(next, words.size()), words.size()));
    }

    /** {@return the word to come, or an empty string, which is no word, at the end} */
    String peek() {
        return next < words.size() ? words.get(next) : "";
    }

    /** {@return the word that many places behind the one to come, or before it if negative; else an empty string} */
    String peek(int ahead) {
        int index = next + ahead;
        return index >= 0 && index < words.size() ? words.get(index) : "";
    }

    boolean atEnd() {
        return next >= words.size();
    }

    /** {@return where the reader stands, to {@linkplain #goTo come back to}} */
    int position() {
        return next;
    }

    void goTo(int position) {
        next = position;
    }

    /** {@return all words, those that are passed too} */
    List<String> all() {
        return words;
    }

    /** {@return the word, which is passed; an empty string at the end} */
    String read() {
        String word = peek();
        next++;
        return word;
    }

    /** Passes these words if they come next, all of them or none. */
    boolean skip(String... expected) {
        if (next + expected.length > words.size()
                || !words.subList(next, next + expected.length).equals(List.of(expected))) {
            return false;
        }
        next += expected.length;
        return true;
    }

    /** Passes a list of options in parentheses if one comes next. */
    void skipParentheses() {
        readParentheses();
    }

    /** {@return what stands in the parentheses, which are passed; nothing if none come next} */
    List<String> readParentheses() {
        if (!peek().equals("(")) {
            return List.of();
        }
        int first = next + 1;
        int depth = 0;
        do {
            String word = read();
            depth += word.equals("(") ? 1 : word.equals(")") ? -1 : 0;
        } while (depth > 0 && !atEnd());
        return words.subList(first, depth == 0 ? next - 1 : next);
    }

    /** {@return the name as the catalog holds it, or null, and nothing passed, if none comes next} */
    @Nullable
    String readName() {
        String name = nameOf(peek());
        if (name != null) {
            next++;
        }
        return name;
    }

    /** {@return the name, or what a plain string in quotes holds, or null, and nothing passed, if neither comes next} */
    @Nullable
    String readNameOrString() {
        String word = peek();
        if (word.startsWith("'")) {
            next++;
            return word.substring(1, word.length() - 1).replace("''", "'");
        }
        return readName();
    }

    /** {@return the name with what stands in front of its last dot, or null if none comes next} */
    @Nullable
    QualifiedName readQualifiedName() {
        String schema = null;
        String name = readName();
        while (name != null && skip(".")) {
            schema = name;
            name = readName();
        }
        return name == null ? null : new QualifiedName(schema, name);
    }

    /** {@return the relation that a column's name with dots in front of its last part stands for, or null} */
    @Nullable
    QualifiedName readRelationOfColumn() {
        String schema = null;
        String relation = null;
        String name = readName();
        while (name != null && skip(".")) {
            schema = relation;
            relation = name;
            name = readName();
        }
        return name == null || relation == null ? null : new QualifiedName(schema, relation);
    }

    /** A name, and the schema if one is written. */
    record QualifiedName(@Nullable String schema, String name) {}

    private static @Nullable String nameOf(String word) {
        if (word.isEmpty()) {
            return null;
        }
        char first = word.charAt(0);
        if (first == '"') {
            return truncate(word.substring(1, word.length() - 1).replace("\"\"", "\""));
        }
        boolean startsName = first >= 128 || first == '_' || (first >= 'A' && first <= 'Z');
        // Literals with a prefix begin like names; U&"…" is left to the server, nothing here decodes its escapes.
        return startsName && word.indexOf('\'') < 0 && word.indexOf('"') < 0 ? truncate(Ascii.toLower(word)) : null;
    }

    private static String truncate(String name) {
        if (name.length() * 3 <= NAME_BYTES || name.getBytes(UTF_8).length <= NAME_BYTES) {
            return name;
        }
        int bytes = 0;
        int i = 0;
        while (i < name.length()) {
            int codePoint = name.codePointAt(i);
            bytes += codePoint < 0x80 ? 1 : codePoint < 0x800 ? 2 : codePoint < 0x10000 ? 3 : 4;
            if (bytes > NAME_BYTES) {
                break;
            }
            i += Character.charCount(codePoint);
        }
        return name.substring(0, i);
    }
}
