package dev.gangway.sql;

import dev.gangway.sql.VectorIndexBuild.IndexKey;
import dev.gangway.sql.VectorIndexBuild.Method;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads {@code CREATE INDEX} and {@code REINDEX}; what is misspelt is left for the server to refuse. */
final class VectorIndexReader {
    /** Those of whose values the number of dimensions tells the size. */
    private static final Set<String> SIZED_TYPES = Set.of("vector", "halfvec", "bit");

    private static final int MOST_DIGITS = 9;

    /** More than people put around an expression. */
    private static final int MOST_PARENTHESES = 20;

    private VectorIndexReader() {}

    static Optional<VectorIndexBuild> create(List<String> words) {
        WordReader reader = new WordReader(words);
        reader.skip("CREATE");
        reader.skip("UNIQUE");
        reader.skip("INDEX");
        reader.skip("CONCURRENTLY");
        reader.skip("IF", "NOT", "EXISTS");
        if (!reader.peek().equals("ON")) {
            reader.readName();
        }
        if (!reader.skip("ON")) {
            return Optional.empty();
        }
        boolean only = reader.skip("ONLY");
        WordReader.QualifiedName table = reader.readQualifiedName();
        reader.skip("*");
        Method method = reader.skip("USING") ? method(reader.readName()) : null;
        if (table == null || method == null || !reader.peek().equals("(")) {
            return Optional.empty();
        }
        List<String> keys = reader.readParentheses();
        return Optional.of(new VectorIndexBuild.Create(
                method,
                table.schema(),
                table.name(),
                only,
                key(keys),
                parameter(reader.copy(), "m"),
                parameter(reader.copy(), "lists")));
    }

    static Optional<VectorIndexBuild> rebuild(List<String> words) {
        WordReader reader = new WordReader(words);
        reader.skip("REINDEX");
        reader.skipParentheses();
        reader.skip("VERBOSE");
        ConcurrentIndex.Target target = ConcurrentIndex.target(reader.read());
        // The catalogs have no index of pgvector's.
        if (target == null || target == ConcurrentIndex.Target.SYSTEM) {
            return Optional.empty();
        }
        reader.skip("CONCURRENTLY");
        WordReader.QualifiedName name = reader.readQualifiedName();
        if (name == null) {
            return target == ConcurrentIndex.Target.DATABASE
                    ? Optional.of(new VectorIndexBuild.Rebuild(target, null, null))
                    : Optional.empty();
        }
        return Optional.of(new VectorIndexBuild.Rebuild(target, name.schema(), name.name()));
    }

    private static @Nullable Method method(@Nullable String name) {
        if (name != null) {
            for (Method method : Method.values()) {
                if (method.name().toLowerCase(Locale.ROOT).equals(name)) {
                    return method;
                }
            }
        }
        return null;
    }

    /** pgvector's indexes have one key. */
    private static IndexKey key(List<String> words) {
        WordReader reader = new WordReader(words);
        if (reader.peek().equals("(")) {
            return expression(reader.readParentheses());
        }
        String column = reader.readName();
        boolean called = reader.peek().equals("(") || reader.peek().equals(".");
        return column == null || called ? new IndexKey.Other() : new IndexKey.Column(column);
    }

    private static IndexKey expression(List<String> written) {
        List<String> words = written;
        for (int i = 0; i < MOST_PARENTHESES && words.size() > 2 && isParenthesized(words); i++) {
            words = words.subList(1, words.size() - 1);
        }
        WordReader reader = new WordReader(words);
        if (reader.peek().equals("(")) {
            reader.readParentheses();
        } else if (reader.skip("CAST") && reader.peek().equals("(")) {
            List<String> inner = reader.readParentheses();
            int as = lastOutsideParentheses(inner, "AS");
            if (reader.atEnd() && as >= 0) {
                return cast(inner.subList(as + 1, inner.size()));
            }
        } else if (words.size() == 1) {
            return key(words);
        }
        int colons = lastOutsideParentheses(words, "::");
        return colons < 0 ? new IndexKey.Other() : cast(words.subList(colons + 1, words.size()));
    }

    private static boolean isParenthesized(List<String> words) {
        WordReader reader = new WordReader(words);
        reader.skipParentheses();
        return reader.position() > 0 && reader.atEnd();
    }

    private static IndexKey cast(List<String> type) {
        WordReader reader = new WordReader(type);
        WordReader.QualifiedName name = reader.readQualifiedName();
        if (name == null || !SIZED_TYPES.contains(name.name()) || !reader.peek().equals("(")) {
            return new IndexKey.Other();
        }
        List<String> modifier = reader.readParentheses();
        Integer dimensions = modifier.size() == 1 ? number(modifier.get(0)) : null;
        return dimensions == null || !reader.atEnd()
                ? new IndexKey.Other()
                : new IndexKey.Cast(name.name(), dimensions);
    }

    private static int lastOutsideParentheses(List<String> words, String wanted) {
        int depth = 0;
        int found = -1;
        for (int i = 0; i < words.size(); i++) {
            String word = words.get(i);
            depth += word.equals("(") ? 1 : word.equals(")") ? -1 : 0;
            if (depth == 0 && word.equals(wanted)) {
                found = i;
            }
        }
        return found;
    }

    /** The value of a storage parameter, which stands behind the keys in {@code WITH (…)}. */
    private static @Nullable Integer parameter(WordReader reader, String name) {
        while (!reader.atEnd() && !reader.peek().equals("WHERE")) {
            if (!reader.skip("WITH")) {
                if (reader.peek().equals("(")) {
                    reader.skipParentheses();
                } else {
                    reader.read();
                }
                continue;
            }
            List<String> parameters = reader.readParentheses();
            for (int i = 0; i + 2 < parameters.size(); i++) {
                String word = new WordReader(parameters.subList(i, i + 1)).readName();
                if (name.equals(word) && parameters.get(i + 1).equals("=")) {
                    return number(parameters.get(i + 2));
                }
            }
        }
        return null;
    }

    private static @Nullable Integer number(String word) {
        String digits = word.startsWith("'") ? word.substring(1, word.length() - 1) : word;
        boolean isNumber = !digits.isEmpty() && digits.length() <= MOST_DIGITS;
        for (int i = 0; isNumber && i < digits.length(); i++) {
            isNumber = digits.charAt(i) >= '0' && digits.charAt(i) <= '9';
        }
        return isNumber ? Integer.valueOf(digits) : null;
    }
}
