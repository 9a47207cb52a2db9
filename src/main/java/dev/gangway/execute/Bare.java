package dev.gangway.execute;

import dev.gangway.pgjdbc.Message;
import dev.gangway.pgjdbc.Quote;
import dev.gangway.pgjdbc.Reply;
import dev.gangway.pgjdbc.Row;
import dev.gangway.sql.ConcurrentIndex;
import dev.gangway.sql.SqlStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One statement that runs outside any transaction block, and the repair that some of them need: an index that is built
 * concurrently and does not come to its end stays behind as an invalid one, which costs every write and serves no query,
 * and which {@code IF NOT EXISTS} takes for the real thing.
 */
final class Bare {
    private static final Logger LOG = LoggerFactory.getLogger(Bare.class);

    private static final Set<ConcurrentIndex.Target> NAMES_A_RELATION =
            EnumSet.of(ConcurrentIndex.Target.INDEX, ConcurrentIndex.Target.TABLE);

    private final Run run;
    private final Script script;
    private final SqlStatement statement;
    private final @Nullable ConcurrentIndex index;

    Bare(Run run, Script script, SqlStatement statement) {
        this.run = run;
        this.script = script;
        this.statement = statement;
        this.index = statement.concurrentIndex().orElse(null);
    }

    /** {@return whether the statement must run alone; in a script that is not one transaction, CALL and DO may commit} */
    static boolean mustBe(SqlStatement statement) {
        String first = statement.words().get(0);
        return statement.nonTransactionalReason().isPresent() || first.equals("CALL") || first.equals("DO");
    }

    /**
     * {@return how long the statement may wait for a lock. For ever, when it is one that keeps nobody from reading and
     * writing while it waits: giving up would only throw its work away}
     */
    static Duration lockTimeout(SqlStatement statement, Duration otherwise) {
        List<String> words = statement.words();
        boolean gentle = words.contains("CONCURRENTLY") || words.get(0).equals("VACUUM");
        return gentle ? Duration.ZERO : otherwise;
    }

    /**
     * Runs the statement, unless an earlier attempt had in truth come to its end and only its record is missing.
     *
     * @param again whether there may have been an earlier attempt
     */
    void bringAbout(boolean again) throws StepException, SQLException {
        if (run.isRehearsal()) {
            // Nothing is there to be looked at, before or after.
            Batch batch = new Batch();
            batch.add(script, statement);
            batch.send(run);
            return;
        }
        boolean done;
        try {
            done = isDoneAlready(again);
        } catch (SQLException e) {
            // Clearing away may meet a lock just as the statement itself may.
            throw new StepException(script, statement, statement.position(), e, false);
        }
        if (!done) {
            run();
        }
    }

    /** Clears away what an earlier attempt left half done; {@return whether it had come to its end} */
    private boolean isDoneAlready(boolean again) throws SQLException {
        if (index instanceof ConcurrentIndex.Create create && create.name() != null) {
            Row existing = find(create);
            if (existing == null) {
                return false;
            }
            if (!existing.bool(1)) {
                LOG.warn(
                        "{} - {}: dropping the invalid index {} that an interrupted build left behind",
                        run.target(),
                        script.migration().script(),
                        existing.required(0));
                drop(existing.required(0));
                return false;
            }
            return again;
        }
        if (index instanceof ConcurrentIndex.Drop drop && again) {
            return ask("SELECT pg_catalog.to_regclass(" + Quote.literal(name(drop.schema(), drop.name())) + ") IS NULL")
                    .get(0)
                    .bool(0);
        }
        if (index instanceof ConcurrentIndex.Reindex reindex && again) {
            dropLeftoversOf(reindex);
        }
        return false;
    }

    /** Runs the statement and makes sure that it did what it says. */
    private void run() throws StepException, SQLException {
        Batch batch = new Batch();
        batch.add(script, statement);
        Reply reply = batch.send(run);
        SQLException error = reply.error();
        if (error != null) {
            Batch.Culprit culprit = batch.culprit(reply, error);
            throw new StepException(script, statement, culprit.position(), error, false);
        }
        if (index instanceof ConcurrentIndex.Create create && create.name() != null) {
            Row built = find(create);
            if (built == null || !built.bool(1)) {
                throw new StepException(
                        script,
                        statement,
                        statement.position(),
                        new SQLException("the server reported no error, but the index is "
                                + (built == null ? "missing" : "not valid")),
                        false);
            }
        }
    }

    /** {@return qualified name and validity of the index; null when there is none of that name in the table's schema} */
    private @Nullable Row find(ConcurrentIndex.Create create) throws SQLException {
        // An index of a partitioned table (relkind I) is rightly invalid until all partitions have theirs.
        List<Row> rows = ask("SELECT pg_catalog.format('%I.%I', n.nspname, c.relname), i.indisvalid OR c.relkind"
                + " OPERATOR(pg_catalog.=) 'I'"
                + " FROM pg_catalog.pg_class t"
                + " JOIN pg_catalog.pg_namespace n ON n.oid OPERATOR(pg_catalog.=) t.relnamespace"
                + " JOIN pg_catalog.pg_class c ON c.relnamespace OPERATOR(pg_catalog.=) n.oid"
                + " JOIN pg_catalog.pg_index i ON i.indexrelid OPERATOR(pg_catalog.=) c.oid"
                + " WHERE t.oid OPERATOR(pg_catalog.=) pg_catalog.to_regclass("
                + Quote.literal(name(create.schema(), create.table())) + ")"
                + " AND c.relname OPERATOR(pg_catalog.=) " + Quote.literal(create.name()));
        return rows.isEmpty() ? null : rows.get(0);
    }

    /** A REINDEX CONCURRENTLY that was cut off leaves its new or its old index behind, under a name of the server's. */
    private void dropLeftoversOf(ConcurrentIndex.Reindex reindex) throws SQLException {
        if (reindex.name() == null || !NAMES_A_RELATION.contains(reindex.target())) {
            return;
        }
        String relation = "pg_catalog.to_regclass(" + Quote.literal(name(reindex.schema(), reindex.name())) + ")";
        List<Row> leftovers = ask("SELECT pg_catalog.format('%I.%I', n.nspname, c.relname)"
                + " FROM pg_catalog.pg_index i"
                + " JOIN pg_catalog.pg_class c ON c.oid OPERATOR(pg_catalog.=) i.indexrelid"
                + " JOIN pg_catalog.pg_namespace n ON n.oid OPERATOR(pg_catalog.=) c.relnamespace"
                + " WHERE NOT i.indisvalid AND c.relname OPERATOR(pg_catalog.~) '_cc(new|old)[0-9]*$'"
                + " AND (i.indrelid OPERATOR(pg_catalog.=) " + relation
                + " OR i.indrelid OPERATOR(pg_catalog.=) (SELECT x.indrelid FROM pg_catalog.pg_index x"
                + " WHERE x.indexrelid OPERATOR(pg_catalog.=) " + relation + "))");
        List<String> names = new ArrayList<>();
        leftovers.forEach(row -> names.add(row.required(0)));
        for (String name : names) {
            LOG.warn(
                    "{} - {}: dropping {}, left behind by an interrupted REINDEX",
                    run.target(),
                    script.migration().script(),
                    name);
            drop(name);
        }
    }

    private void drop(String qualifiedName) throws SQLException {
        Message.send(run.work(), "DROP INDEX CONCURRENTLY IF EXISTS " + qualifiedName)
                .orThrow();
    }

    private List<Row> ask(String sql) throws SQLException {
        return Message.send(run.work(), sql).orThrow().rows(0);
    }

    private static String name(@Nullable String schema, String name) {
        return (schema == null ? "" : Quote.identifier(schema) + ".") + Quote.identifier(name);
    }
}
