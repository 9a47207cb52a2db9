package dev.gangway;

import java.sql.SQLException;
import java.sql.SQLNonTransientConnectionException;
import java.sql.SQLTransientConnectionException;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What every exception of Gangway's own has in common; catch it beside {@link SQLException}, which all of them are.
 *
 * <p>An exception is {@link Permanent} when trying again without changing something is pointless, and
 * {@link Transient} when the same call may succeed later. Its message always begins with the {@linkplain #code() code}.
 * {@link SQLException#getSQLState()} is the server's where the server reported the error, and otherwise the code.
 */
public sealed interface GangwayException {

    /** Why a connection was refused; {@link #id()} is what stands at the beginning of the message. */
    enum Code {
        /** A migration could not be read or run. */
        MIGRATION_FAILED("GW001"),
        /** What is recorded in the history and what is in the files do not agree. */
        HISTORY_MISMATCH("GW002"),
        /** Another process did not finish migrating in time. */
        WAIT_TIMED_OUT("GW003"),
        /** A setting is unknown, malformed or points to nothing. */
        SETTING_WRONG("GW004"),
        /** The schema was moved on by a newer version of the application in a way that this one cannot live with. */
        SCHEMA_TOO_NEW("GW005"),
        /** Migrations are pending, but this server is read-only. */
        READ_ONLY_SERVER("GW006"),
        /** The role lacks a privilege, or the server lacks an extension. */
        MISSING_PRIVILEGE("GW007");

        private final String id;

        Code(String id) {
            this.id = id;
        }

        /** {@return the code as users see it, for example {@code GW001}} */
        public String id() {
            return id;
        }
    }

    /** {@return why the connection was refused} */
    Code code();

    /** {@return this exception as what it also is} */
    default SQLException asSqlException() {
        return (SQLException) this;
    }

    /** The same call fails again until a file, a setting, a privilege or the database is changed. */
    final class Permanent extends SQLNonTransientConnectionException implements GangwayException {
        private static final long serialVersionUID = 1L;

        private final Code code;

        public Permanent(Code code, String message) {
            this(code, message, null);
        }

        public Permanent(Code code, String message, @Nullable Throwable cause) {
            super(code.id() + " " + message, sqlState(code, cause), cause);
            this.code = code;
        }

        @Override
        public Code code() {
            return code;
        }
    }

    /** The same call may succeed later without any change. */
    final class Transient extends SQLTransientConnectionException implements GangwayException {
        private static final long serialVersionUID = 1L;

        private final Code code;

        public Transient(Code code, String message) {
            this(code, message, null);
        }

        public Transient(Code code, String message, @Nullable Throwable cause) {
            super(code.id() + " " + message, sqlState(code, cause), cause);
            this.code = code;
        }

        @Override
        public Code code() {
            return code;
        }
    }

    private static String sqlState(Code code, @Nullable Throwable cause) {
        return cause instanceof SQLException sql ? Objects.requireNonNullElse(sql.getSQLState(), code.id()) : code.id();
    }
}
