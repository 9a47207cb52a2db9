package dev.gangway;

import java.sql.Connection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A migration that is written in Java, for what SQL cannot do. Found through {@link java.util.ServiceLoader}: its class
 * has a public constructor without parameters, and its name stands in {@code META-INF/services/dev.gangway.JavaMigration}
 * on the class path. It belongs to the application, not to one of the {@code gangway.locations}.
 *
 * <p>It takes its place among the scripts by its version, runs in a transaction that also records it, and is tried again
 * as a whole when it meets a lock or a deadlock, or when the connection is lost before the commit. So what it does outside
 * of the database may happen more than once.
 *
 * <p>An object is made for each check, which is at least once in each process: it must be cheap to make, and its methods
 * other than {@link #migrate} must be cheap to call. Each object is used by one thread at a time.
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
     * <p>It must not ask for another connection to the same target through Gangway, which is refused.
     *
     * @param connection inside the transaction that also records this migration: auto-commit is off, and it cannot be
     *     committed, rolled back (but to a savepoint) or closed, and not be used once this method has returned; statements
     *     that are still open then are closed. pgvector's types are registered on it. COPY, large objects and everything
     *     else of {@code PGConnection} are there through {@link Connection#unwrap}. Nothing is prepared on the server
     * @throws Exception rolls everything back, and fails the application's connection
     */
    void migrate(Connection connection) throws Exception;

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

    /**
     * {@return the SQL that takes it back, kept in the history, so that it can be undone without the class; null, the
     * default, when it cannot be undone}. Placeholders in it are replaced, as in scripts
     */
    default @Nullable String undoSql() {
        return null;
    }
}
