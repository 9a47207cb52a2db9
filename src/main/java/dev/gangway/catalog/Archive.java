package dev.gangway.catalog;

import dev.gangway.migration.Attachment;
import java.io.File;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.JarURLConnection;
import java.net.URL;
import java.net.URLConnection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Enumeration;
import java.util.List;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.jspecify.annotations.Nullable;

/**
 * A jar, or a jar within another. It is opened anew for each use and never kept open: what is kept open is the old one after a
 * redeploy. Immutable and thread-safe.
 */
sealed interface Archive {

    /** Sees the entries one after the other. */
    interface Visitor {
        /** {@return whether the content is wanted too} */
        boolean visit(ZipEntry entry) throws SQLException;

        /** Takes the content of the entry just visited. */
        void content(ZipEntry entry, byte[] content) throws SQLException;
    }

    /** Shows all entries in their order. */
    void forEach(Visitor visitor) throws IOException, SQLException;

    /** {@return the file of exactly that name, or null if there is none} */
    @Nullable
    Attachment open(String name) throws IOException;

    /** {@return the names of all files} */
    List<String> names() throws IOException;

    /** A jar that {@link JarFile} can open. */
    sealed interface Whole extends Archive {

        /** {@return the jar, for the caller to close} */
        JarFile open() throws IOException;

        @Override
        default void forEach(Visitor visitor) throws IOException, SQLException {
            try (JarFile jar = open()) {
                for (Enumeration<JarEntry> entries = jar.entries(); entries.hasMoreElements(); ) {
                    JarEntry entry = entries.nextElement();
                    if (visitor.visit(entry)) {
                        try (InputStream content = jar.getInputStream(entry)) {
                            visitor.content(entry, content.readAllBytes());
                        }
                    }
                }
            }
        }

        @Override
        default @Nullable Attachment open(String name) throws IOException {
            JarFile jar = open();
            Attachment found = null;
            try {
                ZipEntry entry = jar.getEntry(name);
                // JarFile takes "a" for the folder "a/" as well.
                if (entry != null && !entry.isDirectory()) {
                    found = new Attachment(new ClosingBoth(jar.getInputStream(entry), jar), entry.getSize());
                }
                return found;
            } finally {
                if (found == null) {
                    jar.close();
                }
            }
        }

        @Override
        default List<String> names() throws IOException {
            List<String> names = new ArrayList<>();
            try (JarFile jar = open()) {
                for (Enumeration<JarEntry> entries = jar.entries(); entries.hasMoreElements(); ) {
                    JarEntry entry = entries.nextElement();
                    if (!entry.isDirectory()) {
                        names.add(entry.getName());
                    }
                }
            }
            return names;
        }
    }

    /** A jar in the file system. */
    record OfFile(File file) implements Whole {
        @Override
        public JarFile open() throws IOException {
            return new JarFile(file);
        }
    }

    /**
     * A jar that the handler of its URL opens.
     *
     * @param context any URL with that handler
     * @param root the jar's root, {@code jar:file:/a.jar!/}
     */
    record OfUrl(URL context, String root) implements Whole {
        /** {@return the connection, or null where the handler knows nothing of jars} */
        @Nullable
        JarURLConnection connect() throws IOException {
            // With the URL as context its handler is kept. A cached jar would stay open.
            URLConnection connection = new URL(context, root).openConnection();
            connection.setUseCaches(false);
            return connection instanceof JarURLConnection jar ? jar : null;
        }

        @Override
        public JarFile open() throws IOException {
            JarURLConnection connection = connect();
            if (connection == null) {
                throw new IOException("not a jar: " + root);
            }
            return connection.getJarFile();
        }
    }

    /**
     * A jar that is an entry of another, read from its beginning each time.
     *
     * @param inner the entry
     */
    record Nested(File outer, String inner) implements Archive {

        @Override
        public void forEach(Visitor visitor) throws IOException, SQLException {
            try (JarFile jar = new JarFile(outer);
                    ZipInputStream zip = zip(jar)) {
                for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
                    if (visitor.visit(entry)) {
                        visitor.content(entry, zip.readAllBytes());
                    }
                }
            }
        }

        @Override
        public @Nullable Attachment open(String name) throws IOException {
            JarFile jar = new JarFile(outer);
            Attachment found = null;
            try {
                ZipInputStream zip = zip(jar);
                for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
                    if (entry.getName().equals(name) && !entry.isDirectory()) {
                        found = new Attachment(new ClosingBoth(zip, jar), entry.getSize());
                        break;
                    }
                }
                return found;
            } finally {
                if (found == null) {
                    jar.close();
                }
            }
        }

        @Override
        public List<String> names() throws IOException {
            List<String> names = new ArrayList<>();
            try (JarFile jar = new JarFile(outer);
                    ZipInputStream zip = zip(jar)) {
                for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
                    if (!entry.isDirectory()) {
                        names.add(entry.getName());
                    }
                }
            }
            return names;
        }

        private ZipInputStream zip(JarFile jar) throws IOException {
            ZipEntry entry = jar.getEntry(inner);
            if (entry == null) {
                throw new IOException("there is no longer a " + inner + " in " + outer);
            }
            return new ZipInputStream(jar.getInputStream(entry));
        }
    }

    /** The content of an entry, which closes the jar as well. */
    final class ClosingBoth extends FilterInputStream {
        private final JarFile jar;

        ClosingBoth(InputStream content, JarFile jar) {
            super(content);
            this.jar = jar;
        }

        @Override
        public void close() throws IOException {
            try (jar) {
                super.close();
            }
        }
    }
}
