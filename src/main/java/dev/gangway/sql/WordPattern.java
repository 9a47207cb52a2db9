package dev.gangway.sql;

import dev.gangway.sql.TableLock.Kind;
import dev.gangway.sql.WordReader.QualifiedName;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The beginning of a statement, written nearly as PostgreSQL's documentation writes it, so that rules about statements can
 * stand in a table. Immutable and thread-safe. Its parts, with a space between any two:
 *
 * <ul>
 *   <li>{@code INDEX}, {@code TABLE|VIEW}: one word, or one of several;
 *   <li>{@code [IF EXISTS]}: may stand there or not; brackets do not nest;
 *   <li>{@code …}: anything, but no single parenthesis;
 *   <li>{@code (…)}: a list in parentheses, or nothing; {@code (FULL)}: a list of options in which this one is on;
 *   <li>{@code (tuning)}: a list of storage parameters that only tune, see {@link StorageParameters};
 *   <li>{@code <name>}: any name, which is passed over; {@code <end>}: the end of the statement;
 *   <li>{@code <volatile>}: further on a function is called that may be volatile, see {@link FunctionCalls};
 *   <li>{@code <table>}, {@code <index>}, {@code <column>}: the name of a relation, of an index whose table is meant, of a
 *       column whose relation is meant; {@code <tables>}, {@code <indexes>}: one or more of them.
 * </ul>
 */
final class WordPattern {

    /** A relation whose name a part of the pattern met. */
    record Found(QualifiedName name, Kind kind) {}

    /** One part. It passes what it stands for and tells so, or tells that something else comes; then it may stand anywhere. */
    @FunctionalInterface
    private interface Part {
        boolean pass(WordReader reader, List<Found> found);
    }

    /** What came of comparing. */
    private enum Outcome {
        FITS,
        FITS_NOT,
        /** What has to stand somewhere further on does not, and so it is in vain to begin further on. */
        NOWHERE
    }

    private static final Part ANYTHING = (reader, found) -> true;

    private final List<Part> parts;

    private WordPattern(List<Part> parts) {
        this.parts = List.copyOf(parts);
    }

    static WordPattern of(String pattern) {
        List<Part> parts = new ArrayList<>();
        List<String> words = List.of(pattern.split(" "));
        int i = 0;
        while (i < words.size()) {
            String word = words.get(i++);
            if (!word.startsWith("[")) {
                parts.add(part(word));
                continue;
            }
            int first = i - 1;
            while (!words.get(i - 1).endsWith("]")) {
                i++;
            }
            String inner = String.join(" ", words.subList(first, i));
            parts.add(optional(of(inner.substring(1, inner.length() - 1))));
        }
        return new WordPattern(parts);
    }

    /** {@return the relations that are named, and the reader stands behind the pattern; or null, and it stands where it did} */
    @Nullable
    List<Found> match(WordReader reader) {
        List<Found> found = new ArrayList<>();
        int start = reader.position();
        if (matchFrom(0, reader, found) == Outcome.FITS) {
            return found;
        }
        reader.goTo(start);
        return null;
    }

    private Outcome matchFrom(int index, WordReader reader, List<Found> found) {
        if (index == parts.size()) {
            return Outcome.FITS;
        }
        Part part = parts.get(index);
        if (part == ANYTHING) {
            return matchSomewhere(index + 1, reader, found);
        }
        return part.pass(reader, found) ? matchFrom(index + 1, reader, found) : Outcome.FITS_NOT;
    }

    private Outcome matchSomewhere(int index, WordReader reader, List<Found> found) {
        int known = found.size();
        while (true) {
            int here = reader.position();
            Outcome outcome = matchFrom(index, reader, found);
            if (outcome != Outcome.FITS_NOT) {
                return outcome;
            }
            found.subList(known, found.size()).clear();
            reader.goTo(here);
            if (reader.atEnd() || reader.peek().equals(")")) {
                return Outcome.NOWHERE;
            }
            if (reader.peek().equals("(")) {
                reader.skipParentheses();
            } else {
                reader.read();
            }
        }
    }

    private static Part part(String word) {
        return switch (word) {
            case "…" -> ANYTHING;
            case "(…)" ->
                (reader, found) -> {
                    reader.skipParentheses();
                    return true;
                };
            case "(tuning)" -> (reader, found) -> StorageParameters.onlyTune(reader);
            case "<end>" -> (reader, found) -> reader.atEnd();
            case "<name>" -> (reader, found) -> reader.readQualifiedName() != null;
            case "<volatile>" -> (reader, found) -> FunctionCalls.mayBeVolatile(reader);
            case "<table>" -> (reader, found) -> relation(reader, Kind.RELATION, found);
            case "<tables>" -> (reader, found) -> relations(reader, Kind.RELATION, found);
            case "<index>" -> (reader, found) -> relation(reader, Kind.TABLE_OF_INDEX, found);
            case "<indexes>" -> (reader, found) -> relations(reader, Kind.TABLE_OF_INDEX, found);
            case "<column>" -> (reader, found) -> add(reader.readRelationOfColumn(), Kind.RELATION, found);
            default ->
                word.length() > 1 && word.startsWith("(")
                        ? option(word.substring(1, word.length() - 1))
                        : oneOf(List.of(word.split("\\|")));
        };
    }

    private static Part oneOf(List<String> words) {
        return (reader, found) ->
                words.contains(reader.peek()) && !reader.read().isEmpty();
    }

    private static Part optional(WordPattern inner) {
        return (reader, found) -> {
            List<Found> more = inner.match(reader);
            found.addAll(more == null ? Collections.emptyList() : more);
            return true;
        };
    }

    private static Part option(String option) {
        return (reader, found) -> {
            if (!reader.peek().equals("(") || !NonTransactional.isOn(reader.all(), option)) {
                return false;
            }
            reader.skipParentheses();
            return true;
        };
    }

    private static boolean relations(WordReader reader, Kind kind, List<Found> found) {
        do {
            // In lists of publications; the schema's tables are not ours to know.
            if (reader.skip("TABLES", "IN", "SCHEMA")) {
                reader.readName();
                continue;
            }
            reader.skip("TABLE");
            if (!relation(reader, kind, found)) {
                return false;
            }
            reader.skipParentheses();
            if (reader.skip("WHERE")) {
                reader.skipParentheses();
            }
        } while (reader.skip(","));
        return true;
    }

    private static boolean relation(WordReader reader, Kind kind, List<Found> found) {
        reader.skip("ONLY");
        boolean added = add(reader.readQualifiedName(), kind, found);
        reader.skip("*");
        return added;
    }

    private static boolean add(@Nullable QualifiedName name, Kind kind, List<Found> found) {
        return name != null && found.add(new Found(name, kind));
    }
}
