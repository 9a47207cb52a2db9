package dev.gangway.sql;

import dev.gangway.sql.TableLock.Kind;
import dev.gangway.sql.TableLock.Work;
import dev.gangway.sql.WordReader.QualifiedName;
import java.util.ArrayList;
import java.util.List;

/** Gathers what one statement locks, each name once. Not thread-safe. */
final class LockCollector {
    private final List<TableLock> locks = new ArrayList<>();
    private final List<String> unknown = new ArrayList<>();

    void add(QualifiedName name, Kind kind, LockMode mode, Work work, String why) {
        TableLock lock = new TableLock(name.schema(), name.name(), kind, mode, work, why);
        for (int i = 0; i < locks.size(); i++) {
            if (locks.get(i).isOfSameNameAs(lock)) {
                locks.set(i, locks.get(i).with(lock));
                return;
            }
        }
        locks.add(lock);
    }

    void add(QualifiedName table, LockMode mode, String why) {
        add(table, Kind.RELATION, mode, Work.NONE, why);
    }

    /** Remembers that the statement may lock more than its text says. */
    void unknown(String reason) {
        if (!unknown.contains(reason)) {
            unknown.add(reason);
        }
    }

    TableLocks result() {
        return new TableLocks(locks, unknown);
    }
}
