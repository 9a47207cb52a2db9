package dev.gangway.execute;

import dev.gangway.config.MemoryLimit;
import dev.gangway.internal.Sizes;
import dev.gangway.pgjdbc.Row;
import dev.gangway.pgjdbc.SqlStates;
import dev.gangway.pgjdbc.Target;
import dev.gangway.sql.SqlStatement;
import dev.gangway.sql.VectorIndexBuild;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The settings under which the vector indexes of one run are built: as much memory as the build needs, and no parallel
 * workers where they are not safe or have failed. Says in the log what was set. Used by the run's one thread.
 */
final class VectorIndexBuilds {
    private static final Logger LOG = LoggerFactory.getLogger(VectorIndexBuilds.class);

    // The columns of VectorIndexSql.prepare.
    private static final int METHOD = 0;
    private static final int ROWS = 1;
    private static final int DIMENSIONS = 2;
    private static final int BEFORE = 3;
    private static final int AFTER = 4;
    private static final int MISSED = 5;
    private static final int UNSAFE = 6;
    private static final int SERIAL = 7;

    private final Target target;
    private final MemoryLimit limit;
    private final boolean pooled;

    /** Those whose parallel build has failed; by identity. */
    private final Set<SqlStatement> serial = new HashSet<>();

    private boolean warned;

    /** @param pooled whether a session's settings would reach others */
    VectorIndexBuilds(Target target, MemoryLimit limit, boolean pooled) {
        this.target = target;
        this.limit = limit;
        this.pooled = pooled;
    }

    /** Adds a statement that runs in a transaction, with the settings that it needs around it; {@return its index} */
    int addTo(Batch batch, Script script, SqlStatement statement) {
        VectorIndexBuild build = of(statement);
        if (build == null) {
            return batch.add(script, statement);
        }
        prepare(batch, script, statement, build, true);
        int index = batch.add(script, statement);
        batch.add(script, VectorIndexSql.restore(true));
        return index;
    }

    /** Adds the settings that a statement needs which will run alone. */
    void addSettingsTo(Batch batch, Script script, SqlStatement statement) {
        VectorIndexBuild build = of(statement);
        if (build == null) {
            return;
        }
        if (!pooled) {
            // An attempt that has failed may have left them behind.
            batch.add(script, VectorIndexSql.restore(false));
            prepare(batch, script, statement, build, false);
        } else if (build instanceof VectorIndexBuild.Create) {
            LOG.warn(
                    "{} - {}: this index is built with the role's own maintenance_work_mem and"
                            + " max_parallel_maintenance_workers, because a pooler stands between; set"
                            + " gangway.migrationUrl to the server's own address, or the role's settings (ALTER ROLE)",
                    target,
                    statement.position());
        }
    }

    /** {@return what ends the settings of a statement that ran alone; nothing when it needed none} */
    List<String> settingsEnd(SqlStatement statement) {
        return pooled || of(statement) == null ? List.of() : List.of(VectorIndexSql.restore(false));
    }

    private @Nullable VectorIndexBuild of(SqlStatement statement) {
        return limit.kind() == MemoryLimit.Kind.OFF
                ? null
                : statement.vectorIndexBuild().orElse(null);
    }

    private void prepare(Batch batch, Script script, SqlStatement statement, VectorIndexBuild build, boolean local) {
        String sql = VectorIndexSql.prepare(build, limit, serial.contains(statement), local);
        batch.ask(script, sql, rows -> rows.forEach(row -> tell(script, row)));
    }

    /**
     * {@return whether the failed statement should be run once more, without parallel workers} A parallel HNSW build asks
     * for its memory as one shared segment before it begins, and in a container there is often little of that.
     */
    boolean retriesSerially(StepException failed) {
        SqlStatement statement = failed.statement();
        boolean settable = !pooled || failed.script().isTransactional();
        if (statement == null
                || !settable
                || !SqlStates.isOutOfSharedMemory(failed.error())
                || of(statement) == null
                || !serial.add(statement)) {
            return false;
        }
        LOG.warn(
                "{} - {} is tried again without parallel workers, for which there is not enough shared memory (/dev/shm;"
                        + " in a container, --shm-size): {}",
                target,
                statement,
                failed.error().getMessage());
        return true;
    }

    private void tell(Script script, Row row) {
        String method = row.required(METHOD).equals("hnsw") ? "HNSW" : "IVFFlat";
        String over = over(row);
        String unsafe = row.text(UNSAFE);
        String workers = !row.bool(SERIAL)
                ? ""
                : "no parallel workers" + (unsafe == null ? "" : " because of CVE-2026-3172 in pgvector " + unsafe);
        if (row.text(AFTER) != null) {
            LOG.info(
                    "{} - {}: maintenance_work_mem {} -> {} for an {} build{}{}",
                    target,
                    script.migration().script(),
                    row.text(BEFORE),
                    row.text(AFTER),
                    method,
                    over,
                    workers.isEmpty() ? "" : "; " + workers);
        } else if (!workers.isEmpty()) {
            LOG.info("{} - {}: an {} build{}; {}", target, script.migration().script(), method, over, workers);
        }
        if (row.text(MISSED) != null) {
            LOG.warn(
                    "{} - {}: an {} build{} takes up to {} of maintenance_work_mem, which is more than"
                            + " gangway.indexMemory={} allows; set it to a size if the server has that much to spare",
                    target,
                    script.migration().script(),
                    method,
                    over,
                    Sizes.format(row.number(MISSED)),
                    limit);
        }
        if (unsafe != null && row.bool(SERIAL) && !warned) {
            warned = true;
            LOG.warn(
                    "{} - pgvector {} has CVE-2026-3172, a buffer overflow in parallel HNSW builds, so they run without"
                            + " parallel workers; install pgvector 0.8.2 or later, then ALTER EXTENSION vector UPDATE",
                    target,
                    unsafe);
        }
    }

    private static String over(Row row) {
        return row.text(ROWS) == null
                ? ""
                : " over about " + row.number(ROWS) + " rows of " + row.number(DIMENSIONS) + " dimensions";
    }
}
