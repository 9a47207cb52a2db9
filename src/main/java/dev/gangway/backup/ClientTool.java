package dev.gangway.backup;

import java.nio.file.Path;

/**
 * One of PostgreSQL's client programs as it is installed.
 *
 * @param path    the program
 * @param major   PostgreSQL's major version that it belongs to
 * @param version what it says of itself: {@code pg_dump (PostgreSQL) 15.4}
 */
record ClientTool(Path path, int major, String version) {

    /** {@return the program of that name which was installed together with this one} */
    Path sibling(String name) {
        return path.resolveSibling(name);
    }

    @Override
    public String toString() {
        return path + " (" + version + ")";
    }
}
