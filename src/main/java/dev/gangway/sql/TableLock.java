package dev.gangway.sql;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A lock that a statement takes and holds until its transaction ends. Names are as the catalog holds them: folded to
 * lower case unless quoted, cut to 63 bytes.
 *
 * @param schema null if the search path finds the name
 * @param table  the name that stands in the statement; what it names, {@code kind} says
 * @param kind   which relation is locked
 * @param mode   the strongest of the modes that the statement takes
 * @param work   what takes long under it
 * @param why    what the statement does to the table, as verbs without a subject: {@code builds an index}
 */
public record TableLock(@Nullable String schema, String table, Kind kind, LockMode mode, Work work, String why) {

    /** Which relation is locked. */
    public enum Kind {
        /** The one that is named: a table, mostly, but also a view, a sequence, or an index. */
        RELATION,
        /** The table of the index that is named. */
        TABLE_OF_INDEX,
        /** The tables that the named table is tied to: those its foreign keys point to, and the one it is a partition of. */
        TIED_TABLES
    }

    /** What the statement does to the table's rows under the lock, which decides how long a large table is locked. */
    public enum Work {
        /** Nothing that grows with the table; or, where rows are read and written, nothing that can be told. */
        NONE,
        /** Reads the whole table, to check its rows or to build an index. */
        SCANS,
        /** Writes the whole table anew, and its indexes. */
        REWRITES
    }

    /** {@return whether the whole table is read under the lock} A table that is rewritten is read as well. */
    public boolean scans() {
        return work != Work.NONE;
    }

    /** {@return whether the whole table is written anew under the lock} */
    public boolean rewrites() {
        return work == Work.REWRITES;
    }

    /** {@return this lock and another of the same relation as one: one transaction holds both until its end} */
    TableLock with(TableLock other) {
        boolean said = List.of(why.split(", ")).contains(other.why);
        return new TableLock(
                schema,
                table,
                kind,
                mode.compareTo(other.mode) >= 0 ? mode : other.mode,
                work.compareTo(other.work) >= 0 ? work : other.work,
                said ? why : why + ", " + other.why);
    }
}
