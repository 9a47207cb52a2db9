package dev.gangway.catalog;

import dev.gangway.GangwayException;
import dev.gangway.GangwayException.Code;
import dev.gangway.migration.Attachments;
import java.io.File;
import java.io.IOException;
import java.net.JarURLConnection;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URL;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.jar.JarFile;
import java.util.zip.ZipEntry;

/**
 * Reads the SQL files in a folder of a jar, also of a jar within a jar as Spring Boot packs them.
 *
 * <p>A jar that lies in another is opened by the handler that its URL came with: Spring Boot's loader, Tomcat and others
 * bring one. A URL that has lost it, because the handler is not registered for the whole JVM, is taken apart by hand.
 */
final class JarScanner implements Archive.Visitor {

    private static final String SEPARATOR = "!/";

    private final Location location;
    private final Archive archive;
    /** The location's folder in the jar; ends with '/'. */
    private final String root;

    private final String jarName;
    private final List<ScriptFile> found = new ArrayList<>();
    private boolean folderExists;

    private JarScanner(Location location, Archive archive, String root, String jarName) {
        this.location = location;
        this.archive = archive;
        this.root = root;
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
        String jarName = text.substring(0, text.lastIndexOf(SEPARATOR) + SEPARATOR.length());
        Archive.OfUrl archive = new Archive.OfUrl(url, jarName);
        JarURLConnection connection = archive.connect();
        if (connection == null) {
            throw unknownProtocol(location, url);
        }
        // The JDK's handler takes "a.jar!/lib/b.jar!/" for an entry of that name.
        return connection.getEntryName() == null
                ? new JarScanner(location, archive, folder + "/", jarName).scan()
                : scanNested(location, url, folder, jarName);
    }

    /** As {@link #scan(Location, URL, String)} for a jar in the file system. */
    static Optional<List<ScriptFile>> scan(Location location, File jar, String folder)
            throws IOException, SQLException {
        String jarName = "jar:" + jar.toURI() + SEPARATOR;
        return new JarScanner(location, new Archive.OfFile(jar), folder + "/", jarName).scan();
    }

    private static Optional<List<ScriptFile>> scanNested(Location location, URL url, String folder, String jarName)
            throws IOException, SQLException {
        String[] parts = jarName.split(SEPARATOR);
        if (parts.length != 2 || !parts[0].startsWith("jar:file:")) {
            throw unknownProtocol(location, url);
        }
        File outer = file(parts[0].substring("jar:".length()));
        String inner = parts[1];
        boolean innerIsJar;
        try (JarFile jar = new JarFile(outer)) {
            ZipEntry entry = jar.getEntry(inner);
            innerIsJar = entry != null && !entry.isDirectory();
        }
        JarScanner scanner = innerIsJar
                ? new JarScanner(location, new Archive.Nested(outer, inner), folder + "/", jarName)
                : new JarScanner(location, new Archive.OfFile(outer), inner + "/" + folder + "/", jarName);
        return scanner.scan();
    }

    static SQLException unknownProtocol(Location location, URL url) {
        return new GangwayException.Permanent(
                Code.SETTING_WRONG,
                ("The location %s was found at %s, but Gangway cannot list the folders of a \"%s:\" URL. Unpack the scripts"
                                + " and point gangway.locations to them with filesystem:/path.")
                        .formatted(location, url, url.getProtocol()));
    }

    private Optional<List<ScriptFile>> scan() throws IOException, SQLException {
        archive.forEach(this);
        return folderExists ? Optional.of(found) : Optional.empty();
    }

    @Override
    public boolean visit(ZipEntry entry) throws SQLException {
        String name = entry.getName();
        if (!name.startsWith(root)) {
            return false;
        }
        folderExists = true;
        String path = name.substring(root.length());
        if (path.startsWith("/") || Location.climbs(path)) {
            throw new GangwayException.Permanent(
                    Code.SETTING_WRONG,
                    "The entry \"%s\" of %s leads out of the location %s. Pack the jar again without it."
                            .formatted(name, jarName, location));
        }
        return !entry.isDirectory() && ScriptFile.isWanted(path);
    }

    @Override
    public void content(ZipEntry entry, byte[] content) throws SQLException {
        String path = entry.getName().substring(root.length());
        Attachments attachments = new JarAttachments(location, archive, root, ScriptFile.folder(path));
        found.add(ScriptFile.read(location, path, jarName + entry.getName(), content, attachments));
    }

    private static File file(String url) throws IOException {
        try {
            return new File(new URI(url));
        } catch (URISyntaxException | IllegalArgumentException malformed) {
            throw new IOException("not a file: " + url, malformed);
        }
    }
}
