package dev.gangway.gate;

import dev.gangway.pgvector.VectorExtension;
import java.util.Collections;
import java.util.Set;
import java.util.WeakHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The proof that a target was found ready; as long as a gate has it, connections pass without a question.
 *
 * @param fingerprint of the files for which that holds
 * @param vector      pgvector as it was found; null when the database does not have it
 * @param loaders     the class loaders that are known to see those same files, weakly held. A framework that restarts an
 *     application inside the process gives it a new class loader, perhaps with new files
 */
record Passage(String fingerprint, @Nullable VectorExtension vector, Set<ClassLoader> loaders) {

    static Passage of(String fingerprint, @Nullable VectorExtension vector, @Nullable ClassLoader loader) {
        Set<ClassLoader> loaders = Collections.synchronizedSet(Collections.newSetFromMap(new WeakHashMap<>()));
        if (loader != null) {
            loaders.add(loader);
        }
        return new Passage(fingerprint, vector, loaders);
    }

    boolean isFor(@Nullable ClassLoader loader) {
        return loader == null || loaders.contains(loader);
    }

    void isAlsoFor(@Nullable ClassLoader loader) {
        if (loader != null) {
            loaders.add(loader);
        }
    }
}
