package dev.gangway.internal;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Finds the providers of a service on the class path. {@link ServiceLoader} itself, whose first use costs a fresh JVM
 * milliseconds, is left alone as long as nobody declares one.
 */
public final class Services {
    private static final String FOLDER = "META-INF/services/";

    private Services() {}

    /**
     * {@return the providers, not yet made; empty when no class loader knows of one}
     *
     * <p>Asked are the given class loader, that of the driver and the system's, in this order, as for scripts on the class
     * path; the first that knows of a provider is the only one that counts.
     *
     * @param loader mostly the thread's own; null for none
     */
    public static <S> Iterable<S> find(Class<S> service, @Nullable ClassLoader loader) {
        String resource = FOLDER + service.getName();
        ClassLoader own = service.getClassLoader();
        // Mostly they are one and the same, and a name that none of its jars has makes it look into all of them.
        Set<@Nullable ClassLoader> loaders = new LinkedHashSet<>();
        loaders.add(loader);
        loaders.add(own);
        loaders.add(ClassLoader.getSystemClassLoader());
        for (ClassLoader each : loaders) {
            if (each != null && each.getResource(resource) != null) {
                return ServiceLoader.load(service, each);
            }
        }
        return List.of();
    }

    /**
     * {@return the same providers, made; those that cannot be are left out}
     *
     * @param leftOut hears why, once for each
     */
    public static <S> List<S> load(
            Class<S> service, @Nullable ClassLoader loader, Consumer<ServiceConfigurationError> leftOut) {
        List<S> loaded = new ArrayList<>();
        Iterator<S> found = find(service, loader).iterator();
        while (true) {
            try {
                if (!found.hasNext()) {
                    return loaded;
                }
                loaded.add(found.next());
            } catch (ServiceConfigurationError e) {
                leftOut.accept(e);
            }
        }
    }
}
