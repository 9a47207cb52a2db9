package dev.gangway.sql;

import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A statement that builds or drops an index without locking out writers. When it fails half-way it leaves an invalid index
 * behind, which one must know the name of. Names are as the catalog holds them: folded to lower case unless quoted, cut to 63
 * bytes.
 */
public sealed interface ConcurrentIndex {

    /**
     * {@code CREATE [UNIQUE] INDEX CONCURRENTLY}. The index lies in its table's schema.
     *
     * @param name null if the server shall choose one
     * @param schema the table's, null if the search path finds it
     */
    record Create(@Nullable String name, @Nullable String schema, String table) implements ConcurrentIndex {}

    /**
     * {@code DROP INDEX CONCURRENTLY}.
     *
     * @param schema null if the search path finds it
     */
    record Drop(@Nullable String schema, String name) implements ConcurrentIndex {}

    /**
     * {@code REINDEX … CONCURRENTLY}.
     *
     * @param schema of an index or table, null if the search path finds it
     * @param name of what is named; null for a database or system without a name
     */
    record Reindex(
            Target target,
            @Nullable String schema,
            @Nullable String name) implements ConcurrentIndex {}

    /** What REINDEX builds again. */
    enum Target {
        INDEX,
        TABLE,
        SCHEMA,
        DATABASE,
        SYSTEM
    }

    /** {@return what the {@linkplain SqlStatement#words() words} of a statement say, if it is such a statement} */
    static Optional<ConcurrentIndex> of(List<String> words) {
        WordReader reader = new WordReader(words);
        ConcurrentIndex index =
                switch (reader.read()) {
                    case "CREATE" -> create(reader);
                    case "DROP" -> drop(reader);
                    case "REINDEX" -> NonTransactional.isConcurrentReindex(words) ? reindex(reader) : null;
                    default -> null;
                };
        return Optional.ofNullable(index);
    }

    private static @Nullable Create create(WordReader reader) {
        reader.skip("UNIQUE");
        if (!reader.skip("INDEX", "CONCURRENTLY")) {
            return null;
        }
        reader.skip("IF", "NOT", "EXISTS");
        // ON is reserved: an index cannot be called so without quotes.
        String name = reader.peek().equals("ON") ? null : reader.readName();
        if (!reader.skip("ON")) {
            return null;
        }
        reader.skip("ONLY");
        WordReader.QualifiedName table = reader.readQualifiedName();
        return table == null ? null : new Create(name, table.schema(), table.name());
    }

    private static @Nullable Drop drop(WordReader reader) {
        if (!reader.skip("INDEX", "CONCURRENTLY")) {
            return null;
        }
        reader.skip("IF", "EXISTS");
        WordReader.QualifiedName index = reader.readQualifiedName();
        return index == null ? null : new Drop(index.schema(), index.name());
    }

    private static @Nullable Reindex reindex(WordReader reader) {
        reader.skipParentheses();
        reader.skip("VERBOSE");
        Target target = target(reader.read());
        reader.skip("CONCURRENTLY");
        WordReader.QualifiedName name = reader.readQualifiedName();
        if (target == null) {
            return null;
        }
        return name == null ? new Reindex(target, null, null) : new Reindex(target, name.schema(), name.name());
    }

    /** {@return what REINDEX is told to build by this word; null if there is no such thing} */
    static @Nullable Target target(String word) {
        for (Target target : Target.values()) {
            if (target.name().equals(word)) {
                return target;
            }
        }
        return null;
    }
}
