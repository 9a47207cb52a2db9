package dev.gangway.sql;

import static dev.gangway.sql.LockMode.ACCESS_EXCLUSIVE;
import static dev.gangway.sql.LockMode.ACCESS_SHARE;
import static dev.gangway.sql.LockMode.EXCLUSIVE;
import static dev.gangway.sql.LockMode.ROW_EXCLUSIVE;
import static dev.gangway.sql.LockMode.SHARE;
import static dev.gangway.sql.LockMode.SHARE_ROW_EXCLUSIVE;
import static dev.gangway.sql.LockMode.SHARE_UPDATE_EXCLUSIVE;
import static dev.gangway.sql.LockRule.lock;
import static dev.gangway.sql.LockRule.none;
import static dev.gangway.sql.LockRule.rewrite;
import static dev.gangway.sql.LockRule.scan;
import static dev.gangway.sql.LockRule.unknown;

import dev.gangway.sql.LockRule.Rest;
import dev.gangway.sql.TableLock.Work;
import java.util.ArrayList;
import java.util.List;

/**
 * What each statement locks, except for queries, ALTER TABLE and CREATE TABLE. The first rule whose pattern fits counts.
 * Taken from the documentation of PostgreSQL 12 to 18 and from the server's own {@code pg_locks}.
 *
 * <p>Where versions differ: {@code DETACH PARTITION} takes only SHARE UPDATE EXCLUSIVE on the partition before 14; the
 * rules say what the strictest version does.
 */
final class LockRules {
    static final List<LockRule> STATEMENTS = statements();

    private LockRules() {}

    private static List<LockRule> statements() {
        List<LockRule> rules = new ArrayList<>();
        indexes(rules);
        definitions(rules);
        drops(rules);
        maintenance(rules);
        explicitLocks(rules);
        comments(rules);
        sequences(rules);
        publications(rules);
        wrappers(rules);
        opaque(rules);
        harmless(rules);
        return List.copyOf(rules);
    }

    private static void indexes(List<LockRule> rules) {
        String concurrently = "builds an index while others write";
        rules.add(scan("CREATE [UNIQUE] INDEX CONCURRENTLY … ON <table>", SHARE_UPDATE_EXCLUSIVE, concurrently));
        rules.add(scan("CREATE [UNIQUE] INDEX … ON <table>", SHARE, "builds an index"));
        rules.add(lock("DROP INDEX CONCURRENTLY [IF EXISTS] <indexes>", SHARE_UPDATE_EXCLUSIVE, "drops an index"));
        rules.add(lock("DROP INDEX [IF EXISTS] <indexes>", ACCESS_EXCLUSIVE, "drops an index"));

        String again = "builds an index again while others write";
        rules.add(scan("REINDEX (CONCURRENTLY) INDEX <index>", SHARE_UPDATE_EXCLUSIVE, again));
        rules.add(scan("REINDEX (CONCURRENTLY) TABLE <table>", SHARE_UPDATE_EXCLUSIVE, again));
        rules.add(scan("REINDEX (…) [VERBOSE] INDEX CONCURRENTLY <index>", SHARE_UPDATE_EXCLUSIVE, again));
        rules.add(scan("REINDEX (…) [VERBOSE] TABLE CONCURRENTLY <table>", SHARE_UPDATE_EXCLUSIVE, again));
        // The index itself is locked ACCESS EXCLUSIVE, and whoever plans a query on its table asks for all indexes.
        String blocking = "builds an index again; queries wait for that index too";
        rules.add(scan("REINDEX (…) [VERBOSE] INDEX <index>", SHARE, blocking));
        rules.add(scan("REINDEX (…) [VERBOSE] TABLE <table>", SHARE, blocking));
        rules.add(unknown("REINDEX", "the tables of a whole schema or database are not in the text"));

        // Since 12; on the index alone. Through ALTER TABLE it would be ACCESS EXCLUSIVE.
        rules.add(lock("ALTER INDEX [IF EXISTS] <table> RENAME", SHARE_UPDATE_EXCLUSIVE, "renames an index"));
        rules.add(lock(
                "ALTER INDEX [IF EXISTS] <table> ATTACH PARTITION <table>", ACCESS_EXCLUSIVE, "attaches an index"));
    }

    private static void definitions(List<LockRule> rules) {
        rules.add(lock(
                        "CREATE [OR REPLACE] CONSTRAINT TRIGGER … ON <table> FROM <table>",
                        SHARE_ROW_EXCLUSIVE,
                        "creates a trigger")
                .others(ACCESS_SHARE, Work.NONE, "is named by a trigger"));
        rules.add(lock(
                "CREATE [OR REPLACE] [CONSTRAINT] TRIGGER … ON <table>", SHARE_ROW_EXCLUSIVE, "creates a trigger"));
        rules.add(lock("ALTER TRIGGER <name> ON <table> DEPENDS|NO", ACCESS_SHARE, "changes a trigger"));
        rules.add(lock("ALTER TRIGGER|RULE <name> ON <table>", ACCESS_EXCLUSIVE, "renames a trigger or rule"));
        rules.add(lock("CREATE POLICY <name> ON <table>", ACCESS_EXCLUSIVE, "creates a policy")
                .then(Rest.DEFINITION));
        rules.add(lock("ALTER POLICY <name> ON <table>", ACCESS_EXCLUSIVE, "changes a policy")
                .then(Rest.DEFINITION));
        rules.add(lock("CREATE [OR REPLACE] RULE … TO <table>", ACCESS_EXCLUSIVE, "creates a rule")
                .then(Rest.DEFINITION));
        rules.add(lock("CREATE STATISTICS … FROM <tables>", SHARE_UPDATE_EXCLUSIVE, "creates statistics"));

        rules.add(
                lock("CREATE OR REPLACE [TEMP|TEMPORARY] [RECURSIVE] VIEW <table>", ACCESS_EXCLUSIVE, "replaces a view")
                        .then(Rest.DEFINITION));
        rules.add(none("CREATE [TEMP|TEMPORARY] [RECURSIVE] VIEW").then(Rest.DEFINITION));
        rules.add(none("CREATE MATERIALIZED VIEW … AS").then(Rest.STATEMENT));
        String beside = "computes a materialized view beside the old one";
        rules.add(scan("REFRESH MATERIALIZED VIEW CONCURRENTLY <table>", EXCLUSIVE, beside));
        rules.add(rewrite("REFRESH MATERIALIZED VIEW <table>", ACCESS_EXCLUSIVE, "computes a materialized view"));
    }

    private static void drops(List<LockRule> rules) {
        rules.add(lock("DROP TABLE [IF EXISTS] <tables>", ACCESS_EXCLUSIVE, "drops a table"));
        rules.add(lock("DROP VIEW|SEQUENCE [IF EXISTS] <tables>", ACCESS_EXCLUSIVE, "drops a view or sequence"));
        rules.add(lock("DROP MATERIALIZED VIEW [IF EXISTS] <tables>", ACCESS_EXCLUSIVE, "drops a view"));
        rules.add(lock("DROP FOREIGN TABLE [IF EXISTS] <tables>", ACCESS_EXCLUSIVE, "drops a foreign table"));
        rules.add(lock("DROP TRIGGER [IF EXISTS] <name> ON <table>", ACCESS_EXCLUSIVE, "drops a trigger"));
        rules.add(lock("DROP POLICY [IF EXISTS] <name> ON <table>", ACCESS_EXCLUSIVE, "drops a policy"));
        rules.add(lock("DROP RULE [IF EXISTS] <name> ON <table>", ACCESS_EXCLUSIVE, "drops a rule"));
        rules.add(
                unknown("DROP STATISTICS", "the table of the statistics (SHARE UPDATE EXCLUSIVE) is not in the text"));
        rules.add(unknown("DROP|REASSIGN OWNED", "what the role owns is not in the text"));
        rules.add(unknown("DROP EXTENSION", "what belongs to the extension is not in the text"));
    }

    private static void maintenance(List<LockRule> rules) {
        rules.add(lock("TRUNCATE [TABLE] <tables>", ACCESS_EXCLUSIVE, "empties a table"));

        String every = "every table of the database, one after the other";
        rules.add(rewrite("VACUUM (FULL) <tables>", ACCESS_EXCLUSIVE, "writes a table anew"));
        rules.add(unknown("VACUUM [FULL] [FREEZE] [VERBOSE] [ANALYZE|ANALYSE] <end>", every));
        rules.add(unknown("VACUUM (…) <end>", every));
        String full = "VACUUM FULL [FREEZE] [VERBOSE] [ANALYZE|ANALYSE] <tables>";
        rules.add(rewrite(full, ACCESS_EXCLUSIVE, "writes a table anew"));
        String lazy = "VACUUM (…) [FREEZE] [VERBOSE] [ANALYZE|ANALYSE] <tables>";
        rules.add(scan(lazy, SHARE_UPDATE_EXCLUSIVE, "removes dead rows"));
        rules.add(unknown("ANALYZE|ANALYSE (…) [VERBOSE] <end>", every));
        rules.add(lock("ANALYZE|ANALYSE (…) [VERBOSE] <tables>", SHARE_UPDATE_EXCLUSIVE, "samples rows"));
        rules.add(unknown("CLUSTER (…) [VERBOSE] <end>", "every table that was clustered before"));
        rules.add(rewrite("CLUSTER [VERBOSE] <name> ON <table>", ACCESS_EXCLUSIVE, "writes a table anew in order"));
        rules.add(rewrite("CLUSTER (…) [VERBOSE] <table>", ACCESS_EXCLUSIVE, "writes a table anew in order"));

        rules.add(lock("COPY [BINARY] <table> (…) FROM", ROW_EXCLUSIVE, "inserts rows"));
        rules.add(lock("COPY [BINARY] <table> (…) TO", ACCESS_SHARE, "reads rows"));
    }

    private static void explicitLocks(List<LockRule> rules) {
        for (LockMode mode : LockMode.values()) {
            rules.add(lock("LOCK [TABLE] <tables> IN " + mode.sql() + " MODE", mode, "locks it explicitly"));
        }
        rules.add(lock("LOCK [TABLE] <tables>", ACCESS_EXCLUSIVE, "locks it explicitly"));
    }

    private static void comments(List<LockRule> rules) {
        for (String command : List.of("COMMENT", "SECURITY LABEL …")) {
            String why = "describes it";
            rules.add(lock(command + " ON TABLE|VIEW|INDEX|SEQUENCE <table>", SHARE_UPDATE_EXCLUSIVE, why));
            rules.add(lock(command + " ON MATERIALIZED|FOREIGN VIEW|TABLE <table>", SHARE_UPDATE_EXCLUSIVE, why));
            rules.add(lock(command + " ON COLUMN <column>", SHARE_UPDATE_EXCLUSIVE, why));
        }
        rules.add(none("COMMENT ON CONSTRAINT <name> ON DOMAIN"));
        String part = "describes a part of it";
        rules.add(lock("COMMENT ON CONSTRAINT|TRIGGER|POLICY|RULE <name> ON <table>", ACCESS_SHARE, part));
        rules.add(none("COMMENT ON"));
        rules.add(none("SECURITY LABEL"));
    }

    private static void sequences(List<LockRule> rules) {
        // Neither OWNED BY NONE nor OWNED BY "none": a column has its table in front.
        rules.add(
                lock("CREATE [TEMP|TEMPORARY|UNLOGGED] SEQUENCE … OWNED BY <column>", ACCESS_SHARE, "owns a sequence"));
        rules.add(none("CREATE [TEMP|TEMPORARY|UNLOGGED] SEQUENCE"));
        String alter = "ALTER SEQUENCE [IF EXISTS] <table>";
        rules.add(lock(alter + " RENAME|OWNER|SET", ACCESS_EXCLUSIVE, "changes a sequence"));
        rules.add(lock(alter + " … OWNED BY <column>", SHARE_ROW_EXCLUSIVE, "changes a sequence")
                .others(ACCESS_SHARE, Work.NONE, "owns a sequence"));
        rules.add(lock(alter, SHARE_ROW_EXCLUSIVE, "changes a sequence"));
    }

    private static void publications(List<LockRule> rules) {
        String why = "publishes a table";
        rules.add(lock("CREATE PUBLICATION <name> FOR TABLE <tables>", SHARE_UPDATE_EXCLUSIVE, why));
        rules.add(lock("ALTER PUBLICATION <name> ADD|DROP TABLE <tables>", SHARE_UPDATE_EXCLUSIVE, why));
        rules.add(lock("ALTER PUBLICATION <name> SET TABLE <tables>", SHARE_UPDATE_EXCLUSIVE, why)
                .andUnknown("the tables that were published before (SHARE UPDATE EXCLUSIVE) are not in the text"));
        rules.add(none("CREATE|ALTER|DROP PUBLICATION"));
    }

    private static void wrappers(List<LockRule> rules) {
        rules.add(none("EXPLAIN (…) [ANALYZE|ANALYSE] [VERBOSE]").then(Rest.STATEMENT));
        rules.add(none("PREPARE TRANSACTION"));
        rules.add(none("PREPARE <name> (…) AS").then(Rest.STATEMENT));
        rules.add(none("DECLARE … CURSOR … FOR").then(Rest.STATEMENT));
        rules.add(none("COPY").then(Rest.STATEMENT));
    }

    private static void opaque(List<LockRule> rules) {
        rules.add(unknown("DO", "what a DO block locks is not in the text"));
        rules.add(unknown("CALL", "what the procedure locks is not in the text"));
        rules.add(unknown("EXECUTE", "what the prepared statement locks is not in the text"));
        rules.add(unknown(
                "ALTER DOMAIN … ADD|SET|VALIDATE", "the tables with columns of the domain (SHARE, and a scan)"));
        rules.add(unknown("ALTER EXTENSION … UPDATE", "what the extension's scripts lock is not in the text"));
    }

    /**
     * No lock on a table. GRANT and REVOKE lock no relation; SQL functions and views are analysed when they are created, which
     * takes no more than their statements would take: for views that is read, for the bodies of functions it is not.
     */
    private static void harmless(List<LockRule> rules) {
        String kinds =
                "ACCESS|AGGREGATE|CAST|COLLATION|CONVERSION|DATABASE|DEFAULT|DOMAIN|EVENT|EXTENSION|FUNCTION|GROUP"
                        + "|LANGUAGE|LARGE|OPERATOR|PROCEDURAL|PROCEDURE|ROLE|ROUTINE|SCHEMA|SERVER|STATISTICS|SUBSCRIPTION|SYSTEM"
                        + "|TABLESPACE|TEXT|TRANSFORM|TRUSTED|TYPE|USER";
        rules.add(none("CREATE [OR REPLACE] " + kinds));
        rules.add(none("ALTER|DROP " + kinds));
        rules.add(none("ALTER|DROP|CREATE FOREIGN DATA"));
        rules.add(none("GRANT|REVOKE|SET|RESET|SHOW|DISCARD|SAVEPOINT|RELEASE|ROLLBACK|BEGIN|START|COMMIT|END|ABORT"));
        rules.add(none("LISTEN|UNLISTEN|NOTIFY|DEALLOCATE|CLOSE|FETCH|MOVE|CHECKPOINT|LOAD|IMPORT"));
    }
}
