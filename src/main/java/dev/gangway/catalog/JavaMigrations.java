package dev.gangway.catalog;

import dev.gangway.GangwayException;
import dev.gangway.GangwayException.Code;
import dev.gangway.JavaMigration;
import dev.gangway.internal.Services;
import dev.gangway.migration.Checksum;
import dev.gangway.migration.Directives;
import dev.gangway.migration.Migration;
import dev.gangway.migration.Version;
import dev.gangway.sql.SourceText;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.ServiceConfigurationError;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Finds the migrations that are written in Java, and asks each what it says of itself. Stateless. */
final class JavaMigrations {

    private JavaMigrations() {}

    /**
     * {@return the migrations of all providers}
     *
     * @throws GangwayException.Permanent GW001 when one cannot be made, or says of itself what cannot be taken
     */
    static List<Migration> find(@Nullable ClassLoader contextLoader) throws GangwayException.Permanent {
        List<Migration> migrations = new ArrayList<>();
        Iterator<JavaMigration> found =
                Services.find(JavaMigration.class, contextLoader).iterator();
        while (true) {
            JavaMigration code;
            try {
                if (!found.hasNext()) {
                    return migrations;
                }
                code = found.next();
            } catch (ServiceConfigurationError e) {
                throw wrong(
                        "A migration in Java cannot be loaded: " + e.getMessage(),
                        "correct META-INF/services/" + JavaMigration.class.getName()
                                + " or that class, which needs a public constructor without parameters",
                        e);
            }
            migrations.add(migration(code));
        }
    }

    private static Migration migration(JavaMigration code) throws GangwayException.Permanent {
        String name = code.getClass().getName();
        try {
            String description = Objects.requireNonNull(code.description(), "description() returns null");
            if (description.isBlank()) {
                throw new IllegalArgumentException("description() returns nothing");
            }
            String version = code.version();
            String checksum = code.checksum();
            String undo = code.undoSql();
            refuseZero("description()", description);
            refuseZero("checksum()", checksum);
            refuseZero("undoSql()", undo);
            return Migration.inJava(
                    code,
                    version == null ? null : Version.parse(version),
                    description,
                    Directives.of(type(code.type()), versions(code.requires()), code.breaking()),
                    checksum == null ? null : new Checksum(checksum),
                    undo == null ? null : SourceText.of(name + ".undoSql()", undo));
        } catch (RuntimeException | LinkageError e) {
            throw wrong(
                    "The class %s cannot be taken as a migration: %s".formatted(name, e.getMessage()),
                    "correct that class",
                    e);
        }
    }

    private static Directives.Type type(String text) {
        try {
            return Directives.Type.valueOf(text.toUpperCase(Locale.ROOT));
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    "type() returns \"%s\", which is none of %s"
                            .formatted(
                                    text,
                                    Arrays.toString(Directives.Type.values()).toLowerCase(Locale.ROOT)),
                    e);
        }
    }

    private static Collection<Version> versions(List<String> texts) {
        Collection<Version> versions = new TreeSet<>();
        for (String text : Objects.requireNonNull(texts, "requires() returns null")) {
            versions.add(Version.parse(text));
        }
        return versions;
    }

    /** The server's text type takes every character but this one. */
    private static void refuseZero(String where, @Nullable String text) {
        if (text != null && text.indexOf('\0') >= 0) {
            throw new IllegalArgumentException(where + " returns a zero character");
        }
    }

    private static GangwayException.Permanent wrong(String what, String next, Throwable cause) {
        return new GangwayException.Permanent(Code.MIGRATION_FAILED, """
                %s
                  database: unchanged; nothing was applied
                  next:     %s, and connect again""".formatted(what, next), cause);
    }
}
