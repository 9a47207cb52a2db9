package dev.gangway.gate;

import dev.gangway.pgvector.VectorExtension;
import java.util.Collections;
import java.util.Set;
import java.util.WeakHashMap;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The proof that a target was found ready; as long as a gate has it, connections pass without a question.
 *
 * @param fingerprint of the files for which that holds
 * @param vector      pgvector as it was found; null when the database does not have it
 * @param loaders     the class loaders that are known to see those same files, weakly held. A framework that restarts an
 *     application inside the process gives it a new class loader, perhaps with new files
 * @param hosts       of the URL on which that was seen. A standby that has taken over may lack what was applied last
 */
record Passage(String fingerprint, @Nullable VectorExtension vector, Set<ClassLoader> loaders, Set<String> hosts) {

    static Passage of(String fingerprint, @Nullable VectorExtension vector, @Nullable ClassLoader loader, String host) {
        Set<ClassLoader> loaders = Collections.synchronizedSet(Collections.newSetFromMap(new WeakHashMap<>()));
        if (loader != null) {
            loaders.add(loader);
        }
        Set<String> hosts = ConcurrentHashMap.newKeySet();
        hosts.add(host);
        return new Passage(fingerprint, vector, loaders, hosts);
    }

    /** {@return this one, which holds for the hosts of the earlier one as well, if that is for the same files} */
    Passage and(@Nullable Passage earlier) {
        if (earlier != null && earlier.fingerprint.equals(fingerprint)) {
            hosts.addAll(earlier.hosts);
        }
        return this;
    }

    boolean isAt(String host) {
        return hosts.contains(host);
    }

    void isAlsoAt(String host) {
        hosts.add(host);
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
