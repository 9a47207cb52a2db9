package dev.gangway.migration;

import dev.gangway.internal.Durations;
import dev.gangway.sql.SourceText;
import dev.gangway.sql.SqlSyntaxException;
import java.time.Duration;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.StringJoiner;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What a script says about itself in the lines {@code -- gangway: key=value} of its leading comment. Immutable.
 *
 * @param type what it changes; {@link Type#SCHEMA} where nothing is said
 * @param requires the versions that must have been applied before, in ascending order, without duplicates
 * @param transactional false when {@code transaction=off}
 * @param when a boolean SQL expression; as long as it is false the migration is deferred. Null for always
 * @param background whether it runs after the connection was handed out ({@code run=background})
 * @param repeatUntilNoRows whether it is one batch, repeated until it changes no row ({@code repeat=until-no-rows})
 * @param breaking whether an older version of the application cannot live with it
 * @param lockTimeout PostgreSQL's lock_timeout for it, zero for none, or null for that of the settings
 * @param risk what its author thinks of it, or null
 * @param placeholders false when {@code placeholders=off}: <code>${…}</code> stays as it is
 */
public record Directives(
        Type type,
        List<Version> requires,
        boolean transactional,
        @Nullable String when,
        boolean background,
        boolean repeatUntilNoRows,
        boolean breaking,
        @Nullable Duration lockTimeout,
        @Nullable Risk risk,
        boolean placeholders) {

    /** What a migration changes. */
    public enum Type {
        SCHEMA,
        INDEX,
        DATA,
        METADATA
    }

    /** What its author thinks of a migration. */
    public enum Risk {
        LOW,
        MEDIUM,
        HIGH
    }

    /** A script that says nothing about itself. */
    public static final Directives NONE =
            new Directives(Type.SCHEMA, List.of(), true, null, false, false, false, null, null, true);

    public Directives {
        requires = List.copyOf(requires);
    }

    /** {@return what a migration in Java says of itself} */
    public static Directives of(Type type, Collection<Version> requires, boolean breaking) {
        return new Directives(type, List.copyOf(requires), true, null, false, false, breaking, null, null, true);
    }

    /**
     * {@return the directives of a script}
     *
     * @param script as in the file
     * @throws SqlSyntaxException when a directive is unknown, malformed, repeated or not in the leading comment
     */
    public static Directives parse(SourceText script) throws SqlSyntaxException {
        return DirectiveReader.read(script);
    }

    /** {@return the directives that differ from the default, written in one way only; for the checksum} */
    public SortedMap<String, String> asMap() {
        SortedMap<String, String> map = new TreeMap<>();
        put(map, "type", type == Type.SCHEMA ? null : lower(type));
        put(map, "requires", requires.isEmpty() ? null : canonical(requires));
        put(map, "transaction", transactional ? null : "off");
        put(map, "when", when);
        put(map, "run", background ? "background" : null);
        put(map, "repeat", repeatUntilNoRows ? "until-no-rows" : null);
        put(map, "breaking", breaking ? "true" : null);
        put(map, "lock-timeout", lockTimeout == null ? null : Durations.format(lockTimeout));
        put(map, "risk", risk == null ? null : lower(risk));
        put(map, "placeholders", placeholders ? null : "off");
        return Collections.unmodifiableSortedMap(map);
    }

    private static void put(Map<String, String> map, String key, @Nullable String value) {
        if (value != null) {
            map.put(key, value);
        }
    }

    private static String canonical(List<Version> versions) {
        StringJoiner joined = new StringJoiner(",");
        for (Version version : versions) {
            joined.add(version.canonical());
        }
        return joined.toString();
    }

    private static String lower(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT);
    }
}
