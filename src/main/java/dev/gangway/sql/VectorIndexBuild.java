package dev.gangway.sql;

import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A statement that builds an index of pgvector's, or may build one, as far as its text tells: what the build needs to know
 * for its settings. Names are as the catalog holds them.
 *
 * <p>Builds that hide in a function, a {@code DO} block or an {@code ALTER TABLE} that rewrites the table are not found.
 */
public sealed interface VectorIndexBuild {

    /** What pgvector calls its index access methods. */
    enum Method {
        HNSW,
        IVFFLAT
    }

    /** What the index is over. */
    sealed interface IndexKey {
        /** A column; the catalog knows its type. */
        record Column(String name) implements IndexKey {}

        /** An expression that ends in a cast to {@code type(dimensions)}. */
        record Cast(String type, int dimensions) implements IndexKey {}

        /** Any other expression. */
        record Other() implements IndexKey {}
    }

    /**
     * {@code CREATE INDEX … USING hnsw} or {@code ivfflat}, concurrently or not.
     *
     * @param schema the table's, null if the search path finds it
     * @param only   whether partitions are left out
     * @param m      of HNSW; null if not written
     * @param lists  of IVFFlat; null if not written
     */
    record Create(
            Method method,
            @Nullable String schema,
            String table,
            boolean only,
            IndexKey key,
            @Nullable Integer m,
            @Nullable Integer lists)
            implements VectorIndexBuild {}

    /**
     * {@code REINDEX}, of which only the server knows whether there is such an index among what it builds.
     *
     * @param schema of an index or table, null if the search path finds it
     * @param name   of what is named; null for the whole database
     */
    record Rebuild(
            ConcurrentIndex.Target target,
            @Nullable String schema,
            @Nullable String name) implements VectorIndexBuild {}

    /** {@return whether a statement that begins with these words may be one} */
    static boolean mayBegin(List<String> words) {
        WordReader reader = new WordReader(words);
        if (reader.skip("CREATE")) {
            reader.skip("UNIQUE");
            return reader.skip("INDEX");
        }
        return reader.skip("REINDEX");
    }

    /** {@return what the {@linkplain SqlStatement#words() words} of a statement, all of them, say} */
    static Optional<VectorIndexBuild> of(List<String> words) {
        if (!mayBegin(words)) {
            return Optional.empty();
        }
        return words.get(0).equals("CREATE") ? VectorIndexReader.create(words) : VectorIndexReader.rebuild(words);
    }
}
