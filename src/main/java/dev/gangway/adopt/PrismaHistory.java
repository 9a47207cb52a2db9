package dev.gangway.adopt;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.gangway.migration.Migration;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Prisma's table {@code _prisma_migrations}: one row for each attempt.
 *
 * @param rows in the order in which they were begun
 */
record PrismaHistory(List<Row> rows) implements ForeignHistory {

    /**
     * An attempt.
     *
     * @param name     the folder of the migration
     * @param checksum SHA-256 of its migration.sql in hexadecimal digits
     */
    record Row(String name, String checksum, boolean finished, boolean rolledBack) {}

    @Override
    public String tool() {
        return "Prisma";
    }

    @Override
    public Mapping onto(List<Migration> files) {
        Mapping.Builder result = new Mapping.Builder();
        Map<String, Migration> byName = new HashMap<>();
        for (Migration file : files) {
            byName.put(name(file), file);
        }
        Set<Migration> applied = new HashSet<>();
        for (Row row : rows) {
            if (row.rolledBack()) {
                continue;
            }
            Migration file = byName.get(row.name());
            if (!row.finished()) {
                result.problem(
                        row.name() + " was begun and has failed, or is still running",
                        "let \"prisma migrate resolve\" say whether it is applied or rolled back; then connect again");
            } else if (file == null) {
                result.problem(
                        row.name() + " has no file " + row.name() + ".sql",
                        "copy each migrations/NAME/migration.sql to a file NAME.sql; then connect again");
            } else if (!isSame(file, row.checksum())) {
                result.problem(
                        "%s is not what Prisma applied: Prisma's SHA-256 of it is %s, now it is %s (%s)"
                                .formatted(
                                        file.script(),
                                        row.checksum(),
                                        sha256(file.source().text()),
                                        file.source().name()),
                        "put these files back as they were when Prisma applied them, byte for byte");
            } else {
                applied.add(file);
            }
        }
        for (Migration file : files) {
            if (applied.contains(file)) {
                result.adopt(Adopted.of(file, "same checksum"));
            }
        }
        return result.build();
    }

    private static String name(Migration file) {
        String script = file.script().substring(file.script().lastIndexOf('/') + 1);
        return script.endsWith(".sql") ? script.substring(0, script.length() - ".sql".length()) : script;
    }

    /** A byte order mark is no part of the text, but was one of the file. */
    private static boolean isSame(Migration file, String checksum) {
        String text = file.source().text();
        return sha256(text).equals(checksum) || sha256('\uFEFF' + text).equals(checksum);
    }

    private static String sha256(String text) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(text.getBytes(UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
