package dev.gangway.sql;

import dev.gangway.sql.LockRule.Rest;
import dev.gangway.sql.TableLock.Kind;
import dev.gangway.sql.TableLock.Work;
import dev.gangway.sql.WordPattern.Found;
import java.util.List;
import java.util.Set;

/**
 * Which tables a statement locks, and how strongly, as far as its text says; of PostgreSQL 12 to 18. Immutable.
 *
 * <p>Names may be of tables that do not exist, or not yet. What the text does not show, this does not tell: what triggers and
 * the checks of foreign keys do while rows are changed, the tables behind a view, the partitions of a table (which are locked
 * as it is) and its default partition, TOAST tables, and the table at the other end of a foreign key that goes with its column
 * or constraint.
 *
 * @param tables  each relation once, with the strongest mode; unmodifiable
 * @param unknown why the statement may lock more, each reason once; empty if the text says all; unmodifiable
 */
public record TableLocks(List<TableLock> tables, List<String> unknown) {
    private static final WordPattern DROP_TABLE = WordPattern.of("DROP TABLE [IF EXISTS] <tables>");
    /** How many statements may stand in one another, such as a query in an EXPLAIN; nobody needs more than three. */
    private static final int DEEPEST = 20;

    private static final Set<String> CASCADING = Set.of("DROP", "TRUNCATE", "ALTER");

    public TableLocks {
        tables = List.copyOf(tables);
        unknown = List.copyOf(unknown);
    }

    /** {@return what the words of a statement, all of them, say} */
    static TableLocks of(List<String> words) {
        LockCollector locks = new LockCollector();
        statement(new WordReader(words), locks, 0);
        tiedTables(new WordReader(words), locks);
        if (cascades(words)) {
            locks.unknown("what CASCADE reaches is not in the text");
        }
        return locks.result();
    }

    private static void statement(WordReader reader, LockCollector locks, int depth) {
        if (depth > DEEPEST) {
            locks.unknown("the statements in it are nested too deeply");
        } else if (QueryLocks.comesNext(reader)) {
            QueryLocks.statement(reader, locks);
        } else if (CreateTable.read(reader, locks)) {
            if (!reader.atEnd()) {
                statement(reader, locks, depth + 1);
            }
        } else if (!byRule(reader, locks, depth) && !AlterTable.read(reader, locks)) {
            locks.unknown("the statement is not known, or a name in it cannot be read");
        }
    }

    private static boolean byRule(WordReader reader, LockCollector locks, int depth) {
        for (LockRule rule : LockRules.STATEMENTS) {
            List<Found> found = rule.pattern().match(reader);
            if (found != null) {
                rule.apply(found, locks);
                if (rule.rest() == Rest.STATEMENT) {
                    statement(reader, locks, depth + 1);
                } else if (rule.rest() == Rest.DEFINITION) {
                    QueryLocks.definition(reader, locks);
                }
                return true;
            }
        }
        return false;
    }

    /** A dropped table takes its foreign keys along, whose triggers are on the tables at the other end. */
    private static void tiedTables(WordReader reader, LockCollector locks) {
        List<Found> dropped = DROP_TABLE.match(reader);
        if (dropped != null) {
            for (Found table : dropped) {
                locks.add(
                        table.name(),
                        Kind.TIED_TABLES,
                        LockMode.ACCESS_EXCLUSIVE,
                        Work.NONE,
                        "loses a foreign key or partition");
            }
        }
    }

    /** Whether the statement has a CASCADE of its own, not one of {@code ON DELETE CASCADE}. */
    private static boolean cascades(List<String> words) {
        if (words.isEmpty() || !CASCADING.contains(words.get(0))) {
            return false;
        }
        for (int i = 1; i < words.size(); i++) {
            boolean ofForeignKey =
                    words.get(i - 1).equals("DELETE") || words.get(i - 1).equals("UPDATE");
            if (words.get(i).equals("CASCADE") && !ofForeignKey) {
                return true;
            }
        }
        return false;
    }
}
