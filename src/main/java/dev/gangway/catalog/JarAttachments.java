package dev.gangway.catalog;

import dev.gangway.migration.Attachment;
import dev.gangway.migration.Attachments;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.List;

/**
 * The files beside a script in a jar. An entry is found by its whole name only, so that none can be reached which lies outside
 * of the location's folder.
 *
 * @param root the location's folder in the jar, with '/' at its end
 * @param folder the script's folder relative to the location's, empty or with '/' at its end
 */
record JarAttachments(Location location, Archive archive, String root, String folder) implements Attachments {

    @Override
    public Attachment open(String name) throws IOException {
        Attachment found = archive.open(root + folder + name);
        if (found == null) {
            throw new NoSuchFileException(place(name));
        }
        return found;
    }

    @Override
    public String place(String name) {
        return ScriptFile.name(location, folder + name);
    }

    @Override
    public List<String> neighbours(String name) throws IOException {
        String below = ScriptFile.folder(name);
        String prefix = root + folder + below;
        List<String> names = new ArrayList<>();
        for (String entry : archive.names()) {
            if (entry.startsWith(prefix) && entry.indexOf('/', prefix.length()) < 0) {
                names.add(below + entry.substring(prefix.length()));
            }
        }
        return names;
    }
}
