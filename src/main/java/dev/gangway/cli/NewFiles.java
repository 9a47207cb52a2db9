package dev.gangway.cli;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * The files of a new migration. Writes over nothing, and where one of them exists already, writes none.
 *
 * @param folder      exists
 * @param description as in the file's name
 */
record NewFiles(
        Path folder, String description, boolean repeatable, boolean timestamp, boolean withUndo, boolean withVerify) {

    // With the '#' a directive is none.
    private static final String HEADER = """
            -- %s
            --
            -- Directives, to be used without the '#':
            -- # gangway: type=index
            -- # gangway: risk=high
            -- # gangway: requires=%s
            -- # gangway: transaction=off
            -- # gangway: lock-timeout=10s
            -- # gangway: breaking=true

            """;

    private static final String UNDO = """
            -- Takes back what %s does.

            """;

    private static final String VERIFY = """
            -- Rows of (category text, name text, passed boolean [, detail text]); one that is not true fails the migration.
            SELECT 'tables', 'the table exists', to_regclass('CHANGE_ME') IS NOT NULL;
            """;

    /** {@return the name's letters and digits, everything between them as one underscore; empty when there are none} */
    static String describe(String name) {
        StringBuilder description = new StringBuilder();
        for (int at = 0; at < name.length(); at++) {
            char c = name.charAt(at);
            if (Character.isLetterOrDigit(c)) {
                description.append(c);
            } else if (description.length() > 0 && description.charAt(description.length() - 1) != '_') {
                description.append('_');
            }
        }
        int length = description.length();
        return length > 0 && description.charAt(length - 1) == '_'
                ? description.substring(0, length - 1)
                : description.toString();
    }

    /** Writes them; {@return their paths} */
    List<Path> write(LocalDateTime now) throws IOException {
        String name = repeatable
                ? "R__" + description + ".sql"
                : NextVersion.after(fileNames()).fileName(description, now, timestamp);
        String stem = name.substring(0, name.length() - ".sql".length());
        Map<Path, String> files = new LinkedHashMap<>();
        files.put(folder.resolve(name), HEADER.formatted(description.replace('_', ' '), "1.2,1.3"));
        if (withUndo) {
            files.put(folder.resolve(stem + ".undo.sql"), UNDO.formatted(name));
        }
        if (withVerify) {
            files.put(folder.resolve(stem + ".verify.sql"), VERIFY);
        }
        for (Path file : files.keySet()) {
            if (Files.exists(file)) {
                throw new FileAlreadyExistsException(file.toString());
            }
        }
        for (Map.Entry<Path, String> file : files.entrySet()) {
            Files.writeString(file.getKey(), file.getValue(), StandardOpenOption.CREATE_NEW);
        }
        return new ArrayList<>(files.keySet());
    }

    /** Folders below are searched too, as they are for migrations. */
    private List<String> fileNames() throws IOException {
        try (Stream<Path> paths = Files.walk(folder)) {
            return paths.map(path -> path.getFileName().toString()).toList();
        }
    }
}
