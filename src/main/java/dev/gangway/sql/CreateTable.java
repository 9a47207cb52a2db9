package dev.gangway.sql;

import dev.gangway.sql.WordPattern.Found;
import java.util.List;

/**
 * What CREATE TABLE locks, of tables that exist already: those that the new one references, resembles, inherits from, is a
 * partition of, or is filled from. With IF NOT EXISTS, and when the table is there, it locks none of them.
 */
final class CreateTable {
    private static final String TEMPORARY = "[GLOBAL|LOCAL] [TEMPORARY|TEMP|UNLOGGED] ";
    private static final WordPattern TABLE =
            WordPattern.of("CREATE " + TEMPORARY + "[FOREIGN] TABLE [IF NOT EXISTS] <name>");
    private static final WordPattern PARTITION = WordPattern.of("PARTITION OF <table>");
    private static final WordPattern PARENTS = WordPattern.of("INHERITS ( <tables> )");
    private static final WordPattern REFERENCED = WordPattern.of("REFERENCES <table>");
    private static final WordPattern LIKE = WordPattern.of("LIKE <table>");

    private CreateTable() {}

    /** {@return whether the statement to come is a CREATE TABLE, which is then read; if by a query, up to that} */
    static boolean read(WordReader reader, LockCollector locks) {
        if (TABLE.match(reader) == null) {
            return false;
        }
        int depth = 0;
        while (!reader.atEnd()) {
            boolean beginsElement = depth == 1
                    && (reader.peek(-1).equals("(") || reader.peek(-1).equals(","));
            if (lock(reader, PARTITION, locks, LockMode.ACCESS_EXCLUSIVE, "takes a new partition")
                    || lock(reader, PARENTS, locks, LockMode.SHARE_UPDATE_EXCLUSIVE, "takes a child")
                    || lock(
                            reader,
                            REFERENCED,
                            locks,
                            LockMode.SHARE_ROW_EXCLUSIVE,
                            "is referenced by a new foreign key")
                    || (beginsElement
                            && lock(reader, LIKE, locks, LockMode.ACCESS_SHARE, "is the model of a new table"))) {
                continue;
            }
            String word = reader.read();
            if (depth == 0 && word.equals("AS")) {
                return true;
            }
            depth += word.equals("(") ? 1 : word.equals(")") ? -1 : 0;
        }
        return true;
    }

    private static boolean lock(
            WordReader reader, WordPattern pattern, LockCollector locks, LockMode mode, String why) {
        List<Found> found = pattern.match(reader);
        if (found == null) {
            return false;
        }
        for (Found table : found) {
            locks.add(table.name(), mode, why);
        }
        return true;
    }
}
