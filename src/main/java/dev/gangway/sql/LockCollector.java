package dev.gangway.sql;

import dev.gangway.sql.TableLock.Kind;
import dev.gangway.sql.TableLock.Work;
import dev.gangway.sql.WordReader.QualifiedName;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Gathers what one statement locks, each name once. Not thread-safe. */
final class LockCollector {
    private final Map<Locked, TableLock> locks = new LinkedHashMap<>();
    private final Set<String> unknown = new LinkedHashSet<>();

    /** What one lock is told from another by. */
    private record Locked(QualifiedName name, Kind kind) {}

    void add(QualifiedName name, Kind kind, LockMode mode, Work work, String why) {
        TableLock lock = new TableLock(name.schema(), name.name(), kind, mode, work, why);
        locks.merge(new Locked(name, kind), lock, TableLock::with);
    }

    void add(QualifiedName table, LockMode mode, String why) {
        add(table, Kind.RELATION, mode, Work.NONE, why);
    }

    /** Remembers that the statement may lock more than its text says. */
    void unknown(String reason) {
        unknown.add(reason);
    }

    TableLocks result() {
        return new TableLocks(List.copyOf(locks.values()), List.copyOf(unknown));
    }
}
