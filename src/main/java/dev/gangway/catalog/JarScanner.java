package dev.gangway.catalog;

import dev.gangway.GangwayException;
import dev.gangway.GangwayException.Code;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.net.JarURLConnection;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URL;
import java.net.URLConnection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Enumeration;
import java.util.List;
import java.util.Optional;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;

/**
 * Reads the SQL files in a folder of a jar, also of a jar within a jar as Spring Boot packs them.
 *
 * <p>A jar that lies in another is opened by the handler that its URL came with: Spring Boot's loader, Tomcat and others
 * bring one. A URL that has lost it, because the handler is not registered for the whole JVM, is taken apart by hand.
 */
final class JarScanner {

    private static final String SEPARATOR = "!/";

    private final Location location;
    /** Ends with '/'. */
    private final String prefix;

    private final String jarName;
    private final List<ScriptFile> found = new ArrayList<>();
    private boolean folderExists;

    private JarScanner(Location location, String folder, String jarName) {
        this.location = location;
        this.prefix = folder + "/";
        this.jarName = jarName;
    }

    /** {@return whether the URL points into something that can be read as a jar} */
    static boolean understands(URL url) {
        return url.toExternalForm().contains(SEPARATOR);
    }

    /**
     * {@return the files, or empty where the jar has no such folder}
     *
     * @param url a resource in the jar, or the jar's root ({@code jar:file:/a.jar!/})
     * @param folder the folder's path from the jar's root, without '/' at its ends
     */
    static Optional<List<ScriptFile>> scan(Location location, URL url, String folder) throws IOException, SQLException {
        String text = url.toExternalForm();
        String root = text.substring(0, text.lastIndexOf(SEPARATOR) + SEPARATOR.length());
        JarScanner scanner = new JarScanner(location, folder, root);
        // With the URL as context its handler is kept. A cached jar would stay open, and be the old one after a
        // redeploy.
        URLConnection connection = new URL(url, root).openConnection();
        connection.setUseCaches(false);
        if (!(connection instanceof JarURLConnection jar)) {
            throw unknownProtocol(location, url);
        }
        if (jar.getEntryName() != null) {
            // The JDK's handler takes "a.jar!/lib/b.jar!/" for an entry of that name.
            scanner.readNested(url, root);
        } else {
            try (JarFile file = jar.getJarFile()) {
                scanner.read(file, scanner.prefix);
            }
        }
        return scanner.result();
    }

    /** As {@link #scan(Location, URL, String)} for a jar in the file system. */
    static Optional<List<ScriptFile>> scan(Location location, File jar, String folder)
            throws IOException, SQLException {
        JarScanner scanner = new JarScanner(location, folder, "jar:" + jar.toURI() + SEPARATOR);
        try (JarFile file = new JarFile(jar)) {
            scanner.read(file, scanner.prefix);
        }
        return scanner.result();
    }

    static SQLException unknownProtocol(Location location, URL url) {
        return new GangwayException.Permanent(
                Code.SETTING_WRONG,
                ("The location %s was found at %s, but Gangway cannot list the folders of a \"%s:\" URL. Unpack the scripts"
                                + " and point gangway.locations to them with filesystem:/path.")
                        .formatted(location, url, url.getProtocol()));
    }

    private Optional<List<ScriptFile>> result() {
        return folderExists ? Optional.of(found) : Optional.empty();
    }

    private void read(JarFile file, String from) throws IOException, SQLException {
        for (Enumeration<JarEntry> entries = file.entries(); entries.hasMoreElements(); ) {
            JarEntry entry = entries.nextElement();
            if (isWanted(entry, from)) {
                try (InputStream content = file.getInputStream(entry)) {
                    add(entry, from, content.readAllBytes());
                }
            }
        }
    }

    private void readNested(URL url, String root) throws IOException, SQLException {
        String[] parts = root.split(SEPARATOR);
        if (parts.length != 2 || !parts[0].startsWith("jar:file:")) {
            throw unknownProtocol(location, url);
        }
        String inner = parts[1];
        try (JarFile outer = new JarFile(file(parts[0].substring("jar:".length())))) {
            ZipEntry entry = outer.getEntry(inner);
            if (entry == null || entry.isDirectory()) {
                read(outer, inner + "/" + prefix);
                return;
            }
            try (InputStream content = outer.getInputStream(entry);
                    ZipInputStream zip = new ZipInputStream(content)) {
                readStream(zip);
            }
        }
    }

    private void readStream(ZipInputStream zip) throws IOException, SQLException {
        for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
            if (isWanted(entry, prefix)) {
                add(entry, prefix, zip.readAllBytes());
            }
        }
    }

    private boolean isWanted(ZipEntry entry, String from) throws SQLException {
        String name = entry.getName();
        if (!name.startsWith(from)) {
            return false;
        }
        folderExists = true;
        String path = name.substring(from.length());
        if (path.startsWith("/") || Location.climbs(path)) {
            throw new GangwayException.Permanent(
                    Code.SETTING_WRONG,
                    "The entry \"%s\" of %s leads out of the location %s. Pack the jar again without it."
                            .formatted(name, jarName, location));
        }
        return !entry.isDirectory() && ScriptFile.isWanted(path);
    }

    private void add(ZipEntry entry, String from, byte[] content) throws SQLException {
        String path = entry.getName().substring(from.length());
        found.add(ScriptFile.read(location, path, jarName + entry.getName(), content));
    }

    private static File file(String url) throws IOException {
        try {
            return new File(new URI(url));
        } catch (URISyntaxException | IllegalArgumentException malformed) {
            throw new IOException("not a file: " + url, malformed);
        }
    }
}
