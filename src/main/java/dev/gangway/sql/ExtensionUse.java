package dev.gangway.sql;

import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A statement that needs an extension's files on the server and the right to install it, both of which can be asked for
 * before the first migration runs. Names are as the catalog holds them: folded to lower case unless quoted.
 */
public sealed interface ExtensionUse {

    /** {@return the extension's name, for example {@code vector}} */
    String name();

    /**
     * {@code CREATE EXTENSION}.
     *
     * @param schema null unless written
     * @param version null for the default one
     */
    record Create(
            String name,
            boolean ifNotExists,
            @Nullable String schema,
            @Nullable String version,
            boolean cascade) implements ExtensionUse {}

    /**
     * {@code ALTER EXTENSION … UPDATE}.
     *
     * @param version null for the default one
     */
    record Update(String name, @Nullable String version) implements ExtensionUse {}

    /** {@return what the {@linkplain SqlStatement#words() words} of a statement say, if it is such a statement} */
    static Optional<ExtensionUse> of(List<String> words) {
        WordReader reader = new WordReader(words);
        if (reader.skip("CREATE", "EXTENSION")) {
            return Optional.ofNullable(create(reader));
        }
        return reader.skip("ALTER", "EXTENSION") ? Optional.ofNullable(update(reader)) : Optional.empty();
    }

    private static @Nullable Create create(WordReader reader) {
        boolean ifNotExists = reader.skip("IF", "NOT", "EXISTS");
        String name = reader.readName();
        if (name == null) {
            return null;
        }
        reader.skip("WITH");
        String schema = null;
        String version = null;
        boolean cascade = false;
        while (!reader.atEnd()) {
            switch (reader.read()) {
                case "SCHEMA" -> schema = reader.readName();
                case "VERSION" -> version = reader.readNameOrString();
                case "CASCADE" -> cascade = true;
                default -> {
                    // FROM old_version (until 12), or an error that the server will report.
                }
            }
        }
        return new Create(name, ifNotExists, schema, version, cascade);
    }

    private static @Nullable Update update(WordReader reader) {
        String name = reader.readName();
        if (name == null || !reader.skip("UPDATE")) {
            return null;
        }
        return new Update(name, reader.skip("TO") ? reader.readNameOrString() : null);
    }
}
