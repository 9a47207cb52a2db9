package dev.gangway.backup;

import dev.gangway.GangwayException;
import dev.gangway.GangwayException.Code;
import dev.gangway.pgjdbc.Target;
import java.io.File;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Finds PostgreSQL's client programs. Of several versions the lowest that is new enough is taken: pg_dump refuses a
 * server that is newer than itself, and a newer program writes for newer servers than the one at hand.
 *
 * @param folders where to look, in this order
 */
record ClientTools(Set<Path> folders) {

    /** Where packages put their programs, one folder for each major version. */
    private static final Map<String, String> PACKAGED = Map.of(
            "/usr/lib/postgresql", "*",
            "/usr", "pgsql-*",
            "/opt/homebrew/opt", "{postgresql@*,libpq}",
            "/usr/local/opt", "{postgresql@*,libpq}");

    /** Debian's and others' builds say more behind it: {@code pg_dump (PostgreSQL) 15.4 (Debian 15.4-1)}. */
    private static final Pattern VERSION = Pattern.compile("\\([^)]+\\) (\\d+)\\S*");

    /** {@return the programs of this machine: on the PATH, beside pg_config, and where packages put them} */
    static ClientTools installed() throws SQLException {
        Set<Path> folders = new LinkedHashSet<>();
        String path = System.getenv("PATH");
        for (String folder : path == null ? new String[0] : path.split(File.pathSeparator)) {
            add(folders, folder);
        }
        String bindir = Child.firstLineOf(List.of("pg_config", "--bindir"));
        if (bindir != null) {
            add(folders, bindir);
        }
        PACKAGED.forEach((parent, versions) -> addPackaged(folders, Path.of(parent), versions));
        return new ClientTools(folders);
    }

    /**
     * {@return the program that fits}
     *
     * @param program   its name
     * @param companion the name of another program that has to be in the same folder; may be the same
     * @param atLeast   the lowest major version that will do
     * @param why       what asks for that version, for the message
     * @throws SQLException GW004 when there is none; says what was found, and what to install
     */
    ClientTool find(String program, String companion, int atLeast, String why, Target target) throws SQLException {
        List<ClientTool> found = new ArrayList<>();
        ClientTool best = null;
        for (Path folder : folders) {
            Path path = folder.resolve(program);
            if (!Files.isExecutable(path) || !Files.isExecutable(folder.resolve(companion))) {
                continue;
            }
            ClientTool tool = ask(path);
            if (tool != null) {
                found.add(tool);
                if (tool.major() >= atLeast && (best == null || tool.major() < best.major())) {
                    best = tool;
                }
            }
        }
        if (best == null) {
            throw missing(program, companion, atLeast, why, target, found);
        }
        return best;
    }

    private static @Nullable ClientTool ask(Path path) throws SQLException {
        String version = Child.firstLineOf(List.of(path.toString(), "--version"));
        if (version == null) {
            return null;
        }
        Matcher matcher = VERSION.matcher(version);
        return matcher.find() ? new ClientTool(path, Integer.parseInt(matcher.group(1)), version) : null;
    }

    /** GW004 and not GW007: it is this machine that lacks something, and only since the setting asks for it. */
    private SQLException missing(
            String program, String companion, int atLeast, String why, Target target, List<ClientTool> found) {
        StringBuilder text = new StringBuilder("%s: no %s of version %d or newer on this machine"
                .formatted(target, program.equals(companion) ? program : program + " with " + companion, atLeast));
        text.append("\n  needed:   ").append(why);
        text.append("\n  found:    ");
        if (found.isEmpty()) {
            text.append("none; searched ").append(String.join(", ", names()));
        } else {
            text.append(String.join(
                    "\n            ", found.stream().map(ClientTool::toString).toList()));
        }
        text.append("\n  database: unchanged");
        text.append("\n  next:     ").append(install(atLeast)).append(", or leave gangway.backup out");
        return new GangwayException.Permanent(Code.SETTING_WRONG, text.toString());
    }

    private List<String> names() {
        return folders.stream().map(Path::toString).toList();
    }

    private static String install(int major) {
        boolean mac = System.getProperty("os.name", "").toLowerCase(Locale.ROOT).contains("mac");
        return mac
                ? "brew install postgresql@" + major
                : ("apt-get install postgresql-client-%d (Debian, Ubuntu; where the distribution has only older ones, from"
                                + " apt.postgresql.org) or dnf install postgresql%d (Red Hat, from yum.postgresql.org)")
                        .formatted(major, major);
    }

    private static void addPackaged(Set<Path> folders, Path parent, String versions) {
        if (Files.isDirectory(parent)) {
            try (DirectoryStream<Path> homes = Files.newDirectoryStream(parent, versions)) {
                homes.forEach(home -> folders.add(home.resolve("bin")));
            } catch (IOException e) {
                // A folder that may not be read holds no program for us.
            }
        }
    }

    private static void add(Set<Path> folders, String folder) {
        try {
            if (!folder.isBlank()) {
                folders.add(Path.of(folder).toAbsolutePath());
            }
        } catch (InvalidPathException e) {
            // Nor does one that cannot exist.
        }
    }
}
