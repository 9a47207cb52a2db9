package dev.gangway;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A migration that is written in Java, for what SQL cannot do. Found through {@link java.util.ServiceLoader}: its class
 * has a public constructor without parameters, and its name stands in {@code META-INF/services/dev.gangway.JavaMigration}.
 *
 * <p>It takes its place among the scripts by its version, runs in a transaction of its own that also records it, and is
 * tried again as a whole when it meets a lock. An object is made for each check; it must be cheap to make and is used by
 * one thread.
 */
public interface JavaMigration {

    /** {@return the version, such as {@code 1.4}; null for a repeatable one, which runs when its checksum has changed} */
    @Nullable
    String version();

    /** {@return what it does, in a few words; of a repeatable one, what identifies it} */
    String description();

    /**
     * Does the work.
     *
     * @param connection inside the transaction that also records this migration: it cannot be committed, rolled back (but
     *     to a savepoint) or closed, and must not be kept. pgvector's types are registered on it. Vectors, COPY and
     *     everything else of {@code PGConnection} are there through {@link Connection#unwrap}
     * @throws SQLException rolls everything back, and fails the application's connection
     */
    void migrate(Connection connection) throws SQLException;

    /**
     * {@return what changes when the migration does, for instance a number; null, the default, when nothing shall be
     * compared}
     */
    default @Nullable String checksum() {
        return null;
    }

    /** {@return the versions that must have been applied before; none by default} */
    default List<String> requires() {
        return List.of();
    }

    /** {@return what it changes: {@code schema}, {@code index}, {@code data} (the default) or {@code metadata}} */
    default String type() {
        return "data";
    }

    /** {@return whether an older version of the application cannot live with it; false by default} */
    default boolean breaking() {
        return false;
    }

    /** {@return the SQL that takes it back, kept in the history; null, the default, when it cannot be undone} */
    default @Nullable String undoSql() {
        return null;
    }
}
