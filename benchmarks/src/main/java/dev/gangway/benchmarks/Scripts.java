package dev.gangway.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * A folder with small migrations, one table each, named so that Gangway and Flyway find them; and a change log with the same
 * statements for Liquibase, a change set each.
 *
 * @param folder     of the migrations
 * @param changeLog  a file in a folder of its own
 * @param statements in order
 */
record Scripts(Path folder, Path changeLog, List<String> statements) implements AutoCloseable {

    static Scripts write(int migrations) throws IOException {
        return write(migrations, "");
    }

    /** @param before what the first script begins with */
    static Scripts write(int migrations, String before) throws IOException {
        Path folder = Files.createTempDirectory("gangway-benchmark");
        List<String> statements = new ArrayList<>();
        StringBuilder changeLog = new StringBuilder("--liquibase formatted sql\n");
        for (int i = 1; i <= migrations; i++) {
            String statement = (i == 1 ? before : "") + "create table t" + i + " (id int primary key, name text);";
            statements.add(statement);
            changeLog
                    .append("\n--changeset app:")
                    .append(i)
                    .append('\n')
                    .append(statement)
                    .append('\n');
            Files.writeString(folder.resolve(String.format(Locale.ROOT, "V%04d__step.sql", i)), statement + "\n");
        }
        Path file = Files.createTempDirectory("gangway-benchmark").resolve("changelog.sql");
        Files.writeString(file, changeLog);
        return new Scripts(folder, file, List.copyOf(statements));
    }

    @Override
    public void close() throws IOException {
        delete(folder);
        delete(changeLog.getParent());
    }

    private static void delete(Path directory) throws IOException {
        try (var files = Files.list(directory)) {
            for (Path file : (Iterable<Path>) files::iterator) {
                Files.delete(file);
            }
        }
        Files.delete(directory);
    }
}
