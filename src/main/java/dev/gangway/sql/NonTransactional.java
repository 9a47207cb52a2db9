package dev.gangway.sql;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which statements PostgreSQL refuses inside of a transaction block: the callers of its {@code PreventInTransactionBlock}.
 * What only the server can know is not found: CLUSTER or REINDEX of a partitioned table, a procedure or DO block that
 * commits.
 *
 * <p>Not among them, though other tools think so: {@code REFRESH MATERIALIZED VIEW CONCURRENTLY} and, since PostgreSQL 12,
 * {@code ALTER TYPE … ADD VALUE}.
 */
final class NonTransactional {
    private static final Set<String> FALSE = Set.of("FALSE", "OFF", "0");

    private NonTransactional() {}

    /**
     * {@return why the statement must run alone, in the server's own words, or nothing if it may run in a transaction}
     *
     * @param words the {@linkplain SqlStatement#words() words} of the statement; all of them where
     *     {@link #needsAllWords(List)} says so
     */
    static Optional<String> reason(List<String> words) {
        WordReader reader = new WordReader(words);
        String command =
                switch (reader.read()) {
                    case "CREATE" -> create(reader, words);
                    case "DROP" -> drop(reader);
                    case "ALTER" -> alter(reader, words);
                    case "REINDEX" -> reindex(reader, words);
                    case "VACUUM" -> "VACUUM";
                    case "CLUSTER" -> cluster(reader);
                    case "DISCARD" -> reader.skip("ALL") ? "DISCARD ALL" : null;
                    default -> null;
                };
        return Optional.ofNullable(command).map(name -> name + " cannot run inside a transaction block");
    }

    /** Whether what counts may come behind the first few words. */
    static boolean needsAllWords(List<String> firstWords) {
        WordReader reader = new WordReader(firstWords);
        return reader.skip("CREATE", "SUBSCRIPTION")
                || reader.skip("ALTER", "SUBSCRIPTION")
                || reader.skip("ALTER", "TABLE")
                || reader.skip("ALTER", "DATABASE");
    }

    private static @Nullable String create(WordReader reader, List<String> words) {
        return switch (reader.read()) {
            case "DATABASE" -> "CREATE DATABASE";
            case "TABLESPACE" -> "CREATE TABLESPACE";
            case "UNIQUE" -> reader.skip("INDEX", "CONCURRENTLY") ? "CREATE INDEX CONCURRENTLY" : null;
            case "INDEX" -> reader.skip("CONCURRENTLY") ? "CREATE INDEX CONCURRENTLY" : null;
            case "SUBSCRIPTION" ->
                // Without a connection there is no slot either.
                isOff(words, "CREATE_SLOT") || isOff(words, "CONNECT") ? null : "CREATE SUBSCRIPTION with a slot";
            default -> null;
        };
    }

    private static @Nullable String drop(WordReader reader) {
        return switch (reader.read()) {
            case "DATABASE" -> "DROP DATABASE";
            case "TABLESPACE" -> "DROP TABLESPACE";
            case "SUBSCRIPTION" -> "DROP SUBSCRIPTION with a slot";
            case "INDEX" -> reader.skip("CONCURRENTLY") ? "DROP INDEX CONCURRENTLY" : null;
            default -> null;
        };
    }

    private static @Nullable String alter(WordReader reader, List<String> words) {
        return switch (reader.read()) {
            case "SYSTEM" -> "ALTER SYSTEM";
            case "DATABASE" -> {
                reader.readName();
                yield reader.skip("SET", "TABLESPACE") ? "ALTER DATABASE … SET TABLESPACE" : null;
            }
            case "TABLE" -> detachesConcurrently(reader) ? "ALTER TABLE … DETACH PARTITION … CONCURRENTLY" : null;
            case "SUBSCRIPTION" -> refreshes(reader, words) ? "ALTER SUBSCRIPTION with a refresh" : null;
            default -> null;
        };
    }

    private static boolean detachesConcurrently(WordReader reader) {
        reader.skip("IF", "EXISTS");
        reader.skip("ONLY");
        reader.readQualifiedName();
        reader.skip("*");
        return reader.skip("DETACH", "PARTITION") && reader.readQualifiedName() != null && reader.skip("CONCURRENTLY");
    }

    private static boolean refreshes(WordReader reader, List<String> words) {
        reader.readName();
        if (reader.skip("REFRESH")) {
            return true;
        }
        boolean changesPublications = reader.skip("SET", "PUBLICATION")
                || reader.skip("ADD", "PUBLICATION")
                || reader.skip("DROP", "PUBLICATION");
        return changesPublications && !isOff(words, "REFRESH");
    }

    private static @Nullable String reindex(WordReader reader, List<String> words) {
        if (isConcurrentReindex(words)) {
            return "REINDEX CONCURRENTLY";
        }
        reader.skipParentheses();
        reader.skip("VERBOSE");
        String target = reader.read();
        return switch (target) {
            case "SCHEMA", "DATABASE", "SYSTEM" -> "REINDEX " + target;
            default -> null;
        };
    }

    /** Whether this is {@code REINDEX TABLE CONCURRENTLY} or {@code REINDEX (CONCURRENTLY) TABLE}, of whatever. */
    static boolean isConcurrentReindex(List<String> words) {
        WordReader reader = new WordReader(words);
        if (!reader.skip("REINDEX")) {
            return false;
        }
        if (reader.peek().equals("(") && isOn(words, "CONCURRENTLY")) {
            return true;
        }
        reader.skipParentheses();
        reader.skip("VERBOSE");
        reader.read();
        return reader.skip("CONCURRENTLY");
    }

    private static @Nullable String cluster(WordReader reader) {
        reader.skipParentheses();
        reader.skip("VERBOSE");
        return reader.atEnd() ? "CLUSTER without a table" : null;
    }

    /** Whether the option stands, and is not switched off, in a list of options that begins behind the first word. */
    static boolean isOn(List<String> words, String option) {
        int value = valueOf(words, option);
        return value >= 0 && !isFalse(words, value);
    }

    private static boolean isOff(List<String> words, String option) {
        int value = valueOf(words, option);
        return value >= 0 && isFalse(words, value);
    }

    /** The index of what follows the option in a list of options, be it its value or not, or -1 without the option. */
    private static int valueOf(List<String> words, String option) {
        for (int i = 2; i < words.size() - 1; i++) {
            boolean inList = words.get(i - 1).equals("(") || words.get(i - 1).equals(",");
            if (inList && words.get(i).equals(option)) {
                return words.get(i + 1).equals("=") ? i + 2 : i + 1;
            }
        }
        return -1;
    }

    private static boolean isFalse(List<String> words, int value) {
        return value < words.size()
                && FALSE.contains(Ascii.toUpper(words.get(value).replaceAll("['\"]", "")));
    }
}
