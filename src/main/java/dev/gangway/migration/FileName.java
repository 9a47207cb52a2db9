package dev.gangway.migration;

import dev.gangway.internal.Digits;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What the name of a file says about it. Names follow Flyway's rule ({@code V1.2__add_users.sql},
 * {@code R__view.sql}) or that of tools that number their files ({@code 001_add_users.sql}).
 */
public sealed interface FileName {

    /** A migration that runs once; the description may be empty. */
    record Versioned(Version version, String description) implements FileName {}

    /** A migration that runs again whenever it has changed. */
    record Repeatable(String description) implements FileName {}

    /** The undo script of the migration in the same folder whose file is called {@code of}. */
    record Undo(String of) implements FileName {}

    /** The undo script of the migration with this version, in Flyway's way of writing ({@code U1.2__add_users.sql}). */
    record UndoVersion(Version version) implements FileName {}

    /** The verify script of the migration in the same folder whose file is called {@code of}. */
    record Verify(String of) implements FileName {}

    /** Not SQL, so not ours. */
    record Ignored() implements FileName {}

    /**
     * SQL under a name that no rule knows. It is never passed over in silence, because the schema would lack it.
     *
     * @param problem what is wrong and how to name the file instead, without the name itself
     */
    record Malformed(String problem) implements FileName {}

    /** {@return what the name says} */
    static FileName parse(String name) {
        if (!name.toLowerCase(Locale.ROOT).endsWith(Rules.SQL)) {
            return new Ignored();
        }
        return Rules.parse(name);
    }

    /** How names are taken apart. */
    final class Rules {
        static final String SQL = ".sql";
        private static final String UNDO = ".undo";
        private static final String VERIFY = ".verify";
        private static final String SEPARATOR = "__";

        /** For names that are wrong; apart, because mostly none is. */
        private static final class Mistakes {
            static final Pattern SINGLE_UNDERSCORE = Pattern.compile("([0-9]+(?:[._][0-9]+)*)[_-]([^0-9_].*)");
            static final Pattern FLYWAY_CALLBACK = Pattern.compile("(before|after)(Each)?[A-Z].*");
        }

        private Rules() {}

        static FileName parse(String name) {
            String stem = name.substring(0, name.length() - SQL.length());
            if (!name.endsWith(SQL)) {
                return malformed("its ending is not in small letters", stem + SQL);
            }
            if (stem.endsWith(UNDO) || stem.endsWith(VERIFY)) {
                return companion(stem);
            }
            if (stem.endsWith(".up")) {
                return malformed("a migration has no \".up\" in its name", cut(stem, ".up") + SQL);
            }
            if (stem.endsWith(".down")) {
                return malformed("an undo script ends in .undo.sql", cut(stem, ".down") + UNDO + SQL);
            }
            return migration(stem);
        }

        private static FileName companion(String stem) {
            boolean undo = stem.endsWith(UNDO);
            String of = cut(stem, undo ? UNDO : VERIFY);
            FileName migration = migration(of);
            if (migration instanceof Malformed) {
                return migration;
            }
            if (migration instanceof UndoVersion) {
                return new Malformed("it belongs to an undo script, which has neither. Delete it");
            }
            return undo ? new Undo(of + SQL) : new Verify(of + SQL);
        }

        private static FileName migration(String stem) {
            if (stem.isEmpty()) {
                return general();
            }
            String rest = stem.substring(1);
            return switch (stem.charAt(0)) {
                case 'V' -> versioned(stem, rest);
                case 'U' -> undo(stem, rest);
                case 'R' -> repeatable(rest);
                case '0', '1', '2', '3', '4', '5', '6', '7', '8', '9' -> numbered(stem);
                default -> other(stem, rest);
            };
        }

        private static FileName versioned(String stem, String rest) {
            int separator = rest.indexOf(SEPARATOR);
            String version = separator < 0 ? rest : rest.substring(0, separator);
            if (Version.isVersion(version)) {
                String description = separator < 0 ? "" : rest.substring(separator + SEPARATOR.length());
                return new Versioned(Version.parse(version), description(description));
            }
            Matcher single = Mistakes.SINGLE_UNDERSCORE.matcher(rest);
            if (separator < 0 && single.matches()) {
                return malformed(
                        "two underscores stand between version and description",
                        stem.charAt(0) + single.group(1) + SEPARATOR + single.group(2) + SQL);
            }
            return new Malformed("\"%s\" is not a version. Name it for example V1.4__add_users.sql".formatted(version));
        }

        private static FileName undo(String stem, String rest) {
            FileName parsed = versioned(stem, rest);
            return parsed instanceof Versioned of ? new UndoVersion(of.version()) : parsed;
        }

        private static FileName repeatable(String rest) {
            if (rest.startsWith(SEPARATOR) && rest.length() > SEPARATOR.length()) {
                return new Repeatable(description(rest.substring(SEPARATOR.length())));
            }
            String description = rest.replaceFirst("^[0-9._]*", "");
            return malformed(
                    "a repeatable migration has no version, and two underscores stand before its description",
                    "R__" + (description.isEmpty() ? "description" : description) + SQL);
        }

        private static FileName numbered(String stem) {
            int number = Digits.end(stem, 0);
            int description = number;
            while (description < stem.length() - 1 && stem.charAt(description) == '_') {
                description++;
            }
            if (description > number) {
                return new Versioned(
                        Version.parse(stem.substring(0, number)), description(stem.substring(description)));
            }
            if (Version.isVersion(stem)) {
                return malformed("a number alone does not say what it does", "V" + stem + "__description.sql");
            }
            Matcher single = Mistakes.SINGLE_UNDERSCORE.matcher(stem);
            return single.matches()
                    ? malformed(
                            "a version with dots, or a dash after it, is written with a V and two underscores",
                            "V" + single.group(1) + SEPARATOR + single.group(2) + SQL)
                    : general();
        }

        private static FileName other(String stem, String rest) {
            char first = stem.charAt(0);
            if ((first == 'v' || first == 'u') && rest.matches("[0-9].*")) {
                return malformed("it begins with a capital letter", Character.toUpperCase(first) + rest + SQL);
            }
            if (first == 'r' && rest.startsWith("_")) {
                return malformed("it begins with a capital letter", "R__" + rest.replaceFirst("^_+", "") + SQL);
            }
            if (first == 'B' && rest.matches("[0-9].*")) {
                return new Malformed("Flyway's baseline migrations are not supported. Take the file out of the folder");
            }
            if (Mistakes.FLYWAY_CALLBACK.matcher(stem).matches()) {
                return new Malformed("Flyway's callbacks are not supported. Make it a repeatable migration, for example"
                        + " R__%s.sql, or take it out of the folder".formatted(stem));
            }
            return general();
        }

        private static Malformed general() {
            return new Malformed("it is not the name of a migration. Name it for example V1.4__add_users.sql,"
                    + " 014_add_users.sql or R__user_view.sql, or take it out of the folder");
        }

        private static Malformed malformed(String problem, String rightName) {
            return new Malformed(problem + ". Rename it to " + rightName);
        }

        private static String description(String text) {
            return text.replace('_', ' ');
        }

        private static String cut(String stem, String ending) {
            return stem.substring(0, stem.length() - ending.length());
        }
    }
}
