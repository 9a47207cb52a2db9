package dev.gangway.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/** Classes that are declared as providers of services, as an application's jar declares them, for the time of a test. */
public final class Providers implements AutoCloseable {
    private final Path folder;
    private final URLClassLoader loader;
    private final ClassLoader before;

    private Providers(Path folder, URLClassLoader loader) {
        this.folder = folder;
        this.loader = loader;
        this.before = Thread.currentThread().getContextClassLoader();
    }

    /** Makes a class loader the context class loader of this thread, in which these classes are declared. */
    public static Providers in(Path folder, Class<?> service, Class<?>... classes) {
        return in(folder, service, Arrays.stream(classes).map(Class::getName).toList());
    }

    /** @param names of classes, which need not exist */
    public static Providers in(Path folder, Class<?> service, List<String> names) {
        Providers providers = new Providers(folder, loader(folder));
        Thread.currentThread().setContextClassLoader(providers.loader);
        return providers.and(service, names);
    }

    /** {@return a class loader that sees, besides the tests, what lies in that folder} */
    public static URLClassLoader loader(Path folder) {
        try {
            return new URLClassLoader(
                    new URL[] {Files.createDirectories(folder).toUri().toURL()}, Providers.class.getClassLoader());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Declares providers of one more service, in place of earlier ones. */
    public Providers and(Class<?> service, List<String> names) {
        try {
            Path services = Files.createDirectories(folder.resolve("META-INF").resolve("services"));
            Files.write(services.resolve(service.getName()), names);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return this;
    }

    /** {@return the class loader in which they are declared} */
    public ClassLoader loader() {
        return loader;
    }

    @Override
    public void close() {
        Thread.currentThread().setContextClassLoader(before);
        try {
            loader.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
