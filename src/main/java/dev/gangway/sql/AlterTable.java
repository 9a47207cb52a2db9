package dev.gangway.sql;

import static dev.gangway.sql.LockMode.ACCESS_EXCLUSIVE;
import static dev.gangway.sql.LockMode.ACCESS_SHARE;
import static dev.gangway.sql.LockMode.SHARE_ROW_EXCLUSIVE;
import static dev.gangway.sql.LockMode.SHARE_UPDATE_EXCLUSIVE;
import static dev.gangway.sql.LockRule.lock;
import static dev.gangway.sql.LockRule.rewrite;
import static dev.gangway.sql.LockRule.scan;

import dev.gangway.sql.TableLock.Work;
import dev.gangway.sql.WordPattern.Found;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What ALTER TABLE locks, by its actions, and its likes for views, materialized views, foreign tables and indexes. One
 * statement takes the strictest mode of all its actions.
 *
 * <p>Whether the table is rewritten is told for the worse where only the server knows: a type may change without (from
 * {@code varchar} to {@code text}), SET NOT NULL spares the scan where a valid CHECK says the same. A column of a domain with
 * constraints is rewritten too, which the text does not show.
 */
final class AlterTable {
    private static final WordPattern TABLE = WordPattern.of("ALTER TABLE|VIEW|INDEX [IF EXISTS] <table>");
    private static final WordPattern OTHER_KIND =
            WordPattern.of("ALTER MATERIALIZED|FOREIGN VIEW|TABLE [IF EXISTS] <table>");
    private static final WordPattern ALL = WordPattern.of("ALTER TABLE|INDEX|MATERIALIZED [VIEW] ALL IN TABLESPACE");
    private static final WordPattern NEW_REFERENCE = WordPattern.of("ADD … REFERENCES <table>");

    private static final String CONSTRAINT = "ADD [CONSTRAINT <name>] ";
    private static final String COLUMN = "ADD [COLUMN] [IF NOT EXISTS] <name> ";
    private static final String SERIAL = "SERIAL|SMALLSERIAL|BIGSERIAL|SERIAL2|SERIAL4|SERIAL8";

    /** The first whose pattern fits counts. A table that an action names besides its own is one of the rule's others. */
    private static final List<LockRule> ACTIONS = List.of(
            // Constraints. Until 17 NOT NULL is a property of the column, and has no NOT VALID.
            lock(CONSTRAINT + "FOREIGN KEY … NOT VALID", SHARE_ROW_EXCLUSIVE, "adds a foreign key without checking it"),
            scan(CONSTRAINT + "FOREIGN KEY", SHARE_ROW_EXCLUSIVE, "adds a foreign key"),
            lock(CONSTRAINT + "CHECK|NOT … NOT VALID", ACCESS_EXCLUSIVE, "adds a constraint without checking it"),
            scan(CONSTRAINT + "CHECK|NOT", ACCESS_EXCLUSIVE, "adds a constraint"),
            lock(CONSTRAINT + "UNIQUE USING INDEX", ACCESS_EXCLUSIVE, "makes an index a constraint"),
            lock(CONSTRAINT + "PRIMARY KEY USING INDEX", ACCESS_EXCLUSIVE, "makes an index the primary key"),
            scan(CONSTRAINT + "PRIMARY|UNIQUE", ACCESS_EXCLUSIVE, "builds the index of a constraint"),
            scan(CONSTRAINT + "EXCLUDE USING|(", ACCESS_EXCLUSIVE, "builds the index of a constraint"),
            scan("VALIDATE CONSTRAINT", SHARE_UPDATE_EXCLUSIVE, "checks a constraint"),
            lock("ALTER CONSTRAINT", ACCESS_EXCLUSIVE, "changes a constraint"),
            lock("RENAME CONSTRAINT", ACCESS_EXCLUSIVE, "renames a constraint"),
            lock("DROP CONSTRAINT", ACCESS_EXCLUSIVE, "drops a constraint"),
            // Columns.
            rewrite(COLUMN + SERIAL, ACCESS_EXCLUSIVE, "adds a serial column"),
            rewrite(COLUMN + "… GENERATED … IDENTITY", ACCESS_EXCLUSIVE, "adds an identity column"),
            rewrite(COLUMN + "… GENERATED … STORED", ACCESS_EXCLUSIVE, "adds a stored generated column"),
            rewrite(COLUMN + "… DEFAULT <volatile>", ACCESS_EXCLUSIVE, "adds a column with a default for each row"),
            scan(COLUMN + "… CHECK|PRIMARY|UNIQUE", ACCESS_EXCLUSIVE, "adds a column with a constraint"),
            lock("ADD", ACCESS_EXCLUSIVE, "adds a column"),
            rewrite("ALTER [COLUMN] <name> TYPE", ACCESS_EXCLUSIVE, "changes a column's type"),
            rewrite("ALTER [COLUMN] <name> SET DATA TYPE", ACCESS_EXCLUSIVE, "changes a column's type"),
            rewrite("ALTER [COLUMN] <name> SET EXPRESSION", ACCESS_EXCLUSIVE, "changes a generated column"),
            scan("ALTER [COLUMN] <name> SET NOT NULL", ACCESS_EXCLUSIVE, "forbids nulls"),
            lock("ALTER [COLUMN] <name> SET|RESET (", SHARE_UPDATE_EXCLUSIVE, "tunes a column"),
            lock("ALTER … SET STATISTICS", SHARE_UPDATE_EXCLUSIVE, "tunes a column"),
            lock("ALTER", ACCESS_EXCLUSIVE, "changes a column"),
            lock("DROP", ACCESS_EXCLUSIVE, "drops a column"),
            // Partitions and inheritance. Before 14 a partition is detached under SHARE UPDATE EXCLUSIVE on itself.
            lock("ATTACH PARTITION <table>", SHARE_UPDATE_EXCLUSIVE, "takes a partition")
                    .others(ACCESS_EXCLUSIVE, Work.SCANS, "becomes a partition"),
            lock("DETACH PARTITION <table> CONCURRENTLY|FINALIZE", SHARE_UPDATE_EXCLUSIVE, "gives up a partition")
                    .others(ACCESS_EXCLUSIVE, Work.NONE, "is no partition any more"),
            lock("DETACH PARTITION <table>", ACCESS_EXCLUSIVE, "gives up a partition")
                    .others(ACCESS_EXCLUSIVE, Work.NONE, "is no partition any more"),
            lock("INHERIT <table>", ACCESS_EXCLUSIVE, "becomes a child")
                    .others(SHARE_UPDATE_EXCLUSIVE, Work.NONE, "takes a child"),
            lock("NO INHERIT <table>", ACCESS_EXCLUSIVE, "is no child any more")
                    .others(ACCESS_SHARE, Work.NONE, "gives up a child"),
            // What happens at each write, or each read.
            lock("ENABLE|DISABLE [REPLICA|ALWAYS] TRIGGER", SHARE_ROW_EXCLUSIVE, "turns triggers on or off"),
            lock("ENABLE|DISABLE [REPLICA|ALWAYS] RULE", ACCESS_EXCLUSIVE, "turns a rule on or off"),
            lock("ENABLE|DISABLE|FORCE|NO [FORCE] ROW", ACCESS_EXCLUSIVE, "turns row level security on or off"),
            // Storage.
            lock("CLUSTER ON", SHARE_UPDATE_EXCLUSIVE, "chooses an order"),
            lock("SET WITHOUT CLUSTER", SHARE_UPDATE_EXCLUSIVE, "chooses no order"),
            lock("SET|RESET (tuning)", SHARE_UPDATE_EXCLUSIVE, "tunes it"),
            lock("SET|RESET (", ACCESS_EXCLUSIVE, "changes its options"),
            rewrite("SET LOGGED|UNLOGGED", ACCESS_EXCLUSIVE, "turns logging on or off"),
            rewrite("SET ACCESS METHOD", ACCESS_EXCLUSIVE, "changes how it is stored"),
            rewrite("SET TABLESPACE", ACCESS_EXCLUSIVE, "moves it to other disks"),
            // Names and owners.
            lock("RENAME TO", ACCESS_EXCLUSIVE, "renames it"),
            lock("RENAME", ACCESS_EXCLUSIVE, "renames a column"),
            lock("SET SCHEMA", ACCESS_EXCLUSIVE, "moves it to another schema"),
            lock("OWNER TO", ACCESS_EXCLUSIVE, "changes its owner"),
            // REPLICA IDENTITY, [NOT] OF, OPTIONS, DEPENDS ON EXTENSION, and what PostgreSQL may learn yet.
            lock("…", ACCESS_EXCLUSIVE, "changes it"));

    private AlterTable() {}

    /** {@return whether the statement to come is an ALTER TABLE, which is then read} */
    static boolean read(WordReader reader, LockCollector locks) {
        if (ALL.match(reader) != null) {
            locks.unknown("the tables of the tablespace are not in the text");
            return true;
        }
        List<Found> table = TABLE.match(reader);
        if (table == null) {
            table = OTHER_KIND.match(reader);
        }
        if (table == null) {
            return false;
        }
        do {
            action(table, readAction(reader), locks);
        } while (reader.skip(","));
        return true;
    }

    /** The words up to the comma in front of the next action. */
    private static List<String> readAction(WordReader reader) {
        int start = reader.position();
        while (!reader.atEnd() && !reader.peek().equals(",")) {
            if (reader.peek().equals("(")) {
                reader.skipParentheses();
            } else {
                reader.read();
            }
        }
        return reader.all().subList(start, reader.position());
    }

    private static void action(List<Found> table, List<String> words, LockCollector locks) {
        for (LockRule rule : ACTIONS) {
            List<Found> others = rule.pattern().match(new WordReader(words));
            if (others != null) {
                List<Found> found = new ArrayList<>(table);
                found.addAll(others);
                rule.apply(found, locks);
                break;
            }
        }
        @Nullable List<Found> referenced = NEW_REFERENCE.match(new WordReader(words));
        if (referenced != null) {
            locks.add(referenced.get(0).name(), SHARE_ROW_EXCLUSIVE, "is referenced by a new foreign key");
        }
    }
}
