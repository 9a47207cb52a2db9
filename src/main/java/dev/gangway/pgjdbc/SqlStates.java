package dev.gangway.pgjdbc;

import java.sql.SQLException;
import java.util.Set;

/** What a server's SQLState means for us (PostgreSQL's documentation, appendix A). */
public final class SqlStates {
    public static final String UNDEFINED_TABLE = "42P01";
    public static final String INSUFFICIENT_PRIVILEGE = "42501";
    public static final String INVALID_SCHEMA_NAME = "3F000";
    public static final String TOO_MANY_CONNECTIONS = "53300";
    public static final String INVALID_STATEMENT_NAME = "26000";
    public static final String INVALID_TEXT_REPRESENTATION = "22P02";

    /** lock_not_available, deadlock_detected, serialization_failure. */
    private static final Set<String> MAY_PASS = Set.of("55P03", "40P01", "40001");

    /**
     * admin_shutdown, crash_shutdown, cannot_connect_now, idle_session_timeout, idle_in_transaction_session_timeout,
     * transaction_timeout, too_many_connections. Not database_dropped: that does not pass.
     */
    private static final Set<String> SERVER_ENDED_IT =
            Set.of("57P01", "57P02", "57P03", "57P05", "25P03", "25P04", "53300");

    /** cannot_connect_now, too_many_connections: the server is there, and may take a connection in a moment. */
    private static final Set<String> NOT_JUST_NOW = Set.of("57P03", "53300");

    /**
     * unique_violation in a catalog, duplicate_schema, duplicate_table, duplicate_object: what CREATE … IF NOT EXISTS
     * fails with when another transaction creates the same thing at the same moment.
     */
    private static final Set<String> CREATED_BY_OTHERS = Set.of("23505", "42P06", "42P07", "42710");

    /** disk_full and out_of_memory: what the operating system says when it has no shared memory left. */
    private static final Set<String> NO_ROOM = Set.of("53100", "53200");

    private SqlStates() {}

    public static boolean is(SQLException error, String state) {
        return state.equals(error.getSQLState());
    }

    /** {@return whether the server finds fault with the text of a command: something that it names is not what it should be} */
    public static boolean isMistake(SQLException error) {
        String state = error.getSQLState();
        return state != null && state.startsWith("42");
    }

    /** {@return whether the connection is gone or could not be had, so that nothing is known of the last statement} */
    public static boolean connectionLost(SQLException error) {
        String state = error.getSQLState();
        return state != null && (state.startsWith("08") || SERVER_ENDED_IT.contains(state));
    }

    /** {@return whether the server itself says that it takes no connection just now: it is full, or it is starting} */
    public static boolean takesNoConnectionNow(SQLException error) {
        String state = error.getSQLState();
        return state != null && NOT_JUST_NOW.contains(state);
    }

    /** {@return whether a segment of shared memory could not be had, such as parallel workers need} */
    public static boolean isOutOfSharedMemory(SQLException error) {
        String state = error.getSQLState();
        String message = String.valueOf(error.getMessage());
        // The message is in the server's language; the segment's name is the same in all.
        return state != null
                && NO_ROOM.contains(state)
                && (message.contains("\"/PostgreSQL.") || message.contains("shared memory segment"));
    }

    /** {@return whether something that was to be created was created by another transaction at the same moment} */
    public static boolean createdByOthers(SQLException error) {
        String state = error.getSQLState();
        return state != null && CREATED_BY_OTHERS.contains(state);
    }

    /** {@return whether the same transaction may well succeed when it is run again} */
    public static boolean worthRetrying(SQLException error) {
        String state = error.getSQLState();
        return state != null && MAY_PASS.contains(state);
    }
}
