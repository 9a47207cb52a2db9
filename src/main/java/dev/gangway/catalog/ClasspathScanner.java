package dev.gangway.catalog;

import dev.gangway.GangwayException;
import dev.gangway.GangwayException.Code;
import java.io.File;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.net.URISyntaxException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.jar.JarFile;
import java.util.zip.ZipException;
import org.jspecify.annotations.Nullable;

/**
 * Reads the SQL files of a folder on the class path. All class path entries that have the folder are merged.
 *
 * <p>A jar without entries for its directories (some packaging tools leave them out) cannot be found by its folder. Such
 * jars are searched one by one, but only when no class path entry shows the folder, since it means to read them all.
 */
final class ClasspathScanner {

    private final Location location;
    private final String folder;

    ClasspathScanner(Location location, String folder) {
        this.location = location;
        this.folder = folder;
    }

    /** {@return the loaders to ask, in this order: the thread's, our own, the system's} */
    static Set<ClassLoader> loaders(@Nullable ClassLoader contextLoader) {
        Set<ClassLoader> loaders = new LinkedHashSet<>();
        if (contextLoader != null) {
            loaders.add(contextLoader);
        }
        loaders.add(ownLoader());
        loaders.add(ClassLoader.getSystemClassLoader());
        return loaders;
    }

    /** Never null: what the boot class path loads has no loader of its own. */
    static ClassLoader ownLoader() {
        ClassLoader own = ClasspathScanner.class.getClassLoader();
        return own == null ? ClassLoader.getSystemClassLoader() : own;
    }

    /**
     * {@return the files, or empty where the folder does not exist}
     *
     * @param loaders the first that knows the folder is the only one that counts
     */
    Optional<List<ScriptFile>> scan(Set<ClassLoader> loaders) throws SQLException {
        try {
            for (ClassLoader loader : loaders) {
                Collection<URL> urls = urls(loader);
                if (!urls.isEmpty()) {
                    return Optional.of(readAll(urls));
                }
            }
            return searchJars(loaders);
        } catch (IOException unreadable) {
            throw new GangwayException.Permanent(
                    Code.SETTING_WRONG,
                    "The location %s cannot be read: %s. Check the class path entry that holds it."
                            .formatted(location, unreadable),
                    unreadable);
        }
    }

    /** Keyed by text, since URL.equals asks the name server. */
    private Collection<URL> urls(ClassLoader loader) throws IOException {
        Map<String, URL> urls = new LinkedHashMap<>();
        for (URL url : Collections.list(loader.getResources(folder))) {
            urls.putIfAbsent(url.toExternalForm(), url);
        }
        return urls.values();
    }

    private List<ScriptFile> readAll(Collection<URL> urls) throws IOException, SQLException {
        List<ScriptFile> found = new ArrayList<>();
        for (URL url : urls) {
            if (url.getProtocol().equals("file")) {
                found.addAll(FolderScanner.scan(location, path(url)));
            } else if (JarScanner.understands(url)) {
                found.addAll(JarScanner.scan(location, url, folder).orElse(List.of()));
            } else {
                throw JarScanner.unknownProtocol(location, url);
            }
        }
        return found;
    }

    private Optional<List<ScriptFile>> searchJars(Set<ClassLoader> loaders) throws IOException, SQLException {
        List<ScriptFile> found = new ArrayList<>();
        boolean exists = false;
        for (URL jar : jars(loaders)) {
            Optional<List<ScriptFile>> files = searchJar(jar);
            exists |= files.isPresent();
            found.addAll(files.orElse(List.of()));
        }
        return exists ? Optional.of(found) : Optional.empty();
    }

    /**
     * No class loader lists its jars in general, so they are gathered in three ways; the manifests also find what a thin
     * jar's {@code Class-Path} adds. Keyed by the jar, so that each is read once.
     */
    private static Collection<URL> jars(Set<ClassLoader> loaders) throws IOException {
        Map<String, URL> jars = new LinkedHashMap<>();
        for (ClassLoader loader : loaders) {
            for (ClassLoader each = loader; each != null; each = each.getParent()) {
                if (each instanceof URLClassLoader urls) {
                    for (URL url : urls.getURLs()) {
                        jars.putIfAbsent(url.toExternalForm(), url);
                    }
                }
            }
            for (URL manifest : Collections.list(loader.getResources(JarFile.MANIFEST_NAME))) {
                String text = manifest.toExternalForm();
                if (JarScanner.understands(manifest)) {
                    String jar = text.substring(0, text.lastIndexOf("!/"));
                    jars.putIfAbsent(
                            jar.startsWith("jar:file:") ? jar.substring("jar:".length()) : jar + "!/", manifest);
                }
            }
        }
        for (String entry : System.getProperty("java.class.path", "").split(File.pathSeparator)) {
            URL url = new File(entry).toURI().toURL();
            jars.putIfAbsent(url.toExternalForm(), url);
        }
        return jars.values();
    }

    private Optional<List<ScriptFile>> searchJar(URL url) throws IOException, SQLException {
        try {
            if (JarScanner.understands(url)) {
                return JarScanner.scan(location, url, folder);
            }
            File file = url.getProtocol().equals("file") ? path(url).toFile() : null;
            return file != null && file.isFile() ? JarScanner.scan(location, file, folder) : Optional.empty();
        } catch (ZipException | FileNotFoundException | NoSuchFileException noJar) {
            // The JVM, too, passes over class path entries that do not exist or are no jars.
            return Optional.empty();
        }
    }

    private static Path path(URL url) {
        try {
            return Path.of(url.toURI());
        } catch (URISyntaxException | IllegalArgumentException unescaped) {
            // Some class loaders do not escape a space.
            return Path.of(url.getPath());
        }
    }
}
